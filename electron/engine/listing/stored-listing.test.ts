import { beforeEach, describe, expect, it } from 'vitest';
import type { ListingFilter, ListingQuery, ListingSort } from '../../../shared/stored-listing';
import { createMemoryStore } from '../store/memory/memory-store';
import type { ResponseStore } from '../store/response-store';
import { sampleAt, textBody } from '../store/test/sample-response';
import { onEachStore, START_TIME, type LarderOnStore } from '../test/each-store';
import { waitUntil } from '../test/engine-under-test';
import { createStoredListing } from './stored-listing';

const NEWEST_FIRST = { sort: 'storedAt', descending: true, offset: 0, limit: 100 } as const;

const pathOf = (url: string) => new URL(url).pathname + new URL(url).search;

onEachStore({ ttlSeconds: 60 }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  /** Stored one after the other, a second apart, with bodies that grow by that order. */
  async function stored(...targets: string[]): Promise<void> {
    for (const [index, target] of targets.entries()) {
      const fields = { 'Content-Type': target.endsWith('.svg') ? 'image/svg+xml' : 'text/plain' };
      larder.says({ fields, body: 'x'.repeat(index + 1) });
      await larder.ask(target);
      larder.clock.advance(1);
    }
    await larder.holds(targets.length);
  }

  const page = (query: Partial<ListingQuery> = {}) =>
    larder.engine.listing.page({ ...NEWEST_FIRST, ...query });
  const paths = async (query: Partial<ListingQuery> = {}) =>
    (await page(query)).entries.map(({ url }) => pathOf(url));
  const branch = (path: string) => larder.origin.url + path;

  describe('a page', () => {
    it('is a part of everything in its order', async () => {
      await stored('/a', '/b', '/c', '/d', '/e');
      expect(await paths({ offset: 0, limit: 2 })).toEqual(['/e', '/d']);
      expect(await paths({ offset: 3, limit: 2 })).toEqual(['/b', '/a']);
      expect(await paths({ offset: 9, limit: 2 })).toEqual([]);
      expect(await page()).toMatchObject({ total: 5, bodyBytes: 15, readSoFar: null, cappedAt: null });
    });

    it.each<[ListingSort, string[]]>([
      ['url', ['/a?x', '/b', '/c.svg']],
      ['size', ['/b', '/c.svg', '/a?x']],
      ['type', ['/c.svg']],
      ['storedAt', ['/b', '/c.svg', '/a?x']],
      ['expiresAt', ['/b', '/c.svg', '/a?x']],
    ])('sorts by %s, both ways', async (sort, expected) => {
      await stored('/b', '/c.svg', '/a?x');
      const ascending = await paths({ sort, descending: false });
      expect(ascending.slice(0, expected.length)).toEqual(expected);
      expect(await paths({ sort, descending: true })).toEqual([...ascending].reverse());
    });

    it('sorts by hits as they are by then', async () => {
      await stored('/a', '/b');
      expect((await page({ sort: 'hits', descending: true })).total).toBe(2);
      await larder.ask('/a');
      // Redis is looked at again after a while where nobody tells.
      await waitUntil(async () => (await paths({ sort: 'hits', descending: true }))[0] === '/a');
      expect((await page({ sort: 'hits', descending: true })).entries[0]?.hits).toBe(1);
    });

    it.each<[string, (at: (path: string) => string) => ListingFilter, string[]]>([
      ['a part of the URL', () => ({ q: 'PROD' }), ['/products/2', '/products?page=1', '/products/1']],
      ['a glob over the path', () => ({ match: '/products/*' }), ['/products/2', '/products/1']],
      ['a glob over the URL', (at) => ({ match: at('/l?go.svg') }), ['/logo.svg']],
      ['a branch', (at) => ({ under: at('/products') }), ['/products/2', '/products?page=1', '/products/1']],
      ['a branch that is a beginning only', (at) => ({ under: at('/prod') }), []],
      ['several at once', (at) => ({ under: at('/products'), q: 'S/2' }), ['/products/2']],
    ])('holds what passes %s', async (_what, filter, expected) => {
      await stored('/products/1', '/logo.svg', '/products?page=1', '/products/2');
      expect(await paths(filter(branch))).toEqual(expected);
      expect((await page(filter(branch))).total).toBe(expected.length);
    });

    it('holds what is fresh, what has expired, and what belongs to one user', async () => {
      await stored('/old');
      larder.clock.advance(61);
      larder.says({ body: 'mine' });
      await larder.ask('/me', { Authorization: 'Bearer a' });
      await larder.holds(2);
      expect(await paths({ state: 'fresh' })).toEqual(['/me']);
      expect(await paths({ state: 'expired' })).toEqual(['/old']);
      expect(await paths({ state: 'one-user' })).toEqual(['/me']);
      larder.clock.advance(61);
      expect(await paths({ state: 'fresh' })).toEqual([]);
    });

    it('holds what has been stored since, and not what has been removed', async () => {
      await stored('/a', '/b');
      expect((await page()).total).toBe(2);
      larder.says({ body: 'c' });
      await larder.ask('/c');
      await waitUntil(async () => (await page()).total === 3);
      const id = (await page()).entries[0]?.id ?? '';
      await larder.engine.deleteEntries([id]);
      expect(await paths()).toEqual(['/b', '/a']);
      await larder.engine.clear();
      expect(await paths()).toEqual([]);
    });
  });

  describe('ids', () => {
    it('come in the order of the pages, with the sizes of the bodies', async () => {
      await stored('/a', '/b', '/c');
      const { entries } = await page();
      const { ids, sizes } = await larder.engine.listing.ids({ ...NEWEST_FIRST, offset: 1, limit: 2 });
      expect(ids).toEqual(entries.slice(1).map(({ id }) => id));
      expect(sizes).toEqual([2, 1]);
    });
  });

  describe('branches', () => {
    const branches = async (under: string | null, sort: 'name' | 'count' | 'size' = 'name') => {
      const query = { under, sort, descending: sort !== 'name', limit: 2 } as const;
      const answer = await larder.engine.listing.branches(query);
      return { of: answer.of, shown: answer.branches.map(({ name, count, opens }) => [name, count, opens]) };
    };

    it('are origins, and the segments of their paths', async () => {
      await stored('/v2/a/1', '/v2/a/2?x=/y', '/v2/a', '/v2/b/', '/v2?q');
      expect(await branches(null)).toEqual({ of: 1, shown: [[larder.origin.url, 5, true]] });
      expect(await branches(branch(''))).toEqual({ of: 1, shown: [['/v2', 5, true]] });
      expect(await branches(branch('/v2'))).toMatchObject({
        shown: [
          ['/a', 3, true],
          ['/b', 1, true],
        ],
      });
      expect((await branches(branch('/v2/a'))).shown).toEqual([
        ['/1', 1, false],
        ['/2', 1, false],
      ]);
      expect((await branches(branch('/v2/b'))).shown).toEqual([['/', 1, false]]);
    });

    it('are sorted over all of them, and cut after that', async () => {
      await stored('/a/1', '/b/1', '/b/2', '/c/1', '/c/2', '/c/3');
      expect(await branches(branch(''), 'count')).toMatchObject({
        of: 3,
        shown: [
          ['/c', 3, true],
          ['/b', 2, true],
        ],
      });
      expect((await branches(branch(''), 'size')).shown[0]).toEqual(['/c', 3, true]);
    });

    it('are removed whole, with what was stored since they were counted', async () => {
      await stored('/v2/a/1', '/v2/a?x', '/v2/ab');
      expect((await branches(branch('/v2'))).of).toBe(2);
      larder.says({ body: 'late' });
      await larder.ask('/v2/a/late');
      await larder.holds(4);
      expect(await larder.engine.listing.removeUnder(branch('/v2/a'))).toEqual({ cleared: 3 });
      expect(await paths()).toEqual(['/v2/ab']);
    });
  });
});

