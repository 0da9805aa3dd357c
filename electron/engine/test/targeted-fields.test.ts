/** Policy `respect`: cache directives for one class of caches (RFC 9213). */
import { beforeEach, describe, expect, it } from 'vitest';
import { formatHttpDate } from '../semantics/http-date';
import { onEachStore, START_TIME, type LarderOnStore } from './each-store';
import { remaining } from './freshness-of';
import type { ReplyFields } from './scripted-origin';

const CDN = 'CDN-Cache-Control';
const OWN = 'Larder-Cache-Control';
const CC = 'Cache-Control';

type Case = readonly [name: string, fields: ReplyFields, seconds: number | null];

/** An HTTP date, in seconds from the beginning of the test. */
function at(seconds: number): string {
  return formatHttpDate(START_TIME + seconds * 1000);
}

const FRESHNESS: readonly Case[] = [
  ['max-age alone', { [CDN]: 'max-age=60' }, 60],
  ['max-age longer than that of Cache-Control', { [CDN]: 'max-age=60', [CC]: 'max-age=10' }, 60],
  ['max-age shorter than that of Cache-Control', { [CDN]: 'max-age=10', [CC]: 'max-age=60' }, 10],
  ['max-age where Cache-Control says max-age=0', { [CDN]: 'max-age=60', [CC]: 'max-age=0' }, 60],
  ['max-age=0 where Cache-Control is fresh', { [CDN]: 'max-age=0', [CC]: 'max-age=60' }, 0],
  ['max-age=0 where Expires is to come', { [CDN]: 'max-age=0', Expires: at(90) }, 0],
  ['max-age before an Expires to come', { [CDN]: 'max-age=60', Expires: at(90) }, 60],
  ['max-age before an Expires that is past', { [CDN]: 'max-age=60', Expires: at(-90) }, 60],
  ['max-age before an Expires that is no date', { [CDN]: 'max-age=60', Expires: '0' }, 60],
  ['none where it says nothing of it, though Expires does', { [CDN]: 'public', Expires: at(90) }, null],
  [
    'none where it says nothing of it, though Cache-Control does',
    { [CDN]: 'public', [CC]: 'max-age=9' },
    null,
  ],
  ['max-age, less Age', { [CDN]: 'max-age=60', Age: '20' }, 40],
  ['max-age with Age beyond it', { [CDN]: 'max-age=60', Age: '90' }, -30],
  [
    'max-age with Age beyond it, fresh by Cache-Control',
    { [CDN]: 'max-age=60', [CC]: 'max-age=900', Age: '90' },
    -30,
  ],
  ['s-maxage before its own max-age', { [CDN]: 'max-age=10, s-maxage=60' }, 60],
  ['max-age before an s-maxage of Cache-Control', { [CDN]: 'max-age=60', [CC]: 's-maxage=10' }, 60],
  ['2^31 where max-age is the largest of its type', { [CDN]: 'max-age=999999999999999' }, 2 ** 31],
  ['the last of two max-age, as a Dictionary has it', { [CDN]: 'max-age=10, max-age=60' }, 60],
  ['max-age with an extension beside it', { [CDN]: 'foobar, max-age=60, x="y", z=(a b)' }, 60],
  ['max-age with a parameter', { [CDN]: 'max-age=60;from=here' }, 60],
  ['max-age with space about the comma', { [CDN]: 'public \t, \tmax-age=60' }, 60],
  ['a Dictionary in two lines', { [CDN]: ['public', 'max-age=60'], [CC]: 'no-store' }, 60],
];

const STORING: readonly Case[] = [
  ['no-store in it, where Cache-Control is fresh', { [CDN]: 'no-store', [CC]: 'max-age=60' }, null],
  ['private in it, where Cache-Control is public', { [CDN]: 'private', [CC]: 'public, max-age=60' }, null],
  ['private beside max-age in it', { [CDN]: 'private, max-age=60' }, null],
  ['no-store over two lines of it', { [CDN]: ['max-age=60', 'no-store'] }, null],
  ['no-store of Cache-Control beside a fresh one', { [CDN]: 'max-age=60', [CC]: 'no-store' }, 60],
  ['private of Cache-Control beside a fresh one', { [CDN]: 'max-age=60', [CC]: 'private' }, 60],
  ['no-cache of Cache-Control beside a fresh one', { [CDN]: 'max-age=60', [CC]: 'no-cache' }, 60],
  ['no-store=?0, which is not said', { [CDN]: 'max-age=60, no-store=?0' }, 60],
];

