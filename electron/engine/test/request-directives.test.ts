/** Policy `respect`: what a request may ask of the cache (RFC 9111 §5.2.1, §5.4). */
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachStore, type LarderOnStore } from './each-store';

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  /** Stored for 60 s, with or without a validator, and then so many seconds later. */
  async function stored(seconds = 0, extra = '', fields: Record<string, string> = {}): Promise<void> {
    larder.says({ fields: { 'Cache-Control': `max-age=60${extra}`, ...fields } });
    await larder.ask('/a');
    larder.clock.advance(seconds);
  }

  const asking = (value: string) => larder.ask('/a', { 'Cache-Control': value });

  describe('RFC 9111 §5.2.1.4: no-cache', () => {
    it.each(['no-cache', 'No-Cache', 'max-stale, no-cache', 'no-cache=x'])(
      '%s gets a new response, which is stored',
      async (value) => {
        await stored(10);
        const answer = await asking(value);
        expect([answer.text, answer.cache, answer.exchange.reason]).toEqual(['#2', 'MISS', 'reload']);
        expect(answer.cacheStatus).toBe('larder; fwd=request; fwd-status=200; stored; ttl=60');
        const after = await larder.ask('/a');
        expect([after.text, after.cacheStatus]).toEqual(['#2', 'larder; hit; ttl=60']);
      },
    );

    it('validates what is stored with a validator', async () => {
      await stored(10, '', { ETag: '"1"' });
      larder.says({ status: 304, fields: { 'Cache-Control': 'max-age=60', ETag: '"1"' } });
      const answer = await asking('no-cache');
      expect([answer.text, answer.cache]).toEqual(['#1', 'HIT']);
      expect(answer.cacheStatus).toBe('larder; fwd=request; fwd-status=304');
      expect(larder.origin.requests[1]?.headers['if-none-match']).toBe('"1"');
    });

    it('goes on to the origin', async () => {
      await asking('no-cache, x=1');
      expect(larder.origin.requests[0]?.headers['cache-control']).toBe('no-cache, x=1');
    });
  });

  describe('RFC 9111 §5.2.1.5: no-store', () => {
    it('keeps the response out of the store', async () => {
      larder.says({ fields: { 'Cache-Control': 'max-age=60' } });
      const answer = await asking('no-store');
      expect(answer.exchange).toMatchObject({ outcome: 'PASS', reason: 'request-no-store', stored: false });
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('leaves what is stored as it is', async () => {
      await stored(10);
      expect((await asking('no-store')).text).toBe('#2');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=50');
    });
  });

  describe('RFC 9111 §5.2.1.1: max-age', () => {
    it.each<[string, number, string]>([
      ['max-age=11', 10, 'HIT'],
      ['max-age=10', 10, 'HIT'],
      ['max-age=9', 10, 'MISS'],
      ['max-age=0', 0, 'MISS'],
      ['max-age=9999', 10, 'HIT'],
      ['max-age=9999', 60, 'MISS'],
      ['MAX-AGE="9"', 10, 'MISS'],
      ['max-age=soon', 10, 'MISS'],
      ['max-age=9, max-age=9999', 10, 'MISS'],
    ])('%s with %d s of age: %s', async (value, age, cache) => {
      await stored(age);
      expect((await asking(value)).cache).toBe(cache);
    });

    it('counts the age that the response came with', async () => {
      await stored(10, '', { Age: '5' });
      expect((await asking('max-age=14')).text).toBe('#2');
    });
  });

  describe('RFC 9111 §5.2.1.3: min-fresh', () => {
    it.each<[string, string]>([
      ['min-fresh=49', 'HIT'],
      ['min-fresh=50', 'HIT'],
      ['min-fresh=51', 'MISS'],
      ['min-fresh=10, min-fresh=51', 'MISS'],
      ['max-age=10, min-fresh=50', 'HIT'],
      ['max-age=9, min-fresh=50', 'MISS'],
    ])('%s with 50 s left: %s', async (value, cache) => {
      await stored(10);
      expect((await asking(value)).cache).toBe(cache);
    });
  });

  describe('RFC 9111 §5.2.1.2: max-stale', () => {
    it.each<[string, number, string]>([
      ['max-stale', 1000, 'HIT'],
      ['max-stale=10', 10, 'HIT'],
      ['max-stale=10', 11, 'MISS'],
      ['max-stale="10"', 10, 'HIT'],
      ['max-stale=soon', 1, 'MISS'],
      ['max-stale, max-stale=10', 11, 'MISS'],
      ['max-stale=1000, max-age=65', 10, 'MISS'],
      ['max-stale=1000, max-age=70', 10, 'HIT'],
    ])('%s, stale for %d s: %s', async (value, staleFor, cache) => {
      await stored(60 + staleFor);
      expect((await asking(value)).cache).toBe(cache);
    });

    it('is told as stale', async () => {
      await stored(70);
      const { cacheStatus, exchange, headers } = await asking('max-stale=10');
      expect([cacheStatus, headers['age']]).toEqual(['larder; hit; ttl=-10', '70']);
      expect(exchange).toMatchObject({ outcome: 'STALE', reason: 'max-stale', ttlSeconds: -10 });
    });

    it.each(['must-revalidate', 'proxy-revalidate', 's-maxage=60', 'no-cache'])(
      'does not set aside %s of the response',
      async (directive) => {
        await stored(61, `, ${directive}`);
        expect((await asking('max-stale')).text).toBe('#2');
      },
    );
  });

  describe('RFC 9111 §5.2.1.7: only-if-cached', () => {
    it('is 504 where nothing is stored, without asking the origin', async () => {
      const { status, text, cacheStatus, exchange } = await asking('only-if-cached');
      expect([status, JSON.parse(text).error.code]).toEqual([504, 'not_stored']);
      expect(cacheStatus).toBe('larder; fwd=uri-miss; detail=not_stored');
      expect(exchange.reason).toBe('only-if-cached');
      expect(larder.origin.requests).toHaveLength(0);
    });

    it.each<[string, number, number]>([
      ['only-if-cached', 59, 200],
      ['only-if-cached', 60, 504],
      ['only-if-cached, max-stale=10', 65, 200],
      ['only-if-cached, max-stale=10', 75, 504],
      ['only-if-cached, max-age=10', 20, 504],
      ['only-if-cached, min-fresh=50', 20, 504],
      ['only-if-cached, no-cache', 0, 504],
    ])('%s after %d s: %d', async (value, seconds, status) => {
      await stored(seconds);
      expect((await asking(value)).status).toBe(status);
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('is 504 where what is stored must be validated', async () => {
      await stored(0, ', no-cache', { ETag: '"1"' });
      expect((await asking('only-if-cached')).status).toBe(504);
    });

    it('is 504 where another variant is stored', async () => {
      await stored(0, '', { Vary: 'X-Kind' });
      const headers = { 'Cache-Control': 'only-if-cached', 'X-Kind': 'b' };
      const { status, cacheStatus } = await larder.ask('/a', headers);
      expect([status, cacheStatus]).toEqual([504, 'larder; fwd=vary-miss; detail=not_stored']);
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('goes upstream with a POST, which is not for the cache', async () => {
      const { status } = await larder.ask('/a', { 'Cache-Control': 'only-if-cached' }, 'POST');
      expect([status, larder.origin.requests.length]).toEqual([200, 1]);
    });
  });

  describe('RFC 9111 §5.4: Pragma', () => {
    it.each<[string, Record<string, string>, string]>([
      ['no-cache alone counts', { Pragma: 'no-cache' }, 'MISS'],
      ['No-Cache among others counts', { Pragma: 'foo, No-Cache' }, 'MISS'],
      [
        'no-cache beside Cache-Control does not',
        { Pragma: 'no-cache', 'Cache-Control': 'max-age=60' },
        'HIT',
      ],
      ['no-cache beside an unknown directive does not', { Pragma: 'no-cache', 'Cache-Control': 'x' }, 'HIT'],
      ['of any other kind does not', { Pragma: 'foo, no-cached' }, 'HIT'],
    ])('%s', async (_name, headers, cache) => {
      await stored(10);
      expect((await larder.ask('/a', headers)).cache).toBe(cache);
    });

    it('of a response says nothing', async () => {
      await stored(10, '', { Pragma: 'no-cache' });
      expect((await larder.ask('/a')).cache).toBe('HIT');
    });
  });

  it('RFC 9111 §5.2.3: directives that nobody knows change nothing', async () => {
    await stored(10);
    const headers = { 'Cache-Control': 'nothing-to-see-here, x="no-cache, no-store"', Pragma: 'foo' };
    expect((await larder.ask('/a', headers)).cache).toBe('HIT');
  });
});
