/**
 * A stored response as lists and details show it, and the rules of a page.
 * Beside the request's path: the stores use it for list and entry.
 */
import { LarderError } from '../../../shared/error-codes';
import type { FieldLines } from '../../../shared/exchange-summary';
import type { EntryQuery, StoredEntry, StoredEntryDetails } from '../../../shared/stored-entry';
import type { RawFields } from '../http/raw-fields';
import { fieldValue } from '../http/raw-fields';
import type { StoredResponse } from '../semantics/stored-response';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

export interface KeptFacts {
  /** The body as it is kept. */
  readonly storedBytes: number;
  readonly hits: number;
}

export function toEntry(stored: StoredResponse, kept: KeptFacts): StoredEntry {
  const freshMs = Math.round((stored.lifetimeSeconds - stored.initialAgeSeconds) * 1000);
  return {
    id: stored.id,
    method: stored.method,
    url: stored.url,
    status: stored.status,
    contentType: fieldValue(stored.fields, 'content-type') ?? null,
    bodyBytes: stored.bodyBytes,
    storedBytes: kept.storedBytes,
    storedAt: stored.responseTime,
    expiresAt: stored.responseTime + freshMs,
    hits: kept.hits,
    vary: stored.vary.map(([name, value]) => [name, value ?? ''] as const),
    forOneUser: stored.forOneUser,
  };
}

export function toDetails(stored: StoredResponse, kept: KeptFacts): StoredEntryDetails {
  return {
    ...toEntry(stored, kept),
    statusText: stored.statusText,
    fields: toFieldLines(stored.fields),
    cacheKey: stored.key,
  };
}

/** Entries on one page, 1 to 1000. */
export function pageLimit(query: EntryQuery): number {
  const wanted = Math.trunc(query.limit ?? DEFAULT_LIMIT);
  return Math.min(Math.max(Number.isNaN(wanted) ? DEFAULT_LIMIT : wanted, 1), MAX_LIMIT);
}

/** Whether a URL contains what is searched for, without regard to case. */
export function urlFilter(query: EntryQuery): (url: string) => boolean {
  const wanted = query.q?.toLowerCase() ?? '';
  return wanted === '' ? () => true : (url) => url.toLowerCase().includes(wanted);
}

export function unknownCursor(): LarderError {
  return new LarderError(
    'bad_request',
    'The cursor is not one that this store gave; list again without one.',
  );
}

function toFieldLines(fields: RawFields): FieldLines {
  const lines: [string, string][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    lines.push([fields[index] ?? '', fields[index + 1] ?? '']);
  }
  return lines;
}
