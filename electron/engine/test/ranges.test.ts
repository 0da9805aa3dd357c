/** Ranges of a complete stored response (RFC 9110 §14; RFC 9111 §4): answered from the store, on both stores. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { sendRaw, type ClientAnswer } from './client';
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

  describe('a range of a stored response', () => {
    it.each([
      ['the first bytes', 'bytes=0-4', 'abcde', '0-4'],
      ['bytes of the middle', 'bytes=10-12', 'klm', '10-12'],
      ['one byte', 'bytes=25-25', 'z', '25-25'],
      ['a suffix', 'bytes=-3', 'xyz', '23-25'],
      ['all from one on', 'bytes=20-', 'uvwxyz', '20-25'],
      ['a suffix longer than the body', 'bytes=-100', ALPHABET, '0-25'],
      ['a range that goes beyond the end', 'bytes=24-999', 'yz', '24-25'],
      ['everything', 'bytes=0-', ALPHABET, '0-25'],
      ['a range in capital letters', 'BYTES=0-0', 'a', '0-0'],
    ])('%s', async (_name, range, text, contentRange) => {
      await storeWhole(ALPHABET);
      larder.clock.advance(13);
      const answer = await ask(range);
      expect([answer.status, answer.statusText, answer.text]).toEqual([206, 'Partial Content', text]);
      expect(answer.headers).toMatchObject({
        'content-range': `bytes ${contentRange}/26`,
        'content-length': String(text.length),
        'content-type': 'text/plain',
        etag: '"v1"',
        'last-modified': MODIFIED,
        'cache-control': 'max-age=60',
        age: '13',
        via: '1.1 larder',
        'x-cache': 'HIT',
        'cache-status': 'larder; hit; ttl=47',
      });
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('is the first that lies within, where another does not', async () => {
      await storeWhole(ALPHABET);
      const answer = await ask('bytes=26-30, 2-3');
      expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([
        206,
        'cd',
        'bytes 2-3/26',
      ]);
    });

    it('is sent byte for byte from a large body', async () => {
      const text = Array.from({ length: 20_000 }, (_, index) => `line ${index}\r\n`).join('');
      await storeWhole(text);
      const answer = await ask('bytes=100000-150000');
      expect(answer.text === text.slice(100_000, 150_001)).toBe(true);
      expect(answer.headers['content-range']).toBe(`bytes 100000-150000/${text.length}`);
    });

    it('is of the encoded bytes, and says so', async () => {
      const encoded = gzipSync(ALPHABET.repeat(100));
      await storeWhole(encoded, { ...FIELDS, 'Content-Encoding': 'gzip' });
      const first = await ask('bytes=0-19');
      const rest = await ask('bytes=20-');
      expect([first.headers['content-encoding'], rest.headers['content-encoding']]).toEqual(['gzip', 'gzip']);
      expect(gunzipSync(Buffer.concat([first.body, rest.body])).toString()).toBe(ALPHABET.repeat(100));
    });

    it('is of a body that came without a length', async () => {
      larder.origin.answer((_request, response) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60' });
        response.write('abc');
        response.end('def');
      });
      await larder.get('/a');
      await keeps(larder, 'GET 200 abcdef');
      const answer = await ask('bytes=2-3');
      expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([
        206,
        'cd',
        'bytes 2-3/6',
      ]);
      expect(answer.headers).toMatchObject({ 'content-length': '2', 'x-cache': 'HIT' });
    });

    it('carries neither trailers nor a digest of the whole content', async () => {
      const digest = `sha-256=:${createHash('sha256').update('abcdef').digest('base64')}:`;
      larder.origin.answer((_request, response) => {
        response.writeHead(200, {
          'Cache-Control': 'max-age=60',
          'Content-Digest': digest,
          'Content-Range': 'bytes 0-5/6',
          'Repr-Digest': digest,
          Trailer: 'X-Sum',
        });
        response.write('abcdef');
        response.addTrailers({ 'X-Sum': '42' });
        response.end();
      });
      await larder.get('/a');
      await keeps(larder, 'GET 200 abcdef');
      const { headers, trailers, text } = await ask('bytes=1-2');
      expect([text, trailers, headers['trailer']]).toEqual(['bc', {}, undefined]);
      expect(headers['content-range']).toBe('bytes 1-2/6');
      expect(headers).not.toHaveProperty('content-digest');
      expect(headers['repr-digest']).toBe(digest);
    });
  });

  describe('RFC 9110 §14.6: several ranges of a stored response', () => {
    it('come as multipart/byteranges, each with its type and place', async () => {
      await storeWhole(ALPHABET);
      const answer = await ask('bytes=0-1, 10-12, -2');
      expect([answer.status, answer.headers['content-length']]).toEqual([206, String(answer.body.length)]);
      expect(answer.headers).not.toHaveProperty('content-range');
      expect(answer.headers).toMatchObject({ 'x-cache': 'HIT', etag: '"v1"', age: '0' });
      expect(multipart(answer)).toEqual([
        ['Content-Type: text/plain', 'Content-Range: bytes 0-1/26', 'ab'],
        ['Content-Type: text/plain', 'Content-Range: bytes 10-12/26', 'klm'],
        ['Content-Type: text/plain', 'Content-Range: bytes 24-25/26', 'yz'],
      ]);
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('leave the type out where the origin gave none', async () => {
      await storeWhole(ALPHABET, { 'Cache-Control': 'max-age=60' });
      expect(multipart(await ask('bytes=0-0,2-2'))).toEqual([
        ['Content-Range: bytes 0-0/26', 'a'],
        ['Content-Range: bytes 2-2/26', 'c'],
      ]);
    });

    it('keep bytes that look like a boundary', async () => {
      const body = '--x\r\n\r\n--\r\n--x--\r\n';
      await storeWhole(body);
      const parts = multipart(await ask('bytes=0-6,8-'));
      expect(parts.map((part) => part.at(-1))).toEqual([body.slice(0, 7), body.slice(8)]);
    });

    it.each([
      ['overlap', 'bytes=0-5, 3-9', 'abcdefghij', '0-9'],
      ['touch', 'bytes=5-9, 0-4', 'abcdefghij', '0-9'],
      ['are the same', 'bytes=1-2,1-2,1-2', 'bc', '1-2'],
      ['lie in each other', 'bytes=0-9,2-3', 'abcdefghij', '0-9'],
    ])('that %s are one', async (_name, range, text, contentRange) => {
      await storeWhole(ALPHABET);
      const answer = await ask(range);
      expect([answer.status, answer.text, answer.headers['content-range']]).toEqual([
        206,
        text,
        `bytes ${contentRange}/26`,
      ]);
    });

    it.each([
      [
        '17 that lie apart',
        `bytes=${numbers(17)
          .map((index) => `${2 * index}-${2 * index}`)
          .join()}`,
      ],
      [
        '1,000',
        `bytes=${numbers(1000)
          .map(() => '0-1')
          .join()}`,
      ],
    ])('of %s are too many, so that the whole is sent', async (_name, range) => {
      await storeWhole(ALPHABET + ALPHABET);
      const answer = await ask(range);
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([
        200,
        ALPHABET + ALPHABET,
        'HIT',
      ]);
    });
  });

  describe('a Range that is not obeyed', () => {
    it.each(['bytes=26-', 'bytes=26-30, 99-', 'bytes=-0'])(
      'is answered with 416 where nothing lies within: %s',
      async (range) => {
        await storeWhole(ALPHABET, { ...FIELDS, 'Content-Encoding': 'x-own' });
        larder.clock.advance(7);
        const answer = await ask(range);
        expect([answer.status, answer.statusText, answer.text]).toEqual([416, 'Range Not Satisfiable', '']);
        expect(answer.headers).toMatchObject({
          'content-range': 'bytes */26',
          'content-length': '0',
          age: '7',
          'x-cache': 'HIT',
          'cache-status': 'larder; hit; ttl=53',
        });
        expect(answer.headers).not.toHaveProperty('content-type');
        expect(answer.headers).not.toHaveProperty('content-encoding');
        expect((await larder.get('/a')).text).toBe(ALPHABET);
        expect(larder.origin.requests).toHaveLength(1);
      },
    );

    it.each(['bytes=2-1', 'bytes=a-b', 'bytes=', 'bytes 0-1', 'lines=0-1', 'bytes=0-1,x', 'bytes=-'])(
      'is ignored where it is not valid, or of an unknown unit: %s',
      async (range) => {
        await storeWhole(ALPHABET);
        const answer = await ask(range);
        expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([200, ALPHABET, 'HIT']);
        expect(answer.headers).not.toHaveProperty('content-range');
        expect(larder.origin.requests).toHaveLength(1);
      },
    );

    it('is ignored where it comes in two lines', async () => {
      await storeWhole(ALPHABET);
      const answer = await larder.get('/a', { headers: { Range: ['bytes=0-1', 'bytes=2-3'] } });
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([200, ALPHABET, 'HIT']);
    });

    it('is ignored with HEAD', async () => {
      await storeWhole(ALPHABET);
      const answer = await larder.get('/a', { method: 'HEAD', headers: { Range: 'bytes=0-1' } });
      expect([answer.status, answer.headers['content-length'], answer.headers['x-cache']]).toEqual([
        200,
        '26',
        'HIT',
      ]);
      expect(answer.headers).not.toHaveProperty('content-range');
    });

    it.each([404, 301, 203])('is ignored where the stored status is %d', async (status) => {
      larder.says({
        status,
        fields: { 'Cache-Control': 'max-age=60', Location: '/b' },
        body: 'gone elsewhere',
      });
      await larder.get('/a');
      await keeps(larder, `GET ${status} gone elsewhere`);
      const answer = await ask('bytes=0-3');
      expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([
        status,
        'gone elsewhere',
        'HIT',
      ]);
    });

    it('of an empty body: 416 from the first byte on, the whole where a suffix is asked for', async () => {
      await storeWhole('');
      const first = await ask('bytes=0-');
      expect([first.status, first.headers['content-range']]).toEqual([416, 'bytes */0']);
      const suffix = await ask('bytes=-5');
      expect([suffix.status, suffix.text, suffix.headers['x-cache']]).toEqual([200, '', 'HIT']);
      expect(suffix.headers).not.toHaveProperty('content-range');
    });
  });

  it('every kind of answer ends where it says: the next one on the connection is understood', async () => {
    await storeWhole(ALPHABET);
    const request = (fields: string, method = 'GET') =>
      `${method} /a HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n\r\n`;
    const received = await sendRaw(
      larder.port,
      [
        request('Range: bytes=0-4'),
        request('Range: bytes=99-'),
        request('Range: bytes=0-0,2-2'),
        request('Range: bytes=0-4\r\nIf-None-Match: "v1"'),
        request('Range: bytes=0-4', 'HEAD'),
        request('Range: bytes=24-\r\nConnection: close'),
      ].join(''),
    );
    const answers = received.split(/(?=HTTP\/1\.1 )/).map((answer) => {
      const [head = '', ...content] = answer.split('\r\n\r\n');
      return [head.slice(9, 12), content.join('').length];
    });
    expect(answers.map(([status]) => status)).toEqual(['206', '416', '206', '304', '200', '206']);
    expect(answers.map(([, length]) => length)).toEqual([5, 0, expect.any(Number), 0, 0, 2]);
    expect(received.endsWith('\r\n\r\nyz')).toBe(true);
    expect(larder.origin.requests).toHaveLength(1);
  });
});

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Of each part its fields, and its body last. */
function multipart({ headers, body }: ClientAnswer): string[][] {
  const type = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(String(headers['content-type']));
  const delimiter = `--${type?.[1]}`;
  const text = `\r\n${body.toString('latin1')}`;
  const [preamble, ...parts] = text.split(`\r\n${delimiter}`);
  expect([preamble, parts.pop()]).toEqual(['', '--\r\n']);
  return parts.map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const fields = part
      .slice(0, end)
      .split('\r\n')
      .filter((line) => line !== '');
    return [...fields, part.slice(end + 4)];
  });
}
