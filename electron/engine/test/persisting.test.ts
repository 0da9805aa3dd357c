/** What of the memory store outlives an engine, and what changes of settings do to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings';
import { startRecordingOrigin, type RecordingOrigin } from './recording-origin';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

/** Nothing listens there; the store is chosen, not used. */
const NO_REDIS: Partial<Settings> = { store: 'redis', redis: { ...DEFAULT_SETTINGS.redis, port: 1 } };

let folder: string;
let cacheFolder: string;
let origin: RecordingOrigin;
let running: EngineUnderTest[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'larder-persisting-'));
  cacheFolder = path.join(folder, 'responses');
  origin = await startRecordingOrigin();
  running = [];
});
afterEach(async () => {
  for (const larder of running) await larder.close();
  await origin.close();
  await rm(folder, { recursive: true, force: true });
});

/** In front of the same origin as the one before. */
async function start(settings: Partial<Settings> = {}): Promise<EngineUnderTest> {
  const larder = await startEngineUnderTest({ settings: { origin: origin.url, ...settings }, cacheFolder });
  running.push(larder);
  return larder;
}

async function xCache(larder: EngineUnderTest, target: string): Promise<unknown> {
  return (await larder.get(target)).headers['x-cache'];
}

/** Asked, stored, and on disk. */
async function keep(larder: EngineUnderTest, target: string): Promise<void> {
  const before = persistence(larder)?.bytes ?? 0;
  expect(await xCache(larder, target)).toBe('MISS');
  await waitUntil(() => (persistence(larder)?.bytes ?? 0) > before);
}

function persistence({ engine }: EngineUnderTest) {
  return engine.status().store.persistence;
}

describe('a memory store that is persisted', () => {
  it('is there again in the next engine, and what was invalidated is not', async () => {
    const first = await start();
    await keep(first, '/kept');
    await keep(first, '/changed');
    await first.get('/changed', { method: 'POST', body: 'x' });
    await first.close();
    const second = await start();
    expect(await xCache(second, '/kept')).toBe('HIT');
    expect(await xCache(second, '/changed')).toBe('MISS');
  });

  it('is there again after the store was Redis for a while', async () => {
    const larder = await start();
    await keep(larder, '/a');
    await larder.apply(NO_REDIS);
    expect(persistence(larder)).toBeNull();
    await larder.apply({ store: 'memory' });
    expect(persistence(larder)).toMatchObject({ state: 'on', message: null });
    expect(await xCache(larder, '/a')).toBe('HIT');
  });

  it('leaves nothing on disk when it is switched off, and stays in memory', async () => {
    const larder = await start();
    await keep(larder, '/a');
    await larder.apply({ persist: false });
    expect(persistence(larder)).toMatchObject({ state: 'off' });
    expect(await xCache(larder, '/a')).toBe('HIT');
    await larder.close();
    expect(await xCache(await start(), '/a')).toBe('MISS');
  });

  it('writes what is in memory when it is switched on', async () => {
    const larder = await start({ persist: false });
    expect(await xCache(larder, '/a')).toBe('MISS');
    await larder.stored(1);
    await larder.apply({ persist: true });
    expect(await xCache(larder, '/a')).toBe('HIT');
    await waitUntil(() => (persistence(larder)?.bytes ?? 0) > 0);
    await larder.close();
    expect(await xCache(await start(), '/a')).toBe('HIT');
  });

  it('can be switched off and on again at once', async () => {
    const larder = await start();
    for (let time = 0; time < 5; time += 1) {
      await larder.apply({ persist: false });
      await larder.apply({ persist: true });
      expect(persistence(larder)).toMatchObject({ state: 'on', message: null });
    }
  });

  it('is as it was where settings cannot be applied', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const larder = await start({ persist: false, host: '127.0.0.1' });
    await expect(larder.apply({ persist: true, port })).rejects.toMatchObject({ code: 'port_in_use' });
    expect(persistence(larder)).toMatchObject({ state: 'off' });
    await larder.apply({ persist: true });
    expect(persistence(larder)).toMatchObject({ state: 'on', message: null });
    await expect(larder.apply({ ...NO_REDIS, port })).rejects.toMatchObject({ code: 'port_in_use' });
    await keep(larder, '/a');
    taken.close();
  });

  it('is in memory only where another engine has the folder, which goes on', async () => {
    const first = await start();
    const second = await start();
    expect(persistence(second)).toMatchObject({ state: 'in-use' });
    expect(await xCache(second, '/a')).toBe('MISS');
    await second.stored(1);
    expect(await xCache(second, '/a')).toBe('HIT');
    await keep(first, '/b');
  });
});
