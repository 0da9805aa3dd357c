import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Column } from './columns';
import { columnTemplate, Columns, leastRowWidth } from './columns';

type Id = 'name' | 'size' | 'note';
const ALL: readonly Column<Id>[] = [
  { id: 'name', name: 'Name', width: 100, minWidth: 60, grow: 1, always: true },
  { id: 'size', name: 'Size', width: 50, minWidth: 40, numeric: true },
  { id: 'note', name: 'Note', width: 80, minWidth: 40, fromGridWidth: 400 },
];

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => kept.set(name, text),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('Columns', () => {
  const seenIn = (columns: Columns<Id>, gridWidth: number) => {
    columns.measured(gridWidth);
    return columns.store.getState().visible.map(({ id }) => id);
  };
  const arrangement = (columns: Columns<Id>) => {
    const { widths, chosen, sort } = columns.store.getState();
    return { widths, chosen, sort };
  };

  it('lets a column fall away in a narrow grid, unless it was chosen', () => {
    const columns = new Columns('test', ALL);
    expect(seenIn(columns, 400)).toEqual(['name', 'size', 'note']);
    expect(seenIn(columns, 399)).toEqual(['name', 'size']);
    columns.show('note', true);
    columns.show('size', false);
    expect(seenIn(columns, 100)).toEqual(['name', 'note']);
  });

  it('never hides a column that must stay', () => {
    const columns = new Columns('test', ALL);
    columns.show('name', false);
    expect(seenIn(columns, 500)).toContain('name');
  });

  it('says nothing while the grid grows without room for another column', () => {
    const columns = new Columns('test', ALL);
    columns.measured(410);
    let changes = 0;
    columns.store.subscribe(() => (changes += 1));
    for (const width of [420, 900, 401]) columns.measured(width);
    expect(changes).toBe(0);
    columns.measured(399);
    expect(changes).toBe(1);
  });

  it('sorts numbers from the largest, words from the first, and the third time not at all', () => {
    const columns = new Columns('test', ALL);
    const sorts = (id: Id) => {
      columns.sortBy(id);
      return columns.store.getState().sort?.descending ?? null;
    };
    expect([sorts('size'), sorts('size'), sorts('size')]).toEqual([true, false, null]);
    expect([sorts('name'), sorts('name'), sorts('name')]).toEqual([false, true, null]);
    sorts('name');
    expect(sorts('size')).toBe(true);
  });

  it('keeps a width within what the column allows', () => {
    const columns = new Columns('test', ALL);
    columns.resize('size', 3);
    columns.resize('note', 1e6);
    expect(columns.store.getState().widths).toEqual({ size: 40, note: 1600 });
  });

  it('remembers widths, choice and sorting, and forgets them when they are reset', () => {
    const columns = new Columns('test', ALL, { column: 'name', descending: false });
    columns.resize('size', 70);
    columns.show('note', false);
    columns.sortBy('size');
    const state = {
      widths: { size: 70 },
      chosen: { note: false },
      sort: { column: 'size', descending: true },
    };
    expect(arrangement(new Columns('test', ALL))).toEqual(state);
    expect(new Columns('other', ALL).store.getState().sort).toBeNull();
    columns.reset();
    expect(arrangement(new Columns('test', ALL))).toEqual({
      widths: {},
      chosen: {},
      sort: { column: 'name', descending: false },
    });
  });

  it.each([
    'null',
    '7',
    '{',
    '{"widths":7,"chosen":[],"sort":"x"}',
    '{"widths":{"gone":90,"size":"wide","name":1},"chosen":{"gone":true,"name":false},"sort":{"column":"gone"}}',
  ])('does without what it does not understand: %s', (text) => {
    kept.set('larder.columns.test', text);
    expect(arrangement(new Columns('test', ALL))).toEqual({ widths: {}, chosen: {}, sort: null });
  });
});

describe('the template of a row', () => {
  it('gives the room that is left to the columns that grow, unless they were drawn to a width', () => {
    expect(columnTemplate(ALL, {})).toBe('minmax(100px, 1fr) 50px 80px');
    expect(columnTemplate(ALL, { name: 240 })).toBe('240px 50px 80px');
  });

  it('knows the least width of a row', () => {
    expect(leastRowWidth(ALL, {})).toBe(100 + 50 + 80 + 2 * 10 + 20);
    expect(leastRowWidth(ALL, { name: 240 })).toBe(240 + 50 + 80 + 2 * 10 + 20);
  });
});
