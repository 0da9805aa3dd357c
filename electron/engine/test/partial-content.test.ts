/** Parts of a response (RFC 9111 §3.3, §3.4; RFC 9110 §15.3.7): stored, reused and put together, on both stores. */
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_STORED_RANGES } from '../semantics/partial-content';
import { alphabetOrigin, ALPHABET, FRESH, TAGGED } from './alphabet-origin';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { inWords, keeps } from './kept-responses';
import { ranged } from './ranged-origin';

const MODIFIED = 'Sun, 01 Feb 2026 12:00:00 GMT';

onEachStore({ policy: 'respect' }, (current) => {
  const { serve, ask, store } = alphabetOrigin(current);
  let larder: LarderOnStore;

  beforeEach(() => {
    larder = current();
    serve(ALPHABET);
  });

  describe('RFC 9111 §3.3: a part', () => {
    it('is stored, and answers the same range', async () => {
      const first = await ask('bytes=5-9');
      expect(inWords(first)).toBe('MISS 206 fghij');
      expect(first.headers['cache-status']).toBe('larder; fwd=uri-miss; fwd-status=206; stored; ttl=60');
      await keeps(larder, 'GET 206 fghij');
      larder.clock.advance(20);
      const second = await ask('bytes=5-9');
      expect(inWords(second)).toBe('HIT 206 fghij');
      expect(second.headers).toMatchObject({
        'content-range': 'bytes 5-9/26',
        'content-length': '5',
        'content-type': 'text/plain',
        etag: '"v1"',
        age: '20',
        'cache-status': 'larder; hit; ttl=40',
      });
      expect(larder.origin.requests).toHaveLength(1);
    });

    it.each([
      ['bytes=5-10', 'bytes=6-7', 'gh', '6-7'],
      ['bytes=5-10', 'bytes=10-10', 'k', '10-10'],
      ['bytes=5-10', 'bytes=6-7,7-8', 'ghi', '6-8'],
      ['bytes=-6', 'bytes=-3', 'xyz', '23-25'],
      ['bytes=-6', 'bytes=22-', 'wxyz', '22-25'],
      ['bytes=20-25', 'bytes=24-999', 'yz', '24-25'],
      ['bytes=20-', 'bytes=-6', 'uvwxyz', '20-25'],
    ])('of %s answers %s', async (range, wanted, text, place) => {
      await store(range, range === 'bytes=5-10' ? 'GET 206 fghijk' : 'GET 206 uvwxyz');
      const answer = await ask(wanted);
      expect(inWords(answer)).toBe(`HIT 206 ${text}`);
      expect(answer.headers['content-range']).toBe(`bytes ${place}/26`);
    });

    it.each([
      ['bytes=5-9', 'bytes=4-9'],
      ['bytes=5-9', 'bytes=5-10'],
      ['bytes=5-9', 'bytes=5-'],
      ['bytes=5-9', 'bytes=-1'],
      ['bytes=5-9', 'bytes=5-6,20-21'],
      ['bytes=5-9', 'lines=5-6'],
      ['bytes=-6', 'bytes=-7'],
      ['bytes=-6', 'bytes=19-'],
      ['bytes=0-24', 'bytes=26-'],
    ])('of %s does not answer %s: that goes to the origin as it is', async (range, wanted) => {
      await ask(range);
      await waitUntil(async () => (await larder.entries()).length === 1);
      const answer = await ask(wanted);
      expect(answer.headers['x-cache']).toBe('MISS');
      expect(answer.headers['cache-status']).toContain('larder; fwd=partial; fwd-status=');
      expect(larder.origin.requests[1]?.headers).toMatchObject({ range: wanted });
      expect(larder.origin.requests[1]?.headers).not.toHaveProperty('if-range');
    });

    it('answers several ranges that it holds', async () => {
      await store('bytes=5-9', 'GET 206 fghij');
      const answer = await ask('bytes=5-5,8-9');
      expect([answer.status, answer.headers['x-cache']]).toEqual([206, 'HIT']);
      expect(answer.headers['content-type']).toMatch(/^multipart\/byteranges; boundary=/);
      expect(answer.text).toContain('Content-Range: bytes 5-5/26\r\n\r\nf\r\n');
      expect(answer.text).toContain('Content-Range: bytes 8-9/26\r\n\r\nij\r\n');
    });

    it('of a body of unknown length answers what lies within, and no suffix', async () => {
      const fields = { ...TAGGED, 'Content-Range': 'bytes 5-9/*' };
      larder.says({ status: 206, fields, body: 'fghij' });
      await store('bytes=5-9', 'GET 206 fghij');
      const answer = await ask('bytes=6-7');
      expect(inWords(answer)).toBe('HIT 206 gh');
      expect(answer.headers['content-range']).toBe('bytes 6-7/*');
      for (const range of ['bytes=-1', 'bytes=9-'])
        expect((await ask(range)).headers['x-cache']).toBe('MISS');
    });

    it('C10: is never replayed as the whole, to GET or HEAD', async () => {
      serve(ALPHABET, { ...TAGGED, ETag: 'W/"v1"' });
      await store('bytes=0-4', 'GET 206 abcde');
      const head = await larder.get('/a', { method: 'HEAD' });
      expect([head.status, head.headers['content-length'], head.headers['x-cache']]).toEqual([
        200,
        '26',
        'MISS',
      ]);
      await keeps(larder, 'GET 206 abcde', 'HEAD 200 ');
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
      expect(larder.origin.requests.map(({ headers }) => headers.range)).toEqual([
        'bytes=0-4',
        undefined,
        undefined,
      ]);
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });

    it('answers the conditions of the client', async () => {
      await store('bytes=0-4', 'GET 206 abcde');
      expect(inWords(await ask('bytes=0-1', { 'If-Range': '"v1"' }))).toBe('HIT 206 ab');
      expect(inWords(await ask('bytes=0-1', { 'If-None-Match': '"v1"' }))).toBe('HIT 304 ');
      expect(larder.origin.requests).toHaveLength(1);
      // RFC 9111 §3.3: only for a range within it.
      expect(inWords(await larder.get('/a', { headers: { 'If-None-Match': '"v1"' } }))).toBe('MISS 304 ');
      expect(inWords(await ask('bytes=0-1', { 'If-Range': '"v0"' }))).toBe(`MISS 200 ${ALPHABET}`);
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });

    it('is kept apart by Vary', async () => {
      larder.origin.answer((request, response) => {
        const body = `${request.headers['accept-language']} text`;
        ranged(larder.clock, { body, fields: { ...FRESH, Vary: 'Accept-Language', ETag: `"${body}"` } })(
          request,
          response,
        );
      });
      const [german, english] = [{ 'Accept-Language': 'de' }, { 'Accept-Language': 'en' }];
      expect((await ask('bytes=0-1', german)).text).toBe('de');
      expect((await ask('bytes=0-1', english)).text).toBe('en');
      await keeps(larder, 'GET 206 de', 'GET 206 en');
      expect(inWords(await ask('bytes=0-1', german))).toBe('HIT 206 de');
      expect(inWords(await ask('bytes=0-1', english))).toBe('HIT 206 en');
    });

    it('goes when an unsafe method succeeds', async () => {
      await store('bytes=0-4', 'GET 206 abcde');
      await larder.get('/a', { method: 'POST', body: 'x' });
      await keeps(larder);
      expect(inWords(await ask('bytes=0-4'))).toBe('MISS 206 abcde');
    });
  });

  describe('RFC 9111 §3.4: parts of one representation', () => {
    it.each([
      ['a strong tag', TAGGED],
      ['a date that is strong', { ...FRESH, 'Last-Modified': MODIFIED }],
    ])('are put together where they share %s', async (_name, fields) => {
      serve(ALPHABET, fields);
      await store('bytes=0-4', 'GET 206 abcde');
      await store('bytes=5-9', 'GET 206 abcdefghij');
      const answer = await ask('bytes=3-7');
      expect([inWords(answer), answer.headers['content-range']]).toEqual(['HIT 206 defgh', 'bytes 3-7/26']);
    });

    it.each([
      ['a weak tag', { ...FRESH, ETag: 'W/"v1"' }],
      ['a weak tag and a strong date', { ...FRESH, ETag: 'W/"v1"', 'Last-Modified': MODIFIED }],
      ['no validator', FRESH],
    ])('are not put together with %s: the last one stays', async (_name, fields) => {
      serve(ALPHABET, fields);
      await store('bytes=0-4', 'GET 206 abcde');
      await store('bytes=5-9', 'GET 206 fghij');
      expect(inWords(await ask('bytes=0-4'))).toBe('MISS 206 abcde');
    });

    it('are not put together with a date of the second of Date', async () => {
      const now = new Date(larder.clock.now()).toUTCString();
      serve(ALPHABET, { ...FRESH, 'Last-Modified': now });
      await store('bytes=0-4', 'GET 206 abcde');
      await store('bytes=5-9', 'GET 206 fghij');
    });

    it('give way to a part with another tag', async () => {
      await store('bytes=0-4', 'GET 206 abcde');
      serve(ALPHABET.toUpperCase(), { ...TAGGED, ETag: '"v2"' });
      await store('bytes=5-9', 'GET 206 FGHIJ');
    });

    it('give way to a part of another length', async () => {
      await store('bytes=0-4', 'GET 206 abcde');
      serve(`${ALPHABET}!`);
      await store('bytes=5-9', 'GET 206 fghij');
    });

    it('may lie apart, and each is answered', async () => {
      await store('bytes=20-24', 'GET 206 uvwxy');
      await store('bytes=0-4', 'GET 206 abcdeuvwxy');
      expect(inWords(await ask('bytes=1-2'))).toBe('HIT 206 bc');
      expect(inWords(await ask('bytes=21-23'))).toBe('HIT 206 vwx');
      expect((await ask('bytes=0-4,20-24')).headers['x-cache']).toBe('HIT');
      expect((await ask('bytes=4-20')).headers['x-cache']).toBe('MISS');
    });

    it('may overlap: what came last counts', async () => {
      await store('bytes=2-6', 'GET 206 cdefg');
      serve(ALPHABET.toUpperCase());
      await store('bytes=5-9', 'GET 206 cdeFGHIJ');
      await store('bytes=0-3', 'GET 206 ABCDeFGHIJ');
      await store('bytes=4-20', 'GET 206 ABCDEFGHIJKLMNOPQRSTU');
    });

    it('have the fields of the last, and those that it does not name', async () => {
      const from = { ...TAGGED, 'Content-Range': 'bytes 0-4/26', 'X-First': '1', 'X-Both': 'old' };
      const rest = { ...FRESH, ETag: '"v1"', 'Content-Range': 'bytes 5-9/26', 'X-Both': 'new' };
      larder.says({ status: 206, fields: from, body: 'abcde' }, { status: 206, fields: rest, body: 'fghij' });
      await store('bytes=0-4', 'GET 206 abcde');
      larder.clock.advance(30);
      await store('bytes=5-9', 'GET 206 abcdefghij');
      larder.clock.advance(5);
      const { headers } = await ask('bytes=0-9');
      expect(headers).toMatchObject({ 'x-first': '1', 'x-both': 'new', 'content-type': 'text/plain' });
      expect(headers).toMatchObject({ age: '5', 'cache-status': 'larder; hit; ttl=55' });
    });

    it('of unknown length prove no end: the whole is asked for', async () => {
      larder.says(
        { status: 206, fields: { ...TAGGED, 'Content-Range': 'bytes 0-4/10' }, body: 'abcde' },
        { status: 206, fields: { ...TAGGED, 'Content-Range': 'bytes 5-9/*' }, body: 'fghij' },
        { fields: TAGGED, body: 'whole' },
      );
      await store('bytes=0-4', 'GET 206 abcde');
      await store('bytes=5-9', 'GET 206 abcdefghij');
      expect(inWords(await ask('bytes=3-6'))).toBe('HIT 206 defg');
      expect(inWords(await larder.get('/a'))).toBe('MISS 200 whole');
    });

    it('become the whole once every byte is there', async () => {
      await store('bytes=0-9', 'GET 206 abcdefghij');
      await store('bytes=15-25', `GET 206 abcdefghij${ALPHABET.slice(15)}`);
      await store('bytes=8-16', `GET 200 ${ALPHABET}`);
      const get = await larder.get('/a');
      expect([inWords(get), get.statusText]).toEqual([`HIT 200 ${ALPHABET}`, 'OK']);
      expect(get.headers).toMatchObject({ 'content-length': '26', etag: '"v1"' });
      expect(get.headers).not.toHaveProperty('content-range');
      expect((await larder.get('/a', { method: 'HEAD' })).headers).toMatchObject({
        'content-length': '26',
        'x-cache': 'HIT',
      });
      expect(inWords(await ask('bytes=-1'))).toBe('HIT 206 z');
      expect(larder.origin.requests).toHaveLength(3);
    });

    it('are the whole at once where the range is everything', async () => {
      serve(ALPHABET, FRESH);
      await store('bytes=0-', `GET 200 ${ALPHABET}`);
      expect(inWords(await larder.get('/a'))).toBe(`HIT 200 ${ALPHABET}`);
    });

    it('take the place of a whole of another version', async () => {
      await larder.get('/a');
      await keeps(larder, `GET 200 ${ALPHABET}`);
      serve('ABCDEF', { ...TAGGED, ETag: '"v2"' });
      larder.clock.advance(61);
      await store('bytes=0-2', `GET 200 ${ALPHABET}`, 'GET 206 ABC');
      await store('bytes=3-', 'GET 200 ABCDEF');
      expect(inWords(await larder.get('/a'))).toBe('HIT 200 ABCDEF');
    });

    it(`are ${MAX_STORED_RANGES} ranges at most: the smallest go`, async () => {
      const body = ALPHABET.repeat(4);
      serve(body);
      await store('bytes=0-1', 'GET 206 ab');
      let kept = 'ab';
      for (let range = 1; range <= MAX_STORED_RANGES; range += 1) {
        const first = range * 4;
        const text = body.slice(first, first + (range === 5 ? 1 : 2));
        if (range !== 5) kept += text;
        const now =
          range < 5 ? kept : `${kept.slice(0, 10)}${range < MAX_STORED_RANGES ? 'u' : ''}${kept.slice(10)}`;
        await store(`bytes=${first}-${first + text.length - 1}`, `GET 206 ${now}`);
      }
      expect(kept).toHaveLength(2 * MAX_STORED_RANGES);
      expect((await ask('bytes=0-1')).headers['x-cache']).toBe('HIT');
      expect((await ask('bytes=20-20')).headers['x-cache']).toBe('MISS');
    });

    it('that came at once are both kept', async () => {
      for (let time = 0; time < 5; time += 1) {
        const target = `/at-once/${time}`;
        const places = ['bytes=0-4', 'bytes=5-9', 'bytes=20-24', 'bytes=10-14'];
        await Promise.all(places.map((range) => larder.get(target, { headers: { Range: range } })));
        await keeps(larder, 'GET 206 abcdefghijklmnouvwxy');
        await larder.engine.clear();
      }
    });

    it('that came at once and are everything are the whole', async () => {
      await Promise.all(['bytes=0-9', 'bytes=10-19', 'bytes=20-'].map((range) => ask(range)));
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });
  });
});

onEachStore({}, (current) => {
  it('policy override: parts are stored for the TTL, whatever the origin says, and each user has their own', async () => {
    const larder = current();
    const fields = { ...TAGGED, 'Cache-Control': 'no-store' };
    larder.origin.answer(ranged(larder.clock, { body: ALPHABET, fields }));
    const ask = (range: string, user: string) =>
      larder.get('/a', { headers: { Range: range, Authorization: user } });
    expect((await ask('bytes=0-4', 'ann')).headers['x-cache']).toBe('MISS');
    await keeps(larder, 'GET 206 abcde');
    expect((await ask('bytes=0-4', 'bob')).headers['x-cache']).toBe('MISS');
    await keeps(larder, 'GET 206 abcde', 'GET 206 abcde');
    larder.clock.advance(299);
    expect((await ask('bytes=1-2', 'ann')).headers['cache-status']).toBe('larder; hit; ttl=1');
    expect((await ask('bytes=5-', 'ann')).headers['x-cache']).toBe('MISS');
    await keeps(larder, `GET 200 ${ALPHABET}`, 'GET 206 abcde');
  });
});
