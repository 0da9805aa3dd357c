import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredResponse } from '../../semantics/stored-response';
import type { MemoryStore } from './memory-store-contract';
import { createMemoryStore } from './memory-store';
import { KeptElsewhere } from './test/kept-elsewhere';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from '../test/sample-response';

const MEBIBYTE = 1024 * 1024;
const IMAGE = { fields: ['Content-Type', 'image/png'] };

let disk: KeptElsewhere;
let store: MemoryStore;

beforeEach(async () => {
  disk = new KeptElsewhere();
  store = await open(disk);
});

async function open(persistence: KeptElsewhere, now = SAMPLE_TIME): Promise<MemoryStore> {
  const opened = createMemoryStore({ budgetBytes: 64 * MEBIBYTE, now: () => now });
  await opened.attach(persistence);
  return opened;
}

async function put(
  path: string,
  body: string,
  overrides: Partial<StoredResponse> = {},
): Promise<StoredResponse> {
  const stored = sampleAt(path, { bodyBytes: body.length, ...overrides });
  store.put(stored, textBody(body));
  await expect.poll(() => disk.bodies.has(stored.id)).toBe(true);
  return stored;
}

async function hit({ key }: StoredResponse): Promise<string | null> {
  const [found] = store.lookup(key);
  return found === undefined ? null : bodyText(await store.body(found));
}

async function restart(): Promise<void> {
  await store.close();
  store = await open(disk);
}

