import { describe, expect, it } from 'vitest';
import type { StoredEntry } from '../../shared/stored-entry';
import type { ListingFacts, ListingQuery } from '../../shared/stored-listing';
import { gridStep } from './grid-step';
import { StoredList } from './stored-list';

function entry(id: string): StoredEntry {
  return {
    id,
    method: 'GET',
    url: `https://a.test/${id}`,
    status: 200,
    contentType: 'text/plain',
    bodyBytes: 1,
    storedBytes: 1,
    storedAt: 0,
    expiresAt: 0,
    hits: 0,
    vary: [],
    forOneUser: false,
  };
}

/** Main, with so many responses whose ids are their places. */
function newList(total: number, facts: Partial<ListingFacts> = {}) {
  const asked: ListingQuery[] = [];
  const main = { total, facts };
  let late: () => void = () => undefined;
  const list = new StoredList(async (query) => {
    asked.push(query);
    if (query.q === 'late') await new Promise<void>((resolve) => (late = resolve));
    if (query.q === 'broken' || query.q === 'late')
      return { ok: false, error: { code: 'internal', message: 'No' } };
    const ids = Array.from({ length: main.total }, (_, place) => String(place));
    const entries = ids.slice(query.offset, query.offset + query.limit).map(entry);
    const sums = { total: main.total, bodyBytes: main.total, storedBytes: main.total, revision: 1 };
    const rest = { outdated: false, readSoFar: null, cappedAt: null, ...main.facts };
    return { ok: true, value: { offset: Math.min(query.offset, main.total), entries, ...sums, ...rest } };
  });
  return { list, asked, main, late: () => late() };
}

/** Until the list has nothing more to ask. */
async function settled(asked: readonly unknown[]): Promise<void> {
  for (let before = -1; before !== asked.length;) {
    before = asked.length;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

describe('StoredList', () => {
  it('knows how many there are, and has the rows around what is in sight', async () => {
    const { list, asked } = newList(1_000_000);
    await list.reload();
    expect(list.store.getState()).toMatchObject({ total: 1_000_000, loaded: true, problem: null });
    expect(list.entryAt(30)?.id).toBe('30');
    list.show(500_000, 500_030);
    expect(list.entryAt(500_000)).toBeUndefined();
    await settled(asked);
    expect(list.entryAt(500_000)?.id).toBe('500000');
    expect(list.entryAt(500_030)?.id).toBe('500030');
    expect(list.indexOf('500007')).toBe(500_007);
    expect(list.indexOf('30')).toBe(-1);
    expect(asked).toHaveLength(2);
  });

  it('asks for nothing while what is in sight is at hand', async () => {
    const { list, asked } = newList(1000);
    await list.reload();
    list.show(20, 60);
    list.show(100, 140);
    expect(asked).toHaveLength(1);
  });

  it('asks once for where scrolling came to rest, however far it went meanwhile', async () => {
    const { list, asked } = newList(100_000);
    await list.reload();
    for (let first = 1000; first <= 50_000; first += 1000) list.show(first, first + 30);
    await settled(asked);
    expect(asked).toHaveLength(3);
    expect(list.entryAt(50_010)?.id).toBe('50010');
  });

  it('leaves order and filter to main', async () => {
    const { list, asked } = newList(10);
    await list.order({ sort: 'hits', descending: true });
    await list.search('pro');
    await list.filter({ state: 'expired', under: 'https://a.test/v2' });
    const order = { sort: 'hits', descending: true, offset: 0, limit: 240 };
    expect(asked).toEqual([
      order,
      { ...order, q: 'pro' },
      { ...order, q: 'pro', state: 'expired', under: 'https://a.test/v2' },
    ]);
    await list.filter({ q: '', state: null, under: null });
    expect(asked.at(-1)).toEqual(order);
  });

  it('shows the end of a list that has become shorter than where one was', async () => {
    const { list, asked, main } = newList(5000);
    await list.reload();
    list.show(4970, 4999);
    await settled(asked);
    main.total = 100;
    await list.reload();
    await settled(asked);
    expect(list.entryAt(99)?.id).toBe('99');
  });

  it('says what went wrong and keeps what it has', async () => {
    const { list } = newList(3);
    await list.reload();
    await list.search('broken');
    expect(list.store.getState()).toMatchObject({ problem: 'No', waiting: false, total: 3 });
    expect(list.store.getState().entries).toHaveLength(3);
  });

  it('throws away answers to older questions', async () => {
    const { list, late } = newList(3);
    const older = list.search('late');
    await list.search('');
    late();
    await older;
    expect(list.store.getState()).toMatchObject({ total: 3, problem: null });
  });

  it('asks again by itself while what it has is out of date, unless nobody looks', async () => {
    const { list, asked, main } = newList(3, { outdated: true });
    await list.reload();
    main.facts = {};
    await expect.poll(() => asked.length, { timeout: 5000 }).toBe(2);
    main.facts = { outdated: true };
    await list.reload();
    list.rest();
    expect(asked).toHaveLength(3);
  });

  it('takes deleted ones out at once', async () => {
    const { list } = newList(3);
    await list.reload();
    list.forget(new Set(['1']));
    expect(list.store.getState()).toMatchObject({ total: 2 });
    expect(list.store.getState().entries.map(({ id }) => id)).toEqual(['0', '2']);
  });
});

describe('gridStep', () => {
  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['ArrowUp', 5, 4],
    ['PageDown', 1, 4],
    ['PageUp', 5, 2],
    ['Home', 5, 0],
    ['End', 5, 9],
    ['a', 5, null],
  ])('%s from %i leads to %s', (key, index, expected) => {
    expect(gridStep(key, { index, rows: 10, page: 4 })).toBe(expected);
  });

  it('stays where it is in an empty grid', () => {
    expect(gridStep('ArrowDown', { index: -1, rows: 0, page: 4 })).toBeNull();
  });
});
