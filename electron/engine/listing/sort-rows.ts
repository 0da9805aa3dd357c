/** A merge sort in short turns: sorting hundreds of thousands of rows must not hold up a request. */
import type { CompareRows } from './entry-columns';
import type { Turns } from './turns';

/** Rows sorted by insertion before merging begins. */
const RUN = 16;
/** Rows between two looks at the clock. */
const STRIDE = 2048;

/** Sorts in place. Stable: what is equal stays in its order. */
export async function sortRows(rows: Uint32Array, compare: CompareRows, turns: Turns): Promise<void> {
  const { length } = rows;
  for (let start = 0; start < length; start += RUN) {
    insertionSort(rows, { start, end: Math.min(start + RUN, length) }, compare);
    if (start % STRIDE === 0 && turns.over) await turns.next();
  }
  let from: Uint32Array = rows;
  let to: Uint32Array = new Uint32Array(length);
  for (let width = RUN; width < length; width *= 2) {
    const merging = new Merging(from, to, compare);
    for (let start = 0; start < length; start += 2 * width) {
      merging.begin(start, Math.min(start + width, length), Math.min(start + 2 * width, length));
      while (!merging.go(STRIDE)) if (turns.over) await turns.next();
      if (turns.over) await turns.next();
    }
    [from, to] = [to, from];
  }
  if (from !== rows) rows.set(from);
}

interface Run {
  readonly start: number;
  readonly end: number;
}

function insertionSort(rows: Uint32Array, { start, end }: Run, compare: CompareRows): void {
  for (let index = start + 1; index < end; index += 1) {
    const row = rows[index] ?? 0;
    let place = index;
    while (place > start && compare(rows[place - 1] ?? 0, row) > 0) {
      rows[place] = rows[place - 1] ?? 0;
      place -= 1;
    }
    rows[place] = row;
  }
}

/** Merges two neighbouring runs, some rows at a time. */
class Merging {
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;
  readonly #compare: CompareRows;
  #left = 0;
  #leftEnd = 0;
  #right = 0;
  #rightEnd = 0;
  #out = 0;

  constructor(from: Uint32Array, to: Uint32Array, compare: CompareRows) {
    this.#from = from;
    this.#to = to;
    this.#compare = compare;
  }

  begin(start: number, middle: number, end: number): void {
    this.#left = start;
    this.#leftEnd = middle;
    this.#right = middle;
    this.#rightEnd = end;
    this.#out = start;
  }

  /** Puts so many rows in their places; true: all are. */
  go(count: number): boolean {
    const from = this.#from;
    const to = this.#to;
    const compare = this.#compare;
    const last = Math.min(this.#out + count, this.#rightEnd);
    while (this.#out < last) {
      const takesLeft =
        this.#left < this.#leftEnd &&
        (this.#right >= this.#rightEnd || compare(from[this.#left] ?? 0, from[this.#right] ?? 0) <= 0);
      to[this.#out] = (takesLeft ? from[this.#left] : from[this.#right]) ?? 0;
      if (takesLeft) this.#left += 1;
      else this.#right += 1;
      this.#out += 1;
    }
    return this.#out === this.#rightEnd;
  }
}
