/**
 * What the listing has read of the store, and the views made of it: kept while they are asked for, read again after
 * changes. A quick reading is waited for; a long one goes on in the background, and what was read before answers.
 */
import type { ListingFacts, ListingFilter, ListingOrder } from '../../../shared/stored-listing';
import type { ResponseStore } from '../store/response-store';
import type { EntryColumns } from './entry-columns';
import { makeView, rowsThat, withoutGone, type ListingView } from './listing-view';
import { readColumns, type Reading } from './read-columns';
import { rowFilter } from './row-filter';
import { Turns } from './turns';

export interface ListingReaderOptions {
  /** Null while nothing has been started. */
  readonly store: () => ResponseStore | null;
  readonly now: () => number;
  /** Entries that a list holds at most; MOST_ENTRIES where it is not given. */
  readonly most?: number;
}

export type ViewQuery = ListingFilter & ListingOrder;

export const MOST_ENTRIES = 1_000_000;
/** Work that took no longer than this is waited for when it is due again. */
const QUICK_MS = 60;
/** Reading and sorting take at most about a sixth of the time. */
const REST_FACTOR = 5;
/** Before a first reading is over, it is answered with what has been read. */
const PATIENCE_MS = 150;
/** Others may change a Redis without a word. */
const LOOK_AGAIN_MS = 3000;
/** Grid, tree and a preview. */
const MOST_VIEWS = 4;
const KEPT_UNASKED_MS = 60_000;

interface Read {
  readonly store: ResponseStore;
  readonly reading: Reading;
  /** Changes that had been heard of when it began. */
  readonly changes: number;
  readonly startedAt: number;
  /** Null while it is being read. */
  tookMs: number | null;
  capped: boolean;
}

export class ListingReader {
  readonly #options: ListingReaderOptions;
  #read: Read | null = null;
  #refreshing: Promise<void> | null = null;
  #views = new Map<string, ListingView>();
  #changes = 0;
  #revision = 0;
  #unasked: NodeJS.Timeout | null = null;

  constructor(options: ListingReaderOptions) {
    this.#options = options;
  }

  changed(): void {
    this.#changes += 1;
  }

  async view(store: ResponseStore, query: ViewQuery): Promise<ListingView> {
    this.#keepForAWhile();
    const read = await this.#readOf(store, query);
    return this.#viewOf(read, query);
  }

  facts(view: ListingView): Pick<ListingFacts, 'outdated' | 'readSoFar' | 'cappedAt'> {
    const read = this.#read?.reading.columns === view.columns ? this.#read : null;
    // The last of it may have been read after the view was made.
    const isPart = read?.tookMs === null || view.readRows < view.columns.rows;
    return {
      outdated: read === null || isPart || this.#isOld(read),
      readSoFar: isPart ? view.readRows : null,
      cappedAt: read?.capped === true ? this.#most : null,
    };
  }

  /** Rows of these columns have gone: views are without them from now on. */
  dropped(columns: EntryColumns): void {
    this.changed();
    for (const [key, view] of this.#views) {
      if (view.columns === columns) this.#views.set(key, withoutGone(view, (this.#revision += 1)));
    }
  }

  /** Nothing that was read holds any more. */
  reset(): void {
    this.#read = null;
    this.#views.clear();
  }

  async forget(filter: ListingFilter | { readonly ids: ReadonlySet<string> }): Promise<void> {
    const read = this.#read;
    if (read === null) return;
    const { columns } = read.reading;
    const passes =
      'ids' in filter
        ? (row: number) => filter.ids.has(columns.ids.at(row))
        : rowFilter(columns, filter, this.#options.now());
    for (const row of await rowsThat(passes, columns.rows, new Turns())) columns.drop(row);
    this.dropped(columns);
  }

  get #most(): number {
    return this.#options.most ?? MOST_ENTRIES;
  }

  async #readOf(store: ResponseStore, query: ViewQuery): Promise<Read> {
    if (this.#read?.store !== store) return this.#readFirst(store);
    const read = this.#read;
    if (read.tookMs === null) await this.#patiently(read);
    else if (this.#isDue(read)) {
      this.#refreshing ??= this.#refresh(read, query).finally(() => (this.#refreshing = null));
      if (read.tookMs <= QUICK_MS) await this.#refreshing;
    }
    return this.#read ?? read;
  }