describe('memory store that is kept on disk too', () => {
  it('has everything again after a restart, in its order, and reads bodies when they are asked for', async () => {
    const one = await put('/one', 'first', { lifetimeSeconds: 900 });
    const two = await put('/two', 'x'.repeat(5000));
    await restart();
    expect(store.stats()).toMatchObject({ entries: 2, bodyBytes: 5005 });
    expect((await store.list({})).entries.map(({ id }) => id)).toEqual([two.id, one.id]);
    expect(store.lookup(one.key)).toEqual([one]);
    expect(await hit(one)).toBe('first');
    expect(await hit(two)).toBe('x'.repeat(5000));
  });

  it('answers the second hit at once, although the body is on disk only', async () => {
    const stored = await put('/one', 'first');
    await restart();
    await hit(stored);
    const [found] = store.lookup(stored.key);
    expect(found && bodyText(store.body(found) as Uint8Array)).toBe('first');
  });

  it('has the secret of what is on disk, and the state of the disk among its statistics', () => {
    expect(store.keySecret()).toBe(disk.secret);
    expect(store.stats().persistence).toEqual(disk.status());
  });

  it('writes what was put last before it closes', async () => {
    for (let index = 0; index < 50; index += 1) store.put(sampleAt(`/${index}`), textBody(`${index}`));
    await restart();
    expect(store.stats().entries).toBe(50);
    expect(disk.closed).toBe(true);
  });

  it('leaves out of the disk what was replaced before it was encoded', async () => {
    store.put(sampleAt('/a'), textBody('one'));
    store.put(sampleAt('/a'), textBody('two'));
    store.put(sampleAt('/b'), textBody('gone'));
    store.delete([sampleAt('/b').id]);
    await restart();
    expect(store.stats().entries).toBe(1);
    expect(await hit(sampleAt('/a'))).toBe('two');
  });

  it('removes on disk at once what is removed, replaced or cleared', async () => {
    const [a, b] = [await put('/a', 'a'), await put('/b', 'b')];
    store.delete([a.id]);
    expect([...disk.bodies.keys()]).toEqual([b.id]);
    store.put(b, textBody('other'));
    expect(disk.bodies.size).toBe(0);
    await put('/c', 'c');
    store.clear();
    expect(disk.bodies.size).toBe(0);
  });

  it('forgets a response whose body is damaged on disk', async () => {
    const stored = await put('/one', 'first');
    disk.damage(stored.id);
    await restart();
    expect(await hit(stored)).toBeNull();
    expect(store.stats().entries).toBe(0);
    expect(disk.bodies.size).toBe(0);
  });

  it('forgets a response that leaves the disk, unless its body is in memory', async () => {
    const [a, b] = [await put('/a', 'in memory'), await put('/b', 'on disk')];
    await restart();
    store.put(a, textBody('in memory'));
    await expect.poll(() => disk.bodies.size).toBe(2);
    disk.drop(a.id);
    disk.drop(b.id);
    expect(await hit(a)).toBe('in memory');
    expect(store.lookup(b.key)).toEqual([]);
  });

  it('forgets what has been kept long enough', async () => {
    const stored = await put('/one', 'first', { lifetimeSeconds: 0 });
    await store.close();
    store = await open(disk, SAMPLE_TIME + 2 * 3_600_000);
    expect(store.lookup(stored.key)).toEqual([]);
    expect(disk.bodies.size).toBe(0);
  });

  it('keeps what the disk refuses in memory', async () => {
    disk.refuses = true;
    const stored = sampleAt('/one');
    store.put(stored, textBody('first'));
    await store.close();
    expect(disk.bodies.size).toBe(0);
    store = await open(disk);
    store.put(stored, textBody('second'));
    expect(await hit(stored)).toBe('second');
  });

  it('under pressure leaves bodies to the disk first, and responses go last', async () => {
    const all = await Promise.all(
      [1, 2, 3, 4, 5].map((index) => put(`/${index}`, String(index).repeat(20_000), IMAGE)),
    );
    store.setBudget(50_000);
    expect(store.stats()).toMatchObject({ entries: 5 });
    expect(store.stats().bytes).toBeLessThanOrEqual(50_000);
    for (const [index, stored] of all.entries())
      expect(await hit(stored)).toBe(`${index + 1}`.repeat(20_000));
    expect(store.stats().bytes).toBeLessThanOrEqual(50_000);
    store.setBudget(1000);
    expect(store.stats().entries).toBeLessThan(5);
    expect(disk.bodies.size).toBe(store.stats().entries);
  });

  it('drops the bodies that are only on disk, and clears it, when it is detached', async () => {
    const old = await put('/old', 'on disk');
    await restart();
    const recent = await put('/recent', 'in memory');
    await store.detach('clear');
    expect(disk.bodies.size).toBe(0);
    expect(disk.closed).toBe(true);
    expect(store.lookup(old.key)).toEqual([]);
    expect(await hit(recent)).toBe('in memory');
    expect(store.stats().persistence).toMatchObject({ state: 'off' });
  });

  it('leaves the disk as it is when it is detached to be attached elsewhere', async () => {
    const stored = await put('/kept', 'on disk');
    await store.detach('keep');
    store.delete([stored.id]);
    store = await open(disk);
    expect(await hit(stored)).toBe('on disk');
  });

  it('restores many in turns, and none that was removed or replaced meanwhile', async () => {
    const all = Array.from({ length: 30_000 }, (_, index) => sampleAt(`/${index}`, { bodyBytes: 3 }));
    for (const stored of all) store.put(stored, textBody('old'));
    await store.close();
    store = createMemoryStore({ budgetBytes: 64 * MEBIBYTE, now: () => SAMPLE_TIME });
    const attached = store.attach(disk);
    const [deleted, invalidated, replaced] = all.slice(-3) as [
      StoredResponse,
      StoredResponse,
      StoredResponse,
    ];
    expect(store.stats().entries).toBeLessThan(all.length);
    store.delete([deleted.id]);
    store.invalidate([invalidated.key]);
    store.put(replaced, textBody('new'));
    await attached;
    expect(store.stats().entries).toBe(all.length - 2);
    expect(await hit(replaced)).toBe('new');
    expect(store.lookup(deleted.key)).toEqual([]);
    expect(store.lookup(invalidated.key)).toEqual([]);
    expect(disk.bodies.has(deleted.id) || disk.bodies.has(invalidated.id)).toBe(false);
  });

  it('writes what is stored already when it is attached later', async () => {
    store = createMemoryStore({ budgetBytes: MEBIBYTE, now: () => SAMPLE_TIME });
    const [text, image] = [sampleAt('/text', { bodyBytes: 4000 }), sampleAt('/image', IMAGE)];
    store.put(text, textBody('t'.repeat(4000)));
    await expect.poll(() => store.stats().storedBodyBytes).toBeLessThan(1000);
    store.put(image, textBody('image'));
    await store.attach(disk);
    await expect.poll(() => disk.bodies.size).toBe(2);
    await restart();
    expect(await hit(text)).toBe('t'.repeat(4000));
    expect(await hit(image)).toBe('image');
  });
});

