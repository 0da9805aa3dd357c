/** Policy `respect`: which stored response a request gets (RFC 9111 §4.1, RFC 9110 §12.5.5). */
import { beforeEach, describe, expect, it } from 'vitest';
import { formatHttpDate } from '../semantics/http-date';
import { MAX_VARIANTS } from '../store/response-store';
import { onEachStore, START_TIME, type LarderOnStore } from './each-store';

type Headers = Record<string, string | string[]>;

const FRESH = { 'Cache-Control': 'max-age=600' };

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  /** X-Cache of a request after another one, whose response varies so. */
  async function after(vary: string | string[], first: Headers, second: Headers): Promise<string> {
    larder.says({ fields: { ...FRESH, Vary: vary } });
    await larder.ask('/a', first);
    return (await larder.ask('/a', second)).cache;
  }

  describe('RFC 9111 §4.1: a response that varies', () => {
    it('is chosen among three', async () => {
      larder.says((request) => ({
        fields: { ...FRESH, Vary: 'X-Kind' },
        body: `kind ${request.headers['x-kind']}`,
      }));
      for (const cache of ['MISS', 'HIT', 'HIT']) {
        for (const kind of ['a', 'b', 'c']) {
          const answer = await larder.ask('/a', { 'X-Kind': kind });
          expect([answer.text, answer.cache]).toEqual([`kind ${kind}`, cache]);
        }
      }
      expect(await larder.entries()).toHaveLength(3);
    });

    it('says in Cache-Status and in the reason what differs', async () => {
      larder.says({ fields: { ...FRESH, Vary: 'X-One, X-Two' } });
      await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' });
      const miss = await larder.ask('/a', { 'X-One': '1', 'X-Two': '2' });
      expect(miss.cacheStatus).toBe('larder; fwd=vary-miss; fwd-status=200; stored; ttl=600');
      expect(miss.exchange).toMatchObject({
        reason: 'vary-differs',
        facts: { varyFields: ['x-two'], decidedBy: 'RFC 9111 §4.1' },
      });
    });

    it.each<[string, string | string[], Headers, Headers, string]>([
      [
        'on several fields, which agree',
        'X-One, X-Two',
        { 'X-One': '1', 'X-Two': '2' },
        { 'X-Two': '2', 'X-One': '1' },
        'HIT',
      ],
      [
        'on several fields, one of which differs',
        'X-One, X-Two',
        { 'X-One': '1', 'X-Two': '2' },
        { 'X-One': '1', 'X-Two': '1' },
        'MISS',
      ],
      [
        'on fields in several lines',
        ['X-One', 'X-Two'],
        { 'X-One': '1', 'X-Two': '2' },
        { 'X-One': '1', 'X-Two': '1' },
        'MISS',
      ],
      [
        'on fields in several lines, which agree',
        ['X-One', 'X-Two'],
        { 'X-One': '1', 'X-Two': '2' },
        { 'X-One': '1', 'X-Two': '2' },
        'HIT',
      ],
      ['on a field named in another case', 'x-OnE', { 'X-One': '1' }, { 'x-one': '1' }, 'HIT'],
      ['on fields that it does not name: any', 'X-One', { 'X-Two': '1' }, { 'X-Two': '2' }, 'HIT'],
      ['on a field that both lack', 'X-One', {}, {}, 'HIT'],
      ['on a field that only the second has', 'X-One', {}, { 'X-One': '1' }, 'MISS'],
      ['on a field that only the first had', 'X-One', { 'X-One': '1' }, {}, 'MISS'],
      ['on a field that is absent here and empty there', 'X-One', {}, { 'X-One': '' }, 'MISS'],
      ['on a field that is empty here and absent there', 'X-One', { 'X-One': '' }, {}, 'MISS'],
      ['on a field that is empty twice', 'X-One', { 'X-One': '' }, { 'X-One': '' }, 'HIT'],
      ['on nothing: an empty Vary', '', { 'X-One': '1' }, { 'X-One': '2' }, 'HIT'],
      ['on * : never', '*', { 'X-One': '1' }, { 'X-One': '1' }, 'MISS'],
      ['on * among others: never', 'X-One, *', { 'X-One': '1' }, { 'X-One': '1' }, 'MISS'],
      ['on * in another line: never', ['X-One', ' * '], { 'X-One': '1' }, { 'X-One': '1' }, 'MISS'],
      ['on what is no list of names: never', 'X-One; X-Two', { 'X-One': '1' }, { 'X-One': '1' }, 'MISS'],
    ])('%s', async (_name, vary, first, second, cache) => {
      expect(await after(vary, first, second)).toBe(cache);
    });

    it('on * is not stored', async () => {
      larder.says({ fields: { ...FRESH, Vary: '*', ETag: '"1"' } });
      expect((await larder.ask('/a')).exchange).toMatchObject({ stored: false, notStored: 'vary-star' });
    });

    it('on Cookie or Authorization does not show their values', async () => {
      larder.says({ fields: { 'Cache-Control': 'public, max-age=600', Vary: 'Cookie, Authorization' } });
      const ann = { Cookie: 'sid=secret', Authorization: 'Bearer secret' };
      await larder.ask('/a', ann);
      expect((await larder.ask('/a', ann)).cache).toBe('HIT');
      expect((await larder.ask('/a', { ...ann, Cookie: 'sid=other' })).cache).toBe('MISS');
      expect(JSON.stringify(await larder.entries())).not.toContain('secret');
    });
  });

  describe('RFC 9111 §4.1, RFC 9110 §5.6.1: of a field that nobody knows', () => {
    it.each<[string, string | string[], string | string[], string]>([
      ['space about commas means nothing', 'a,b', ' a ,\tb ', 'HIT'],
      ['several lines are one', ['a', 'b'], 'a, b', 'HIT'],
      ['the order counts', 'a, b', 'b, a', 'MISS'],
      ['the case counts', 'a', 'A', 'MISS'],
      ['space within a member counts', 'a b', 'a  b', 'MISS'],
      ['space about commas in a quoted string counts', '"a,b"', '"a, b"', 'MISS'],
    ])('%s', async (_name, first, second, cache) => {
      expect(await after('X-One', { 'X-One': first }, { 'X-One': second })).toBe(cache);
    });
  });

  describe('RFC 9110 §12.5.3: of Accept-Encoding', () => {
    it.each<[string, string | string[], string | string[], string]>([
      ['the order means nothing', 'gzip, br', 'br, gzip', 'HIT'],
      ['the case means nothing', 'GZip', 'gzip', 'HIT'],
      ['space means nothing', 'gzip,br', 'gzip ,  br', 'HIT'],
      ['several lines are one', ['gzip', 'br'], 'gzip, br', 'HIT'],
      ['q=1 is what counts without', 'gzip;q=1, br', 'gzip, br ; q=1.000', 'HIT'],
      ['zeros at the end of q mean nothing', 'gzip;q=0.5', 'gzip;Q=0.500', 'HIT'],
      ['q counts', 'gzip;q=0.5', 'gzip;q=0.6', 'MISS'],
      ['q=0 is a refusal', 'gzip;q=0', 'gzip', 'MISS'],
      ['one more coding counts', 'gzip', 'gzip, br', 'MISS'],
      ['what is odd is compared as it is', 'gzip;x=1, br', 'br, gzip;x=1', 'MISS'],
    ])('%s', async (_name, first, second, cache) => {
      expect(
        await after('Accept-Encoding', { 'Accept-Encoding': first }, { 'Accept-Encoding': second }),
      ).toBe(cache);
    });
  });

  describe('RFC 9110 §12.5.4: of Accept-Language', () => {
    it.each<[string, string, string, string]>([
      ['the case means nothing', 'de-AT, EN', 'de-at, en', 'HIT'],
      ['space means nothing', 'de,en;q=0.5', 'de , en; q=0.50', 'HIT'],
      ['the order counts, which some origins take for priority', 'de, en', 'en, de', 'MISS'],
      ['q counts', 'de, en;q=0.5', 'de, en;q=0.8', 'MISS'],
    ])('%s', async (_name, first, second, cache) => {
      expect(
        await after('Accept-Language', { 'Accept-Language': first }, { 'Accept-Language': second }),
      ).toBe(cache);
    });
  });

  describe('RFC 9111 §4.1: where Vary changes between responses of one key', () => {
    it('each is chosen by its own', async () => {
      larder.says(
        { fields: { ...FRESH, Vary: 'X-One' } },
        { fields: { ...FRESH, Vary: 'X-Two' } },
        { fields: FRESH },
      );
      await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' });
      larder.clock.advance(1);
      await larder.ask('/a', { 'X-One': '2', 'X-Two': '2' });
      expect((await larder.ask('/a', { 'X-One': '1', 'X-Two': '9' })).text).toBe('#1');
      expect((await larder.ask('/a', { 'X-One': '9', 'X-Two': '2' })).text).toBe('#2');
      expect((await larder.ask('/a', { 'X-One': '9', 'X-Two': '9' })).text).toBe('#3');
    });

    it('the most recent of several that fit is used, by Date', async () => {
      larder.says(
        { fields: { ...FRESH, Vary: 'X-One', Date: formatHttpDate(START_TIME) } },
        { fields: { ...FRESH, Vary: 'X-Two', Date: formatHttpDate(START_TIME - 30_000) } },
      );
      await larder.ask('/a', { 'X-One': '1', 'X-Two': '9' });
      larder.clock.advance(1);
      await larder.ask('/a', { 'X-One': '9', 'X-Two': '1' });
      const both = await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' });
      expect([both.text, both.cache]).toEqual(['#1', 'HIT']);
    });

    it('of one second, the one that was received later', async () => {
      larder.says({ fields: { ...FRESH, Vary: 'X-One' } }, { fields: { ...FRESH, Vary: 'X-Two' } });
      await larder.ask('/a', { 'X-One': '1', 'X-Two': '9' });
      larder.clock.advance(0.2);
      await larder.ask('/a', { 'X-One': '9', 'X-Two': '1' });
      expect((await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' })).text).toBe('#2');
    });

    it('the most recent counts, though it is stale and another is not', async () => {
      larder.says(
        { fields: { ...FRESH, Vary: 'X-One' } },
        { fields: { 'Cache-Control': 'max-age=5', Vary: 'X-Two' } },
      );
      await larder.ask('/a', { 'X-One': '1', 'X-Two': '9' });
      larder.clock.advance(1);
      await larder.ask('/a', { 'X-One': '9', 'X-Two': '1' });
      larder.clock.advance(10);
      expect((await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' })).text).toBe('#3');
    });

    it('a response without Vary takes the place of what the same request had', async () => {
      larder.says({ fields: { ...FRESH, Vary: 'X-One' } }, { fields: FRESH });
      await larder.ask('/a', { 'X-One': '1' });
      await larder.ask('/a', { 'X-One': '1', 'Cache-Control': 'no-cache' });
      await larder.holds(1);
      expect((await larder.ask('/a', { 'X-One': '1' })).text).toBe('#2');
      expect((await larder.ask('/a', { 'X-One': '2' })).text).toBe('#2');
    });
  });

  it(`RFC 9111 §4.1: of more than ${MAX_VARIANTS} variants the oldest go`, async () => {
    larder.says({ fields: { ...FRESH, Vary: 'X-Kind' } });
    for (let kind = 0; kind < MAX_VARIANTS + 2; kind += 1) {
      await larder.get('/a', { headers: { 'X-Kind': String(kind) } });
      larder.clock.advance(0.1);
    }
    await larder.holds(MAX_VARIANTS);
    const asked = larder.origin.requests.length;
    expect((await larder.ask('/a', { 'X-Kind': '2' })).cache).toBe('HIT');
    expect((await larder.ask('/a', { 'X-Kind': String(MAX_VARIANTS + 1) })).cache).toBe('HIT');
    expect((await larder.ask('/a', { 'X-Kind': '1' })).cache).toBe('MISS');
    expect(larder.origin.requests).toHaveLength(asked + 1);
  });
});
