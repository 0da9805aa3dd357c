import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Persistence } from '../persistence';
import type { DiskProcess, DiskProgram } from './test/child-process';
import { diskProgram } from './test/child-process';
import type { Change } from './test/disk-changes';
import { bodyOfVersion, changesOf, NOW } from './test/disk-changes';
import { bodyOf, opened, seeded, temporaryFolder } from './test/disk-under-test';

const KILLS = 20;

let program: DiskProgram;

beforeAll(async () => {
  program = await diskProgram();
}, 60_000);

afterAll(() => program.dispose());

/** The last count of changes that are known to be written; null: killed before it could be told. */
async function lastDone(child: DiskProcess, killAfter: number): Promise<number> {
  let done = 0;
  for (let message = 0; message < killAfter; message += 1) done = Number(await child.next());
  const gone = child.kill();
  for (let next = await child.next(); next !== null; next = await child.next()) done = Number(next);
  await gone;
  return done;
}

/** What each id may be: what it was when `done` changes were made, or made by one of the group after. */
function allowed(
  base: ReadonlyMap<string, string>,
  seed: number,
  done: number,
): Map<string, Set<string | null>> {
  const state: State = { now: new Map<string, string | null>(base), hidden: new Map() };
  const allowedVersions = new Map<string, Set<string | null>>();
  let made = 0;
  for (const group of changesOf(seed)) {
    const isAfter = made >= done;
    if (isAfter) for (const [id, version] of state.now) allowedVersions.set(id, new Set([version]));
    for (const change of group) {
      applyTo(state, change);
      if (!isAfter) continue;
      for (const [id, version] of state.now) {
        const versions = allowedVersions.get(id) ?? new Set([null]);
        allowedVersions.set(id, versions.add(version));
      }
    }
    made += group.length;
    if (isAfter) return allowedVersions;
  }
  return allowedVersions;
}

interface State {
  /** Null: removed. */
  readonly now: Map<string, string | null>;
  hidden: Map<string, string | null>;
}

function applyTo(state: State, change: Change): void {
  const { now, hidden } = state;
  switch (change.kind) {
    case 'put':
    case 'remove':
      now.set(change.id, change.kind === 'put' ? change.record.body.version : null);
      hidden.delete(change.id);
      return;
    case 'unhide':
      for (const [id, version] of hidden) if ((now.get(id) ?? null) === null) now.set(id, version);
      state.hidden = new Map();
      return;
    case 'hide':
    case 'clear':
      state.hidden = new Map(change.kind === 'hide' ? now : []);
      for (const id of now.keys()) now.set(id, null);
  }
}

async function found(disk: Persistence): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const record of disk.restored()) {
    const { version, bytes } = record.body;
    expect(record.stored.fields).toEqual(['X-Version', version]);
    const body = await bodyOf(disk, record);
    expect(body !== null && bodyOfVersion(version, bytes).equals(body)).toBe(true);
    versions.set(record.stored.id, version);
  }
  return versions;
}

describe('a process with a disk cache', () => {
  it(
    `is killed while it writes, ${KILLS} times over: what was written is there, nothing else`,
    { timeout: 60_000 },
    async () => {
      const folder = await temporaryFolder();
      const next = seeded(7);
      let base = new Map<string, string>();
      let total = 0;
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const child = await program.start();
        child.begin(folder, kill);
        expect(await child.next()).toBe('on');
        const done = await lastDone(child, Math.floor(next() * 40));
        const disk = await opened(folder, { now: NOW });
        expect(disk.status().state).toBe('on');
        const versions = await found(disk);
        for (const [id, choices] of allowed(base, kill, done)) {
          expect([...choices], `${id} after kill ${kill} and ${done} changes`).toContain(
            versions.get(id) ?? null,
          );
        }
        await disk.close();
        base = versions;
        total += versions.size;
      }
      expect(total).toBeGreaterThan(KILLS * 5);
    },
  );

  it(
    'is the only one of several that start together, and its kill frees the folder at once',
    { timeout: 60_000 },
    async () => {
      const folder = await temporaryFolder();
      for (let round = 0; round < 8; round += 1) {
        const children = await Promise.all([1, 2, 3, 4].map(() => program.start()));
        for (const child of children) child.begin(folder, null);
        const states = await Promise.all(children.map((child) => child.next()));
        expect([...states].sort()).toEqual(['in-use', 'in-use', 'in-use', 'on']);
        // Every other round the winner is killed while the others look on.
        await children[states.indexOf('on')]!.kill();
        if (round % 2 === 0) {
          const heir = await program.start();
          heir.begin(folder, null);
          expect(await heir.next()).toBe('on');
          await heir.kill();
        }
        for (const child of children) await child.kill();
      }
    },
  );
});
