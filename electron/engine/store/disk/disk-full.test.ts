import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PersistenceStatus } from '../../../../shared/engine-status';
import type { Persistence } from '../persistence';
import type { Sample } from './test/disk-under-test';
import { afterKill, binary, bodyOf, idOf, opened, sample, temporaryFolder } from './test/disk-under-test';

const DISK_BYTES = 1024 * 1024;

const mounted: string[] = [];

afterEach(() => {
  for (const place of mounted.splice(0)) spawnSync('umount', ['-l', place]);
});

function mount(place: string, options: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status === 0;
}

const remount = (place: string, options: string) =>
  expect(spawnSync('mount', ['-o', `remount,${options}`, place]).status).toBe(0);

/** A small disk, and a cache on it. */
async function smallDisk(): Promise<{ place: string; folder: string }> {
  const place = await temporaryFolder();
  expect(mount(place, `size=${DISK_BYTES}`)).toBe(true);
  mounted.push(place);
  return { place, folder: join(place, 'cache') };
}

async function mayMount(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const place = await temporaryFolder();
  const may = mount(place, 'size=64k');
  if (may) spawnSync('umount', [place]);
  await rm(place, { recursive: true, force: true });
  return may;
}

function statesOf(persistence: Persistence): PersistenceStatus[] {
  const states: PersistenceStatus[] = [];
  persistence.onStatus((status) => states.push(status));
  return states;
}

async function stateIs(persistence: Persistence, state: PersistenceStatus['state']): Promise<void> {
  await new Promise<void>((resolve) => {
    persistence.onStatus((status) => status.state === state && resolve());
    if (persistence.status().state === state) resolve();
  });
}

async function kept(persistence: Persistence, path: string, bytes = 100): Promise<Sample> {
  const one = await sample(path, binary(bytes));
  expect(persistence.put(one.record, one.kept)).toBe(true);
  await persistence.flushed();
  return one;
}

const paths = (persistence: Persistence) =>
  persistence.restored().map(({ stored }) => new URL(stored.url).pathname);
const canMount = await mayMount();

// Skipped where mounting is not permitted: a disk of a size cannot be had then.
describe.skipIf(!canMount)('a full disk', () => {
  it('is said once, keeps what was written, and takes responses again when there is room', async () => {
    const { place, folder } = await smallDisk();
    const persistence = await opened(folder);
    const states = statesOf(persistence);
    const dropped: string[] = [];
    persistence.onDropped((ids) => dropped.push(...ids));
    const a = await kept(persistence, '/a');
    await writeFile(join(place, 'ballast'), binary(900_000));
    const refused = [await sample('/b', binary(300_000)), await sample('/c', binary(300_000))];
    for (const { record, kept } of refused) persistence.put(record, kept);
    await persistence.flushed();
    expect(dropped).toEqual(refused.map(idOf));
    expect(persistence.put(refused[0]!.record, refused[0]!.kept)).toBe(false);
    expect(states.map(({ state }) => state)).toEqual(['failing']);
    expect(states[0]!.message).toBe(
      `The disk is full: no more fits in ${folder} (ENOSPC). What is stored now is kept in memory only. Free some space: Larder tries again by itself.`,
    );
    expect(Buffer.from((await bodyOf(persistence, a.record))!).equals(a.kept)).toBe(true);
    await rm(join(place, 'ballast'));
    await stateIs(persistence, 'on');
    expect(persistence.status().message).toBeNull();
    await kept(persistence, '/d', 200_000);
    await persistence.close();
    expect(paths(await opened(folder))).toEqual(['/a', '/d']);
  });

  it('does not bring back what was removed or replaced meanwhile, also after a kill', async () => {
    const { place, folder } = await smallDisk();
    const persistence = await opened(folder, { retryMinMs: 60_000 });
    for (const path of ['/a', '/b', '/c', '/d']) await kept(persistence, path, 20_000);
    await writeFile(join(place, 'ballast'), binary(DISK_BYTES)).catch(() => undefined);
    await tried(persistence, '/b', 100_000);
    expect(persistence.status().state).toBe('failing');
    persistence.remove([idOf(await sample('/a'))]);
    await tried(persistence, '/c', 10);
    await persistence.flushed();
    for (const found of [paths(await afterKill(folder)), await closedAndFound(persistence, folder)]) {
      expect(found.filter((path) => path !== '/d')).toEqual([]);
    }
  });

  it('that has room for a line has only what was removed taken away', async () => {
    const { place, folder } = await smallDisk();
    const persistence = await opened(folder, { retryMinMs: 60_000 });
    for (const path of ['/a', '/b', '/c', '/d']) await kept(persistence, path, 20_000);
    await writeFile(join(place, 'ballast'), binary(880_000));
    await tried(persistence, '/b', 100_000);
    expect(persistence.status().state).toBe('failing');
    persistence.remove([idOf(await sample('/a'))]);
    await tried(persistence, '/c', 10);
    await persistence.flushed();
    expect(paths(await afterKill(folder))).toEqual(['/d']);
    expect(await closedAndFound(persistence, folder)).toEqual(['/d']);
  });

  it('is cleared all the same', async () => {
    const { place, folder } = await smallDisk();
    const persistence = await opened(folder, { retryMinMs: 60_000 });
    for (const path of ['/a', '/b']) await kept(persistence, path, 20_000);
    await writeFile(join(place, 'ballast'), binary(DISK_BYTES)).catch(() => undefined);
    await tried(persistence, '/b', 100_000);
    persistence.clear();
    await persistence.flushed();
    expect(paths(await afterKill(folder))).toEqual([]);
    expect(await closedAndFound(persistence, folder)).toEqual([]);
  });

  it('read-only is said, and what was removed meanwhile is written first when it is not any more', async () => {
    const { place, folder } = await smallDisk();
    const persistence = await opened(folder);
    for (const path of ['/a', '/b', '/c']) await kept(persistence, path);
    await persistence.close();
    const again = await opened(folder);
    expect(paths(again)).toEqual(['/a', '/b', '/c']);
    remount(place, 'ro');
    again.remove([idOf(await sample('/a'))]);
    await stateIs(again, 'failing');
    expect(again.status().message).toContain('may not be written (EROFS)');
    again.remove([idOf(await sample('/b'))]);
    remount(place, 'rw');
    await stateIs(again, 'on');
    expect(paths(await afterKill(folder))).toEqual(['/c']);
  });
});