describe('a listing of many', () => {
  let store: ResponseStore;
  const listingOf = (of: ResponseStore, most?: number) =>
    createStoredListing({ store: () => of, now: () => START_TIME, ...(most === undefined ? {} : { most }) });

  beforeEach(async () => {
    store = createMemoryStore({ budgetBytes: 2 ** 28, now: () => START_TIME });
    for (let number = 0; number < 2500; number += 1) {
      await store.put(sampleAt(`/${number}`, { responseTime: START_TIME + number }), textBody('body'));
    }
  });

  it('says so where more is stored than it holds', async () => {
    const listed = await listingOf(store, 2000).page(NEWEST_FIRST);
    expect(listed).toMatchObject({ total: 2000, cappedAt: 2000 });
    expect(listed.entries[0]?.url).toMatch(/\/2499$/);
  });

  it('answers with what it has read while the store is read, and then with everything', async () => {
    const gate = gated(store);
    const listing = listingOf(gate.store);
    const first = listing.page(NEWEST_FIRST);
    expect(await first).toMatchObject({ total: 1000, readSoFar: 1000, outdated: true });
    gate.open();
    await waitUntil(async () => (await listing.page(NEWEST_FIRST)).readSoFar === null);
    expect(await listing.page(NEWEST_FIRST)).toMatchObject({ total: 2500, outdated: false });
  });

  it('leaves out what has gone without a word, page after page', async () => {
    const listing = listingOf(store);
    const before = await listing.page(NEWEST_FIRST);
    const { ids } = await listing.ids({ ...NEWEST_FIRST, limit: 150 });
    await store.delete(ids);
    const after = await listing.page(NEWEST_FIRST);
    expect(after.entries).toHaveLength(100);
    expect(after.entries[0]?.url).toMatch(/\/2349$/);
    expect(after.total).toBe(2350);
    expect(after.revision).not.toBe(before.revision);
  });

  it('answers without what has gone while it reads again what took long', async () => {
    const gate = gated(store);
    const listing = listingOf(gate.store);
    // Nothing is answered before the patience with a first reading is over: it was not a quick one.
    await listing.page(NEWEST_FIRST);
    gate.open();
    await waitUntil(async () => (await listing.page(NEWEST_FIRST)).readSoFar === null);
    gate.close();
    const { ids } = await listing.ids({ ...NEWEST_FIRST, limit: 150 });
    await store.delete(ids);
    const { total, entries, outdated } = await listing.page(NEWEST_FIRST);
    expect([total, entries.length, outdated]).toEqual([2350, 100, true]);
    expect(entries[0]?.url).toMatch(/\/2349$/);
    gate.open();
  });

  it('leaves out at once what it is told has been removed', async () => {
    const listing = listingOf(store);
    await listing.page(NEWEST_FIRST);
    await listing.forget({ match: '/2*' });
    expect((await listing.page(NEWEST_FIRST)).total).toBe(2500);
    await store.deleteMatching('/2*');
    await listing.forget({ match: '/2*' });
    const { total, bodyBytes } = await listing.page(NEWEST_FIRST);
    expect([total, bodyBytes]).toEqual([2500 - 611, 0]);
  });

  it('rejects where the store does not answer, and reads again when asked again', async () => {
    const broken = { ...wrapped(store), list: () => Promise.reject(new Error('gone')) };
    let inUse: ResponseStore = broken;
    const listing = createStoredListing({ store: () => inUse, now: () => START_TIME });
    await expect(listing.page(NEWEST_FIRST)).rejects.toThrow('gone');
    await expect(listing.page(NEWEST_FIRST)).rejects.toThrow('gone');
    inUse = store;
    expect((await listing.page(NEWEST_FIRST)).total).toBe(2500);
  });
});

function wrapped(store: ResponseStore): ResponseStore {
  return {
    kind: 'memory',
    list: (query: Parameters<ResponseStore['list']>[0]) => store.list(query),
    entry: (id: string) => store.entry(id),
  } as ResponseStore;
}

/** The store's pages after the first come when they are let. */
function gated(store: ResponseStore) {
  let open: () => void = () => undefined;
  let opened: Promise<void>;
  const close = (): void => {
    opened = new Promise((resolve) => (open = resolve));
  };
  const list: ResponseStore['list'] = async (query) => {
    if (query.cursor !== undefined) await opened;
    return store.list(query);
  };
  close();
  return { store: { ...wrapped(store), list }, open: () => open(), close };
}
