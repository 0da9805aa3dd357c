/** Ranges of a complete stored response under conditions (RFC 9110 §13), when it is not fresh, and with request directives, on both stores. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientAnswer } from './client';
import { onEachStore, type LarderOnStore } from './each-store';
import { keeps } from './kept-responses';
import { ranged } from './ranged-origin';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const MODIFIED = 'Sun, 01 Feb 2026 12:00:00 GMT';
const FIELDS = {
  'Cache-Control': 'max-age=60',
  'Content-Type': 'text/plain',
  ETag: '"v1"',
  'Last-Modified': MODIFIED,
};

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;

  /** Stores `body` under `/a`. */
  async function storeWhole(body: string | Buffer, fields: Record<string, string> = FIELDS): Promise<void> {
    larder.origin.answer(ranged(larder.clock, { body, fields }));
    await larder.get('/a');
    await keeps(larder, `GET 200 ${body.toString('latin1')}`);
  }

  function ask(range: string, headers: Record<string, string | string[]> = {}): Promise<ClientAnswer> {
    return larder.get('/a', { headers: { Range: range, ...headers } });
  }

  beforeEach(() => {
    larder = current();
  });

  describe('RFC 9110 §13.1.5: If-Range', () => {
    it.each([
      ['the stored strong tag', FIELDS, '"v1"', 206],
      ['another tag', FIELDS, '"v2"', 200],
      ['the stored date', FIELDS, MODIFIED, 206],
      ['a later date', FIELDS, 'Mon, 02 Feb 2026 12:00:00 GMT', 200],
      ['an earlier date', FIELDS, 'Sat, 31 Jan 2026 12:00:00 GMT', 200],
      ['no date at all', FIELDS, 'yesterday', 200],
      ['the stored tag made weak', FIELDS, 'W/"v1"', 200],
      ['the stored tag, which is weak', { ...FIELDS, ETag: 'W/"v1"' }, 'W/"v1"', 200],
      ['the opaque part of a weak tag', { ...FIELDS, ETag: 'W/"v1"' }, '"v1"', 200],
      ['a tag where none is stored', { 'Cache-Control': 'max-age=60' }, '"v1"', 200],
      ['a date where none is stored', { 'Cache-Control': 'max-age=60' }, MODIFIED, 200],
    ])('with %s', async (_name, fields, condition, status) => {
      await storeWhole(ALPHABET, fields);
      const answer = await ask('bytes=0-1', { 'If-Range': condition });
      expect([answer.status, answer.text]).toEqual(status === 206 ? [206, 'ab'] : [200, ALPHABET]);
      expect(answer.headers['x-cache']).toBe('HIT');
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('with a date that is stored, but of the second of Date: no strong validator', async () => {
      const now = new Date(larder.clock.now()).toUTCString();
      await storeWhole(ALPHABET, { 'Cache-Control': 'max-age=60', 'Last-Modified': now });
      expect((await ask('bytes=0-1', { 'If-Range': now })).status).toBe(200);
    });
  });

  describe('RFC 9110 §13.2.2: other conditions come before Range', () => {
    it.each([
      [{ 'If-None-Match': '"v1"' }, 304, ''],
      [{ 'If-None-Match': 'W/"v1"' }, 304, ''],
      [{ 'If-None-Match': '"v2"' }, 206, 'ab'],
      [{ 'If-Modified-Since': MODIFIED }, 304, ''],
      [{ 'If-Modified-Since': 'Sat, 31 Jan 2026 12:00:00 GMT' }, 206, 'ab'],
      [{ 'If-None-Match': '"v2"', 'If-Range': '"v2"' }, 200, ALPHABET],
    ])('%o', async (conditions, status, text) => {
      await storeWhole(ALPHABET);
      const answer = await ask('bytes=0-1', conditions);
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([status, text, 'HIT']);
      expect('content-range' in answer.headers).toBe(status === 206);
      expect(larder.origin.requests).toHaveLength(1);
    });
  });

  describe('a range of a response that is not fresh', () => {
    it('is sent once the origin has confirmed the whole', async () => {
      await storeWhole(ALPHABET);
      larder.clock.advance(61);
      const answer = await ask('bytes=-3');
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([206, 'xyz', 'HIT']);
      expect(answer.headers).toMatchObject({
        'content-range': 'bytes 23-25/26',
        'cache-status': 'larder; fwd=stale; fwd-status=304',
        age: '0',
      });
      expect(larder.origin.requests[1]?.headers).toMatchObject({
        'if-none-match': '"v1"',
        range: 'bytes=-3',
      });
      await larder.freshened('/a');
      expect((await ask('bytes=0-0')).headers['cache-status']).toBe('larder; hit; ttl=60');
    });

    it('is the new one where the origin has another now, and the old one is not used again', async () => {
      await storeWhole(ALPHABET);
      larder.clock.advance(61);
      const fields = { ...FIELDS, ETag: '"v2"' };
      larder.origin.answer(ranged(larder.clock, { body: ALPHABET.toUpperCase(), fields }));
      const answer = await ask('bytes=0-2');
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([206, 'ABC', 'MISS']);
      await keeps(larder, `GET 200 ${ALPHABET}`, 'GET 206 ABC');
      expect((await ask('bytes=1-2')).text).toBe('BC');
      expect((await larder.get('/a')).text).toBe(ALPHABET.toUpperCase());
      await keeps(larder, `GET 200 ${ALPHABET.toUpperCase()}`);
    });

    it('RFC 9111 §4: is of the most recent, where a reload has brought a part of another', async () => {
      await storeWhole(ALPHABET);
      larder.clock.advance(1);
      const fields = { ...FIELDS, ETag: '"v2"' };
      larder.origin.answer(ranged(larder.clock, { body: ALPHABET.toUpperCase(), fields }));
      expect((await ask('bytes=0-2', { 'Cache-Control': 'no-cache' })).text).toBe('ABC');
      await keeps(larder, `GET 200 ${ALPHABET}`, 'GET 206 ABC');
      const answer = await ask('bytes=0-1');
      expect([answer.text, answer.headers['etag'], answer.headers['x-cache']]).toEqual(['AB', '"v2"', 'HIT']);
    });

    it('is sent while the whole is validated (RFC 5861 §3)', async () => {
      const fields = { ...FIELDS, 'Cache-Control': 'max-age=60, stale-while-revalidate=30' };
      await storeWhole(ALPHABET, fields);
      larder.clock.advance(70);
      larder.origin.answer(ranged(larder.clock, { body: 'new', fields: { ...fields, ETag: '"v2"' } }));
      const answer = await ask('bytes=0-1', { 'If-Range': '"v1"' });
      expect([answer.status, answer.text, answer.headers['cache-status']]).toEqual([
        206,
        'ab',
        'larder; hit; ttl=-10',
      ]);
      await keeps(larder, 'GET 200 new');
      expect(larder.origin.requests[1]?.headers).toMatchObject({ 'if-none-match': '"v1"' });
      expect(larder.origin.requests[1]?.headers).not.toHaveProperty('range');
      expect(larder.origin.requests[1]?.headers).not.toHaveProperty('if-range');
    });

    it('is sent stale where the origin is down', async () => {
      await storeWhole(ALPHABET);
      larder.clock.advance(70);
      larder.says('drop');
      const answer = await ask('bytes=0-1');
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([206, 'ab', 'HIT']);
      expect(answer.headers['cache-status']).toBe('larder; hit; ttl=-10; detail=origin_unreachable');
    });
  });

  describe('what the request asks of the cache', () => {
    it('only-if-cached is met by a range of what is stored, and refused where nothing is', async () => {
      await storeWhole(ALPHABET);
      const answer = await ask('bytes=0-1', { 'Cache-Control': 'only-if-cached' });
      expect([answer.status, answer.text]).toEqual([206, 'ab']);
      const refused = await larder.get('/b', {
        headers: { Range: 'bytes=0-1', 'Cache-Control': 'only-if-cached' },
      });
      expect(refused.status).toBe(504);
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('no-store takes it past the cache, range and all', async () => {
      await storeWhole(ALPHABET);
      const answer = await ask('bytes=0-1', { 'Cache-Control': 'no-store' });
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([206, 'ab', 'MISS']);
      expect(larder.origin.requests[1]?.headers.range).toBe('bytes=0-1');
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });
  });
});

onEachStore({}, (current) => {
  it('policy override: ranges are served for the TTL, whatever the origin says', async () => {
    const larder = current();
    const fields = { ...FIELDS, 'Cache-Control': 'no-store' };
    larder.origin.answer(ranged(larder.clock, { body: ALPHABET, fields }));
    await larder.get('/a');
    await keeps(larder, `GET 200 ${ALPHABET}`);
    larder.clock.advance(299);
    const answer = await larder.get('/a', { headers: { Range: 'bytes=3-4' } });
    expect([answer.status, answer.text, answer.headers['cache-status']]).toEqual([
      206,
      'de',
      'larder; hit; ttl=1',
    ]);
    larder.clock.advance(2);
    const stale = await larder.get('/a', { headers: { Range: 'bytes=3-4' } });
    expect([stale.text, stale.headers['cache-status']]).toEqual(['de', 'larder; fwd=stale; fwd-status=304']);
  });
});
