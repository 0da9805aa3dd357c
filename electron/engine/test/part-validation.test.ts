/** Stored parts that are not fresh any more (RFC 9111 §4.2.4, §4.3), and parts of what is not fresh, on both stores. */
import { beforeEach, describe, expect, it } from 'vitest';
import { alphabetOrigin, ALPHABET, TAGGED } from './alphabet-origin';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { inWords, keeps } from './kept-responses';
import type { ReplyMessage } from './scripted-origin';

onEachStore({ policy: 'respect' }, (current) => {
  const { serve, ask, store } = alphabetOrigin(current);
  let larder: LarderOnStore;

  beforeEach(() => {
    larder = current();
    serve(ALPHABET);
  });

  describe('RFC 9111 §4.3: a part that is not fresh', () => {
    it('is confirmed by 304, for the range that was asked for', async () => {
      await store('bytes=0-9', 'GET 206 abcdefghij');
      larder.clock.advance(61);
      const answer = await ask('bytes=2-3');
      expect(inWords(answer)).toBe('HIT 206 cd');
      expect(answer.headers).toMatchObject({
        'content-range': 'bytes 2-3/26',
        'cache-status': 'larder; fwd=stale; fwd-status=304',
      });
      expect(larder.origin.requests[1]?.headers).toMatchObject({
        'if-none-match': '"v1"',
        range: 'bytes=2-3',
      });
      await larder.freshened('/a');
      expect((await ask('bytes=0-9')).headers['cache-status']).toBe('larder; hit; ttl=60');
    });

    it('gives way to another version', async () => {
      await store('bytes=0-9', 'GET 206 abcdefghij');
      larder.clock.advance(61);
      serve(ALPHABET.toUpperCase(), { ...TAGGED, ETag: '"v2"' });
      await store('bytes=2-3', 'GET 206 CD');
    });

    it('goes on with what the origin sends of the same version', async () => {
      await store('bytes=0-9', 'GET 206 abcdefghij');
      larder.clock.advance(61);
      const fields = { ...TAGGED, 'Content-Range': 'bytes 2-3/26', 'Cache-Control': 'max-age=90' };
      larder.says({ status: 206, fields, body: 'cd' });
      expect(inWords(await ask('bytes=2-3'))).toBe('MISS 206 cd');
      await larder.freshened('/a');
      await keeps(larder, 'GET 206 abcdefghij');
      expect((await ask('bytes=0-9')).headers['cache-status']).toBe('larder; hit; ttl=90');
    });

    it('is served while it is validated (RFC 5861 §3), by its own range', async () => {
      serve(ALPHABET, { ...TAGGED, 'Cache-Control': 'max-age=60, stale-while-revalidate=30' });
      await store('bytes=0-9', 'GET 206 abcdefghij');
      larder.clock.advance(70);
      const answer = await ask('bytes=2-3', { 'If-Range': '"v1"' });
      expect([inWords(answer), answer.headers['cache-status']]).toEqual([
        'HIT 206 cd',
        'larder; hit; ttl=-10',
      ]);
      await waitUntil(() => larder.origin.requests.length === 2);
      expect(larder.origin.requests[1]?.headers).toMatchObject({
        'if-none-match': '"v1"',
        range: 'bytes=2-3',
      });
      await larder.freshened('/a');
      expect((await ask('bytes=0-9')).headers['cache-status']).toBe('larder; hit; ttl=60');
    });

    it('is served stale where the origin is down', async () => {
      await store('bytes=0-9', 'GET 206 abcdefghij');
      larder.clock.advance(70);
      larder.says('drop');
      const answer = await ask('bytes=2-3');
      expect([inWords(answer), answer.headers['cache-status']]).toEqual([
        'HIT 206 cd',
        'larder; hit; ttl=-10; detail=origin_unreachable',
      ]);
      expect((await larder.get('/a')).status).toBe(502);
    });
  });

  it('RFC 9111 §4.3.4: a 206 with the strong tag of a stale whole freshens that', async () => {
    await larder.get('/a');
    await keeps(larder, `GET 200 ${ALPHABET}`);
    larder.clock.advance(61);
    const fields = {
      ...TAGGED,
      'Content-Range': 'bytes 2-3/26',
      'Content-Length': '2',
      'Content-Digest': 'sha-256=:of-the-part:',
      'Cache-Control': 'max-age=90',
      'X-New': '1',
    };
    const reply: ReplyMessage = { status: 206, fields, body: 'cd' };
    larder.says(reply);
    expect(inWords(await ask('bytes=2-3'))).toBe('MISS 206 cd');
    await larder.freshened('/a');
    await keeps(larder, `GET 200 ${ALPHABET}`);
    const answer = await larder.get('/a');
    expect(inWords(answer)).toBe(`HIT 200 ${ALPHABET}`);
    expect(answer.headers).toMatchObject({
      'x-new': '1',
      'cache-status': 'larder; hit; ttl=90',
      'content-length': '26',
    });
    expect(answer.headers).not.toHaveProperty('content-range');
    expect(answer.headers).not.toHaveProperty('content-digest');
  });
});
