import { describe, expect, it } from 'vitest';
import type { EntryQuery, StoredEntry } from '../../shared/stored-entry';
import { gridStep } from './grid-step';
import { StoredList } from './stored-list';

function entry(id: string, patch: Partial<StoredEntry> = {}): StoredEntry {
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
    ...patch,
  };
}

const PAGES: Readonly<Record<string, { entries: StoredEntry[]; cursor: string | null }>> = {
  first: { entries: [entry('b', { hits: 2 }), entry('a', { hits: 9 })], cursor: 'second' },
  second: { entries: [entry('c', { hits: 5 })], cursor: null },
};

function newList() {
  const asked: EntryQuery[] = [];
  const list = new StoredList(async (query) => {
    asked.push(query);
    const page = PAGES[query.cursor ?? 'first'];
    if (page === undefined || query.q === 'broken') {
      return { ok: false, error: { code: 'internal', message: 'No' } };
    }
    return { ok: true, value: page };
  });
  return { list, asked, ids: () => list.store.getState().entries.map(({ id }) => id) };
}

describe('StoredList', () => {
  it('loads page by page until there are no more', async () => {
    const { list, asked, ids } = newList();
    await list.reload();
    expect(list.store.getState()).toMatchObject({ loaded: true, cursor: 'second' });
    await list.more();
    await list.more();
    expect(ids()).toHaveLength(3);
    expect(asked).toEqual([{ limit: 500 }, { cursor: 'second', limit: 500 }]);
  });

  it('sorts what is loaded, the other way round at the second click', async () => {
    const { list, ids } = newList();
    await list.reload();
    list.sortBy('hits');
    expect(ids()).toEqual(['a', 'b']);
    await list.more();
    expect(ids()).toEqual(['a', 'c', 'b']);
    list.sortBy('hits');
    expect(ids()).toEqual(['b', 'c', 'a']);
    list.sortBy('url');
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  it('says what went wrong and keeps what it has', async () => {
    const { list, ids } = newList();
    await list.reload();
    await list.search('broken');
    expect(list.store.getState()).toMatchObject({ problem: 'No', loading: false });
    expect(ids()).toHaveLength(2);
  });

  it('throws away answers to older questions', async () => {
    const { list } = newList();
    const older = list.search('broken');
    await list.search('');
    await older;
    expect(list.store.getState().problem).toBeNull();
  });

  it('takes deleted ones out at once', async () => {
    const { list, ids } = newList();
    await list.reload();
    list.forget(new Set(['a']));
    expect(ids()).toEqual(['b']);
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
