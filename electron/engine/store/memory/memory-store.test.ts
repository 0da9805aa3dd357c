import { describe, expect, it } from 'vitest';
import type { MemoryStore } from './memory-store-contract';
import { createMemoryStore } from './memory-store';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from '../test/sample-response';

const MEBIBYTE = 1024 * 1024;
const OCTETS = { fields: ['Content-Type', 'application/octet-stream'] };

function memoryStore(budgetBytes = 64 * MEBIBYTE): MemoryStore {
  return createMemoryStore({ budgetBytes, now: () => SAMPLE_TIME });
}

describe('memory store', () => {
  it('gives the same array for the same key, so that a hit allocates nothing', () => {
    const store = memoryStore();
    store.put(sampleAt('/a'), textBody('a'));
    expect(store.lookup(sampleAt('/a').key)).toBe(store.lookup(sampleAt('/a').key));
    expect(store.lookup('never')).toBe(store.lookup('nor this'));
  });

  describe('what it answers at once', () => {
    const bodyNow = (store: MemoryStore, key: string): string | null => {
      const found = store.lookupNow(key) ?? [];
      const [only] = found;
      const body = only === undefined ? null : store.bodyNow(only, found);
      return body === null ? null : Buffer.from(body).toString();
    };

    it('is what it has, the first time and each time after it, and a hit each time', async () => {
      const store = memoryStore();
      const { key, id } = sampleAt('/a');
      store.put(sampleAt('/a'), textBody('body of a'));
      expect([bodyNow(store, key), bodyNow(store, key), bodyNow(store, key)]).toEqual(
        Array(3).fill('body of a'),
      );
      expect((await store.list({})).entries).toMatchObject([{ id, hits: 3 }]);
      expect(bodyNow(store, sampleAt('/b').key)).toBeNull();
    });

    it('is nothing that was replaced or removed since it was found', () => {
      const store = memoryStore();
      const { key } = sampleAt('/a');
      store.put(sampleAt('/a'), textBody('old'));
      const found = store.lookupNow(key) ?? [];
      const [stored] = found;
      if (stored === undefined) throw new Error('not found');
      store.put(sampleAt('/a'), textBody('new'));
      expect(store.bodyNow(stored, found)).toBeNull();
      expect(bodyNow(store, key)).toBe('new');
      store.clear();
      expect(bodyNow(store, key)).toBeNull();
    });

    it('does not make everything hot that is read through once', () => {
      const store = memoryStore();
      for (let number = 0; number < 100; number += 1)
        store.put(sampleAt(`/${number}`), textBody(`body of ${number}`));
      const before = store.stats().bytes;
      for (let number = 0; number < 100; number += 1)
        expect(bodyNow(store, sampleAt(`/${number}`).key)).toBe(`body of ${number}`);
      expect(store.stats().bytes).toBe(before);
      for (let number = 0; number < 100; number += 1) bodyNow(store, sampleAt(`/${number}`).key);
      expect(store.stats().bytes).toBeGreaterThan(before);
    });
  });

  it('leaves an array that was handed out as it was', () => {
    const store = memoryStore();
    store.put(sampleAt('/a'), textBody('a'));
    const held = store.lookup(sampleAt('/a').key);
    store.put(sampleAt('/a', { vary: [['accept', 'x']] }), textBody('b'));
    store.clear();
    expect(held).toEqual([sampleAt('/a')]);
  });

  it('evicts the least recently used, where a hit is a use and a look is not', () => {
    const [a, b, c, d] = ['/a', '/b', '/c', '/d'].map((path) => sampleAt(path)) as [
      Sample,
      Sample,
      Sample,
      Sample,
    ];
    const store = memoryStore(3 * costOf(a, '0123456789'));
    for (const each of [a, b, c]) store.put(each, textBody('0123456789'));
    expect(store.body(a)).not.toBeNull();
    expect(store.bodyOf(b.id)).not.toBeNull();
    store.entry(b.id);
    store.lookup(b.key);
    store.put(d, textBody('0123456789'));
    expect([a, b, c, d].map((each) => store.lookup(each.key).length)).toEqual([1, 0, 1, 1]);
    expect(store.stats().entries).toBe(3);
  });

  it('evicts as many as a large response needs', () => {
    const store = memoryStore(100_000);
    for (let index = 0; index < 20; index += 1) store.put(sampleAt(`/${index}`), new Uint8Array(2000));
    expect(store.put(sampleAt('/large'), new Uint8Array(90_000))).toBe(true);
    expect(store.stats().bytes).toBeLessThanOrEqual(100_000);
    expect(store.lookup(sampleAt('/large').key)).toHaveLength(1);
    expect(store.lookup(sampleAt('/0').key)).toHaveLength(0);
  });

  it('leaves out a response larger than the budget, and the one that it outdates', () => {
    const store = memoryStore(10_000);
    store.put(sampleAt('/a'), textBody('small'));
    store.put(sampleAt('/b'), textBody('other'));
    expect(store.put(sampleAt('/a'), new Uint8Array(20_000))).toBe(false);
    expect(store.lookup(sampleAt('/a').key)).toEqual([]);
    expect(store.lookup(sampleAt('/b').key)).toHaveLength(1);
  });

  it('evicts at once when the budget shrinks', () => {
    const store = memoryStore();
    for (let index = 0; index < 100; index += 1) store.put(sampleAt(`/${index}`), new Uint8Array(1000));
    store.setBudget(20_000);
    expect(store.stats().bytes).toBeLessThanOrEqual(20_000);
    expect(store.stats().budgetBytes).toBe(20_000);
    expect(store.lookup(sampleAt('/99').key)).toHaveLength(1);
    store.setBudget(0);
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0, budgetBytes: 0 });
  });

  it('counts keys, fields and bodies, and forgets what it counted when they go', () => {
    const store = memoryStore();
    const stored = sampleAt('/counted', { fields: ['X-Long', 'v'.repeat(5000)] });
    store.put(stored, new Uint8Array(3000));
    expect(store.stats().bytes).toBeGreaterThan(8000);
    store.freshen({ ...stored, fields: ['X-Long', 'v'.repeat(9000)] });
    expect(store.stats().bytes).toBeGreaterThan(12_000);
    store.put({ ...stored, fields: [] }, new Uint8Array(0));
    expect(store.stats().bytes).toBeLessThan(1000);
    store.delete([stored.id]);
    expect(store.stats().bytes).toBe(0);
  });

  it('evicts a response that outgrows the budget when it is freshened', () => {
    const store = memoryStore(5000);
    const stored = sampleAt('/grows');
    store.put(stored, textBody('x'));
    expect(store.freshen({ ...stored, fields: ['X-Long', 'v'.repeat(9000)] })).toBe(false);
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('keeps a body that is alone in its memory without a copy, and copies any other', () => {
    const store = memoryStore();
    const alone = new Uint8Array(20_000).fill(1);
    store.put(sampleAt('/alone', OCTETS), alone);
    expect(store.bodyOf(sampleAt('/alone').id)).toBe(alone);
    const [found] = store.lookup(sampleAt('/alone').key);
    expect(found && store.body(found)).toBe(alone);
    const large = Buffer.alloc(40_000, 'part');
    store.put(sampleAt('/part', OCTETS), large.subarray(0, 20_000));
    large.fill('x');
    const kept = store.bodyOf(sampleAt('/part').id) as Uint8Array;
    expect(kept.buffer.byteLength).toBe(20_000);
    expect(bodyText(kept)).toBe('part'.repeat(5000));
  });

  it('lists the most recently stored first', async () => {
    const store = memoryStore();
    for (const path of ['/a', '/b', '/c', '/a']) store.put(sampleAt(path), textBody(path));
    await store.body(store.lookup(sampleAt('/b').key)[0] ?? sampleAt('/b'));
    const first = await store.list({ limit: 2 });
    expect(first.entries.map((each) => each.url.slice(-2))).toEqual(['/a', '/c']);
    const second = await store.list({ limit: 2, cursor: first.cursor ?? '' });
    expect(second.entries.map((each) => each.url.slice(-2))).toEqual(['/b']);
    expect(second.cursor).toBeNull();
  });

  it('lists each response once', async () => {
    const store = memoryStore();
    for (let index = 0; index < 25; index += 1) store.put(sampleAt(`/${index}`), textBody(''));
    const urls: string[] = [];
    let page = await store.list({ limit: 10 });
    for (; page.cursor !== null; page = await store.list({ limit: 10, cursor: page.cursor })) {
      urls.push(...page.entries.map((each) => each.url));
    }
    urls.push(...page.entries.map((each) => each.url));
    expect(urls).toEqual(Array.from({ length: 25 }, (_, index) => sampleAt(`/${24 - index}`).url));
  });

  it('takes limits from 1 to 1000 and 100 by default', async () => {
    const store = memoryStore();
    for (let index = 0; index < 1100; index += 1) store.put(sampleAt(`/${index}`), textBody(''));
    expect((await store.list({})).entries).toHaveLength(100);
    expect((await store.list({ limit: 0 })).entries).toHaveLength(1);
    expect((await store.list({ limit: 5000 })).entries).toHaveLength(1000);
    expect((await store.list({ limit: Number.NaN })).entries).toHaveLength(100);
  });

  it('holds nothing after it is closed', async () => {
    const store = memoryStore();
    store.put(sampleAt('/a'), textBody('a'));
    await store.close();
    expect(store.stats().entries).toBe(0);
  });
});

type Sample = ReturnType<typeof sampleAt>;

/** What a response is counted as while it is not hot. */
function costOf(stored: Sample, body: string): number {
  const store = memoryStore();
  store.put(stored, textBody(body));
  return store.stats().bytes;
}
