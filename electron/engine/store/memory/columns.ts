/** Columns of numbers by row, for what the memory store keeps outside V8's heap. */

/** In a column of rows: none. */
export const NO_ROW = -1;

/** Outside the column: as if there were no row. */
export function cell(column: Int32Array, row: number): number {
  return column[row] ?? NO_ROW;
}

export function grownColumn(column: Int32Array, rows: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(rows);
  grown.set(column);
  return grown;
}