/** What does not parse, so that Cache-Control rules. */
const IGNORED: readonly [string, string | readonly string[]][] = [
  ['empty', ''],
  ['only space', '  '],
  ['a key in upper case', 'Max-Age=60'],
  ['a directive in upper case among others', 'max-age=60, No-Store'],
  ['a value of no type', 'max-age=60, no-store=&&&&&'],
  ['a comma at the end', 'max-age=60,'],
  ['two commas', 'max-age=60,, public'],
  ['space about the equals sign', 'max-age = 60'],
  ['a string that does not end', 'max-age=60, x="'],
  ['a number that is too long', 'max-age=9999999999999999'],
  ['a second line that does not parse', ['max-age=60', '=no-store']],
  ['more than 8192 characters', `max-age=60, x="${'a'.repeat(8192)}"`],
];

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  describe('RFC 9213 §2.2: CDN-Cache-Control gives the lifetime:', () => {
    it.each(FRESHNESS)('%s', async (_name, fields, seconds) => {
      expect(await remaining(larder, { fields })).toBe(seconds);
    });
  });

  describe('RFC 9213 §2.2: CDN-Cache-Control decides what is stored:', () => {
    it.each(STORING)('%s', async (_name, fields, seconds) => {
      expect(await remaining(larder, { fields })).toBe(seconds);
    });

    it('with no-cache in it, every reuse is validated, though Cache-Control is fresh', async () => {
      const fields = { [CDN]: 'no-cache', [CC]: 'max-age=60', ETag: '"1"' };
      larder.says({ fields }, { status: 304, fields });
      await larder.ask('/a');
      for (const asked of [2, 3]) {
        const answer = await larder.ask('/a');
        expect([answer.cache, answer.text, answer.exchange.reason]).toEqual(['HIT', '#1', 'revalidated']);
        expect(larder.origin.requests).toHaveLength(asked);
      }
      expect(larder.origin.requests[2]?.headers['if-none-match']).toBe('"1"');
    });

    it('with stale-while-revalidate in it, and must-revalidate in Cache-Control', async () => {
      larder.says({
        fields: { [CDN]: 'max-age=10, stale-while-revalidate=60', [CC]: 'max-age=10, must-revalidate' },
      });
      await larder.ask('/a');
      larder.clock.advance(20);
      expect((await larder.ask('/a')).exchange).toMatchObject({
        outcome: 'STALE',
        reason: 'stale-while-revalidate',
      });
    });

    it('with public in it, an answer to Authorization', async () => {
      larder.says({ fields: { [CDN]: 'public, max-age=60' } });
      const headers = { Authorization: 'Bearer a' };
      await larder.ask('/a', headers);
      expect((await larder.ask('/a', headers)).cache).toBe('HIT');
    });

    it('without public in it, no answer to Authorization, though Cache-Control has it', async () => {
      larder.says({ fields: { [CDN]: 'max-age=60', [CC]: 'public, max-age=60' } });
      const { exchange } = await larder.ask('/a', { Authorization: 'Bearer a' });
      expect(exchange).toMatchObject({ stored: false, notStored: 'authorization' });
    });
  });

  describe('RFC 9213 §2.1: CDN-Cache-Control counts as absent where it is', () => {
    it.each(IGNORED)('%s', async (_name, value) => {
      expect(await remaining(larder, { fields: { [CDN]: value, [CC]: 'max-age=30' } })).toBe(30);
      const expires = formatHttpDate(larder.clock.now() + 30_000);
      expect(await remaining(larder, { fields: { [CDN]: value, Expires: expires } })).toBe(30);
      expect(await remaining(larder, { fields: { [CDN]: value, [CC]: 'no-store' } })).toBeNull();
    });
  });

  describe('RFC 9213 §2.1: a max-age of another type than Integer makes it stale:', () => {
    it.each([
      'max-age="60"',
      'max-age=60.5',
      'max-age',
      'max-age=?1',
      'max-age=soon',
      'max-age=(60)',
      'max-age=-60',
    ])('%s', async (value) => {
      const seconds = await remaining(larder, { fields: { [CDN]: value, [CC]: 'max-age=60' } });
      expect(seconds).toBe(0);
    });
  });

  describe('RFC 9213 §2: the field meant for Larder alone', () => {
    it.each<Case>([
      ['comes before CDN-Cache-Control', { [OWN]: 'max-age=60', [CDN]: 'max-age=10', [CC]: 'max-age=5' }, 60],
      ['comes before a CDN-Cache-Control that forbids', { [OWN]: 'max-age=60', [CDN]: 'no-store' }, 60],
      ['forbids what CDN-Cache-Control allows', { [OWN]: 'no-store', [CDN]: 'max-age=60' }, null],
      ['leaves it to CDN-Cache-Control where it is empty', { [OWN]: '', [CDN]: 'max-age=60' }, 60],
      [
        'leaves it to CDN-Cache-Control where it does not parse',
        { [OWN]: 'Max-Age=5', [CDN]: 'max-age=60' },
        60,
      ],
      [
        'leaves it to Cache-Control where both do not parse',
        { [OWN]: ',', [CDN]: ',', [CC]: 'max-age=60' },
        60,
      ],
    ])('%s', async (_name, fields, seconds) => {
      expect(await remaining(larder, { fields })).toBe(seconds);
    });
  });

  it('RFC 9213 §2: targeted fields for others are none of Larder’s', async () => {
    const fields = { 'Surrogate-Control': 'max-age=60', 'Other-Cache-Control': 'max-age=60' };
    expect(await remaining(larder, { fields })).toBeNull();
  });

  it('RFC 9213 §2.2: all of them go on to the client as they came, from the origin and from the store', async () => {
    const fields = { [CDN]: ['max-age=60', 'x=1'], [OWN]: 'max-age=50', [CC]: 'max-age=5, x' };
    larder.says({ fields });
    for (const cache of ['MISS', 'HIT']) {
      const answer = await larder.ask('/a');
      expect(answer.cache).toBe(cache);
      expect(answer.rawHeaders.slice(0, 8)).toEqual([
        CDN,
        'max-age=60',
        CDN,
        'x=1',
        OWN,
        'max-age=50',
        CC,
        'max-age=5, x',
      ]);
    }
  });

  it('RFC 9213 §2.2: a 304 with one freshens by it', async () => {
    larder.says(
      { fields: { [CC]: 'max-age=10', ETag: '"1"' } },
      { status: 304, fields: { [CDN]: 'max-age=60', [CC]: 'max-age=10', ETag: '"1"' } },
    );
    await larder.ask('/a');
    larder.clock.advance(10);
    await larder.ask('/a');
    await larder.freshened('/a');
    expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=60');
  });
});
