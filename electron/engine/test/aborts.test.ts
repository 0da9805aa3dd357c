/** Clients that leave, send ahead or are answered early: one event per exchange, nothing left behind. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;
let held: { request: IncomingMessage; response: ServerResponse }[];
const problems: unknown[] = [];
const note = (problem: unknown): void => void problems.push(problem);

beforeEach(async () => {
  held = [];
  problems.length = 0;
  process.on('unhandledRejection', note).on('warning', note);
  larder = await startEngineUnderTest({
    answer: (request, response) => void held.push({ request, response }),
  });
});
afterEach(async () => {
  await larder.close();
  process.off('unhandledRejection', note).off('warning', note);
  if (problems.length > 0) throw new AggregateError(problems, `warnings or rejections: ${String(problems)}`);
});

const GET = 'GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n';

function open(text: string): Socket {
  const socket = connect(larder.port, '127.0.0.1', () => socket.write(text));
  socket.on('error', () => {});
  return socket;
}

async function unused(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a client that leaves', () => {
  it('before the head gives up upstream, and the next one gets its own', async () => {
    const socket = open(GET);
    await waitUntil(() => held.length === 1);
    let closed = false;
    held[0]?.response.on('close', () => (closed = true));
    socket.destroy();
    await waitUntil(() => closed && larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ reason: 'client-left', status: null, outcome: 'PASS' });
    const next = larder.get('/a');
    await waitUntil(() => held.length === 2);
    held[1]?.response.end('own');
    expect((await next).text).toBe('own');
  });

  it('before the head leaves its followers the response', async () => {
    const socket = open(GET);
    await waitUntil(() => held.length === 1);
    const follower = larder.get('/a');
    await waitUntil(() => larder.engine.status().counters.upstreamRequests === 1);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await waitUntil(() => larder.exchanges.length === 1);
    held[0]?.response.end('shared');
    expect((await follower).text).toBe('shared');
    expect(held).toHaveLength(1);
    await larder.stored(1);
  });

  it('within the body, as the only reader, leaves nothing stored', async () => {
    const socket = open(GET);
    await waitUntil(() => held.length === 1);
    held[0]?.response.write('half');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({
      reason: 'client-left',
      stored: false,
      notStored: 'incomplete',
    });
    expect(larder.engine.status().store.entries).toBe(0);
  });

  it('within its own body breaks the request off upstream', async () => {
    const socket = open('POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf');
    await waitUntil(() => larder.origin.requests[0]?.body === 'half');
    let aborted = false;
    held[0]?.request.on('aborted', () => (aborted = true));
    socket.destroy();
    await waitUntil(() => aborted && larder.exchanges.length === 1);
    expect(larder.engine.status().originHealth.state).not.toBe('unreachable');
  });

  it('after sending ahead is reported once for each request', async () => {
    const socket = open(GET + GET.replace('/a', '/b') + GET.replace('/a', '/c'));
    await waitUntil(() => held.length === 3);
    for (const { response } of held.slice(1)) response.end('waits for its turn');
    await larder.stored(2);
    socket.destroy();
    await waitUntil(() => larder.exchanges.length === 3);
    expect(larder.exchanges.map(({ reason }) => reason)).toEqual([
      'client-left',
      'client-left',
      'client-left',
    ]);
  });
});

describe('a client that sends ahead', () => {
  it('gets the answers in its order', async () => {
    const received = sendRaw(
      larder.port,
      GET + GET.replace('/a', '/b').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
    );
    await waitUntil(() => held.length === 2);
    held[1]?.response.end('second');
    await larder.stored(1);
    held[0]?.response.end('first');
    expect(await received).toMatch(/first[^]*second/);
    await waitUntil(() => larder.exchanges.length === 2);
  });
});

describe('an answer before the request is whole', () => {
  it('reaches the client, and the connection goes on with the next request', async () => {
    const socket = open('POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf');
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    await waitUntil(() => held.length === 1);
    held[0]?.response.writeHead(413, { 'Content-Length': '5' }).end('early');
    await waitUntil(() => received.endsWith('early'));
    socket.write(`whole.${GET}`);
    await waitUntil(() => held.length === 2);
    held[1]?.response.end('next');
    await waitUntil(() => received.includes('next'));
    socket.destroy();
    await waitUntil(() => larder.exchanges.length === 2);
  });

  it('that is 502 reaches a client that goes on sending, then the connection is closed', async () => {
    await larder.apply({ origin: `http://127.0.0.1:${await unused()}` });
    const size = 8 * 1024 * 1024;
    const socket = open(`POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`);
    const failures: string[] = [];
    socket.on('error', (error) => failures.push(error.message));
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(Buffer.alloc(size));
    await closed;
    expect(received).toMatch(/^HTTP\/1\.1 502 [^]*Connection: close[^]*origin_unreachable/);
    expect(failures).toEqual([]);
  });

  it('that is 502 comes without 100 Continue', async () => {
    await larder.apply({ origin: `http://127.0.0.1:${await unused()}` });
    const socket = open(
      'POST /a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n',
    );
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    await waitUntil(() => received.includes('origin_unreachable'));
    expect(received).toMatch(/^HTTP\/1\.1 502 /);
    expect(received).not.toContain('100 Continue');
    socket.destroy();
    await waitUntil(() => larder.exchanges.length === 1);
  });
});

describe('bodies', () => {
  it('100 readers that do not read make the origin wait', async () => {
    const piece = Buffer.alloc(64 * 1024);
    let written = 0;
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { 'Content-Length': String(100 * 1024 * 1024) });
      const more = (): void => {
        while (!response.destroyed) {
          written += piece.length;
          if (!response.write(piece)) break;
        }
      };
      response.on('drain', more);
      more();
    });
    const sockets = Array.from({ length: 100 }, (_, index) => {
      const socket = connect(larder.port, '127.0.0.1', () => socket.write(GET.replace('/a', `/${index}`)));
      socket.on('error', () => {});
      return socket.pause();
    });
    await waitUntil(() => larder.origin.requests.length === 100);
    let before = -1;
    while (before !== written) {
      before = written;
      for (let turn = 0; turn < 300; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    // What the kernel's buffers of four sockets take, and Larder's own: no more than a fraction.
    expect(written / 100).toBeLessThan(30 * 1024 * 1024);
    for (const socket of sockets) socket.destroy();
    await waitUntil(() => larder.exchanges.length === 100);
    expect(larder.engine.status().store.entries).toBe(0);
  });

  it('a request right after the first is a hit without a request upstream', async () => {
    larder.origin.answer((_request, response) => response.end('whole'));
    for (let time = 0; time < 20; time += 1) {
      const first = await larder.get(`/${time}`);
      const second = await larder.get(`/${time}`);
      expect([first.text, second.text, second.headers['x-cache']]).toEqual(['whole', 'whole', 'HIT']);
    }
    expect(larder.origin.requests).toHaveLength(20);
  });
});
