/** The upgrade tunnel: half-closed sides, bytes that came early, answers other than 101, and its end. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import { bytes, startRawOrigin, type RawOrigin } from './raw-origin';

let larder: EngineUnderTest;
let origin: RawOrigin;
let upstream: Socket[];
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
const ASK = 'GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';

beforeEach(async () => {
  upstream = [];
  origin = await startRawOrigin((socket) => {
    upstream.push(socket);
    socket.write(SWITCH);
  });
  larder = await startEngineUnderTest({ settings: { origin: origin.url } });
});
afterEach(async () => {
  await larder.close();
  await origin.close();
});

interface Client {
  readonly socket: Socket;
  received(): string;
  readonly closed: Promise<unknown>;
}

function open(text = ASK): Client {
  const socket = connect({ port: larder.port, host: '127.0.0.1', allowHalfOpen: true }, () =>
    socket.write(text),
  );
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => (received += String(chunk)));
  return {
    socket,
    received: () => received,
    closed: new Promise((resolve) => socket.once('close', resolve)),
  };
}

describe('an upgrade', () => {
  it('passes on what the client sent before the 101, and what the origin sent with it', async () => {
    let heard = '';
    origin.answer((socket) => {
      socket.on('data', (chunk) => (heard += String(chunk)));
      socket.write(`${SWITCH}first words`);
    });
    const client = open(`${ASK}early`);
    await waitUntil(() => client.received().endsWith('first words') && heard === 'early');
    expect(client.received()).toMatch(
      /^HTTP\/1\.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n/,
    );
    client.socket.destroy();
    expect(larder.exchanges).toHaveLength(1);
    expect(larder.exchanges[0]).toMatchObject({
      status: 101,
      outcome: 'PASS',
      reason: 'upgrade',
      error: null,
    });
  });

  it('lets the origin answer after the client has ended its side', async () => {
    let heard = '';
    origin.answer((socket) => {
      socket.removeAllListeners('end');
      socket.on('data', (chunk) => (heard += String(chunk)));
      socket.on('end', () => setImmediate(() => socket.end(`heard ${heard}`)));
      socket.write(SWITCH);
    });
    const client = open();
    await waitUntil(() => client.received().includes('101'));
    client.socket.end('last words');
    await client.closed;
    expect(client.received()).toMatch(/heard last words$/);
  });

  it('ends for the client when the origin resets, with what came before', async () => {
    const client = open();
    await waitUntil(() => client.received().includes('101') && upstream.length === 1);
    upstream[0]?.write('before', () => upstream[0]?.end());
    client.socket.on('end', () => client.socket.end());
    await client.closed;
    expect(client.received()).toMatch(/before$/);
  });

  it.each(['client', 'origin'] as const)('ends on both sides when the %s resets', async (side) => {
    const client = open();
    await waitUntil(() => client.received().includes('101') && upstream.length === 1);
    const gone = new Promise((resolve) => upstream[0]?.once('close', resolve));
    client.socket.on('end', () => client.socket.end());
    if (side === 'client') client.socket.resetAndDestroy();
    else upstream[0]?.resetAndDestroy();
    await Promise.all([gone, client.closed]);
    expect(larder.exchanges).toHaveLength(1);
  });

  it('is cut when Larder stops', async () => {
    const client = open();
    await waitUntil(() => client.received().includes('101'));
    await larder.engine.stop();
    client.socket.destroy();
    await waitUntil(() => upstream[0]?.destroyed === true || upstream[0]?.readableEnded === true);
    expect(larder.exchanges).toHaveLength(1);
  });

  it('is given up when the client leaves before the 101', async () => {
    origin.answer((socket) => void upstream.push(socket));
    const client = open();
    await waitUntil(() => upstream.length === 1);
    const gone = new Promise((resolve) => upstream[0]?.once('close', resolve));
    client.socket.resetAndDestroy();
    await gone;
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ reason: 'client-left', error: null });
  });
});

describe('an upgraded connection through which nothing passes', () => {
  const idle = (upgradeIdleMs: number): Promise<void> =>
    larder.apply({ limits: { ...DEFAULT_SETTINGS.limits, upgradeIdleMs } });

  it('is closed on both sides', async () => {
    await idle(30);
    const client = open();
    await waitUntil(() => client.received().includes('101') && upstream.length === 1);
    const gone = new Promise((resolve) => upstream[0]?.once('close', resolve));
    client.socket.on('end', () => client.socket.end());
    await Promise.all([gone, client.closed]);
    expect(larder.exchanges).toMatchObject([{ status: 101, error: null }]);
  });

  it.each(['client', 'origin'] as const)('does not mean one on which only the %s speaks', async (side) => {
    const LIMIT = 1000;
    await idle(LIMIT);
    const client = open();
    await waitUntil(() => client.received().includes('101') && upstream.length === 1);
    let heard = 0;
    upstream[0]?.on('data', (chunk: Buffer) => (heard += chunk.length));
    client.socket.on('data', (chunk) => (heard += chunk.length));
    const beginning = performance.now();
    for (let said = 1; performance.now() - beginning < LIMIT * 1.2; said += 1) {
      if (side === 'client') client.socket.write('x');
      else upstream[0]?.write('x');
      await waitUntil(() => heard === said);
    }
    expect(client.socket.destroyed || upstream[0]?.destroyed).toBe(false);
    client.socket.destroy();
  });
});

describe('an origin that does not upgrade', () => {
  it('has its answer passed on, whole and reported once', async () => {
    const body = 'x'.repeat(1024 * 1024);
    origin.answer(bytes(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
    const received = await sendRaw(larder.port, ASK);
    expect(received).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[^]*Connection: close/);
    expect(received.endsWith(body)).toBe(true);
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ status: 403, outcome: 'PASS', reason: 'upgrade' });
  });

  it('is reported as an error where it is gone', async () => {
    origin.answer((socket) => socket.destroy());
    expect(await sendRaw(larder.port, ASK)).toMatch(/^HTTP\/1\.1 502 /);
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ status: 502, outcome: 'ERROR', reason: 'origin-error' });
  });
});

describe('an upgrade that was sent ahead', () => {
  const GET = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n';

  it('waits for the answer to what was asked before it, however large that is', async () => {
    const body = 'x'.repeat(4_000_000);
    let finish = (): void => {};
    origin.answer((socket, head) => {
      upstream.push(socket);
      if (head.includes('/socket')) socket.write(`${SWITCH}hi`);
      else
        finish = () =>
          void socket.write(
            `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
          );
    });
    const client = open(`${GET}${ASK}`);
    client.socket.pause();
    await waitUntil(() => upstream.length === 1);
    finish();
    client.socket.resume();
    await waitUntil(() => client.received().endsWith('\r\n\r\nhi'));
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(client.received()).toContain(`${body}HTTP/1.1 101 Switching Protocols\r\n`);
    client.socket.destroy();
  });

  it('is forgotten where the client leaves before that', async () => {
    origin.answer((socket) => void upstream.push(socket));
    const client = open(`${GET}${ASK}`);
    await waitUntil(() => upstream.length === 1);
    const gone = new Promise((resolve) => upstream[0]?.once('close', resolve));
    client.socket.resetAndDestroy();
    await gone;
    await waitUntil(() => larder.exchanges.length === 1);
    expect(origin.heads.filter((head) => head.includes('/socket'))).toEqual([]);
  });
});

describe('an upgrade that must not be passed on', () => {
  it('with a body is refused', async () => {
    const received = await sendRaw(larder.port, ASK.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\nhi'));
    expect(received).toMatch(/^HTTP\/1\.1 400 /);
    expect(origin.heads).toHaveLength(0);
  });

  it("to Larder's own endpoints is answered there", async () => {
    const received = await sendRaw(larder.port, ASK.replace('/socket', '/.larder/status'));
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
    expect(received).toContain('"policy":"override"');
    expect(origin.heads).toHaveLength(0);
  });
});
