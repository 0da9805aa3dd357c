import { describe, expect, it } from 'vitest';
import { EntrySelection, type SelectedEntry } from './entry-selection';

const row = (index: number): SelectedEntry => ({ id: `id${index}`, bodyBytes: 10 });

function newSelection() {
  const fetched: [number, number][] = [];
  const answers: ((entries: SelectedEntry[] | null) => void)[] = [];
  const selection = new EntrySelection((from, to) => {
    fetched.push([from, to]);
    return new Promise((resolve) => answers.push(resolve));
  });
  /** Answers the question that was asked last. */
  const answer = async (entries?: SelectedEntry[] | null): Promise<void> => {
    const [from, to] = fetched.at(-1) ?? [0, -1];
    const all = Array.from({ length: to - from + 1 }, (_, place) => row(from + place));
    answers.at(-1)?.(entries === undefined ? all : entries);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { selection, fetched, answers, answer, state: () => selection.store.getState() };
}

describe('EntrySelection', () => {
  it('stands on a row without selecting it', () => {
    const { selection, state } = newSelection();
    selection.stand('id3', 3);
    expect(state()).toMatchObject({ activeId: 'id3', activeIndex: 3 });
    expect(selection.ids).toEqual([]);
  });

  it('toggles rows one by one, with the row it stood on before', () => {
    const { selection, state } = newSelection();
    selection.stand('id3', 3);
    selection.toggle(row(5), 5, row(3));
    expect(selection.ids).toEqual(['id3', 'id5']);
    selection.toggle(row(3), 3, row(5));
    expect(selection.ids).toEqual(['id5']);
    expect(state().bodyBytes).toBe(10);
    selection.stand('id9', 9);
    expect(selection.ids).toEqual([]);
  });

  it('reaches from where the range began, forwards and backwards', async () => {
    const { selection, fetched, answer, state } = newSelection();
    selection.stand('id5', 5);
    void selection.extend(8, 'id8');
    await answer();
    expect(selection.ids).toEqual(['id5', 'id6', 'id7', 'id8']);
    void selection.extend(3, 'id3');
    await answer();
    expect(fetched).toEqual([
      [5, 8],
      [3, 5],
    ]);
    expect(selection.ids).toEqual(['id3', 'id4', 'id5']);
    expect(state()).toMatchObject({ activeId: 'id3', bodyBytes: 30 });
  });

  it('selects all, and nothing of a range that was given up meanwhile', async () => {
    const { selection, answer, state } = newSelection();
    void selection.all(4);
    expect(state().selecting).toBe(true);
    selection.clear();
    await answer();
    expect(selection.ids).toEqual([]);
    expect(state().selecting).toBe(false);
    void selection.all(4);
    await answer();
    expect(selection.ids).toHaveLength(4);
    void selection.all(4);
    await answer(null);
    expect(selection.ids).toHaveLength(4);
  });

  it('walks without losing what is selected, and a later range begins there', async () => {
    const { selection, fetched, answer } = newSelection();
    selection.toggle(row(1), 1, undefined);
    selection.walk('id4', 4);
    expect(selection.ids).toEqual(['id1']);
    void selection.extend(6, 'id6');
    await answer();
    expect(fetched).toEqual([[4, 6]]);
  });

  it('forgets what has been deleted', async () => {
    const { selection, answer, state } = newSelection();
    selection.stand('id0', 0);
    void selection.extend(2, 'id2');
    await answer();
    selection.forget(new Set(['id1', 'id2']));
    expect(selection.ids).toEqual(['id0']);
    expect(state()).toMatchObject({ activeId: null, activeIndex: -1, bodyBytes: 10 });
  });
});
