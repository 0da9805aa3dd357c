/** Several profiles in one engine: each with a cache of its own, and no request is lost when they change. */
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/settings';
import { startRecordingOrigin, type RecordingOrigin } from './recording-origin';
import { startEngineUnderTest, type EngineUnderTest } from './engine-under-test';

const SECRETS = { redisPassword: null };

let folder: string;
let cacheFolder: string;
let larder: EngineUnderTest;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'larder-profiles-'));
  cacheFolder = path.join(folder, 'responses');
});
afterEach(async () => {
  await larder.close();
  await rm(folder, { recursive: true, force: true });
});

const start = async (settings: Partial<Settings> = {}) => {
  larder = await startEngineUnderTest({ settings, cacheFolder });
};

const switchTo = (cache: string, changes: Partial<Settings> = {}) =>
  larder.engine.apply({ ...larder.engine.settings, ...changes }, SECRETS, cache);

const xCache = async (target: string) => (await larder.get(target)).headers['x-cache'];

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

describe.each([{ persist: true }, { persist: false }])('profiles with %j', (kept) => {
  it('have a cache each, which waits while another is active', async () => {
    await start(kept);
    expect(await xCache('/thing')).toBe('MISS');
    await larder.stored(1);
    await switchTo('staging');
    expect(larder.engine.status().store.entries).toBe(0);
    expect(await xCache('/thing')).toBe('MISS');
    expect(await xCache('/thing')).toBe('HIT');
    await larder.engine.clear();
    await switchTo('default');
    expect(await xCache('/thing')).toBe('HIT');
    await switchTo('staging');
    expect(await xCache('/thing')).toBe('MISS');
  });

  it('forget the cache of one that is deleted, and of no other', async () => {
    await start(kept);
    await xCache('/thing');
    await switchTo('staging');
    await xCache('/thing');
    await larder.stored(1);
    await switchTo('default');
    expect(await larder.engine.forgetCache('staging')).toBe(true);
    expect(await isThere(`${cacheFolder}-staging`)).toBe(false);
    expect(await xCache('/thing')).toBe('HIT');
    await switchTo('staging');
    expect(larder.engine.status().store.entries).toBe(0);
  });
});

describe('switching profiles', () => {
  it('lets a request in flight end with the profile that it began with', async () => {
    await start({ persist: false });
    const other: RecordingOrigin = await startRecordingOrigin();
    let finish = () => {};
    const asked = new Promise<void>((resolve) => {
      larder.origin.answer((_request, response) => {
        finish = () => void response.end('slow');
        resolve();
      });
    });
    const slow = larder.get('/slow');
    await asked;
    await switchTo('staging', { origin: other.url });
    await larder.get('/elsewhere');
    expect(other.requests.map(({ url }) => url)).toEqual(['/elsewhere']);
    finish();
    expect((await slow).body.toString()).toBe('slow');
    await switchTo('default', { origin: larder.origin.url });
    expect(await xCache('/slow')).toBe('HIT');
    await other.close();
  });

  it('stays with the profile that it has where the port of the other is taken', async () => {
    await start();
    await xCache('/thing');
    await larder.stored(1);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(switchTo('staging', { port })).rejects.toMatchObject({ code: 'port_in_use' });
    expect(await xCache('/thing')).toBe('HIT');
    taken.close();
    await switchTo('staging');
    expect(larder.engine.status().store.entries).toBe(0);
  });
});