describe('compression in memory', () => {
  const words = 'some words '.repeat(1000);

  beforeEach(() => {
    store = createMemoryStore({ budgetBytes: MEBIBYTE, now: () => SAMPLE_TIME });
  });

  async function settled(): Promise<void> {
    store.put(sampleAt('/last', { fields: ['Content-Type', 'text/plain'] }), textBody('l'.repeat(2000)));
    await expect
      .poll(() => store.entry(sampleAt('/last').id)?.storedBytes)
      .toBe(gzipSync('l'.repeat(2000)).length);
  }

  it('keeps what can be compressed as gzip, says so, and gives the bytes of the origin', async () => {
    const stored = sampleAt('/words', { bodyBytes: words.length });
    store.put(stored, textBody(words));
    await expect.poll(() => store.stats().storedBodyBytes).toBe(gzipSync(words).length);
    expect(store.stats().bodyBytes).toBe(words.length);
    expect(store.entry(stored.id)).toMatchObject({
      bodyBytes: words.length,
      storedBytes: gzipSync(words).length,
    });
    expect(bodyText(await store.bodyOf(stored.id))).toBe(words);
    expect(await hit(stored)).toBe(words);
  });

  it('inflates for the first hit, apart from the event loop, and answers the next at once', async () => {
    const stored = sampleAt('/words', { bodyBytes: words.length });
    store.put(stored, textBody(words));
    await settled();
    const [found] = store.lookup(stored.key);
    const first = found && store.body(found);
    expect(first).toBeInstanceOf(Promise);
    expect(found && store.body(found)).toBe(first);
    await first;
    expect(found && store.body(found)).toEqual(Buffer.from(words));
  });

  it('leaves as it is what is small, encoded, of another type, or not worth it', async () => {
    const random = Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * index * 7919) % 251));
    const cases: [StoredResponse, Uint8Array][] = [
      [sampleAt('/small'), textBody(words.slice(0, 1023))],
      [
        sampleAt('/encoded', { fields: ['Content-Type', 'text/plain', 'Content-Encoding', 'br'] }),
        textBody(words),
      ],
      [sampleAt('/image', IMAGE), textBody(words)],
    ];
    for (const [stored, body] of cases) store.put(stored, body);
    store.put(sampleAt('/noise'), crypto.getRandomValues(random));
    await settled();
    for (const [stored, body] of cases) expect(store.entry(stored.id)?.storedBytes).toBe(body.length);
    expect(store.entry(sampleAt('/noise').id)?.storedBytes).toBe(4000);
  });

  it('compresses nothing at level 0, and goes by a new level from then on', async () => {
    store = createMemoryStore({ budgetBytes: MEBIBYTE, now: () => SAMPLE_TIME, compressionLevel: 0 });
    store.put(sampleAt('/words'), textBody(words));
    store.setCompressionLevel(9);
    await settled();
    expect(store.entry(sampleAt('/words').id)?.storedBytes).toBe(words.length);
  });

  it('never gives the body of a response that was replaced while it was compressed', async () => {
    const other = 'other words '.repeat(1000);
    store.put(sampleAt('/words'), textBody(words));
    await new Promise((resolve) => setImmediate(resolve));
    store.put(sampleAt('/words'), textBody(other));
    await settled();
    expect(await hit(sampleAt('/words'))).toBe(other);
  });
});
