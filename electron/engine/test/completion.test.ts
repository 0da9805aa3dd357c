/** A GET for the whole where a part is stored (RFC 9111 §3.4): only the rest is asked for, on both stores. */
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { alphabetOrigin, ALPHABET, FRESH, TAGGED } from './alphabet-origin';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { inWords, keeps } from './kept-responses';
import { ranged } from './ranged-origin';

const MODIFIED = 'Sun, 01 Feb 2026 12:00:00 GMT';
const REST = { ...TAGGED, 'Content-Range': 'bytes 10-25/26' };

onEachStore({ policy: 'respect' }, (current) => {
  const { serve, storeParts, storeFirstTen, asked, hold } = alphabetOrigin(current);
  let larder: LarderOnStore;

  beforeEach(() => {
    larder = current();
    serve(ALPHABET);
  });

  describe('asks only for what is missing', () => {
    it('and sends and stores the whole', async () => {
      await storeFirstTen();
      larder.clock.advance(20);
      const answer = await larder.get('/a');
      expect([inWords(answer), answer.statusText]).toEqual([`MISS 200 ${ALPHABET}`, 'OK']);
      expect(asked()).toEqual([['bytes=10-25', '"v1"']]);
      expect(answer.headers).toMatchObject({
        'cache-status': 'larder; fwd=partial; fwd-status=206; stored; ttl=60',
        'content-length': '26',
        'content-type': 'text/plain',
        etag: '"v1"',
      });
      expect(answer.headers).not.toHaveProperty('content-range');
      await keeps(larder, `GET 200 ${ALPHABET}`);
      const hit = await larder.get('/a');
      expect(inWords(hit)).toBe(`HIT 200 ${ALPHABET}`);
      expect(hit.headers).toMatchObject({ 'content-length': '26', age: '0' });
      expect(hit.headers).not.toHaveProperty('content-range');
      expect(inWords(await larder.get('/a', { headers: { Range: 'bytes=8-11' } }))).toBe('HIT 206 ijkl');
      expect(asked()).toHaveLength(1);
      await waitUntil(() => larder.exchanges.length === 4);
      expect(larder.exchanges[1]).toMatchObject({
        outcome: 'MISS',
        reason: 'partial-stored',
        forward: 'partial',
        stored: true,
        bodyBytes: 26,
        facts: { storedRanges: '0-9/26' },
      });
    });

    it.each([
      ['the beginning', ['bytes=-6'], 'uvwxyz', 'bytes=0-19'],
      ['the middle', ['bytes=0-4', 'bytes=-6'], 'abcdeuvwxyz', 'bytes=5-19'],
      [
        'all from the first gap to the last',
        ['bytes=0-4', 'bytes=10-12', 'bytes=-6'],
        'abcdeklmuvwxyz',
        'bytes=5-19',
      ],
      ['from the first gap to the end', ['bytes=0-4', 'bytes=10-12'], 'abcdeklm', 'bytes=5-25'],
      ['one byte', ['bytes=1-'], ALPHABET.slice(1), 'bytes=0-0'],
    ])('where that is %s', async (_name, ranges, kept, missing) => {
      await storeParts(kept, ...ranges);
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
      expect(asked()).toEqual([[missing, '"v1"']]);
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });

    it('where a date that is strong proves what belongs together', async () => {
      serve(ALPHABET, { ...FRESH, 'Last-Modified': MODIFIED });
      await storeFirstTen();
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
      expect(asked()).toEqual([['bytes=10-25', MODIFIED]]);
    });

    it('where the part is not fresh any more', async () => {
      await storeFirstTen();
      larder.clock.advance(61);
      const answer = await larder.get('/a');
      expect([inWords(answer), asked()]).toEqual([`MISS 200 ${ALPHABET}`, [['bytes=10-25', '"v1"']]]);
      await keeps(larder, `GET 200 ${ALPHABET}`);
      expect((await larder.get('/a')).headers['cache-status']).toBe('larder; hit; ttl=60');
    });

    it('and puts large bodies together byte for byte', async () => {
      const body = Buffer.alloc(300_000, 'line of text\r\n\0\u00ff');
      serve(body);
      await larder.get('/a', { headers: { Range: 'bytes=100000-' } });
      await keeps(larder, `GET 206 ${body.subarray(100_000).toString('latin1')}`);
      const answer = await larder.get('/a');
      expect(answer.body.equals(body)).toBe(true);
      await keeps(larder, `GET 200 ${body.toString('latin1')}`);
      expect((await larder.get('/a')).body.equals(body)).toBe(true);
      expect(larder.origin.requests[1]?.headers.range).toBe('bytes=0-99999');
    });

    it('with the fields of the new part, and those that it does not name', async () => {
      await storeFirstTen();
      const rest = ALPHABET.slice(10);
      const fields = { ...REST, 'Content-Digest': 'sha-256=:x:', 'X-New': '1', 'Content-Length': '16' };
      const { 'Content-Type': _type, ...named } = fields;
      larder.says({ status: 206, fields: named, body: rest });
      const answer = await larder.get('/a');
      expect(answer.headers).toMatchObject({
        'x-new': '1',
        'content-type': 'text/plain',
        'content-length': '26',
      });
      expect(answer.headers).not.toHaveProperty('content-digest');
      await keeps(larder, `GET 200 ${ALPHABET}`);
      const hit = await larder.get('/a');
      expect(hit.headers).toMatchObject({
        'x-new': '1',
        'content-type': 'text/plain',
        'content-length': '26',
      });
      expect(hit.headers).not.toHaveProperty('content-digest');
    });

    it('and streams: what is stored is sent before the origin is done', async () => {
      await storeFirstTen();
      const held = hold();
      let received = '';
      const socket = connect(larder.port, '127.0.0.1', () =>
        socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
      );
      socket.setEncoding('latin1').on('data', (text: string) => (received += text));
      await waitUntil(() => held.length === 1);
      held[0]?.writeEarlyHints({ link: '</a.css>; rel=preload' });
      held[0]?.writeHead(206, REST).write('klm');
      await waitUntil(() => received.endsWith('abcdefghijklm'));
      expect(received).toMatch(/^HTTP\/1\.1 103 .*\r\n\r\nHTTP\/1\.1 200 OK\r\n/s);
      held[0]?.end('nopqrstuvwxyz');
      await waitUntil(() => received.endsWith(ALPHABET));
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });
  });

  describe('asks for everything', () => {
    it.each([
      ['the part has a weak tag', { ...FRESH, ETag: 'W/"v1"' }],
      ['the part has no validator', FRESH],
    ])('where %s', async (_name, fields) => {
      serve(ALPHABET, fields);
      await storeFirstTen();
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
      expect(asked()).toEqual([[undefined, undefined]]);
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });

    it('where both ends are missing', async () => {
      await storeParts('fghij', 'bytes=5-9');
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
      expect(asked()).toEqual([[undefined, undefined]]);
    });

    it('where the length of the whole is not known', async () => {
      larder.says({ status: 206, fields: { ...TAGGED, 'Content-Range': 'bytes 0-9/*' }, body: 'abcdefghij' });
      await storeFirstTen();
      serve(ALPHABET);
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
      expect(asked()).toEqual([[undefined, undefined]]);
    });

    it('where the request is HEAD, or has a condition of its own', async () => {
      await storeFirstTen();
      await larder.get('/a', { method: 'HEAD' });
      await larder.get('/a', { headers: { 'If-None-Match': '"v0"' } });
      expect(asked()).toEqual([
        [undefined, undefined],
        [undefined, undefined],
      ]);
    });

    it('where the part is for another variant', async () => {
      serve(ALPHABET, { ...TAGGED, Vary: 'Accept-Language' });
      await storeFirstTen();
      await larder.get('/a', { headers: { 'Accept-Language': 'de' } });
      expect(asked()).toEqual([[undefined, undefined]]);
    });
  });

  it('a whole larger than maxBodyBytes is sent, and not stored', async () => {
    await larder.apply({ maxBodyBytes: 20 });
    await storeFirstTen();
    expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
    await waitUntil(() => larder.exchanges.length === 2);
    expect(larder.exchanges[1]).toMatchObject({ stored: false, notStored: 'too-large' });
    expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
  });

  it('only-if-cached is refused where only a part is stored', async () => {
    await storeFirstTen();
    const answer = await larder.get('/a', { headers: { 'Cache-Control': 'only-if-cached' } });
    expect([answer.status, answer.headers['cache-status']]).toEqual([
      504,
      'larder; fwd=partial; detail=not_stored',
    ]);
  });
});

onEachStore({}, (current) => {
  it('policy override: a part is completed for the user it belongs to, and stored for the TTL', async () => {
    const larder = current();
    const fields = { ...TAGGED, 'Cache-Control': 'no-store' };
    larder.origin.answer(ranged(larder.clock, { body: ALPHABET, fields }));
    const ann = { Authorization: 'ann' };
    await larder.get('/a', { headers: { ...ann, Range: 'bytes=0-9' } });
    await keeps(larder, 'GET 206 abcdefghij');
    await larder.get('/a', { headers: { Authorization: 'bob' } });
    expect(larder.origin.requests[1]?.headers).not.toHaveProperty('range');
    const whole = await larder.get('/a', { headers: ann });
    expect([whole.text, larder.origin.requests[2]?.headers.range]).toEqual([ALPHABET, 'bytes=10-25']);
    expect(whole.headers['cache-status']).toBe('larder; fwd=partial; fwd-status=206; stored; ttl=300');
    await keeps(larder, `GET 200 ${ALPHABET}`, `GET 200 ${ALPHABET}`);
  });
});
