/** Listening, leaving and stopping under difficulties: addresses that fail, calls at once, many connections. */
import { Agent } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { nextFreePort } from '../http/listener';
import { DEFAULT_SETTINGS, type Limits } from '../../../shared/settings';
import { send, sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

function occupy(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, host, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

describe('a change of address', () => {
  it('on the same port to all addresses and back keeps serving', async () => {
    const { port } = larder;
    await larder.apply({ port, host: '0.0.0.0' });
    expect(larder.port).toBe(port);
    expect((await larder.get('/a')).status).toBe(200);
    await larder.apply({ port, host: null });
    expect((await send(port, '/a', { host: '::1' })).status).toBe(200);
  });

  it('to an address that is not there, on the same port, brings the old one back', async () => {
    const { port } = larder;
    const { settings } = larder.engine;
    await expect(larder.apply({ port, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'host_unavailable',
    });
    expect(larder.engine.settings).toBe(settings);
    expect(larder.engine.status().listen).toMatchObject({ kind: 'listening', port });
    expect((await larder.get('/a')).status).toBe(200);
  });

  it('to the port that was taken by chance moves nothing', async () => {
    const { port } = larder;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await send(port, '/a', { agent });
    await larder.apply({ port });
    expect((await send(port, '/a', { agent })).headers['connection']).toBe('keep-alive');
    agent.destroy();
  });

  it('that cannot be made whole leaves the old one listening', async () => {
    const { port } = larder;
    const broken = { ...larder.engine.settings.redis, url: 'not a url' };
    await expect(
      larder.apply({ port, host: '0.0.0.0', store: 'redis', redis: broken }),
    ).rejects.toMatchObject({
      code: 'settings_invalid',
    });
    expect((await larder.get('/a')).status).toBe(200);
    expect(larder.engine.status().store.kind).toBe('memory');
  });

  it('back to a port that is just being left works at once', async () => {
    const first = larder.port;
    const { server, port: second } = await occupy('127.0.0.1');
    await new Promise((resolve) => server.close(resolve));
    for (const port of [second, first, second, first]) {
      await larder.apply({ port });
      expect((await send(port, '/a')).status).toBe(200);
    }
  });
});

describe('calls at once', () => {
  it('are taken one after the other', async () => {
    const { engine } = larder;
    const outcomes = await Promise.allSettled([
      engine.stop(),
      engine.start(),
      larder.apply({ ttlSeconds: 7 }),
      engine.stop(),
      engine.stop(),
      engine.start(),
      engine.start(),
    ]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    expect(engine.status()).toMatchObject({ listen: { kind: 'listening' }, ttlSeconds: 7 });
    expect((await larder.get('/a')).status).toBe(200);
  });
});

describe('the next free port', () => {
  it('is free on both loopback addresses', async () => {
    const { server, port } = await occupy('::1');
    expect(await nextFreePort(port - 1, null)).not.toBe(port);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe.each([true, false])('connections of clients, fastPath %s', (fastPath) => {
  const GET = 'GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const limit = (limits: Partial<Limits>): Promise<void> =>
    larder.apply({ fastPath, limits: { ...DEFAULT_SETTINGS.limits, ...limits } });

  async function answered(): Promise<{ socket: Socket; received(): string; closed: Promise<unknown> }> {
    const socket = connect(larder.port, '127.0.0.1');
    let received = '';
    socket.on('error', () => {});
    socket.on('data', (data) => (received += String(data)));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(GET);
    await waitUntil(() => received.endsWith('hello /a'));
    return { socket, received: () => received, closed };
  }

  it('beyond the limit the newest is refused, and those there are go on', async () => {
    await larder.get('/a');
    await larder.stored(1);
    await limit({ connections: 2 });
    const first = await answered();
    const second = await answered();
    for (const request of ['', GET])
      expect(await sendRaw(larder.port, request)).toMatch(/^HTTP\/1\.1 503 [^]*"too_many_connections"/);
    first.socket.write(GET);
    await waitUntil(() => first.received().match(/HTTP\/1\.1 200 /g)?.length === 2);
    second.socket.destroy();
    await waitUntil(async () => (await sendRaw(larder.port, `${GET}garbage\r\n\r\n`)).includes('hello /a'));
    await limit({ connections: 3 });
    await answered();
    first.socket.destroy();
  });

  it('that wait too long between requests are closed without a word', async () => {
    await larder.get('/a');
    await larder.stored(1);
    await limit({ idleTimeoutMs: 30 });
    const client = await answered();
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('with 200 requests in flight loses none (N04)', async () => {
    const held: ServerResponse[] = [];
    larder.origin.answer((_request, response) => void held.push(response));
    const agent = new Agent({ keepAlive: true });
    const asked = Array.from({ length: 200 }, (_, index) => send(larder.port, `/${index}`, { agent }));
    await waitUntil(() => held.length > 0 && larder.engine.status().counters.upstreamRequests === 200);
    const stopped = larder.engine.stop();
    await waitUntil(() => larder.engine.status().listen.kind === 'stopping');
    // The pool to the origin is smaller than 200: answers make room for the rest.
    const answering = setInterval(() => {
      for (const response of held.splice(0)) response.end('done');
    });
    const answers = await Promise.all(asked);
    clearInterval(answering);
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['done']));
    await stopped;
    expect(larder.exchanges).toHaveLength(200);
    agent.destroy();
  });

  it('closes connections at once that have not asked, have been answered, or have no end', async () => {
    larder.origin.answer((request, response) => {
      if (request.url === '/events')
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': \n\n');
      else response.end('x');
    });
    const request = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const sockets: { socket: Socket; closed: Promise<unknown> }[] = [];
    for (const text of ['', request('/a'), request('/events'), request('/.larder/events')]) {
      const socket = connect(larder.port, '127.0.0.1');
      socket.on('error', () => {});
      const answered = new Promise((resolve) => socket.once(text === '' ? 'connect' : 'data', resolve));
      socket.write(text);
      await answered;
      sockets.push({
        socket: socket.resume(),
        closed: new Promise((resolve) => socket.once('close', resolve)),
      });
    }
    // Longer than the test may take: nothing here waits for it.
    await larder.engine.stop(60_000);
    await Promise.all(sockets.map(({ closed }) => closed));
  });

  it('with 500 idle connections is done at once', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = connect(larder.port, '127.0.0.1');
        socket.on('error', () => {});
        const answered = new Promise((resolve) => socket.once('data', resolve));
        socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await answered;
        return socket.resume();
      }),
    );
    await larder.engine.stop(60_000);
    for (const socket of sockets) socket.destroy();
  });
});
