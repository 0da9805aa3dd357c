/** One order of what passes one filter: row numbers in a typed array, and their totals. Beside the request's path. */
import type { ListingFilter, ListingOrder } from '../../../shared/stored-listing';
import type { EntryColumns } from './entry-columns';
import { rowFilter } from './row-filter';
import { sortRows } from './sort-rows';
import { Turns } from './turns';

/** Rows between two looks at the clock. */
const STRIDE = 256;

export interface ListingView {
  readonly columns: EntryColumns;
  /** Rows of the columns when it was made: more may have been read since. */
  readonly readRows: number;
  /** Ascending; gone ones are taken out by `withoutGone`. */
  readonly rows: Uint32Array;
  readonly bodyBytes: number;
  readonly storedBytes: number;
  readonly revision: number;
  readonly madeAt: number;
  readonly tookMs: number;
}

interface Making {
  readonly columns: EntryColumns;
  readonly query: ListingFilter & ListingOrder;
  /** What is fresh is so at this moment. */
  readonly now: number;
  readonly revision: number;
}

export async function makeView({ columns, query, now, revision }: Making): Promise<ListingView> {
  const startedAt = performance.now();
  const turns = new Turns();
  const readRows = columns.rows;
  const rows = await rowsThat(rowFilter(columns, query, now), readRows, turns);
  await sortRows(rows, columns.comparison(query.sort), turns);
  const totals = await totalsOf(columns, rows, turns);
  const tookMs = performance.now() - startedAt;
  return { columns, readRows, rows, ...totals, revision, madeAt: now, tookMs };
}

/** The same without what has gone since. */
export function withoutGone(view: ListingView, revision: number): ListingView {
  const { columns } = view;
  let { bodyBytes, storedBytes } = view;
  const rows = view.rows.filter((row) => {
    if (!columns.isGone(row)) return true;
    bodyBytes -= columns.bodyBytes(row);
    storedBytes -= columns.storedBytes(row);
    return false;
  });
  return { ...view, rows, bodyBytes, storedBytes, revision };
}

/** Numbers of the first `count` rows that pass, in short turns. */
export async function rowsThat(
  passes: (row: number) => boolean,
  count: number,
  turns: Turns,
): Promise<Uint32Array> {
  const rows = new Uint32Array(count);
  let passed = 0;
  for (let row = 0; row < count; row += 1) {
    if (passes(row)) rows[passed++] = row;
    if (row % STRIDE === 0 && turns.over) await turns.next();
  }
  return passed === count ? rows : rows.slice(0, passed);
}

async function totalsOf(columns: EntryColumns, rows: Uint32Array, turns: Turns) {
  let bodyBytes = 0;
  let storedBytes = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    bodyBytes += columns.bodyBytes(row);
    storedBytes += columns.storedBytes(row);
    if (index % (STRIDE * 16) === 0 && turns.over) await turns.next();
  }
  return { bodyBytes, storedBytes };
}
