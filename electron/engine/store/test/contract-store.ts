/** The store of the contract's test that runs, and what its tests do with it again and again. */
import { expect } from 'vitest';
import type { StoredEntry } from '../../../../shared/stored-entry';
import type { StoredResponse, VaryingField } from '../../semantics/stored-response';
import type { ResponseStore } from '../response-store';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from './sample-response';

/** Makes the store forget the response by itself, in the way it has: eviction, expiry. */
export type Forget = (store: ResponseStore, stored: StoredResponse) => Promise<void>;

/** Long, because the machine may be busy with other tests. */
export const PATIENT = { timeout: 60_000 };

export let store: ResponseStore;

/** From now on. */
export function testStore(next: ResponseStore): void {
  store = next;
}

export function variant(language: string | null, laterMs = 0): StoredResponse {
  const vary: VaryingField[] = [['accept-language', language]];
  return sampleAt('/vary', { vary, responseTime: SAMPLE_TIME + laterMs });
}

/** Statistics agree with what a list shows. */
export async function expectRecount(): Promise<void> {
  await expect
    .poll(async () => {
      const all = await allEntries();
      const { entries, bodyBytes, storedBodyBytes } = store.stats();
      const sum = (of: (entry: StoredEntry) => number) => all.reduce((total, each) => total + of(each), 0);
      return {
        entries: entries - all.length,
        bodyBytes: bodyBytes - sum((each) => each.bodyBytes),
        storedBodyBytes: storedBodyBytes - sum((each) => each.storedBytes),
      };
    }, PATIENT)
    .toEqual({ entries: 0, bodyBytes: 0, storedBodyBytes: 0 });
}

export async function put(
  path: string,
  body: string,
  overrides: Partial<StoredResponse> = {},
): Promise<StoredResponse> {
  const stored = sampleAt(path, { bodyBytes: body.length, ...overrides });
  await store.put(stored, textBody(body));
  return stored;
}

/** As a hit takes it: lookup, then the body of the first candidate. */
export async function bodyFor(key: string): Promise<string | null> {
  const [first] = await store.lookup(key);
  return first === undefined ? null : bodyText(await store.body(first));
}

export async function allEntries(q?: string): Promise<StoredEntry[]> {
  return (await pagesFrom(undefined, 1000, q)).flat();
}

export function allPages(limit: number): Promise<StoredEntry[][]> {
  return pagesFrom(undefined, limit);
}

export async function pagesFrom(cursor: string | undefined, limit: number, q = ''): Promise<StoredEntry[][]> {
  const pages: StoredEntry[][] = [];
  let next = cursor;
  do {
    const page = await store.list({ limit, q, ...(next === undefined ? {} : { cursor: next }) });
    pages.push([...page.entries]);
    next = page.cursor ?? undefined;
  } while (next !== undefined);
  return pages;
}
