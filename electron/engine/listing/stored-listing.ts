/**
 * A list of all that is stored, sorted and filtered over everything and given in pages. Beside the request's path: it
 * reads the store by its cursor into compact columns, in short turns, and again in the background after changes.
 */
import type { ClearResult, StoredEntry } from '../../../shared/stored-entry';
import type {
  BranchQuery,
  Branches,
  ListingFacts,
  ListingFilter,
  ListingIds,
  ListingOrder,
  ListingPage,
  ListingQuery,
} from '../../../shared/stored-listing';
import type { EngineEvent } from '../larder-engine';
import type { ResponseStore } from '../store/response-store';
import { branchesOf } from './branches';
import { ListingReader, type ListingReaderOptions } from './listing-reader';
import type { ListingView } from './listing-view';
import { removeThat } from './remove-that';
import { isUnder } from './row-filter';
import { Turns } from './turns';

/** What has gone since the list was read is left out; more often than this in one answer, and it is answered as it is. */
const MOST_TRIES = 4;

export interface StoredListing {
  /** Rejects where the store does not answer. */
  page(query: ListingQuery): Promise<ListingPage>;
  /** Ids instead of entries: for selecting many. Reads nothing from the store. */
  ids(query: ListingQuery): Promise<ListingIds>;
  branches(query: BranchQuery): Promise<Branches>;
  /** Removes everything under a branch of the tree, whatever was stored since it was listed. */
  removeUnder(branch: string): Promise<ClearResult>;
  /** What passes has been removed by another way: it is in no answer from now on. */
  forget(filter: ListingFilter | { readonly ids: ReadonlySet<string> }): Promise<void>;
  /** Everything has been removed, or put back. */
  reset(): void;
  /** Of the engine: they tell that what was read may be out of date. */
  heard(event: EngineEvent): void;
}

export function createStoredListing(options: ListingReaderOptions): StoredListing {
  return new Listing(options);
}

class Listing implements StoredListing {
  readonly #store: () => ResponseStore | null;
  readonly #reader: ListingReader;

  constructor(options: ListingReaderOptions) {
    this.#store = options.store;
    this.#reader = new ListingReader(options);
  }

  async page({ offset, limit, ...query }: ListingQuery): Promise<ListingPage> {
    const store = this.#store();
    if (store === null) return { ...EMPTY, offset: 0, entries: [] };
    for (let tries = 1; ; tries += 1) {
      const view = await this.#reader.view(store, query);
      const from = Math.min(offset, view.rows.length);
      const rows = view.rows.subarray(from, from + limit);
      const found = await Promise.all([...rows].map(async (row) => store.entry(view.columns.ids.at(row))));
      const gone = rows.filter((_row, index) => found[index] === null);
      for (const row of gone) view.columns.drop(row);
      if (gone.length > 0) this.#reader.dropped(view.columns);
      if (gone.length > 0 && tries < MOST_TRIES) continue;
      const entries = found.filter((entry) => entry !== null).map(listed);
      return { ...this.#facts(view), offset: from, entries };
    }
  }

  async ids({ offset, limit, ...query }: ListingQuery): Promise<ListingIds> {
    const store = this.#store();
    if (store === null) return { ...EMPTY, offset: 0, ids: [], sizes: [] };
    const view = await this.#reader.view(store, query);
    const from = Math.min(offset, view.rows.length);
    const rows = [...view.rows.subarray(from, from + limit)];
    const ids = rows.map((row) => view.columns.ids.at(row));
    return { ...this.#facts(view), offset: from, ids, sizes: rows.map((row) => view.columns.bodyBytes(row)) };
  }

  async branches({ limit, ...query }: BranchQuery): Promise<Branches> {
    const store = this.#store();
    if (store === null) return { ...EMPTY, branches: [], of: 0 };
    const filter = { q: query.q, under: query.under ?? undefined };
    const view = await this.#reader.view(store, { ...filter, ...ANY_ORDER });
    const branches = await branchesOf(view.columns, query, new Turns());
    return { ...this.#facts(view), branches: branches.slice(0, limit), of: branches.length };
  }

  async removeUnder(branch: string): Promise<ClearResult> {
    const store = this.#store();
    if (store === null) return { cleared: 0 };
    const cleared = await removeThat(store, (entry) => isUnder(branch, entry.url), branch);
    await this.forget({ under: branch });
    return { cleared };
  }

  forget(filter: ListingFilter | { readonly ids: ReadonlySet<string> }): Promise<void> {
    return this.#reader.forget(filter);
  }

  reset(): void {
    this.#reader.reset();
  }

  heard({ kind }: EngineEvent): void {
    if (kind !== 'notice') this.#reader.changed();
  }

  #facts(view: ListingView): ListingFacts {
    const { rows, bodyBytes, storedBytes, revision } = view;
    return { total: rows.length, bodyBytes, storedBytes, revision, ...this.#reader.facts(view) };
  }
}

/** Any will do where only totals are asked for; this is the one that the window shows first. */
const ANY_ORDER: ListingOrder = { sort: 'storedAt', descending: true };

const EMPTY: ListingFacts = {
  total: 0,
  bodyBytes: 0,
  storedBytes: 0,
  revision: 0,
  outdated: false,
  readSoFar: null,
  cappedAt: null,
};

/** Without what only the details show. */
function listed(entry: StoredEntry & { fields?: unknown }): StoredEntry {
  const { id, method, url, status, contentType, bodyBytes, storedBytes, storedAt, expiresAt, hits } = entry;
  const sizes = { bodyBytes, storedBytes, storedAt, expiresAt, hits };
  return { id, method, url, status, contentType, ...sizes, vary: entry.vary, forOneUser: entry.forOneUser };
}
