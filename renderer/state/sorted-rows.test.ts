import { describe, expect, it } from 'vitest';
import { SortedRows } from './sorted-rows';

interface Row {
  readonly seq: number;
  readonly value: number;
}

const seqs = (rows: SortedRows<Row>) =>
  Array.from({ length: rows.length }, (_, index) => rows.at(index)?.seq);

/** A sequence without a pattern, the same each time. */
function* numbers(): Generator<number, never> {
  let state = 7;
  for (;;) yield (state = (state * 1103515245 + 12345) % 2147483648) % 50;
}

describe('SortedRows', () => {
  it('puts rows in order, the newest first among equals', () => {
    const rows = new SortedRows<Row>(({ value }) => value, true);
    for (const [index, value] of [3, 9, 3, 1].entries()) rows.add({ seq: index + 1, value });
    expect(rows.length).toBe(0);
    rows.settle(0);
    expect(seqs(rows)).toEqual([2, 3, 1, 4]);
    expect(rows.indexOf(4)).toBe(3);
    expect(rows.indexOf(5)).toBe(-1);
  });

  it.each([true, false])(
    'merges batch after batch as sorting them all would (descending: %s)',
    (descending) => {
      const rows = new SortedRows<Row>(({ value }) => value, descending);
      const all: Row[] = [];
      const value = numbers();
      for (let batch = 0; batch < 40; batch += 1) {
        for (let one = 0; one < batch % 7; one += 1) {
          const row = { seq: all.length + 1, value: value.next().value };
          all.push(row);
          rows.add(row);
        }
        const oldest = Math.max(0, all.length - 60);
        rows.settle(oldest);
        const kept = all.filter(({ seq }) => seq >= oldest);
        kept.sort((a, b) => (descending ? b.value - a.value : a.value - b.value) || b.seq - a.seq);
        expect(seqs(rows)).toEqual(kept.map(({ seq }) => seq));
      }
    },
  );

  it('sorts words', () => {
    const rows = new SortedRows<{ seq: number; word: string }>(({ word }) => word, false);
    for (const [index, word] of ['b', 'a', 'c'].entries()) rows.add({ seq: index, word });
    rows.settle(0);
    expect([rows.at(0)?.word, rows.at(1)?.word, rows.at(2)?.word]).toEqual(['a', 'b', 'c']);
  });
});
