/** Removes what passes a test, found by walking the store anew. Beside the request's path. */
import type { StoredEntry } from '../../../shared/stored-entry';
import type { ResponseStore } from '../store/response-store';
import { Turns } from './turns';

const PAGE = 1000;

/**
 * @param q a part of the URL of all that passes; the store leaves out the others
 * @returns how many were removed
 */
export async function removeThat(
  store: ResponseStore,
  passes: (entry: StoredEntry) => boolean,
  q: string,
): Promise<number> {
  const turns = new Turns();
  let removed = 0;
  let cursor: string | null = null;
  do {
    const page = await store.list({ q, limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    const ids = page.entries.filter(passes).map(({ id }) => id);
    if (ids.length > 0) removed += await store.delete(ids);
    cursor = page.cursor;
    if (turns.over) await turns.next();
  } while (cursor !== null);
  return removed;
}
