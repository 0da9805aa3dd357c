/** What is not stored of a 206, or not as it came (RFC 9111 §3.3; RFC 9110 §15.3.7; C10, C15, C17, U01 of hostile origins), on both stores. */
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientAnswer } from './client';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { inWords, keeps } from './kept-responses';
import { ranged } from './ranged-origin';
import type { ReplyFields } from './scripted-origin';

const TAGGED = { 'Cache-Control': 'max-age=60', ETag: '"v1"' };
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;

  beforeEach(() => {
    larder = current();
  });

  function ask(range: string, headers: Record<string, string> = {}): Promise<ClientAnswer> {
    return larder.get('/a', { headers: { Range: range, ...headers } });
  }

  /** The origin's 206 for any request of `/a`; a complete response for every other. */
  function says206(fields: ReplyFields, body: string): void {
    larder.says(({ url }) =>
      url === '/a'
        ? { status: 206, fields: { ...TAGGED, ...fields }, body }
        : { fields: TAGGED, body: 'marker' },
    );
  }

  /** Until what was asked before is stored or never will be. */
  async function keepsOnly(...wanted: string[]): Promise<void> {
    await larder.get('/marker');
    await keeps(larder, ...wanted, 'GET 200 marker');
  }

  describe('a 206 is passed on, and not stored', () => {
    it.each<[string, ReplyFields, string]>([
      ['without Content-Range', {}, 'abcde'],
      ['with two of them', { 'Content-Range': ['bytes 0-4/26', 'bytes 0-4/26'] }, 'abcde'],
      ['of another unit', { 'Content-Range': 'lines 0-4/26' }, 'abcde'],
      ['whose range ends before it begins', { 'Content-Range': 'bytes 4-0/26' }, 'abcde'],
      ['whose range ends after the whole', { 'Content-Range': 'bytes 0-4/4' }, 'abcde'],
      ['that says how long the whole is, and no range', { 'Content-Range': 'bytes */26' }, 'abcde'],
      ['that is no-store', { 'Content-Range': 'bytes 0-4/26', 'Cache-Control': 'no-store' }, 'abcde'],
      ['that is private', { 'Content-Range': 'bytes 0-4/26', 'Cache-Control': 'private' }, 'abcde'],
      ['that varies on everything', { 'Content-Range': 'bytes 0-4/26', Vary: '*' }, 'abcde'],
      [
        'of several ranges',
        { 'Content-Type': 'multipart/byteranges; boundary=x' },
        '--x\r\nContent-Range: bytes 0-0/26\r\n\r\na\r\n--x--\r\n',
      ],
      [
        'of several ranges that claims to be one',
        { 'Content-Type': 'Multipart/ByteRanges; boundary=x', 'Content-Range': 'bytes 0-25/26' },
        '--x--\r\n',
      ],
    ])('%s', async (_name, fields, body) => {
      says206(fields, body);
      expect(inWords(await ask('bytes=0-4'))).toBe(`MISS 206 ${body}`);
      await waitUntil(() => larder.exchanges.length === 1);
      expect(larder.exchanges[0]).toMatchObject({ stored: false, notStored: expect.stringMatching(/./) });
      expect(inWords(await ask('bytes=0-4'))).toBe(`MISS 206 ${body}`);
      await keepsOnly();
    });

    it('that nobody asked for', async () => {
      says206({ 'Content-Range': 'bytes 0-4/26' }, 'abcde');
      for (const method of ['GET', 'HEAD']) {
        expect((await larder.get('/a', { method })).status).toBe(206);
        expect((await larder.get('/a', { method })).headers['x-cache']).toBe('MISS');
      }
      await waitUntil(() => larder.exchanges.length === 4);
      expect(larder.exchanges[0]).toMatchObject({ stored: false, notStored: 'partial-content' });
      await keepsOnly();
    });

    it('that is longer than its Content-Range', async () => {
      says206({ 'Content-Range': 'bytes 0-4/26' }, 'abcdefg');
      expect(inWords(await ask('bytes=0-4'))).toBe('MISS 206 abcdefg');
      await keepsOnly();
      expect(inWords(await ask('bytes=0-4'))).toBe('MISS 206 abcdefg');
    });

    it('that is empty', async () => {
      says206({ 'Content-Range': 'bytes 0-4/26' }, '');
      expect(inWords(await ask('bytes=0-4'))).toBe('MISS 206 ');
      await keepsOnly();
    });

    it('nor is a 416, and what is stored stays', async () => {
      larder.origin.answer(ranged(larder.clock, { body: ALPHABET, fields: TAGGED }));
      await ask('bytes=0-4');
      await keeps(larder, 'GET 206 abcde');
      const answer = await ask('bytes=26-');
      expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */26']);
      expect(inWords(await ask('bytes=0-4'))).toBe('HIT 206 abcde');
      expect((await ask('bytes=26-')).headers['x-cache']).toBe('MISS');
    });
  });

  describe('a 206 that is shorter than its Content-Range', () => {
    it('is stored as what came of it', async () => {
      says206({ 'Content-Range': 'bytes 0-9/26' }, 'abcde');
      expect(inWords(await ask('bytes=0-9'))).toBe('MISS 206 abcde');
      await keeps(larder, 'GET 206 abcde');
      const answer = await ask('bytes=1-3');
      expect([inWords(answer), answer.headers['content-range']]).toEqual(['HIT 206 bcd', 'bytes 1-3/26']);
      expect((await ask('bytes=0-9')).headers['x-cache']).toBe('MISS');
    });

    it('ends the representation where its range was to reach the end', async () => {
      says206({ 'Content-Range': 'bytes 4-9/10' }, '01234');
      await ask('bytes=-6');
      await keeps(larder, 'GET 206 01234');
      const answer = await ask('bytes=-1');
      expect([inWords(answer), answer.headers['content-range']]).toEqual(['HIT 206 4', 'bytes 8-8/9']);
    });

    it.each(['bytes 0-3/10', 'bytes 0-3/*'])(
      'is combined with nothing that comes with %s, and no whole is made of it',
      async (contentRange) => {
        says206({ 'Content-Range': 'bytes 4-9/10' }, 'efghi');
        await ask('bytes=4-');
        await keeps(larder, 'GET 206 efghi');
        says206({ 'Content-Range': contentRange }, 'abcd');
        await ask('bytes=0-3');
        await keepsOnly(contentRange.endsWith('*') ? 'GET 206 abcdefghi' : 'GET 206 abcd');
        larder.origin.answer(ranged(larder.clock, { body: 'abcdefghij', fields: TAGGED }));
        expect(inWords(await larder.get('/a'))).toBe('MISS 200 abcdefghij');
      },
    );
  });

  describe('bodies that do not come whole', () => {
    it('where the origin breaks off, nothing is stored, and what was stays', async () => {
      larder.origin.answer(ranged(larder.clock, { body: ALPHABET, fields: TAGGED }));
      await ask('bytes=0-4');
      await keeps(larder, 'GET 206 abcde');
      larder.origin.answer((_request, response) => {
        const fields = { ...TAGGED, 'Content-Range': 'bytes 5-14/26', 'Content-Length': '10' };
        response.writeHead(206, fields).write('fgh', () => response.destroy());
      });
      await expect(ask('bytes=5-14')).rejects.toThrow(/aborted|hang up/);
      await waitUntil(() => larder.exchanges.length === 2);
      expect(larder.exchanges[1]).toMatchObject({ stored: false, notStored: 'incomplete' });
      expect(inWords(await ask('bytes=0-4'))).toBe('HIT 206 abcde');
      larder.origin.answer(ranged(larder.clock, { body: 'marker', fields: TAGGED }));
      await keepsOnly('GET 206 abcde');
    });

    it('where the client leaves in the middle, nothing is stored', async () => {
      let isClosed = false;
      larder.origin.answer((_request, response) => {
        response.on('close', () => (isClosed = true));
        response.writeHead(206, { ...TAGGED, 'Content-Range': 'bytes 0-9/26' }).write('abcde');
      });
      const socket = connect(larder.port, '127.0.0.1', () =>
        socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-9\r\n\r\n'),
      );
      let received = '';
      socket.setEncoding('latin1').on('data', (text: string) => (received += text));
      await waitUntil(() => received.includes('abcde'));
      socket.destroy();
      await waitUntil(() => isClosed && larder.exchanges.length === 1);
      expect(larder.exchanges[0]).toMatchObject({ reason: 'client-left', notStored: 'incomplete' });
      larder.origin.answer(ranged(larder.clock, { body: 'marker', fields: TAGGED }));
      await keepsOnly();
    });
  });

  describe('maxBodyBytes', () => {
    beforeEach(async () => {
      await larder.apply({ maxBodyBytes: 10 });
      larder.origin.answer(ranged(larder.clock, { body: ALPHABET, fields: TAGGED }));
    });

    it('bounds one part', async () => {
      expect(inWords(await ask('bytes=0-10'))).toBe('MISS 206 abcdefghijk');
      await waitUntil(() => larder.exchanges.length === 1);
      expect(larder.exchanges[0]).toMatchObject({ stored: false, notStored: 'too-large' });
      await ask('bytes=0-9');
      await keeps(larder, 'GET 206 abcdefghij');
    });

    it('bounds what parts are together: the last one stays', async () => {
      await ask('bytes=0-4');
      await keeps(larder, 'GET 206 abcde');
      await ask('bytes=5-9');
      await keeps(larder, 'GET 206 abcdefghij');
      await ask('bytes=10-12');
      await keeps(larder, 'GET 206 klm');
    });
  });

  describe('what goes while it is under way', () => {
    async function holdPart(): Promise<{ asked: Promise<ClientAnswer>; release: () => void }> {
      let release: (() => void) | null = null;
      larder.origin.answer((request, response) => {
        if (request.method !== 'GET') response.end();
        else {
          const fields = { ...TAGGED, 'Content-Range': 'bytes 0-4/26' };
          release = () => void response.writeHead(206, fields).end('abcde');
        }
      });
      const asked = ask('bytes=0-4');
      await waitUntil(() => release !== null);
      return { asked, release: () => release?.() };
    }

    it('C16: a part that was asked for before a POST succeeded is not stored', async () => {
      const { asked, release } = await holdPart();
      await larder.get('/a', { method: 'POST', body: 'x' });
      release();
      expect(inWords(await asked)).toBe('MISS 206 abcde');
      await waitUntil(() => larder.exchanges.length === 2);
      expect(larder.exchanges[1]).toMatchObject({ stored: false, notStored: 'invalidated-meanwhile' });
      larder.origin.answer(ranged(larder.clock, { body: 'marker', fields: TAGGED }));
      await keepsOnly();
    });

    it('C17: a part that was asked for before a clear is not stored after it', async () => {
      const { asked, release } = await holdPart();
      await larder.engine.clear();
      release();
      expect(inWords(await asked)).toBe('MISS 206 abcde');
      larder.origin.answer(ranged(larder.clock, { body: 'marker', fields: TAGGED }));
      await keepsOnly();
    });
  });
});
