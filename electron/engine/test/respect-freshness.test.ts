/** Policy `respect`: how long a response is fresh, and how old it is (RFC 9111 §4.2). */
import { beforeEach, describe, expect, it } from 'vitest';
import { formatHttpDate } from '../semantics/http-date';
import { onEachStore, START_TIME, type LarderOnStore } from './each-store';
import { remaining } from './freshness-of';
import type { ReplyFields } from './scripted-origin';

/** An HTTP date, in seconds from the beginning of the test. */
function at(seconds: number): string {
  return formatHttpDate(START_TIME + seconds * 1000);
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  describe('RFC 9111 §4.2.1: the lifetime is', () => {
    it.each<[string, ReplyFields, number | null]>([
      ['s-maxage before a shorter max-age', { 'Cache-Control': 's-maxage=60, max-age=10' }, 60],
      ['s-maxage before a longer max-age', { 'Cache-Control': 'max-age=60, s-maxage=10' }, 10],
      ['s-maxage=0 before max-age', { 'Cache-Control': 'max-age=60, s-maxage=0' }, 0],
      ['s-maxage before Expires', { 'Cache-Control': 's-maxage=60', Expires: at(10) }, 60],
      ['max-age before a nearer Expires', { 'Cache-Control': 'max-age=60', Expires: at(10) }, 60],
      ['max-age before a later Expires', { 'Cache-Control': 'max-age=60', Expires: at(HOUR) }, 60],
      ['max-age before an Expires that is no date', { 'Cache-Control': 'max-age=60', Expires: '0' }, 60],
      ['Expires less Date', { Expires: at(90) }, 90],
      ['Expires before what could be guessed', { Expires: at(90), 'Last-Modified': at(-DAY) }, 90],
      [
        'max-age=0 before what could be guessed',
        { 'Cache-Control': 'max-age=0', 'Last-Modified': at(-DAY) },
        0,
      ],
      ['nothing without being told', {}, null],
      ['nothing by ETag alone', { ETag: '"1"' }, 0],
      ['nothing by public alone', { 'Cache-Control': 'public' }, null],
      ['nothing by must-revalidate alone', { 'Cache-Control': 'must-revalidate' }, null],
      ['2^31 s where max-age is larger', { 'Cache-Control': 'max-age=99999999999' }, 2 ** 31],
    ])('%s', async (_name, fields, seconds) => {
      expect(await remaining(larder, { fields })).toBe(seconds);
    });
  });

  describe('RFC 9111 §4.2.1, §5.2: directives', () => {
    it.each<[string, string | string[], number | null]>([
      ['in upper case', 'MAX-AGE=60', 60],
      ['quoted', 'max-age="60"', 60],
      ['with leading zeros', 'max-age=0060', 60],
      ['in three lines', ['public', 'max-age=60', 'x-other=1'], 60],
      ['in three lines, one of which forbids it', ['public', 'max-age=60', 'No-Store'], null],
      ['among empty members and space', ' ,, max-age=60 ,\t, public,', 60],
      ['that nobody knows', 'x-thing, max-age=60, other="a, no-store, b"', 60],
      ['doubled: the shorter', 'max-age=60, max-age=10', 10],
      ['doubled the other way round: the shorter', 'max-age=10, max-age=60', 10],
      ['doubled over two lines: the shorter', ['max-age=60', 'max-age=10'], 10],
      ['that contradict each other: max-age and no-store', 'max-age=60, no-store', null],
      ['that contradict each other: public and private', 'public, private, max-age=60', null],
      ['that are no number: stale', 'max-age=soon', 0],
      ['without an argument: stale', 'max-age', 0],
      ['below zero: stale', 'max-age=-60', 0],
      ['with a fraction: stale', 'max-age=60.5', 0],
      ['with space about the sign: stale', 'max-age =60', 0],
      ['of which s-maxage is no number: stale', 'max-age=60, s-maxage=soon', 0],
    ])('%s', async (_name, value, seconds) => {
      expect(await remaining(larder, { fields: { 'Cache-Control': value } })).toBe(seconds);
    });

    it('are not read from a field of more than 8192 characters: nothing is stored', async () => {
      const fields = { 'Cache-Control': `max-age=60, x="${'a'.repeat(8192)}"` };
      expect(await remaining(larder, { fields })).toBeNull();
    });
  });

  describe('RFC 9111 §5.3: Expires', () => {
    it.each<[string, string | string[], number]>([
      ['in the format of RFC 850', 'Sunday, 01-Mar-26 12:01:00 GMT', 60],
      ['in the format of asctime', 'Sun Mar  1 12:01:00 2026', 60],
      ['in lower case', 'sun, 01 mar 2026 12:01:00 gmt', 60],
      ['twice the same', [at(60), at(60)], 60],
      ['twice, and different: stale', [at(60), at(90)], 0],
      ['0: stale', '0', 0],
      ['empty: stale', '', 0],
      ['in another zone: stale', 'Sun, 01 Mar 2026 12:01:00 CET', 0],
      ['in a form that is no HTTP date: stale', '2026-03-01T12:01:00Z', 0],
      ['on a day that does not exist: stale', 'Mon, 30 Feb 2026 12:01:00 GMT', 0],
      ['equal to Date: stale', at(0), 0],
      ['in the past: stale', at(-60), 0],
    ])('%s', async (_name, value, seconds) => {
      expect(await remaining(larder, { fields: { Expires: value } })).toBe(seconds);
    });
  });

  describe('RFC 9111 §4.2.2: heuristic freshness', () => {
    const modified = { 'Last-Modified': at(-1000) };

    it.each([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])(
      'is a tenth of the time since Last-Modified with status %d',
      async (status) => {
        expect(await remaining(larder, { status, fields: modified })).toBe(100);
      },
    );

    it.each([201, 202, 302, 403, 502, 599])('is none with status %d', async (status) => {
      expect(await remaining(larder, { status, fields: modified })).toBeNull();
    });

    it.each([201, 202, 302, 403, 502, 599])('is allowed with status %d by `public`', async (status) => {
      const fields = { ...modified, 'Cache-Control': 'public' };
      expect(await remaining(larder, { status, fields })).toBe(100);
    });

    it.each<[string, ReplyFields, number | null]>([
      ['is a week at most', { 'Last-Modified': at(-1000 * DAY) }, WEEK],
      ['is rounded down', { 'Last-Modified': at(-1009) }, 100],
      ['is none where it was modified just now', { 'Last-Modified': at(0) }, 0],
      ['is none where it was modified in the future', { 'Last-Modified': at(HOUR) }, 0],
      ['is none where Last-Modified is no date', { 'Last-Modified': 'yesterday' }, null],
      ['counts from Date', { 'Last-Modified': at(-1000), Date: at(-500) }, 50 - 500],
      ['is none where Age cannot be read', { 'Last-Modified': at(-1000), Age: 'old' }, 0],
    ])('%s', async (_name, fields, seconds) => {
      expect(await remaining(larder, { fields })).toBe(seconds);
    });

    it('is told in the reason', async () => {
      larder.says({ fields: modified });
      await larder.ask('/a');
      const { exchange } = await larder.ask('/a');
      expect(exchange).toMatchObject({
        reason: 'fresh',
        facts: { lifetimeSource: 'heuristic', decidedBy: 'heuristic freshness (RFC 9111 §4.2.2)' },
      });
    });
  });

  describe('a TTL that was chosen', () => {
    beforeEach(() => larder.apply({ ttlSeconds: 30 }));

    it.each<[string, number, ReplyFields, number | null]>([
      ['counts where nothing else says how long', 200, {}, 30],
      ['counts from when it was received, not from Age', 200, { Age: '1000' }, 30],
      ['comes after max-age', 200, { 'Cache-Control': 'max-age=60' }, 60],
      ['comes after max-age=0', 200, { 'Cache-Control': 'max-age=0' }, 0],
      ['comes after Expires', 200, { Expires: at(90) }, 90],
      ['comes after heuristic freshness', 200, { 'Last-Modified': at(-1000) }, 100],
      ['does not store what says no-store', 200, { 'Cache-Control': 'no-store' }, null],
      ['does not store errors', 404, {}, null],
      ['does not store 302', 302, {}, null],
    ])('%s', async (_name, status, fields, seconds) => {
      expect(await remaining(larder, { status, fields })).toBe(seconds);
    });

    it('of 0 stores nothing that it would have to rule', async () => {
      await larder.apply({ ttlSeconds: 0 });
      expect(await remaining(larder, {})).toBeNull();
      expect(await remaining(larder, { fields: { 'Cache-Control': 'max-age=60' } })).toBe(60);
    });
  });

  describe('RFC 9111 §4.2.3: an origin whose clock is', () => {
    const maxAge = { 'Cache-Control': 'max-age=7200' };

    it('an hour ahead leaves max-age as it is', async () => {
      expect(await remaining(larder, { fields: maxAge, aheadSeconds: HOUR })).toBe(7200);
    });

    it('an hour ahead has Expires read by its own clock', async () => {
      const fields = { Expires: at(HOUR + 60) };
      expect(await remaining(larder, { fields, aheadSeconds: HOUR })).toBe(60);
    });

    it('an hour behind makes its responses an hour old', async () => {
      expect(await remaining(larder, { fields: maxAge, aheadSeconds: -HOUR })).toBe(7200 - HOUR);
      expect(
        await remaining(larder, { fields: { 'Cache-Control': 'max-age=60' }, aheadSeconds: -HOUR }),
      ).toBe(60 - HOUR);
    });

    it('an hour behind has Expires read by its own clock', async () => {
      const fields = { Expires: at(7200 - HOUR) };
      expect(await remaining(larder, { fields, aheadSeconds: -HOUR })).toBe(7200 - HOUR);
    });

    it('unknown, without Date, counts from when the response was received', async () => {
      expect(await remaining(larder, { fields: maxAge, aheadSeconds: null })).toBe(7200);
      expect(await remaining(larder, { fields: { Expires: at(7200 + 90) }, aheadSeconds: null })).toBe(90);
    });
  });

  describe('RFC 9111 §4.2.3, §5.1: age', () => {
    const MAX_AGE = { 'Cache-Control': 'max-age=60' };

    it.each<[string, string | string[], number]>([
      ['is taken off the lifetime', '20', 40],
      ['as long as the lifetime makes it stale', '60', 0],
      ['beyond the lifetime makes it stale', '100', -40],
      ['that is no number makes it stale', 'old', 0],
      ['below zero makes it stale', '-1', 0],
      ['with a fraction makes it stale', '7.5', 0],
      ['in two lines makes it stale', ['20', '10'], -20],
    ])('%s', async (_name, age, seconds) => {
      expect(await remaining(larder, { fields: { ...MAX_AGE, Age: age } })).toBe(seconds);
    });

    it('is the greater of Age and of what Date says', async () => {
      expect(await remaining(larder, { fields: { ...MAX_AGE, Age: '20' }, aheadSeconds: -5 })).toBe(40);
      expect(await remaining(larder, { fields: { ...MAX_AGE, Age: '5' }, aheadSeconds: -20 })).toBe(40);
    });

    it('counts how long the response took', async () => {
      const slow = (fields: ReplyFields) => () => {
        larder.clock.advance(7);
        return { fields };
      };
      expect(await remaining(larder, slow(MAX_AGE))).toBe(53);
      expect(await remaining(larder, slow({ ...MAX_AGE, Age: '20' }))).toBe(33);
    });

    it('as sent never falls', async () => {
      larder.says({ fields: { ...MAX_AGE, Age: '20' } });
      const ages = [(await larder.ask('/a')).headers['age']];
      for (const seconds of [0, 0.4, 0.4, 0.4, 5, 30]) {
        larder.clock.advance(seconds);
        ages.push((await larder.ask('/a')).headers['age']);
      }
      expect(ages).toEqual(['20', '20', '20', '20', '21', '26', '56']);
    });

    it('is no less than it was received with when the clock goes back a little', async () => {
      larder.says({ fields: { ...MAX_AGE, Age: '20' } });
      await larder.ask('/a');
      larder.clock.advance(-60);
      const hit = await larder.ask('/a');
      expect([hit.headers['age'], hit.cacheStatus]).toEqual(['20', 'larder; hit; ttl=40']);
    });

    it('is over when the clock was wrong by more: nothing stays fresh until that time comes', async () => {
      larder.clock.advance(HOUR);
      larder.says({ fields: MAX_AGE });
      await larder.ask('/a');
      larder.clock.advance(-HOUR);
      expect((await larder.ask('/a')).cacheStatus).toContain('fwd=stale');
      expect((await larder.ask('/a')).cacheStatus).toContain('larder; hit');
    });

    it('is not sent with what comes from the origin without one', async () => {
      larder.says({ fields: MAX_AGE });
      expect((await larder.ask('/a')).headers['age']).toBeUndefined();
      expect((await larder.ask('/a')).headers['age']).toBe('0');
    });
  });
});
