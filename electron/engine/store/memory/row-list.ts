/**
 * An order of rows, kept as links in typed arrays: nothing on the heap for the collector to walk, and a touch
 * allocates nothing. The memory store keeps its rows in three: by use, by storing, and those whose body may go.
 */
import { NO_ROW, cell, grownColumn } from './columns';

const OUTSIDE = -2;

export class RowList {
  newest = NO_ROW;
  oldest = NO_ROW;
  #older = new Int32Array(0);
  #newer = new Int32Array(0);

  grow(rows: number): void {
    const before = this.#older.length;
    this.#older = grownColumn(this.#older, rows).fill(OUTSIDE, before);
    this.#newer = grownColumn(this.#newer, rows);
  }

  has(row: number): boolean {
    return cell(this.#older, row) !== OUTSIDE;
  }

  olderThan(row: number): number {
    return cell(this.#older, row);
  }

  *fromOldest(): Generator<number> {
    for (let row = this.oldest; row !== NO_ROW; row = cell(this.#newer, row)) yield row;
  }

  /** `row` must not be in the list. */
  add(row: number): void {
    this.#older[row] = this.newest;
    this.#newer[row] = NO_ROW;
    if (this.newest === NO_ROW) this.oldest = row;
    else this.#newer[this.newest] = row;
    this.newest = row;
  }

  /** Does nothing to a row that is not in the list. */
  remove(row: number): void {
    const older = cell(this.#older, row);
    if (older === OUTSIDE) return;
    const newer = cell(this.#newer, row);
    if (newer === NO_ROW) this.newest = older;
    else this.#older[newer] = older;
    if (older === NO_ROW) this.oldest = newer;
    else this.#newer[older] = newer;
    this.#older[row] = OUTSIDE;
  }

  /** Makes a row of the list its newest. */
  touch(row: number): void {
    if (row === this.newest || !this.has(row)) return;
    this.remove(row);
    this.add(row);
  }
}
