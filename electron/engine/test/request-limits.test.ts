/** What a client may send at most and how long it may pause, with limits that change while Larder runs: rows S22 to S24 of hostile-input.md. */
import { connect, type Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Limits } from '../../../shared/settings';
import { sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

const CAP = 100_000;
const POST = 'POST /a HTTP/1.1\r\nHost: localhost\r\n';
const GET = 'GET /a HTTP/1.1\r\nHost: localhost\r\n';
/** Answered here, without a look at its body. */
const OPTIONS = 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';
const limited = (limits: Partial<Limits>): { limits: Limits } => ({
  limits: { ...DEFAULT_SETTINGS.limits, ...limits },
});
const chunk = (bytes: number): string => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;
const LAST_CHUNK = '0\r\n\r\n';

interface Client {
  readonly socket: Socket;
  received(): string;
  readonly closed: Promise<unknown>;
}

function open(text: string): Client {
  const socket = connect(larder.port, '127.0.0.1');
  socket.write(text);
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (data) => (received += data.toString('latin1')));
  return {
    socket,
    received: () => received,
    closed: new Promise((resolve) => socket.once('close', resolve)),
  };
}

/** An origin that takes what comes and never answers: tells how much of each body came, and whether it was broken off. */
function recordBodies(): { requests: IncomingMessage[]; bytes(): number; brokenOff(): number } {
  const requests: IncomingMessage[] = [];
  let bytes = 0;
  let brokenOff = 0;
  larder.origin.answer((request) => {
    requests.push(request);
    request.on('data', (data: string) => (bytes += data.length));
    request.on('aborted', () => (brokenOff += 1));
  });
  return { requests, bytes: () => bytes, brokenOff: () => brokenOff };
}

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

