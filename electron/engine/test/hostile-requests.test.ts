/** Rows S01 to S22 of hostile-input.md: bytes in, what must come out, with a stored response at hand. Time and size of bodies: request-limits.test.ts. */
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;
let evil: Server;
let evilConnections: number;

const { limits } = DEFAULT_SETTINGS;
const POST = 'POST /a HTTP/1.1\r\nHost: localhost\r\n';
const GET = 'GET /a HTTP/1.1\r\nHost: localhost\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
const evilHost = (): string => `127.0.0.1:${(evil.address() as AddressInfo).port}`;

/** GET of what is stored, with a field that makes line and fields that long. */
function headOf(bytes: number): string {
  const start = `${GET}Connection: close\r\nX: `;
  return `${start}${'x'.repeat(bytes - start.length - 2)}\r\n\r\n`;
}

function targetOf(bytes: number): string {
  return `GET /${'a'.repeat(bytes - 1)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
}

/** Host and Connection are two of them. */
function fieldsOf(count: number): string {
  return `${GET}Connection: close\r\n${many(count - 2, (index) => `x-${index}: b\r\n`)}\r\n`;
}

type Row = readonly [row: string, what: string, bytes: string | (() => string), statuses: readonly number[]];

const FRAMING: readonly Row[] = [
  ['S01', 'both lengths', `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, [400]],
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
  ...[
    'xchunked',
    'identity',
    '"chunked"',
    'chunked, identity',
    'chunked, chunked',
    'chunked\r\nTransfer-Encoding: chunked',
  ].map((value) => ['S03', value, `${POST}Transfer-Encoding: ${value}\r\n\r\n0\r\n\r\n`, [400]] as const),
  ['S03', 'TE with a space', `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, [400]],
  ['S04', 'gzip, chunked', `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, [400, 501]],
  ['S05', 'HTTP/1.0, chunked', CHUNKED.replace('HTTP/1.1', 'HTTP/1.0') + '0\r\n\r\n', [400]],
  ['S08', 'a chunk size with LF only', `${CHUNKED}3\nabc\r\n0\r\n\r\n`, [400]],
  ['S08', 'a chunk extension with CR', `${CHUNKED}3;a\rb\r\nabc\r\n0\r\n\r\n`, [400]],
  ['S08', 'no CRLF after the data', `${CHUNKED}3\r\nabc0\r\n\r\n`, [400]],
  ['S08', 'a chunk size of 0x3', `${CHUNKED}0x3\r\nabc\r\n0\r\n\r\n`, [400]],
  ['S08', 'a chunk size of -3', `${CHUNKED}-3\r\nabc\r\n0\r\n\r\n`, [400]],
  ['S08', 'a chunk size that overflows', `${CHUNKED}fffffffffffffffff\r\nabc`, [400]],
  ['S09', 'a chunk extension of 64 KB', `${CHUNKED}3;${'x'.repeat(65_536)}\r\nabc\r\n0\r\n\r\n`, [400, 413]],
  ['S19', 'Transfer_Encoding', `${POST}Transfer_Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc`, [400]],
];

const FIELDS: readonly Row[] = [
  ['S06', 'obs-fold', `${GET}X-A: 1\r\n 2\r\n\r\n`, [400]],
  ['S06', 'a bare LF', 'GET /a HTTP/1.1\nHost: localhost\n\n', [400]],
  ['S06', 'a bare LF after a field', `${GET}X-A: 1\nX-B: 2\r\n\r\n`, [400]],
  ['S06', 'a bare CR', `${GET}X-A: 1\r2\r\n\r\n`, [400]],
  ['S06', 'NUL', `${GET}X-A: 1\x002\r\n\r\n`, [400]],
  ['S06', 'a control character', `${GET}X-A: 1\x012\r\n\r\n`, [400]],
  ['S07', 'an empty field name', `${GET}: 1\r\n\r\n`, [400]],
  ['S07', 'a space before the colon', `${GET}X-A : 1\r\n\r\n`, [400]],
  ['S11', 'no Host', 'GET /a HTTP/1.1\r\n\r\n', [400]],
  ['S11', 'two Hosts', `${GET}Host: localhost\r\n\r\n`, [400]],
  ['S11', 'a broken Host', 'GET /a HTTP/1.1\r\nHost: a b/../@c\r\n\r\n', [400]],
  ['S18', 'Expect: y 100-continue', `${POST}Expect: y 100-continue\r\nContent-Length: 0\r\n\r\n`, [417]],
  ['S18', 'Expect: foo', `${GET}Expect: foo\r\n\r\n`, [417]],
];

