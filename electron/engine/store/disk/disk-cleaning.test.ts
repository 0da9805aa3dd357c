import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Persistence } from '../persistence';
import { binary, bodyOf, idOf, opened, sample, temporaryFolder } from './test/disk-under-test';

async function fileBytes(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const segmentCount = async (folder: string) =>
  (await readdir(folder)).filter((name) => name.endsWith('.index')).length;

async function fill(persistence: Persistence, from: number, to: number, bytes = 1000): Promise<void> {
  for (let at = from; at < to; at += 1) {
    const one = await sample(`/${at}`, binary(bytes));
    expect(persistence.put(one.record, one.kept)).toBe(true);
    if (at % 20 === 0) await persistence.flushed();
  }
  await persistence.flushed();
}

const paths = (persistence: Persistence) =>
  persistence.restored().map(({ stored }) => Number(new URL(stored.url).pathname.slice(1)));

describe('cleaning', () => {
  it('keeps all files within the budget, drops what was stored first and says so', async () => {
    const folder = await temporaryFolder();
    const budgetBytes = 200_000;
    const persistence = await opened(folder, { budgetBytes });
    const dropped: string[] = [];
    persistence.onDropped((ids) => dropped.push(...ids));
    await fill(persistence, 0, 400);
    expect(await fileBytes(folder)).toBeLessThanOrEqual(budgetBytes);
    expect(persistence.status().bytes).toBeLessThanOrEqual(budgetBytes);
    await persistence.close();
    const again = await opened(folder, { budgetBytes });
    const found = paths(again);
    expect(found.length + dropped.length).toBe(400);
    expect(found).toEqual(Array.from({ length: found.length }, (_, at) => 400 - found.length + at));
    expect(found.length).toBeGreaterThan(80);
  });

  it('moves what is still needed out of old segments, so that rewriting the same does not grow', async () => {
    const folder = await temporaryFolder();
    const persistence = await opened(folder, { budgetBytes: 1_000_000 });
    const dropped: string[] = [];
    persistence.onDropped((ids) => dropped.push(...ids));
    const old = await sample('/999', 'stored first');
    persistence.put(old.record, old.kept);
    for (let round = 0; round < 40; round += 1) await fill(persistence, 0, 60);
    expect(dropped).toEqual([]);
    expect(persistence.status().bytes).toBeLessThan(700_000);
    expect(Buffer.from((await bodyOf(persistence, old.record))!).toString()).toBe('stored first');
    await persistence.close();
    const again = await opened(folder, { budgetBytes: 1_000_000 });
    expect(paths(again)).toEqual([999, ...Array.from({ length: 60 }, (_, at) => at)]);
    expect(Buffer.from((await bodyOf(again, old.record))!).toString()).toBe('stored first');
  });

  it('moves a freshened response with its latest metadata', async () => {
    const folder = await temporaryFolder();
    const persistence = await opened(folder, { budgetBytes: 1_000_000 });
    const old = await sample('/999', binary(2000));
    persistence.put(old.record, old.kept);
    await fill(persistence, 0, 60);
    persistence.freshen({ ...old.record, stored: { ...old.record.stored, lifetimeSeconds: 4242 } });
    for (let round = 0; round < 40; round += 1) await fill(persistence, 0, 60);
    await persistence.close();
    const again = await opened(folder, { budgetBytes: 1_000_000 });
    const record = again.restored().find(({ stored }) => stored.id === old.record.stored.id)!;
    expect(record.stored.lifetimeSeconds).toBe(4242);
    expect(Buffer.from((await bodyOf(again, record))!).equals(old.kept)).toBe(true);
    expect(await readdir(folder)).not.toContain('00000001.index');
  });

  it('merges what many short runs leave', async () => {
    const folder = await temporaryFolder();
    const budgetBytes = 1_000_000;
    for (let run = 0; run < 75; run += 1) {
      const persistence = await opened(folder, { budgetBytes });
      await fill(persistence, run, run + 1, 50);
      await persistence.close();
    }
    expect(await segmentCount(folder)).toBeLessThan(60);
    expect(paths(await opened(folder, { budgetBytes }))).toEqual(Array.from({ length: 75 }, (_, at) => at));
  });

  it('drops segments of which nothing is needed, whenever it was removed', async () => {
    const folder = await temporaryFolder();
    const persistence = await opened(folder, { budgetBytes: 1_000_000 });
    for (let round = 0; round < 60; round += 1) {
      const samples = await Promise.all([1, 2, 3].map((at) => sample(`/${at}`, binary(5000))));
      for (const { record, kept } of samples) persistence.put(record, kept);
      // Some are removed while they wait, some while they are written, some after.
      for (let turn = 0; turn < round % 5; turn += 1) await new Promise((resolve) => setTimeout(resolve));
      persistence.remove(samples.map(idOf));
    }
    await persistence.flushed();
    expect(await segmentCount(folder)).toBe(1);
    expect(persistence.status().bytes).toBeLessThan(100_000);
  });

  it('follows a new budget at once, down to nothing', async () => {
    const folder = await temporaryFolder();
    const persistence = await opened(folder, { budgetBytes: 1_000_000 });
    await fill(persistence, 0, 300);
    persistence.setBudget(100_000);
    await persistence.flushed();
    expect(await fileBytes(folder)).toBeLessThanOrEqual(100_000);
    persistence.setBudget(0);
    await persistence.flushed();
    expect(await segmentCount(folder)).toBe(0);
    const one = await sample('/1');
    expect(persistence.put(one.record, one.kept)).toBe(false);
    persistence.setBudget(1_000_000);
    await fill(persistence, 0, 10);
    await persistence.close();
    expect(paths(await opened(folder))).toHaveLength(10);
  });

  it('takes a body that needs nearly the whole budget, and none that is larger', async () => {
    const folder = await temporaryFolder();
    const budgetBytes = 1_000_000;
    const persistence = await opened(folder, { budgetBytes });
    await fill(persistence, 0, 300);
    const [large, tooLarge] = [
      await sample('/1000', binary(900_000)),
      await sample('/1001', binary(999_000)),
    ];
    expect(persistence.put(large.record, large.kept)).toBe(true);
    expect(persistence.put(tooLarge.record, tooLarge.kept)).toBe(false);
    await persistence.flushed();
    expect(Buffer.from((await bodyOf(persistence, large.record))!).equals(large.kept)).toBe(true);
    expect(await fileBytes(folder)).toBeLessThanOrEqual(budgetBytes);
    await fill(persistence, 0, 150);
    expect(await fileBytes(folder)).toBeLessThanOrEqual(budgetBytes);
  });
});