describe('limits of the head (S22)', () => {
  it('count from the next request on', async () => {
    await larder.apply(limited({ targetBytes: 300, headBytes: 1024, fields: 10 }));
    const requests: readonly (readonly [number, string])[] = [
      [414, `GET /${'a'.repeat(300)} HTTP/1.1\r\nHost: a\r\n\r\n`],
      [431, `${GET}X: ${'x'.repeat(1000)}\r\n\r\n`],
      [431, `${GET}${'a:b\r\n'.repeat(10)}\r\n`],
    ];
    for (const [status, bytes] of requests)
      expect(await sendRaw(larder.port, bytes)).toMatch(`HTTP/1.1 ${status} `);
    await larder.apply(limited({}));
    for (const [, bytes] of requests)
      expect(await sendRaw(larder.port, bytes.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))).toMatch(
        'HTTP/1.1 200 ',
      );
  });

  it("hold for Larder's own endpoints", async () => {
    await larder.apply(limited({ fields: 10, requestBodyBytes: 10 }));
    const clear = 'POST /cache/clear HTTP/1.1\r\nHost: localhost\r\n';
    expect(await sendRaw(larder.port, `${clear}${'a:b\r\n'.repeat(10)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await sendRaw(larder.port, `${clear}Content-Length: 11\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('hold for upgrades', async () => {
    await larder.apply(limited({ fields: 10 }));
    const upgrade = `${GET}Connection: Upgrade\r\nUpgrade: echo\r\n`;
    expect(await sendRaw(larder.port, `${upgrade}${'a:b\r\n'.repeat(10)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(larder.origin.requests).toHaveLength(0);
  });
});

describe('a body as large as may be (S24)', () => {
  it.each([
    ['declared', `Content-Length: ${CAP}\r\nConnection: close\r\n\r\n${'x'.repeat(CAP)}`],
    ['in chunks', `Connection: close\r\n${CHUNKED}${chunk(CAP / 2)}${chunk(CAP / 2)}${LAST_CHUNK}`],
  ])('%s reaches the origin', async (_what, rest) => {
    await larder.apply(limited({ requestBodyBytes: CAP }));
    expect(await sendRaw(larder.port, POST + rest)).toMatch(/^HTTP\/1\.1 200 /);
    expect(larder.origin.requests[0]?.body).toHaveLength(CAP);
  });
});

describe('a body that is too large (S24)', () => {
  beforeEach(() => larder.apply(limited({ requestBodyBytes: CAP })));

  it.each([
    ['declared', `Content-Length: ${CAP + 1}\r\n\r\n`],
    ['declared, for a 100', `Content-Length: ${CAP + 1}\r\nExpect: 100-continue\r\n\r\n`],
    ['declared, and sent', `Content-Length: ${CAP + 1}\r\n\r\n${'x'.repeat(CAP + 1)}`],
  ])('%s is refused before anything goes upstream', async (_what, rest) => {
    const received = await sendRaw(larder.port, POST + rest);
    expect(received).toMatch(/^HTTP\/1\.1 413 [^]*\r\nconnection: close\r\n[^]*"body_too_large"/i);
    expect(larder.origin.requests).toHaveLength(0);
    expect(larder.exchanges[0]).toMatchObject({ status: 413, outcome: 'ERROR', reason: 'request-error' });
  });

  it.each([
    ['at once', `${chunk(CAP)}${chunk(1)}${LAST_CHUNK}`],
    ['without end', chunk(CAP * 5)],
  ])('in chunks, %s, is cut, and the request upstream given up', async (_what, chunks) => {
    const origin = recordBodies();
    const received = await sendRaw(larder.port, POST + CHUNKED + chunks);
    expect(received).toMatch(/^HTTP\/1\.1 413 [^]*\r\nconnection: close\r\n[^]*"body_too_large"/i);
    await waitUntil(() => origin.brokenOff() === origin.requests.length);
    expect(origin.bytes()).toBeLessThanOrEqual(CAP);
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ status: 413, outcome: 'ERROR', reason: 'request-error' });
    expect(larder.exchanges[0]?.error?.code).toBe('body_too_large');
    expect(larder.engine.status().store.entries).toBe(0);
    expect(larder.engine.status().originHealth.state).not.toBe('unreachable');
  });

  it('within an answer that is under way cuts that', async () => {
    larder.origin.answer((request, response) => {
      request.resume();
      response.writeHead(200).write('half');
    });
    const client = open(POST + CHUNKED + chunk(10));
    await waitUntil(() => client.received().includes('half'));
    client.socket.write(chunk(CAP));
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(client.received()).not.toContain(LAST_CHUNK);
  });

  it('behind an answer for which nobody reads it closes the connection', async () => {
    const received = await sendRaw(larder.port, OPTIONS + CHUNKED + chunk(CAP) + chunk(1) + LAST_CHUNK + GET);
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(larder.origin.requests).toHaveLength(0);
  });

  it('behind the early answer of the origin closes the connection', async () => {
    larder.origin.answer((_request, response) => response.writeHead(401, { 'Content-Length': 2 }).end('no'));
    const client = open(POST + CHUNKED + chunk(10));
    await waitUntil(() => client.received().endsWith('no'));
    client.socket.write(chunk(CAP));
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });
});

describe.each([true, false])('a client that is late with its head (S23), fastPath %s', (fastPath) => {
  it.each([
    ['says nothing', ''],
    ['does not end its line', 'GET /a HT'],
    ['does not end its fields', GET],
    ['does not end the head after a request', `${GET}\r\n${GET}`],
  ])('that %s gets a 408', async (_what, bytes) => {
    await larder.apply({ ...limited({ headTimeoutMs: 30 }), fastPath });
    const received = await sendRaw(larder.port, bytes);
    expect(received.replace(/^HTTP\/1\.1 200 [^]*hello \/a/, '')).toMatch(
      /^HTTP\/1\.1 408 [^]*\r\nconnection: close\r\n[^]*"request_timeout"/i,
    );
  });
});

describe('a client that pauses within its body (S23)', () => {
  const QUICK = { bodyTimeoutMs: 30 };

  it.each([
    ['declared', `Content-Length: 10\r\n\r\n12345`],
    ['declared, nothing of it sent', `Content-Length: 10\r\n\r\n`],
    ['declared, after a 100', `Content-Length: 10\r\nExpect: 100-continue\r\n\r\n`],
    ['in chunks', `${CHUNKED}${chunk(5)}`],
    ['within a chunk', `${CHUNKED}a\r\n12345`],
  ])('%s: gets a 408, and the request upstream is given up', async (_what, rest) => {
    const origin = recordBodies();
    await larder.apply(limited(QUICK));
    const received = await sendRaw(larder.port, POST + rest);
    expect(received.replace('HTTP/1.1 100 Continue\r\n\r\n', '')).toMatch(
      /^HTTP\/1\.1 408 [^]*\r\nconnection: close\r\n[^]*"request_timeout"/i,
    );
    await waitUntil(() => origin.brokenOff() === origin.requests.length && larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ status: 408, outcome: 'ERROR', reason: 'request-error' });
    expect(larder.engine.status().originHealth.state).not.toBe('unreachable');
  });

  it('is cut where an answer is under way', async () => {
    larder.origin.answer((request, response) => {
      request.resume();
      response.writeHead(200).write('half');
    });
    await larder.apply(limited(QUICK));
    const received = await sendRaw(larder.port, POST + CHUNKED + chunk(5));
    expect(received).not.toMatch(/408|0\r\n\r\n$/);
  });

  it('is cut where nobody reads it', async () => {
    await larder.apply(limited(QUICK));
    const received = await sendRaw(larder.port, `${OPTIONS}Content-Length: 10\r\n\r\n12345`);
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('may take its time all in all', async () => {
    const LIMIT = 1000;
    await larder.apply(limited({ bodyTimeoutMs: LIMIT }));
    const client = open(`${POST}Connection: close\r\n${CHUNKED}`);
    const beginning = performance.now();
    let sent = 0;
    while (performance.now() - beginning < LIMIT * 1.2) {
      client.socket.write(chunk(1));
      sent += 1;
      await waitUntil(() => larder.origin.requests[0]?.body.length === sent);
    }
    client.socket.write(LAST_CHUNK);
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is not blamed for an origin that does not take the body', async () => {
    // The head's timeout upstream is the longer one: if the client were blamed, it would be first.
    const upstream = { ...DEFAULT_SETTINGS.upstream, headTimeoutMs: 3000 };
    await larder.apply({ ...limited({ bodyTimeoutMs: 1000 }), upstream });
    larder.origin.server.on('request', (request: IncomingMessage) => request.pause());
    const received = await sendRaw(
      larder.port,
      `${POST}Content-Length: 40000000\r\n\r\n${'x'.repeat(40_000_000)}`,
    );
    expect(received).toMatch(/^HTTP\/1\.1 504 [^]*"origin_timeout"/);
  });
});
