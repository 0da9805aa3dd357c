/** Policy `respect`: what is stored (RFC 9111 §3). */
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachStore, type LarderOnStore } from './each-store';
import type { ReplyFields } from './scripted-origin';

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  /** Why not; null where it is stored, and serves the second GET. */
  async function notStored(status: number, fields: ReplyFields, headers: Record<string, string> = {}) {
    larder.says({ status, fields });
    const first = await larder.ask('/a', headers);
    const second = await larder.ask('/a', headers);
    expect([first.status, first.cache]).toEqual([status, 'MISS']);
    expect([second.status, second.cache]).toEqual([status, first.exchange.stored ? 'HIT' : 'MISS']);
    expect(await larder.entries()).toHaveLength(first.exchange.stored ? 1 : 0);
    return first.exchange.notStored;
  }

  describe('RFC 9111 §3: a final status is stored with explicit freshness, known or not:', () => {
    it.each([200, 201, 203, 204, 226, 299, 302, 307, 399, 400, 401, 403, 404, 410, 451, 499, 500, 503, 599])(
      '%d',
      async (status) => {
        expect(await notStored(status, { 'Cache-Control': 'max-age=60' })).toBeNull();
      },
    );

    it.each([412, 416])('%d is not, since it answers a condition or a range', async (status) => {
      expect(await notStored(status, { 'Cache-Control': 'max-age=60' })).toBe('status-not-stored');
    });
  });

  describe('RFC 9111 §5.2.2.5: no-store', () => {
    it.each<[string, string | string[]]>([
      ['alone', 'no-store'],
      ['in upper case', 'NO-STORE'],
      ['with an argument', 'no-store="Set-Cookie"'],
      ['beside everything that allows it', 'public, max-age=60, s-maxage=60, no-store'],
      ['in a line of its own', ['max-age=60', 'no-store']],
      ['after a quoted string that does not end', 'max-age=60, x="a, no-store'],
    ])('%s is not stored', async (_name, value) => {
      expect(await notStored(200, { 'Cache-Control': value, ETag: '"1"' })).toBe('response-no-store');
    });

    it.each(['x="no-store", max-age=60', 'no-store-ever, max-age=60'])(
      'is not what %s says',
      async (value) => {
        expect(await notStored(200, { 'Cache-Control': value })).toBeNull();
      },
    );

    it('on validation takes the place of what was stored', async () => {
      larder.says(
        { fields: { 'Cache-Control': 'max-age=10', ETag: '"1"' } },
        { fields: { 'Cache-Control': 'no-store' } },
      );
      await larder.ask('/a');
      larder.clock.advance(20);
      expect((await larder.ask('/a')).text).toBe('#2');
      await larder.holds(0);
    });
  });

  describe('RFC 9111 §5.2.2.7: private', () => {
    it.each([
      'private, max-age=60',
      'Private, s-maxage=60',
      'private=, max-age=60',
      'private="", max-age=60',
    ])('%s is not stored', async (value) => {
      expect(await notStored(200, { 'Cache-Control': value })).toBe('response-private');
    });

    it('with the name of a field: the response is stored without it', async () => {
      larder.says({
        fields: { 'Cache-Control': 'max-age=60, private="x-user"', 'X-User': 'ann', 'X-All': '1' },
      });
      expect((await larder.ask('/a')).headers['x-user']).toBe('ann');
      const hit = await larder.ask('/a');
      expect([hit.cache, hit.headers['x-user'], hit.headers['x-all']]).toEqual(['HIT', undefined, '1']);
    });

    it('with the name of a field that reuse needs is not stored', async () => {
      const fields = { 'Cache-Control': 'max-age=60, private="content-type"', 'Content-Type': 'text/plain' };
      expect(await notStored(200, fields)).toBe('response-private');
    });
  });

  describe('RFC 9111 §5.2.2.3: must-understand', () => {
    it.each([200, 204, 301, 404, 426, 503])(
      'sets no-store aside for status %d, which is understood',
      async (status) => {
        expect(
          await notStored(status, { 'Cache-Control': 'must-understand, no-store, max-age=60' }),
        ).toBeNull();
      },
    );

    it.each([299, 399, 499, 599])('keeps status %d, which is not, from being stored', async (status) => {
      const forbidden = { 'Cache-Control': 'no-store, must-understand, max-age=60' };
      expect(await notStored(status, forbidden)).toBe('response-no-store');
      expect(await notStored(status, { 'Cache-Control': 'must-understand, max-age=60' })).toBe(
        'response-no-store',
      );
    });
  });

  describe('RFC 9111 §3.5: a response to Authorization', () => {
    const ann = { Authorization: 'Bearer ann' };

    it.each<[string, ReplyFields]>([
      ['max-age alone', { 'Cache-Control': 'max-age=60' }],
      ['Expires alone', { Expires: 'Sun, 01 Mar 2026 13:00:00 GMT' }],
      ['proxy-revalidate', { 'Cache-Control': 'max-age=60, proxy-revalidate' }],
      ['immutable', { 'Cache-Control': 'max-age=60, immutable' }],
    ])('is not stored with %s', async (_name, fields) => {
      expect(await notStored(200, fields, ann)).toBe('authorization');
    });

    it.each(['public, max-age=60', 's-maxage=60', 'must-revalidate, max-age=60', 'PUBLIC, max-age=60'])(
      'is stored with %s, and for everybody',
      async (value) => {
        expect(await notStored(200, { 'Cache-Control': value }, ann)).toBeNull();
        for (const headers of [{}, { Authorization: 'Bearer bob' }]) {
          expect((await larder.ask('/a', headers)).text).toBe('#1');
        }
      },
    );

    it('is not stored in place of what everybody gets', async () => {
      larder.says(
        { fields: { 'Cache-Control': 'max-age=60' } },
        { fields: { 'Cache-Control': 'max-age=60' }, body: 'for ann' },
        { fields: { 'Cache-Control': 'max-age=60' }, body: 'for all' },
      );
      await larder.ask('/a');
      const reload = await larder.ask('/a', { ...ann, 'Cache-Control': 'no-cache' });
      expect([reload.text, reload.exchange.notStored]).toEqual(['for ann', 'authorization']);
      await larder.holds(0);
      expect((await larder.ask('/a')).text).toBe('for all');
    });

    it('may come from what is stored', async () => {
      larder.says({ fields: { 'Cache-Control': 'max-age=60' } });
      await larder.ask('/a');
      expect((await larder.ask('/a', ann)).cache).toBe('HIT');
    });
  });

  describe('RFC 9111 §5.2.2.4: no-cache', () => {
    it.each(['no-cache', 'NO-CACHE, max-age=60', 'no-cache, s-maxage=60, public', 'no-cache=""'])(
      '%s is stored with a validator, and validated each time',
      async (value) => {
        const fields = { 'Cache-Control': value, 'Last-Modified': 'Sun, 01 Mar 2026 10:00:00 GMT' };
        larder.says({ fields }, { status: 304, fields });
        await larder.ask('/a');
        for (const asked of [2, 3, 4]) {
          const answer = await larder.ask('/a');
          expect([answer.status, answer.text, answer.cache]).toEqual([200, '#1', 'HIT']);
          expect(answer.cacheStatus).toBe('larder; fwd=stale; fwd-status=304');
          expect(larder.origin.requests).toHaveLength(asked);
        }
      },
    );

    it('without a validator is fetched each time', async () => {
      larder.says({ fields: { 'Cache-Control': 'no-cache, max-age=60' } });
      for (const text of ['#1', '#2', '#3']) {
        const answer = await larder.ask('/a');
        expect([answer.text, answer.cache]).toEqual([text, 'MISS']);
      }
    });

    it('without a validator and without freshness is not stored', async () => {
      expect(await notStored(200, { 'Cache-Control': 'no-cache' })).toBe('no-freshness');
    });

    it('with the name of a field: that field is not sent again without validation', async () => {
      const fields = { 'Cache-Control': 'max-age=60, no-cache="x-user"', 'X-User': 'ann', ETag: '"1"' };
      larder.says({ fields }, { status: 304, fields });
      await larder.ask('/a');
      const hit = await larder.ask('/a');
      expect([hit.cache, hit.headers['x-user'], larder.origin.requests.length]).toEqual([
        'HIT',
        undefined,
        1,
      ]);
      larder.clock.advance(60);
      const validated = await larder.ask('/a');
      expect([validated.cache, validated.headers['x-user'], validated.text]).toEqual(['HIT', 'ann', '#1']);
    });

    it('that a 304 takes back lets what is stored be fresh again', async () => {
      larder.says(
        { fields: { 'Cache-Control': 'no-cache', ETag: '"1"' } },
        { status: 304, fields: { 'Cache-Control': 'max-age=60', ETag: '"1"' } },
      );
      await larder.ask('/a');
      larder.clock.advance(1);
      await larder.ask('/a');
      await larder.freshened('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=60');
    });
  });

  describe('RFC 9111 §3: without explicit freshness', () => {
    it('a status that is cacheable by default is kept with its validator, for validation', async () => {
      larder.says({ fields: { ETag: '"1"' } }, { status: 304, fields: { ETag: '"1"' } });
      expect((await larder.ask('/a')).exchange.stored).toBe(true);
      const second = await larder.ask('/a');
      expect([second.cache, second.text]).toEqual(['HIT', '#1']);
      expect(larder.origin.requests[1]?.headers['if-none-match']).toBe('"1"');
    });

    it.each([201, 302, 403, 500])('status %d is not, validator or not', async (status) => {
      expect(await notStored(status, { ETag: '"1"' })).toBe('no-freshness');
    });
  });
});
