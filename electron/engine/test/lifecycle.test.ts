import { Agent } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LarderError } from '../../../shared/error-codes';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { createEngine } from '../create-engine';
import { send } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

function occupy(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

async function freePort(): Promise<number> {
  const { server, port } = await occupy();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('listening', () => {
  it('answers on both loopback addresses and says where', async () => {
    expect((await larder.get('/a', { host: '127.0.0.1' })).status).toBe(200);
    expect((await larder.get('/a', { host: '::1' })).status).toBe(200);
    expect(larder.engine.status().listen).toEqual({
      kind: 'listening',
      url: `http://127.0.0.1:${larder.port}`,
      port: larder.port,
    });
  });

  it('a port that is taken is an error with the next free one', async () => {
    const { server, port } = await occupy();
    const engine = createEngine({
      settings: { ...DEFAULT_SETTINGS, origin: larder.origin.url, port },
      secrets: { redisPassword: null },
      version: '0',
    });
    await expect(engine.start()).rejects.toMatchObject({ code: 'port_in_use' });
    const { listen } = engine.status();
    expect(listen).toMatchObject({ kind: 'failed', error: { code: 'port_in_use' } });
    expect(listen.kind === 'failed' && listen.freePort).toBeGreaterThan(port);
    await engine.close();
    server.close();
  });

  it('an address that is not of this machine is an error', async () => {
    await expect(larder.apply({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'host_unavailable' });
    expect((await larder.get('/a')).status).toBe(200);
  });
});

describe('settings', () => {
  it('a new port is listened on before the old one is left', async () => {
    const port = await freePort();
    const old = larder.port;
    await larder.apply({ port });
    expect((await send(port, '/a')).status).toBe(200);
    await waitUntil(async () =>
      send(old, '/a').then(
        () => false,
        () => true,
      ),
    );
  });

  it('a port that is taken changes nothing', async () => {
    const { server, port } = await occupy();
    const before = larder.port;
    await expect(larder.apply({ port, ttlSeconds: 7 })).rejects.toBeInstanceOf(LarderError);
    expect(larder.port).toBe(before);
    expect(larder.engine.settings.ttlSeconds).toBeNull();
    expect((await larder.get('/a')).headers['cache-status']).toContain('ttl=300');
    server.close();
  });

  it('an exchange keeps the settings it started with', async () => {
    let release = (): void => {};
    larder.origin.answer((_request, response) => (release = () => void response.end('old origin')));
    const asked = larder.get('/a');
    await waitUntil(() => larder.origin.requests.length === 1);
    const other = await startEngineUnderTest();
    await larder.apply({
      origin: other.origin.url,
      upstream: { ...DEFAULT_SETTINGS.upstream, headTimeoutMs: 5000 },
    });
    expect((await larder.get('/b')).text).toBe('hello /b');
    expect(other.origin.requests.map((request) => request.url)).toEqual(['/b']);
    release();
    expect((await asked).text).toBe('old origin');
    await other.close();
  });

  it('20 port changes under load lose no request', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const failures: unknown[] = [];
    let port = larder.port;
    const load = { on: true };
    const worker = async (): Promise<void> => {
      while (load.on) {
        await send(port, '/a', { agent }).catch((error: unknown) => failures.push(error));
      }
    };
    const workers = Array.from({ length: 4 }, worker);
    for (let change = 0; change < 20; change += 1) {
      const next = await freePort();
      await larder.apply({ port: next });
      port = next;
      await send(port, '/a', { agent });
    }
    load.on = false;
    await Promise.all(workers);
    expect(failures).toEqual([]);
    agent.destroy();
  });

  it('a smaller memory budget evicts at once', async () => {
    await larder.apply({ maxMemoryBytes: 64 * 1024 * 1024 });
    larder.origin.answer((_request, response) => void response.end(Buffer.alloc(3 * 1024 * 1024)));
    await larder.get('/big');
    await larder.stored(1);
    await larder.apply({ maxMemoryBytes: 1024 * 1024 });
    expect(larder.engine.status().store.entries).toBe(0);
  });

  it('the demo API is the origin where none is set', async () => {
    await larder.apply({ origin: null });
    expect(larder.engine.status().demo).toBe(true);
    expect((await larder.get('/products/1')).status).toBe(200);
  });
});

describe('stopping', () => {
  it('lets requests in flight finish and then refuses connections', async () => {
    let release = (): void => {};
    larder.origin.answer((_request, response) => (release = () => void response.end('done')));
    const asked = larder.get('/a');
    await waitUntil(() => larder.origin.requests.length === 1);
    const { port } = larder;
    const stopped = larder.engine.stop();
    await waitUntil(() => larder.engine.status().listen.kind === 'stopping');
    release();
    expect((await asked).text).toBe('done');
    await stopped;
    await expect(send(port, '/a')).rejects.toThrow('ECONNREFUSED');
    expect(larder.engine.status().listen).toEqual({ kind: 'stopped' });
  });

  it('cuts what has not finished after the grace', async () => {
    larder.origin.answer(() => {});
    const asked = larder.get('/never');
    const failed = asked.then(
      () => 'answered',
      () => 'cut',
    );
    await waitUntil(() => larder.origin.requests.length === 1);
    await larder.engine.stop(10);
    expect(await failed).toBe('cut');
  });

  it('keeps what is stored over a restart of the listener', async () => {
    await larder.get('/a');
    await larder.stored(1);
    await larder.engine.stop();
    await larder.engine.start();
    expect((await larder.get('/a')).headers['x-cache']).toBe('HIT');
  });

  it('closes idle connections', async () => {
    const socket = connect(larder.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await larder.engine.stop();
    await closed;
  });
});

describe('what is kept of exchanges', () => {
  it('gives details and the body, from the store or as observed', async () => {
    await larder.get('/a', { headers: { 'X-Asked': '1' } });
    await larder.get('/a', { method: 'POST', body: 'x' });
    await waitUntil(() => larder.exchanges.length === 2);
    const [miss, pass] = larder.engine.recentExchanges();
    const details = larder.engine.exchangeDetails(miss?.id ?? 0);
    expect(details?.requestFields).toContainEqual(['X-Asked', '1']);
    expect(details?.responseFields).toContainEqual(['X-Cache', 'MISS']);
    expect(details?.cacheKey).toBe(`GET ${larder.origin.url}/a`);
    expect(details?.originUrl).toBe(`${larder.origin.url}/a`);
    const observed = await larder.engine.exchangeBody(pass?.id ?? 0);
    expect(Buffer.from(observed?.bytes ?? []).toString()).toBe('hello /a');
    expect(await larder.engine.exchangeBody(999)).toBeNull();
  });

  it('gives the stored body of a hit', async () => {
    await larder.get('/a');
    await larder.stored(1);
    await larder.get('/a');
    await waitUntil(() => larder.exchanges.length === 2);
    const hit = larder.exchanges[1];
    expect(hit).toMatchObject({ outcome: 'HIT', bodyBytes: 8 });
    const body = await larder.engine.exchangeBody(hit?.id ?? 0);
    expect(Buffer.from(body?.bytes ?? []).toString()).toBe('hello /a');
  });
});
