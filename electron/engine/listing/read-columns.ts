/** Walks a store from its first page to its last, for the listing. Beside the request's path. */
import type { ResponseStore } from '../store/response-store';
import { EntryColumns } from './entry-columns';
import { Turns } from './turns';

const PAGE = 1000;
/** Entries between two looks at the clock. */
const STRIDE = 64;

export interface Reading {
  /** Filled while it is read. */
  readonly columns: EntryColumns;
  /** Whether more is stored than was read; rejects where the store does. */
  readonly done: Promise<boolean>;
}

/** @param most entries; what is stored beyond them is left out */
export function readColumns(store: ResponseStore, most: number): Reading {
  const columns = new EntryColumns();
  return { columns, done: readAll(store, columns, most) };
}

async function readAll(store: ResponseStore, columns: EntryColumns, most: number): Promise<boolean> {
  // Redis may give what it has twice.
  const seen = store.kind === 'redis' ? new Set<string>() : null;
  const turns = new Turns();
  let cursor: string | null = null;
  do {
    const page = await store.list({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    for (const [index, entry] of page.entries.entries()) {
      if (columns.rows === most) return true;
      if (seen?.has(entry.id) !== true) columns.add(entry);
      seen?.add(entry.id);
      if (index % STRIDE === 0 && turns.over) await turns.next();
    }
    cursor = page.cursor;
  } while (cursor !== null);
  return false;
}
