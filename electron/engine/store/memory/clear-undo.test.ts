/** The memory store's clear and undo: within the budget, in their order of use, and across restarts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openPersistence } from '../disk/open-persistence';
import type { MemoryStore } from './memory-store-contract';
import { createMemoryStore } from './memory-store';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from '../test/sample-response';

const MEBIBYTE = 1024 * 1024;
const LONG_MS = 600_000;
const IMAGE = { fields: ['Content-Type', 'image/png'] };

function memoryStore(budgetBytes = 64 * MEBIBYTE, now = () => SAMPLE_TIME): MemoryStore {
  return createMemoryStore({ budgetBytes, now });
}

function put(store: MemoryStore, at: string, bytes = 1000): void {
  store.put(sampleAt(at, { ...IMAGE, bodyBytes: bytes }), Buffer.alloc(bytes, at));
}

function isStored(store: MemoryStore, at: string): boolean {
  return store.entry(sampleAt(at).id) !== null;
}

/** As a hit; null: a miss. */
async function hit(store: MemoryStore, at: string): Promise<string | null> {
  const [found] = store.lookup(sampleAt(at).key);
  return found === undefined ? null : bodyText(await store.body(found));
}

describe('what a clear of memory keeps for an undo', () => {
  it('counts towards the budget until it is dropped', () => {
    const store = memoryStore();
    for (let index = 0; index < 50; index += 1) put(store, `/${index}`);
    const before = store.stats().bytes;
    store.clear(LONG_MS);
    expect(store.stats().bytes).toBeGreaterThan(before / 2);
    expect(store.recount().bytes).toBe(store.stats().bytes);
    store.clear();
    expect(store.stats().bytes).toBe(0);
  });

  it('gives way to what is stored since, least recently used first, before anything that is live does', async () => {
    const store = memoryStore(60_000);
    for (let index = 0; index < 30; index += 1) put(store, `/old/${index}`);
    await hit(store, '/old/0');
    store.clear(LONG_MS);
    for (let index = 0; index < 15; index += 1) put(store, `/new/${index}`);
    const kept = store.stats().undo?.entries ?? 0;
    expect(store.stats().entries).toBe(15);
    expect(store.stats().bytes).toBeLessThanOrEqual(60_000);
    expect(kept).toBeGreaterThan(5);
    expect(kept).toBeLessThan(30);
    expect(store.undoClear()).toBe(kept);
    expect([isStored(store, '/old/0'), isStored(store, '/old/1'), isStored(store, '/old/29')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('goes as a whole where the budget is made smaller than what is live', () => {
    const store = memoryStore();
    for (let index = 0; index < 30; index += 1) put(store, `/old/${index}`);
    store.clear(LONG_MS);
    put(store, '/new');
    store.setBudget(2000);
    expect(store.stats()).toMatchObject({ entries: 1, undo: null });
    expect(store.undoClear()).toBe(0);
  });

  it('is back in its order of use, before what was stored since', async () => {
    const store = memoryStore();
    for (const at of ['/a', '/b', '/c']) put(store, at);
    await hit(store, '/a');
    store.clear(LONG_MS);
    for (const at of ['/d', '/e']) put(store, at);
    await hit(store, '/d');
    store.undoClear();
    const evicted: string[] = [];
    for (let budget = store.stats().bytes; budget > 0 && evicted.length < 5; budget -= 100) {
      store.setBudget(budget);
      for (const at of ['/a', '/b', '/c', '/d', '/e'])
        if (!isStored(store, at) && !evicted.includes(at)) evicted.push(at);
    }
    expect(evicted).toEqual(['/b', '/c', '/a', '/e', '/d']);
  });

  it('is listed in the order in which it was stored', async () => {
    const store = memoryStore();
    for (const at of ['/a', '/b']) put(store, at);
    store.clear(LONG_MS);
    for (const at of ['/c', '/a']) put(store, at);
    store.undoClear();
    put(store, '/d');
    const listed = (await store.list({})).entries.map(({ url }) => new URL(url).pathname);
    expect(listed).toEqual(['/d', '/a', '/c', '/b']);
  });

  it('cannot come back any more when its time is over, whenever the timer comes', () => {
    let now = SAMPLE_TIME;
    const store = memoryStore(64 * MEBIBYTE, () => now);
    put(store, '/a');
    store.clear(LONG_MS);
    now += LONG_MS;
    expect(store.undoClear()).toBe(0);
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0, undo: null });
  });

  it('is not given for a response that was looked up before, and is again when it is looked up anew', async () => {
    const store = memoryStore();
    put(store, '/a');
    const [held] = store.lookup(sampleAt('/a').key);
    store.clear(LONG_MS);
    expect(held && store.body(held)).toBeNull();
    store.undoClear();
    expect(held && store.freshen({ ...held, lifetimeSeconds: 9 }, held)).toBe(false);
    expect(await hit(store, '/a')).toHaveLength(1000);
  });

  it('is compressed when it is back, where it was not yet', async () => {
    const store = memoryStore();
    const text = 'text '.repeat(2000);
    store.put(sampleAt('/a', { bodyBytes: text.length }), textBody(text));
    store.clear(LONG_MS);
    store.put(sampleAt('/b', { bodyBytes: text.length }), textBody(text));
    store.undoClear();
    await expect.poll(() => store.stats().storedBodyBytes).toBeLessThan(text.length / 2);
    expect(await hit(store, '/a')).toBe(text);
    expect(await hit(store, '/b')).toBe(text);
    expect(store.recount().bytes).toBe(store.stats().bytes);
  });

  it('stays out of the way of a deletion by pattern that is under way', async () => {
    const store = memoryStore();
    for (let index = 0; index < 3000; index += 1)
      put(store, `/${index % 2 === 0 ? 'go' : 'stay'}/${index}`, 10);
    const deleting = store.deleteMatching('/go/*');
    store.clear(LONG_MS);
    put(store, '/go/new', 10);
    await deleting;
    store.undoClear();
    expect(isStored(store, '/go/0')).toBe(false);
    expect(store.stats().entries - Number(isStored(store, '/go/new'))).toBe(1500);
  });
});

describe('a clear of memory that is persisted', () => {
  async function folder(): Promise<string> {
    const made = await mkdtemp(path.join(tmpdir(), 'larder-undo-'));
    onTestFinished(() => rm(made, { recursive: true, force: true }));
    return made;
  }

  async function open(at: string): Promise<MemoryStore> {
    const store = memoryStore();
    await store.attach(
      await openPersistence({ folder: at, budgetBytes: 64 * MEBIBYTE, now: () => SAMPLE_TIME }),
    );
    return store;
  }

  it('stays cleared after a restart, however long it could have been undone', async () => {
    const at = await folder();
    const store = await open(at);
    put(store, '/a');
    await store.close();
    const again = await open(at);
    again.clear(LONG_MS);
    put(again, '/b');
    await again.close();
    const last = await open(at);
    expect([isStored(last, '/a'), isStored(last, '/b')]).toEqual([false, true]);
    expect(last.undoClear()).toBe(0);
    await last.close();
  });

  it('outlives a restart undone, less what changed between', async () => {
    const at = await folder();
    const store = await open(at);
    for (const each of ['/kept', '/gone', '/anew', '/later']) put(store, each);
    store.clear(LONG_MS);
    store.invalidate([sampleAt('/gone').key]);
    store.put(sampleAt('/anew', { bodyBytes: 3 }), textBody('new'));
    expect(store.undoClear()).toBe(2);
    store.delete([sampleAt('/later').id]);
    await store.close();
    const last = await open(at);
    expect(await hit(last, '/kept')).toHaveLength(1000);
    expect(await hit(last, '/anew')).toBe('new');
    expect([isStored(last, '/gone'), isStored(last, '/later')]).toEqual([false, false]);
    await last.close();
  });

  it('leaves nothing of it on disk when it is too late for an undo', async () => {
    const store = await open(await folder());
    for (let index = 0; index < 200; index += 1) put(store, `/${index}`, 10_000);
    await expect.poll(() => store.stats().persistence?.bytes).toBeGreaterThan(2_000_000);
    store.clear(1);
    await expect.poll(() => store.stats().persistence?.bytes).toBeLessThan(10_000);
    await store.close();
  });

  it('cannot be undone while what is on disk is still being restored', async () => {
    const at = await folder();
    const store = await open(at);
    for (let index = 0; index < 20_000; index += 1) put(store, `/${index}`, 0);
    await store.close();
    const again = memoryStore();
    const restored = again.attach(
      await openPersistence({ folder: at, budgetBytes: 64 * MEBIBYTE, now: () => SAMPLE_TIME }),
    );
    expect(again.stats().entries).toBeLessThan(20_000);
    again.clear(LONG_MS);
    await restored;
    expect(again.stats()).toMatchObject({ entries: 0, undo: null });
    expect(again.undoClear()).toBe(0);
    await again.close();
  });
});
