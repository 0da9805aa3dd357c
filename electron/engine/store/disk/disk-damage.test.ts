import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredRecord } from '../codec';
import type { Persistence } from '../persistence';
import { SAMPLE_TIME } from '../test/sample-response';
import { openPersistence } from './open-persistence';
import type { Sample } from './test/disk-under-test';
import { binary, bodyOf, opened, sample, seeded, temporaryFolder } from './test/disk-under-test';

const FLIPS = 1000;

/** Several runs' worth of puts, replacements, removals, freshening and a clear. */
async function storyIn(folder: string): Promise<Map<string, Sample>> {
  const held = new Map<string, Sample>();
  const put = async (disk: Persistence, path: string, partition = '') => {
    const one = await sample(path, binary(40), { partition });
    disk.put(one.record, one.kept);
    held.set(one.record.stored.id, one);
    return one;
  };
  for (let run = 0; run < 3; run += 1) {
    const disk = await opened(folder);
    for (let at = 0; at < 8; at += 1) await put(disk, `/${run}/${at}`, at % 2 === 0 ? '' : 'one user');
    if (run === 0) {
      disk.clear();
      held.clear();
    }
    await put(disk, '/again');
    await disk.flushed();
    const { record } = await put(disk, '/fresh');
    await disk.flushed();
    const stored = { ...record.stored, lifetimeSeconds: 1000 + run };
    disk.freshen({ ...record, stored });
    held.set(stored.id, { record: { ...record, stored }, kept: held.get(stored.id)!.kept });
    const gone = [await put(disk, '/gone'), await put(disk, `/${run}/3`)].map((one) => one.record.stored.id);
    await disk.flushed();
    disk.remove(gone);
    for (const id of gone) held.delete(id);
    await disk.close();
  }
  return held;
}

/** Whatever is given was stored last under its id, and was not removed. Returns how many it is. */
async function expectNothingWrong(disk: Persistence, held: ReadonlyMap<string, Sample>): Promise<number> {
  const restored = disk.restored();
  for (const record of restored) {
    const expected = held.get(record.stored.id);
    expect(record).toEqual(expected?.record);
    const body = await bodyOf(disk, record);
    if (body !== null) expect(Buffer.from(body).equals(expected!.kept)).toBe(true);
  }
  return restored.length;
}

async function openedCopy(files: ReadonlyMap<string, Buffer>, folder: string): Promise<Persistence> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  const options = { folder, budgetBytes: 1e7, now: () => SAMPLE_TIME };
  return openPersistence(options, { gatherMs: 0 });
}

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('lock-'));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

let held: Map<string, Sample>;
let files: Map<string, Buffer>;

