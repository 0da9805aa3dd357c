/** Pages of what the memory store holds. Beside the request's path. */
import type { EntryPage, EntryQuery, StoredEntry } from '../../../../shared/stored-entry';
import type { ColdResponses } from './cold-responses';
import { pageLimit, toEntry, unknownCursor, urlFilter, type KeptFacts } from '../entry-view';
import { walkNewestFirst } from './walk-newest-first';

/** Most recently stored first. The cursor is a place in that order: it stays valid whatever comes or goes. */
export async function listPage(current: () => ColdResponses, query: EntryQuery): Promise<EntryPage> {
  const limit = pageLimit(query);
  const before = parseCursor(query.cursor);
  const matches = urlFilter(query);
  const entries: StoredEntry[] = [];
  let lastListed = 0;
  let isMore = false;
  await walkNewestFirst(current, before, (cold, row) => {
    const record = cold.record(row);
    if ((query.q ?? '') !== '' && !matches(record.url())) return true;
    // One more than the page tells whether there is a next one.
    isMore = entries.length === limit;
    if (isMore) return false;
    entries.push(toEntry(record.stored(), keptFacts(cold, row)));
    lastListed = cold.sequence(row);
    return true;
  });
  return { entries, cursor: isMore ? String(lastListed) : null };
}

export function keptFacts(cold: ColdResponses, row: number): KeptFacts {
  return { storedBytes: cold.record(row).storedBytes, hits: cold.hits(row) };
}

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Infinity;
  if (!/^\d{1,16}$/.test(cursor)) throw unknownCursor();
  return Number(cursor);
}
