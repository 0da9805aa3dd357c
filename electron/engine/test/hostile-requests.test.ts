/** Rows S01 to S24 of hostile-input.md that proxying.test.ts does not hold: bytes in, what must come out. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

const POST = 'POST /a HTTP/1.1\r\nHost: localhost\r\n';
const GET = 'GET /a HTTP/1.1\r\nHost: localhost\r\n';
const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

/** [row, what, bytes, statuses that are right] */
const REFUSED: readonly (readonly [string, string, string, readonly number[]])[] = [
  ...[
    '3\r\nContent-Length: 3',
    '3\r\nContent-Length: 4',
    '3, 3',
    '+3',
    '-1',
    '',
    '0x3',
    '36893488147419103233',
  ].map(
    (value) =>
      ['S02', `Content-Length: ${value}`, `${POST}Content-Length: ${value}\r\n\r\nabc`, [400]] as const,
  ),
  ...['xchunked', 'identity', 'chunked, identity', 'chunked\r\nTransfer-Encoding: chunked'].map(
    (value) => ['S03', value, `${POST}Transfer-Encoding: ${value}\r\n\r\n0\r\n\r\n`, [400, 501]] as const,
  ),
  ['S03', 'TE with a space', `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, [400]],
  ['S06', 'obs-fold', `${GET}X-A: 1\r\n 2\r\n\r\n`, [400]],
  ['S06', 'bare CR', `${GET}X-A: 1\r2\r\n\r\n`, [400]],
  ['S06', 'NUL', `${GET}X-A: 1\x002\r\n\r\n`, [400]],
  ['S06', 'a control character', `${GET}X-A: 1\x012\r\n\r\n`, [400]],
  ['S07', 'an empty field name', `${GET}: 1\r\n\r\n`, [400]],
  ['S07', 'a space before the colon', `${GET}X-A : 1\r\n\r\n`, [400]],
  ['S08', 'a chunk size of 0x3', `${POST}Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n`, [400]],
  ['S08', 'a chunk size of -3', `${POST}Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n`, [400]],
  [
    'S08',
    'a chunk size that overflows',
    `${POST}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc`,
    [400],
  ],
  [
    'S09',
    'a chunk extension of 64 KB',
    `${POST}Transfer-Encoding: chunked\r\n\r\n3;${'x'.repeat(65_536)}\r\nabc\r\n0\r\n\r\n`,
    [400, 413],
  ],
  [
    'S12',
    'an absolute target with its own Host',
    'GET http://evil/x HTTP/1.1\r\nHost: localhost\r\n\r\n',
    [400, 421],
  ],
  ['S14', 'a target without slash', 'GET evil:80 HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  ['S15', 'GET *', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  ['S17', 'HTTP/2.0', 'GET /a HTTP/2.0\r\nHost: a\r\n\r\n', [400, 505]],
  ['S17', 'HTTP/0.9', 'GET /a\r\n\r\n', [400, 505]],
  ['S18', 'Expect: y 100-continue', `${POST}Expect: y 100-continue\r\nContent-Length: 0\r\n\r\n`, [417]],
  ['S19', 'Transfer_Encoding', `${POST}Transfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc`, [400]],
  ['S22', 'a URL of 20 KB', `GET /${'a'.repeat(20_480)} HTTP/1.1\r\nHost: a\r\n\r\n`, [414]],
  ['S22', 'a URL of 80 KB', `GET /${'a'.repeat(81_920)} HTTP/1.1\r\nHost: a\r\n\r\n`, [414, 431]],
  ['S22', 'fields of 17 KB', `${GET}X: ${'x'.repeat(17_408)}\r\n\r\n`, [431]],
  ['S22', 'fields of 80 KB', `${GET}X: ${'x'.repeat(81_920)}\r\n\r\n`, [431]],
  ['S22', '2,500 fields', `${GET}${many(2500, () => 'a:b\r\n')}\r\n`, [431]],
];

describe('a hostile request', () => {
  it.each(REFUSED)('%s: %s', async (_row, _what, bytes, statuses) => {
    const received = await sendRaw(larder.port, bytes);
    expect(statuses).toContain(Number(received.split(' ')[1]));
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(larder.origin.requests.filter(({ method }) => method === 'GET')).toHaveLength(0);
    await larder.get('/alive');
  });

  it('S02, S08: what was begun upstream before the fault is given up', async () => {
    let aborted = false;
    larder.origin.answer((request) => request.on('aborted', () => (aborted = true)).resume());
    const received = await sendRaw(
      larder.port,
      `${POST}Transfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n`,
    );
    expect(received).toMatch(/^HTTP\/1\.1 400/);
    await waitUntil(() => larder.exchanges.length === 1);
    await waitUntil(() => aborted || larder.origin.requests.length === 0);
    expect(larder.engine.status().store.entries).toBe(0);
  });

  it('S10: fields in trailers are never merged into the fields', async () => {
    const received = await sendRaw(
      larder.port,
      `${POST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nHost: evil\r\nX-Late: 1\r\n\r\n`,
    );
    expect(received).toMatch(/^HTTP\/1\.1 (200|400)/);
    for (const { fields } of larder.origin.requests) {
      expect(fields.join('\n')).not.toMatch(/evil|X-Late/);
    }
  });

  it('S20: fields named like parts of an object', async () => {
    for (let time = 0; time < 100; time += 1) {
      const received = await sendRaw(
        larder.port,
        `${GET}__proto__: 1\r\nconstructor: 2\r\nConnection: close, __proto__\r\n\r\n`,
      );
      expect(received).toMatch(/^HTTP\/1\.1 200/);
    }
  });

  it('S21: the unread body of a hit is no request', async () => {
    await larder.get('/a');
    await larder.stored(1);
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const received = await sendRaw(
      larder.port,
      `${GET}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(larder.origin.requests.map(({ url }) => url)).not.toContain('/smuggled');
  });

  it('C03: what answers a GET with a body is not stored', async () => {
    await larder.get('/a', { body: 'x', headers: { 'Content-Length': '1' } });
    expect(larder.origin.requests[0]?.body).toBe('x');
    expect((await larder.get('/a')).headers['x-cache']).toBe('MISS');
  });

  it('a malformed request after a good one never ends up in the answer to that', async () => {
    let finish = (): void => {};
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('half.');
      finish = () => void response.end('whole');
    });
    const socket = connect(larder.port, '127.0.0.1', () => socket.write(`${GET}\r\n`));
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await waitUntil(() => received.includes('half.'));
    socket.write('garbage\r\n\r\n');
    await closed;
    finish();
    expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('a slow client (S23)', () => {
  it.each([
    ['that says nothing', ''],
    ['whose head does not end', GET],
  ])('%s gets a 408', async (_what, bytes) => {
    const impatient = await startEngineUnderTest({ headTimeoutMs: 20 });
    const received = await sendRaw(impatient.port, bytes);
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    await impatient.close();
  });
});

describe('an origin that leads back to Larder', () => {
  it.each(['GET', 'POST'])('is found out with %s', async (method) => {
    await larder.apply({ origin: `http://127.0.0.1:${larder.port}` });
    const answer = await larder.get('/a', { method });
    expect(answer.status).toBe(421);
    expect(answer.text).toContain('leads back to Larder');
    expect(larder.engine.status().store.entries).toBe(0);
  });
});