describe('a damaged disk cache', () => {
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'larder-story-'));
    held = await storyIn(folder);
    files = await filesIn(folder);
    await rm(folder, { recursive: true, force: true });
  });

  it(`gives nothing wrong after a bit was flipped, ${FLIPS} times`, { timeout: 60_000 }, async () => {
    const next = seeded(3);
    const parent = await temporaryFolder();
    const all = [...files].flatMap(([name, bytes]) => Array.from(bytes, (_, at) => ({ name, at })));
    let given = 0;
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const { name, at } = all[Math.floor(next() * all.length)]!;
      const bytes = Buffer.from(files.get(name)!);
      bytes[at]! ^= 1 << Math.floor(next() * 8);
      const disk = await openedCopy(new Map([...files, [name, bytes]]), join(parent, 'cache'));
      expect([name, at, disk.status().state]).toEqual([name, at, 'on']);
      given += await expectNothingWrong(disk, held);
      await disk.close();
      // What was lost stays lost, and nothing else comes of it.
      if (flip % 10 === 0) {
        const options = { folder: join(parent, 'cache'), budgetBytes: 1e7, now: () => SAMPLE_TIME };
        const again = await openPersistence(options);
        await expectNothingWrong(again, held);
        await again.close();
      }
    }
    // Most of it survives.
    expect(given).toBeGreaterThan(FLIPS * held.size * 0.6);
  });

  it("gives nothing wrong with pieces of noise, missing files and files in each other's place", async () => {
    const next = seeded(4);
    const parent = await temporaryFolder();
    const names = [...files.keys()];
    for (let round = 0; round < 150; round += 1) {
      const changed = new Map(files);
      const name = names[round % names.length]!;
      const bytes = Buffer.from(files.get(name)!);
      const kind = Math.floor(next() * 4);
      if (kind === 0) changed.delete(name);
      else if (kind === 1)
        bytes.fill(binary(16), Math.floor(next() * bytes.length), Math.floor(next() * bytes.length));
      else if (kind === 2) bytes.fill(0, Math.floor(next() * bytes.length));
      else changed.set(name.replace('2', '1'), bytes);
      if (kind === 1 || kind === 2) changed.set(name, bytes);
      // The end of the last segment may be lost without a trace, as in a crash: what it removed with it.
      if (isLast(name, names) && kind !== 1) continue;
      const disk = await openedCopy(changed, join(parent, 'cache'));
      expect(disk.status().state).toBe('on');
      await expectNothingWrong(disk, held);
      await disk.close();
    }
  });

  it('is, cut off at any byte of its last index, what it was when that was written', async () => {
    const folder = await temporaryFolder();
    const disk = await opened(folder);
    const states = new Map<number, StoredRecord[]>([[0, []]]);
    const now = new Map<string, StoredRecord>();
    const index = join(folder, '00000001.index');
    const noted = async () => {
      await disk.flushed();
      states.set((await readFile(index)).byteLength, [...now.values()]);
    };
    for (const path of ['/a', '/a']) {
      const { record, kept } = await sample(path, binary(20));
      disk.put(record, kept);
      now.delete(record.stored.id);
      now.set(record.stored.id, record);
      await noted();
    }
    const [removed] = [...now.keys()];
    disk.remove([removed!]);
    now.delete(removed!);
    await noted();
    const whole = await filesIn(folder);
    await disk.close();
    const copy = join(await temporaryFolder(), 'cache');
    let expected: StoredRecord[] = [];
    for (let length = 0; length <= whole.get('00000001.index')!.byteLength; length += 1) {
      expected = states.get(length) ?? expected;
      const cut = whole.get('00000001.index')!.subarray(0, length);
      const again = await openedCopy(new Map([...whole, ['00000001.index', cut]]), copy);
      const ids = again.restored().map(({ body }) => body.version);
      await again.close();
      // A line whose head is whole tells at least that what was there before is outdated.
      const versions = expected.map(({ body }) => body.version);
      const later =
        [...states].find(([end]) => end > length)?.[1].map(({ body }) => body.version) ?? versions;
      expect([versions, versions.filter((each) => later.includes(each)), later]).toContainEqual(ids);
    }
  });

  it('gives nothing wrong when an earlier index or any bodies were cut off', async () => {
    const parent = await temporaryFolder();
    const names = [...files.keys()].filter((name) => /\.(index|bodies)$/.test(name));
    for (const name of names.filter((each) => !isLast(each, names) || each.endsWith('bodies'))) {
      for (let length = 0; length < files.get(name)!.byteLength; length += 97) {
        const cut = files.get(name)!.subarray(0, length);
        const disk = await openedCopy(new Map([...files, [name, cut]]), join(parent, 'cache'));
        await expectNothingWrong(disk, held);
        await disk.close();
      }
    }
  });

  it('says of a body that it is gone when it was cut off while in use', async () => {
    const folder = await temporaryFolder();
    const disk = await opened(folder);
    const [a, b] = [await sample('/a', binary(3000)), await sample('/b', binary(3000))];
    for (const { record, kept } of [a, b]) disk.put(record, kept);
    await disk.flushed();
    await truncate(join(folder, '00000001.bodies'), 4000);
    const dropped: string[] = [];
    disk.onDropped((ids) => dropped.push(...ids));
    expect(await bodyOf(disk, a.record)).not.toBeNull();
    expect(await bodyOf(disk, b.record)).toBeNull();
    expect(dropped).toEqual([b.record.stored.id]);
    expect(disk.has(b.record.stored.id, b.record.body.version)).toBe(false);
    await disk.close();
    expect((await opened(folder)).restored()).toEqual([a.record]);
  });
});

function isLast(name: string, names: readonly string[]): boolean {
  return (
    name ===
    names
      .filter((each) => each.endsWith('.index'))
      .sort()
      .at(-1)
  );
}