  async #readFirst(store: ResponseStore): Promise<Read> {
    this.#views.clear();
    const read = this.#begin(store);
    this.#read = read;
    void this.#end(read).catch(() => {
      // Whoever waits for it is told; the next question reads again.
      if (this.#read === read) this.#read = null;
    });
    await this.#patiently(read);
    return read;
  }

  /** In the background: what was read before goes on to answer until there is a view of the new. */
  async #refresh(old: Read, query: ViewQuery): Promise<void> {
    const read = this.#begin(old.store);
    try {
      await this.#end(read);
    } catch {
      // The store does not answer, as reading the entries of any page says as well.
      return;
    }
    const view = await this.#make(read, query);
    if (this.#read !== old) return;
    this.#read = read;
    this.#views = new Map([[keyOf(query), view]]);
  }

  #begin(store: ResponseStore): Read {
    const startedAt = performance.now();
    const reading = readColumns(store, this.#most);
    return { store, reading, changes: this.#changes, startedAt, tookMs: null, capped: false };
  }

  async #end(read: Read): Promise<void> {
    read.capped = await read.reading.done;
    read.tookMs = performance.now() - read.startedAt;
  }

  async #patiently({ reading }: Read): Promise<void> {
    const enough = new AbortController();
    const patience = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      enough.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    await Promise.race([reading.done, patience]).finally(() => enough.abort());
  }

  #isOld({ store, startedAt, changes }: Read): boolean {
    const sinceRead = performance.now() - startedAt;
    return changes !== this.#changes || (store.kind === 'redis' && sinceRead > LOOK_AGAIN_MS);
  }

  #isDue(read: Read): boolean {
    const took = read.tookMs ?? 0;
    const rested = performance.now() - read.startedAt >= (took <= QUICK_MS ? 0 : took * (REST_FACTOR + 1));
    return rested && this.#isOld(read);
  }

  async #viewOf(read: Read, query: ViewQuery): Promise<ListingView> {
    const key = keyOf(query);
    const known = this.#views.get(key);
    const { columns } = read.reading;
    if (known?.columns === columns && this.#isCurrent(known, query)) return known;
    const view = await this.#make(read, query);
    // Meanwhile another reading may have come, or rows may have gone.
    if (this.#read === read) this.#keep(key, view);
    return view;
  }

  /** Of a list that is being read, all that is there; of one by freshness, as it was a moment ago. */
  #isCurrent({ columns, readRows, madeAt, tookMs }: ListingView, { state }: ViewQuery): boolean {
    if (readRows !== columns.rows) return false;
    const byTime = state === 'fresh' || state === 'expired';
    return !byTime || this.#options.now() - madeAt < Math.max(1000, tookMs * REST_FACTOR);
  }

  async #make({ reading: { columns } }: Read, query: ViewQuery): Promise<ListingView> {
    const opposite = this.#views.get(keyOf({ ...query, descending: !query.descending }));
    this.#revision += 1;
    const now = this.#options.now();
    if (opposite?.columns === columns && this.#isCurrent(opposite, query)) {
      return { ...opposite, rows: opposite.rows.slice().reverse(), revision: this.#revision };
    }
    const view = await makeView({ columns, query, now, revision: this.#revision });
    if (query.descending) view.rows.reverse();
    // Rows that went while it was sorted.
    return withoutGone(view, view.revision);
  }

  #keep(key: string, view: ListingView): void {
    this.#views.delete(key);
    this.#views.set(key, view);
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= MOST_VIEWS) return;
      this.#views.delete(oldest);
    }
  }

  /** Until a minute after the last question: nobody looks at the Cache place by then. */
  #keepForAWhile(): void {
    if (this.#unasked !== null) clearTimeout(this.#unasked);
    this.#unasked = setTimeout(() => this.reset(), KEPT_UNASKED_MS);
    this.#unasked.unref();
  }
}

function keyOf({ q, match, under, state, sort, descending }: ViewQuery): string {
  return JSON.stringify([q, match, under, state, sort, descending]);
}