describe('a folder', () => {
  it('that is deleted while in use is made anew; nothing that was in it is given any more', async () => {
    const parent = await temporaryFolder();
    const folder = join(parent, 'cache');
    const persistence = await opened(folder, { existenceCheckMs: 0 });
    const dropped: string[] = [];
    persistence.onDropped((ids) => dropped.push(...ids));
    const a = await kept(persistence, '/a');
    await rm(folder, { recursive: true });
    const b = await sample('/b');
    persistence.put(b.record, b.kept);
    await stateIs(persistence, 'failing');
    expect(persistence.status().message).toContain('is not there any more');
    expect(dropped.sort()).toEqual([idOf(a), idOf(b)].sort());
    expect(persistence.has(idOf(a), a.record.body.version)).toBe(false);
    await stateIs(persistence, 'on');
    await kept(persistence, '/c');
    expect((await opened(folder)).status().state).toBe('in-use');
    await persistence.close();
    const again = await opened(folder);
    expect(paths(again)).toEqual(['/c']);
    expect(Buffer.from(again.secret).equals(persistence.secret)).toBe(true);
  });

  it("that another has made anew after that is the other's", async () => {
    const parent = await temporaryFolder();
    const folder = join(parent, 'cache');
    const persistence = await opened(folder, { existenceCheckMs: 0 });
    await kept(persistence, '/a');
    await rename(folder, join(parent, 'moved'));
    await rm(join(parent, 'moved'), { recursive: true });
    const other = await opened(folder);
    expect(other.status().state).toBe('on');
    const b = await sample('/b');
    persistence.put(b.record, b.kept);
    await stateIs(persistence, 'in-use');
    expect(persistence.put(b.record, b.kept)).toBe(false);
    await persistence.close();
    await kept(other, '/c');
    await other.close();
    expect(paths(await opened(folder))).toEqual(['/c']);
  });

  it('with a name in the way of a file is said, and used when it is gone', async () => {
    const folder = await temporaryFolder();
    const persistence = await opened(folder);
    await mkdir(join(folder, '00000001.index', 'in the way'), { recursive: true });
    const a = await sample('/a');
    persistence.put(a.record, a.kept);
    await stateIs(persistence, 'failing');
    await rm(join(folder, '00000001.index'), { recursive: true });
    await stateIs(persistence, 'on');
    await kept(persistence, '/b');
    await persistence.close();
    expect(paths(await opened(folder))).toEqual(['/b']);
    expect(await readdir(folder)).not.toContain('probe');
  });
});

async function tried(persistence: Persistence, path: string, bytes: number): Promise<void> {
  const one = await sample(path, binary(bytes));
  persistence.put(one.record, one.kept);
  await persistence.flushed();
}

async function closedAndFound(persistence: Persistence, folder: string): Promise<string[]> {
  await persistence.close();
  return paths(await opened(folder));
}
