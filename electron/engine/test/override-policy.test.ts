/** Policy `override`: the TTL rules, and nobody gets what is another's. */
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachStore, type LarderOnStore } from './each-store';
import type { Reply, ReplyFields } from './scripted-origin';

const YEAR = 365 * 86_400;

onEachStore({ policy: 'override' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  describe('who asks', () => {
    const user = (name: string) => ({ Authorization: `Bearer ${name}` });
    const mirrored: Reply = ({ headers }) => ({
      body: `for ${headers.authorization ?? 'nobody'} ${headers.cookie ?? ''}`.trim(),
    });

    it('two users with another Authorization each get their own, and keep it', async () => {
      larder.says(mirrored);
      for (const cache of ['MISS', 'HIT', 'HIT']) {
        for (const name of ['ann', 'bob']) {
          const answer = await larder.ask('/me', user(name));
          expect([answer.text, answer.cache]).toEqual([`for Bearer ${name}`, cache]);
        }
      }
      const nobody = await larder.ask('/me');
      expect([nobody.text, nobody.cacheStatus]).toEqual([
        'for nobody',
        'larder; fwd=miss; fwd-status=200; stored; ttl=300',
      ]);
      expect(nobody.exchange.reason).toBe('credentials-differ');
    });

    it('at the same time: each gets their own', async () => {
      larder.says(mirrored);
      const names = Array.from({ length: 20 }, (_, index) => `user${index % 4}`);
      const answers = await Promise.all(names.map((name) => larder.get('/me', { headers: user(name) })));
      expect(answers.map(({ text }) => text)).toEqual(names.map((name) => `for Bearer ${name}`));
    });

    it('a session cookie keeps users apart', async () => {
      larder.says(mirrored);
      for (const cache of ['MISS', 'HIT']) {
        for (const id of ['1', '2']) {
          const answer = await larder.ask('/me', { Cookie: `sid=${id}` });
          expect([answer.text, answer.cache]).toEqual([`for nobody sid=${id}`, cache]);
        }
      }
    });

    it('the order of cookies, and cookies that count visits, do not', async () => {
      larder.says(mirrored);
      await larder.ask('/me', { Cookie: 'sid=1; theme=dark; _ga=7' });
      expect((await larder.ask('/me', { Cookie: '_ga=8; theme=dark; sid=1' })).cache).toBe('HIT');
    });

    it('a POST of one user removes what all have of the target', async () => {
      larder.says(mirrored);
      await larder.ask('/me', user('ann'));
      await larder.ask('/me', user('bob'));
      await larder.ask('/me', user('ann'), 'POST');
      await larder.holds(0);
    });
  });

  describe('what the origin says', () => {
    it.each<[string, ReplyFields]>([
      ['no-store', { 'Cache-Control': 'no-store' }],
      ['private', { 'Cache-Control': 'private' }],
      ['no-cache', { 'Cache-Control': 'no-cache', ETag: '"1"' }],
      ['max-age=0', { 'Cache-Control': 'max-age=0, must-revalidate' }],
      ['max-age longer than the TTL', { 'Cache-Control': 'max-age=9999' }],
      ['s-maxage', { 'Cache-Control': 's-maxage=1' }],
      ['Expires in the past', { Expires: '0' }],
      ['Pragma', { Pragma: 'no-cache' }],
      ['CDN-Cache-Control', { 'CDN-Cache-Control': 'no-store' }],
      ['Age', { Age: '9999' }],
      ['a Date long ago', { Date: 'Sun, 01 Jan 2023 00:00:00 GMT' }],
    ])('is not obeyed: %s', async (_name, fields) => {
      larder.says({ fields });
      await larder.ask('/a');
      larder.clock.advance(299);
      const hit = await larder.ask('/a');
      expect([hit.text, hit.cacheStatus]).toEqual(['#1', 'larder; hit; ttl=1']);
      larder.clock.advance(1);
      expect((await larder.ask('/a')).exchange.forward).toBe('stale');
    });

    it('is passed on as it came', async () => {
      const fields = { 'Cache-Control': 'no-store, private', Expires: '0', Pragma: 'no-cache' };
      larder.says({ fields });
      await larder.ask('/a');
      const { headers } = await larder.ask('/a');
      expect([headers['cache-control'], headers['expires'], headers['pragma']]).toEqual([
        'no-store, private',
        '0',
        'no-cache',
      ]);
    });

    it('in Set-Cookie goes to who asked first, and to nobody else', async () => {
      larder.says({ fields: { 'Set-Cookie': ['sid=1', 'theme=dark'], 'X-Kept': '1' } });
      expect((await larder.ask('/a')).headers['set-cookie']).toEqual(['sid=1', 'theme=dark']);
      const hit = await larder.ask('/a');
      expect([hit.cache, hit.headers['set-cookie'], hit.headers['x-kept']]).toEqual(['HIT', undefined, '1']);
      const { entries } = await larder.engine.entries({});
      const details = await larder.engine.entry(entries[0]!.id);
      expect(JSON.stringify(details)).not.toContain('sid=1');
    });

    it('in the Set-Cookie of a 304 goes to nobody later', async () => {
      larder.says(
        { fields: { ETag: '"1"' } },
        { status: 304, fields: { ETag: '"1"', 'Set-Cookie': 'sid=2' } },
      );
      await larder.ask('/a');
      larder.clock.advance(301);
      await larder.ask('/a');
      await larder.freshened('/a');
      expect((await larder.ask('/a')).headers['set-cookie']).toBeUndefined();
    });

    it.each(['stale-while-revalidate=9999', 'stale-while-revalidate=9999, max-age=9999'])(
      'of serving stale is not obeyed: %s',
      async (value) => {
        larder.says({ fields: { 'Cache-Control': value } });
        await larder.ask('/a');
        larder.clock.advance(301);
        expect((await larder.ask('/a')).text).toBe('#2');
      },
    );
  });

  describe('the TTL', () => {
    it('of 0 stores nothing', async () => {
      await larder.apply({ ttlSeconds: 0 });
      larder.says({ fields: { 'Cache-Control': 'max-age=60' } });
      expect((await larder.ask('/a')).exchange).toMatchObject({ stored: false, notStored: 'ttl-zero' });
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('of a year is kept to the second', async () => {
      await larder.apply({ ttlSeconds: YEAR });
      larder.says({});
      await larder.ask('/a');
      larder.clock.advance(YEAR - 1);
      const last = await larder.ask('/a');
      expect([last.text, last.cacheStatus]).toEqual(['#1', 'larder; hit; ttl=1']);
      larder.clock.advance(1);
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('that is over has the stored validator asked with, and begins anew with a 304', async () => {
      const fields = { ETag: '"1"', 'Last-Modified': 'Sun, 01 Mar 2026 10:00:00 GMT' };
      larder.says({ fields }, { status: 304, fields });
      await larder.ask('/a');
      larder.clock.advance(300);
      const validated = await larder.ask('/a');
      expect([validated.text, validated.cache, validated.cacheStatus]).toEqual([
        '#1',
        'HIT',
        'larder; fwd=stale; fwd-status=304',
      ]);
      expect(larder.origin.requests[1]?.headers).toMatchObject({
        'if-none-match': '"1"',
        'if-modified-since': 'Sun, 01 Mar 2026 10:00:00 GMT',
      });
      await larder.freshened('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=300');
    });
  });

  describe('an origin that fails', () => {
    it.each<[string, Reply, string]>([
      ['502', { status: 502 }, 'origin_unreachable'],
      ['503', { status: 503 }, 'origin_unreachable'],
      ['504', { status: 504 }, 'origin_unreachable'],
    ])('with %s has what is stored served stale, whatever it said', async (_name, reply, detail) => {
      larder.says({ fields: { 'Cache-Control': 'no-cache, must-revalidate, stale-if-error=0' } }, reply);
      await larder.ask('/a');
      larder.clock.advance(3000);
      const answer = await larder.ask('/a');
      expect([answer.status, answer.text, answer.cacheStatus]).toEqual([
        200,
        '#1',
        `larder; hit; ttl=-2700; detail=${detail}`,
      ]);
      expect(answer.exchange).toMatchObject({ outcome: 'STALE', reason: 'stale-if-error' });
    });

    it('by not being there has what is stored served stale, also on a reload', async () => {
      larder.says({});
      await larder.ask('/a');
      await larder.origin.close();
      larder.clock.advance(3000);
      for (const headers of [{}, { 'Cache-Control': 'no-cache' }]) {
        const answer = await larder.ask('/a', headers);
        expect([answer.text, answer.cache, answer.exchange.outcome]).toEqual(['#1', 'HIT', 'STALE']);
      }
      expect((await larder.ask('/b')).status).toBe(502);
    });

    it('with 500 has its own answer passed on', async () => {
      larder.says({}, { status: 500 });
      await larder.ask('/a');
      larder.clock.advance(3000);
      expect((await larder.ask('/a')).status).toBe(500);
    });
  });

  describe('errors', () => {
    const ERRORS = [400, 401, 403, 404, 410, 429, 500, 501, 503];

    it.each(ERRORS)('%d is not stored', async (status) => {
      larder.says({ status, fields: { 'Cache-Control': 'max-age=60' } });
      expect((await larder.ask('/a')).exchange.notStored).toBe('status-not-stored');
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it.each(ERRORS)('%d is stored for errorTtlSeconds where that is set', async (status) => {
      await larder.apply({ errorTtlSeconds: 20 });
      larder.says({ status, fields: { 'Cache-Control': 'no-store' } });
      expect((await larder.ask('/a')).cacheStatus).toBe(
        `larder; fwd=uri-miss; fwd-status=${status}; stored; ttl=20`,
      );
      larder.clock.advance(19);
      const hit = await larder.ask('/a');
      expect([hit.status, hit.text, hit.cacheStatus]).toEqual([status, '#1', 'larder; hit; ttl=1']);
      larder.clock.advance(1);
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it.each([412, 416])('%d, which answers a condition or a range, is not', async (status) => {
      await larder.apply({ errorTtlSeconds: 20 });
      larder.says({ status });
      expect((await larder.ask('/a')).exchange.notStored).toBe('status-not-stored');
    });

    it('have no other lifetime with errorTtlSeconds than before where they are none', async () => {
      await larder.apply({ errorTtlSeconds: 20 });
      larder.says({});
      await larder.ask('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=300');
    });

    it('are kept apart by user too', async () => {
      await larder.apply({ errorTtlSeconds: 20 });
      larder.says({ status: 403 }, { status: 200 });
      await larder.ask('/me', { Authorization: 'Bearer ann' });
      expect((await larder.ask('/me', { Authorization: 'Bearer bob' })).status).toBe(200);
      expect((await larder.ask('/me', { Authorization: 'Bearer ann' })).status).toBe(403);
    });

    it('give way to what an unsafe request brings about', async () => {
      await larder.apply({ errorTtlSeconds: 20 });
      larder.says({ status: 404 }, { status: 201 }, { status: 200 });
      await larder.ask('/new');
      await larder.ask('/new', {}, 'PUT');
      expect((await larder.ask('/new')).status).toBe(200);
    });
  });
});
