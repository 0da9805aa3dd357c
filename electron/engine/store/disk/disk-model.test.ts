import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../codec';
import type { Persistence } from '../persistence';
import type { Sample } from './test/disk-under-test';
import { afterKill, binary, bodyOf, opened, sample, seeded, temporaryFolder } from './test/disk-under-test';

/** What ought to be on disk: what was done, one thing after the other, less what it said it dropped. */
class Model {
  held = new Map<string, Sample>();
  /** What a clear keeps for an undo. */
  hidden = new Map<string, Sample>();

  delete(id: string): boolean {
    return this.held.delete(id) || this.hidden.delete(id);
  }

  hide(): void {
    this.hidden = this.held;
    this.held = new Map();
  }

  unhide(): void {
    this.held = new Map([...this.hidden, ...this.held]);
    this.hidden = new Map();
  }

  put(one: Sample): void {
    this.delete(one.record.stored.id);
    this.held.set(one.record.stored.id, one);
  }

  freshen(record: StoredRecord): void {
    const held = this.held.get(record.stored.id)!;
    this.held.set(record.stored.id, { record, kept: held.kept });
  }

  get records(): StoredRecord[] {
    return [...this.held.values()].map(({ record }) => record);
  }
}

interface Run {
  readonly seed: number;
  readonly budgetBytes: number;
  readonly steps: number;
  readonly bodyBytes: number;
}

async function expectSame(persistence: Persistence, model: Model, restored: readonly StoredRecord[] | null) {
  if (restored !== null) expect(restored).toEqual(model.records);
  for (const { record, kept } of model.held.values()) {
    expect(persistence.has(record.stored.id, record.body.version)).toBe(true);
    const body = await bodyOf(persistence, record);
    expect(body !== null && Buffer.from(body).equals(kept)).toBe(true);
  }
}

async function random({ seed, budgetBytes, steps, bodyBytes }: Run): Promise<number> {
  const next = seeded(seed);
  const upTo = (count: number) => Math.floor(next() * count);
  const folder = await temporaryFolder();
  const model = new Model();
  let drops = 0;
  const open = async () => {
    const persistence = await opened(folder, { budgetBytes });
    persistence.onDropped((ids) => {
      drops += ids.length;
      for (const id of ids) expect(model.delete(id)).toBe(true);
    });
    return persistence;
  };
  let disk = await open();
  for (let step = 0; step < steps; step += 1) {
    const chance = upTo(100);
    const path = `/${upTo(12)}`;
    const id = (await sample(path)).record.stored.id;
    if (chance < 50) {
      const one = await sample(path, binary(upTo(bodyBytes)));
      const isKept = disk.put(one.record, one.kept);
      if (isKept) model.put(one);
      else model.delete(id);
    } else if (chance < 65) {
      const held = model.held.get(id);
      if (held === undefined) continue;
      const stored = { ...held.record.stored, lifetimeSeconds: step };
      expect(disk.freshen({ ...held.record, stored })).toBe(true);
      model.freshen({ ...held.record, stored });
    } else if (chance < 80) {
      disk.remove([id]);
      model.delete(id);
    } else if (chance < 82) {
      disk.clear();
      model.held.clear();
      model.hidden.clear();
    } else if (chance < 84) {
      disk.clear(true);
      model.hide();
    } else if (chance < 87) {
      disk.undoClear();
      model.unhide();
    } else if (chance < 88) {
      disk.dropCleared();
      model.hidden.clear();
    } else if (chance < 92) {
      await disk.flushed();
      expect(disk.status().bytes).toBeLessThanOrEqual(budgetBytes);
      await expectSame(disk, model, null);
    } else if (chance < 96) {
      await disk.flushed();
      const copy = await afterKill(folder, { budgetBytes });
      await expectSame(copy, model, copy.restored());
      await copy.close();
    } else {
      await disk.close();
      model.hidden.clear();
      disk = await open();
      await expectSame(disk, model, disk.restored());
    }
  }
  await disk.close();
  return drops;
}

describe('the disk cache', () => {
  it('agrees with a model under random changes, restarts and kills', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      expect(await random({ seed, budgetBytes: 4_000_000, steps: 150, bodyBytes: 3000 })).toBe(0);
    }
  });

  it('agrees with it within a small budget too, less what it says it dropped', async () => {
    let drops = 0;
    for (let seed = 1; seed <= 8; seed += 1) {
      drops += await random({ seed, budgetBytes: 60_000, steps: 250, bodyBytes: 9000 });
    }
    expect(drops).toBeGreaterThan(50);
  });
});
