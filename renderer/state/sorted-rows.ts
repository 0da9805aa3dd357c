/**
 * The rows that pass the filter, in the order of a column. Rows that come are gathered and merged in one pass
 * over what is sorted already, together with dropping what has left the log.
 */

export interface NumberedRow {
  /** Counts up with each row. */
  readonly seq: number;
}

export type SortKey = number | string;

interface Sorted<R> {
  readonly key: SortKey;
  readonly row: R;
}

export class SortedRows<R extends NumberedRow> {
  readonly #keyOf: (row: R) => SortKey;
  readonly #descending: boolean;
  #rows: readonly Sorted<R>[] = [];
  #added: Sorted<R>[] = [];
  #oldest = 0;

  constructor(keyOf: (row: R) => SortKey, descending: boolean) {
    this.#keyOf = keyOf;
    this.#descending = descending;
  }

  /** Seen after the next `settle`. */
  add(row: R): void {
    this.#added.push({ key: this.#keyOf(row), row });
  }

  /** Merges what was added and drops rows older than `oldest`. Linear in the rows. */
  settle(oldest: number): void {
    if (this.#added.length === 0 && oldest === this.#oldest) return;
    this.#oldest = oldest;
    const added = this.#added.filter(({ row }) => row.seq >= oldest).sort((a, b) => this.#compare(a, b));
    this.#added = [];
    const merged: Sorted<R>[] = [];
    let next = 0;
    for (const sorted of this.#rows) {
      if (sorted.row.seq < oldest) continue;
      for (let one = added[next]; one !== undefined && this.#compare(one, sorted) < 0; one = added[next]) {
        merged.push(one);
        next += 1;
      }
      merged.push(sorted);
    }
    for (; next < added.length; next += 1) {
      const one = added[next];
      if (one !== undefined) merged.push(one);
    }
    this.#rows = merged;
  }

  get length(): number {
    return this.#rows.length;
  }

  at(index: number): R | undefined {
    return this.#rows[index]?.row;
  }

  /** -1 where it is not among them. */
  indexOf(seq: number): number {
    return this.#rows.findIndex(({ row }) => row.seq === seq);
  }

  /** Among equals the newest comes first. */
  #compare(a: Sorted<R>, b: Sorted<R>): number {
    if (a.key === b.key) return b.row.seq - a.row.seq;
    const order = a.key < b.key ? -1 : 1;
    return this.#descending ? -order : order;
  }
}