const TARGETS: readonly Row[] = [
  ['S12', 'absolute', () => `GET http://${evilHost()}/x HTTP/1.1\r\nHost: localhost\r\n\r\n`, [400, 421]],
  [
    'S12',
    'absolute, own Host',
    () => `GET http://${evilHost()}/x HTTP/1.1\r\nHost: ${evilHost()}\r\n\r\n`,
    [400, 421],
  ],
  ['S14', '@evil/', () => `GET @${evilHost()}/ HTTP/1.1\r\nHost: a\r\n\r\n`, [400]],
  ['S14', 'evil:80', () => `GET ${evilHost()} HTTP/1.1\r\nHost: a\r\n\r\n`, [400]],
  ['S15', 'GET *', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  [
    'S16',
    'CONNECT',
    () => `CONNECT ${evilHost()} HTTP/1.1\r\nHost: ${evilHost()}\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n`,
    [405, 501],
  ],
  [
    'S16',
    'h2c',
    `${GET}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n${GET.replace('/a', '/smuggled')}\r\n`,
    [405, 501],
  ],
  ['S17', 'HTTP/2.0', 'GET /a HTTP/2.0\r\nHost: a\r\n\r\n', [400, 505]],
  ['S17', 'HTTP/0.9', 'GET /a\r\n\r\n', [400, 505]],
  ['S17', 'a fragment', 'GET /a#frag HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
];

const SIZES: readonly Row[] = [
  ['S22', 'a target one byte too long', targetOf(limits.targetBytes + 1), [414]],
  ['S22', 'a URL of 20 KB', targetOf(20_480), [414]],
  ['S22', 'a URL of 80 KB', targetOf(81_920), [414, 431]],
  ['S22', 'a head one byte too large', headOf(limits.headBytes + 1), [431]],
  ['S22', 'fields of 17 KB', headOf(17_408), [431]],
  ['S22', 'fields of 80 KB', headOf(81_920), [431]],
  ['S22', 'one field too many', fieldsOf(limits.fields + 1), [431]],
  ['S22', '2,500 fields', `${GET}${many(2500, () => 'a:b\r\n')}\r\n`, [431]],
];

describe.each([true, false])('a hostile request, fastPath %s', (fastPath) => {
  beforeEach(async () => {
    evilConnections = 0;
    evil = createServer((socket) => {
      evilConnections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    larder = await startEngineUnderTest({ settings: { fastPath } });
    await larder.get('/a');
    await larder.stored(1);
  });
  afterEach(async () => {
    await larder.close();
    await new Promise((resolve) => evil.close(resolve));
  });

  const asked = (): string[] => larder.origin.requests.slice(1).map(({ method, url }) => `${method} ${url}`);

  it.each([...FRAMING, ...FIELDS, ...TARGETS, ...SIZES])('%s: %s', async (_row, _what, bytes, statuses) => {
    const received = await sendRaw(larder.port, typeof bytes === 'string' ? bytes : bytes());
    expect(statuses).toContain(Number(received.split(' ')[1]));
    expect(received).toMatch(/\r\nconnection: close\r\n/i);
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    // What was begun upstream before the fault showed is not whole, and given up.
    expect(asked().filter((request) => request !== 'POST /a')).toEqual([]);
    expect(evilConnections).toBe(0);
    expect((await larder.get('/alive')).text).toBe('hello /alive');
    expect((await larder.get('/a')).headers['x-cache']).toBe('HIT');
  });

  it.each([
    ['a target as long as may be', targetOf(limits.targetBytes)],
    ['a head as large as may be', headOf(limits.headBytes)],
    ['as many fields as may be', fieldsOf(limits.fields)],
  ])('S22: %s is answered', async (_what, bytes) => {
    expect(await sendRaw(larder.port, bytes)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['//evil/x', [200]],
    ['/\\evil/x', [200, 400]],
  ] as const)('S13: %s is a path like any other', async (path, statuses) => {
    const target = path.replace('evil', evilHost());
    const received = await sendRaw(
      larder.port,
      `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    const status = Number(received.split(' ')[1]);
    expect(statuses).toContain(status);
    expect(asked()).toEqual(status === 200 ? [`GET ${target}`] : []);
    expect(evilConnections).toBe(0);
  });

  it('S15: OPTIONS * is answered here', async () => {
    const received = await sendRaw(larder.port, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(received).toMatch(/^HTTP\/1\.1 204 /);
    expect(asked()).toEqual([]);
  });

  it.each(['Host: evil\r\nX-Late: 1', 'Content-Length: 5\r\nTransfer-Encoding: identity'])(
    'S10: %j in trailers is never merged into the fields',
    async (trailers) => {
      const next = `${POST.replace('/a', '/b')}Content-Length: 2\r\nConnection: close\r\n\r\nhi`;
      const received = await sendRaw(larder.port, `${CHUNKED}3\r\nabc\r\n0\r\n${trailers}\r\n\r\n${next}`);
      expect(received).toMatch(/^HTTP\/1\.1 (200|400)/);
      const refused = received.startsWith('HTTP/1.1 400');
      const [first, ...others] = larder.origin.requests.slice(1);
      expect(first?.fields.join('\n') ?? '').not.toMatch(/evil|X-Late|Content-Length|identity/i);
      expect(others).toMatchObject(refused ? [] : [{ url: '/b', body: 'hi' }]);
      expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(refused ? 1 : 2);
    },
  );

  it('S02, S08: what was begun upstream before the fault is given up', async () => {
    let aborted = false;
    larder.origin.answer((request) => request.on('aborted', () => (aborted = true)).resume());
    const received = await sendRaw(larder.port, `${CHUNKED}3\r\nabcde\r\n0\r\n\r\n`);
    expect(received).toMatch(/^HTTP\/1\.1 400/);
    await waitUntil(() => larder.exchanges.length === 2);
    await waitUntil(() => aborted || asked().length === 0);
    expect(larder.engine.status().store.entries).toBe(1);
  });

  it('S20: fields named like parts of an object', async () => {
    const request = `${GET}__proto__: 1\r\nconstructor: 2\r\nConnection: close, __proto__\r\n\r\n`;
    for (let time = 0; time < 100; time += 1)
      expect(await sendRaw(larder.port, request)).toMatch(/^HTTP\/1\.1 200/);
  });

  it.each([
    ['Content-Length', (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`],
    [
      'chunks',
      (body: string) =>
        `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ],
  ])('S21: the unread body of a hit, with %s, is no request', async (_what, framed) => {
    const body = framed('GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const received = await sendRaw(larder.port, `${GET}${body}${GET}Connection: close\r\n\r\n`);
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(asked()).not.toContain('GET /smuggled');
  });

  it.each([
    ['a malformed request', 'garbage\r\n\r\n', 400],
    ['CONNECT', 'CONNECT evil:443 HTTP/1.1\r\nHost: evil\r\n\r\n', 405],
    ['a malformed body', `${CHUNKED}0x3\r\n`, 400],
  ])('%s behind sound ones is refused after the answers to those', async (_what, bytes, status) => {
    let finish = (): void => {};
    larder.origin.answer((request, response) => {
      if (request.method === 'POST') return;
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('half.');
      finish = () => void response.end('whole');
    });
    const socket = connect(larder.port, '127.0.0.1');
    socket.write(`${GET}\r\n${GET.replace('/a', '/b')}\r\n${GET}\r\n${bytes}`);
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await waitUntil(() => received.includes('half.'));
    finish();
    await closed;
    const statuses = received.match(/HTTP\/1\.1 \d+/g)?.map((line) => Number(line.slice(-3)));
    expect(statuses).toEqual([200, 200, 200, status]);
    expect(received).toContain('half.whole');
  });

  it.each([
    ['without Host', 'GET /1 HTTP/1.1\r\n\r\n', 400],
    ['with two Hosts', `${GET}Host: localhost\r\n\r\n`, 400],
    ['with a broken target', 'GET evil HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['with too many fields', fieldsOf(limits.fields + 1).replace('Connection: close', 'x: y'), 431],
    ['with an unknown expectation', `${GET}Expect: foo\r\n\r\n`, 417],
    ['that an endpoint refuses', 'GET /.larder/status HTTP/1.1\r\n\r\n', 400],
  ])('what comes behind a request %s is no request', async (_what, bytes, status) => {
    const behind = 'POST /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const expected = behind.replace('\r\n\r\n', '\r\nExpect: bar\r\n\r\n');
    const clear = behind.replace('/smuggled', '/cache/clear');
    const received = await sendRaw(larder.port, bytes + clear + behind + expected + behind);
    expect(received).toMatch(`HTTP/1.1 ${status} `);
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect((await larder.get('/a')).headers['x-cache']).toBe('HIT');
    expect(asked()).toEqual([]);
  });

  it('a malformed body never ends up in the answer that is under way', async () => {
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('half.');
    });
    const socket = connect(larder.port, '127.0.0.1');
    socket.write(`${CHUNKED}3\r\nabc\r\n`);
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await waitUntil(() => received.includes('half.'));
    socket.write('garbage\r\n\r\n');
    await closed;
    expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('100 Continue never ends up in the answer to what was asked before', async () => {
    const asking = `POST /2 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`;
    let finish = (): void => {};
    larder.origin.answer((request, response) => {
      if (request.method === 'POST') response.end('second');
      else finish = () => void response.end('first');
    });
    const received = sendRaw(larder.port, `GET /1 HTTP/1.1\r\nHost: a\r\n\r\n${asking}`);
    await waitUntil(
      () => asked().includes('GET /1') && larder.engine.status().counters.upstreamRequests === 3,
    );
    finish();
    const [first, second, third, ...others] = (await received).split(/(?=HTTP\/1\.1 )/);
    expect(first).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nfirst$/);
    expect(second).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(third).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nsecond$/);
    expect(others).toEqual([]);
  });

  it('HTTP/1.0 gets a response with trailers without them, from the origin and from the store', async () => {
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { Trailer: 'X-Sum' });
      response.addTrailers({ 'X-Sum': '1' });
      response.end('body');
    });
    for (const cache of ['MISS', 'HIT']) {
      const received = await sendRaw(larder.port, 'GET /trailers HTTP/1.0\r\n\r\n');
      expect(received).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nbody$/);
      expect(received).toContain(`X-Cache: ${cache}`);
      expect(received).not.toContain('X-Sum');
      await larder.stored(2);
    }
  });

  it('C03: what answers a GET with a body is not stored', async () => {
    await larder.get('/b', { body: 'x', headers: { 'Content-Length': '1' } });
    expect(larder.origin.requests[1]?.body).toBe('x');
    expect((await larder.get('/b')).headers['x-cache']).toBe('MISS');
  });
});

describe('an origin that leads back to Larder', () => {
  it.each(['GET', 'POST'])('is found out with %s', async (method) => {
    larder = await startEngineUnderTest();
    await larder.apply({ origin: `http://127.0.0.1:${larder.port}` });
    const answer = await larder.get('/a', { method });
    expect(answer.status).toBe(421);
    expect(answer.text).toContain('leads back to Larder');
    expect(larder.engine.status().store.entries).toBe(0);
    await larder.close();
  });
});
