/**
 * The stored responses as the Cache grid shows them: main sorts and filters all of them, and gives the rows around
 * what is in sight. Free of React.
 */
import { createStore } from 'zustand/vanilla';
import type { IpcResult } from '../../shared/ipc-contract';
import type { StoredEntry } from '../../shared/stored-entry';
import type {
  ListingFacts,
  ListingOrder,
  ListingPage,
  ListingQuery,
  ListingState,
} from '../../shared/stored-listing';

export interface StoredFilter {
  readonly q: string;
  /** Null: fresh and expired, of all users. */
  readonly state: ListingState | null;
  /** A branch of the tree; null: everything. */
  readonly under: string | null;
}

export interface StoredListState extends StoredFilter, Omit<ListingFacts, 'outdated'> {
  readonly order: ListingOrder;
  /** Rows from here on are at hand. */
  readonly offset: number;
  readonly entries: readonly StoredEntry[];
  /** False until the first page has come. */
  readonly loaded: boolean;
  /** Another order or filter has been asked for, and its first page has not come yet. */
  readonly waiting: boolean;
  readonly problem: string | null;
}

type LoadPage = (query: ListingQuery) => Promise<IpcResult<ListingPage>>;

/** Rows asked for at once: what is in sight lies in their middle. */
const WINDOW = 240;
/** While main says that the list is out of date, or still being read. */
const AGAIN_MS = 600;

export const FIRST_ORDER: ListingOrder = { sort: 'storedAt', descending: true };

export class StoredList {
  readonly store = createStore<StoredListState>(() => ({
    q: '',
    state: null,
    under: null,
    order: FIRST_ORDER,
    offset: 0,
    entries: [],
    total: 0,
    bodyBytes: 0,
    storedBytes: 0,
    revision: 0,
    readSoFar: null,
    cappedAt: null,
    loaded: false,
    waiting: false,
    problem: null,
  }));
  readonly #load: LoadPage;
  /** What is in sight, as the grid says. */
  #first = 0;
  #last = 0;
  /** Answers to older questions are thrown away. */
  #question = 0;
  #asking = false;
  #again: ReturnType<typeof setTimeout> | null = null;

  constructor(load: LoadPage) {
    this.#load = load;
  }

  /** The filter and order, as channels take them. */
  get query(): Omit<ListingQuery, 'offset' | 'limit'> {
    const { q, state, under, order } = this.store.getState();
    return {
      ...order,
      ...(q === '' ? {} : { q }),
      ...(state === null ? {} : { state }),
      ...(under === null ? {} : { under }),
    };
  }

  search(q: string): Promise<void> {
    return this.filter({ q });
  }

  filter(change: Partial<StoredFilter>): Promise<void> {
    return this.#askAnew(change);
  }

  order(order: ListingOrder): Promise<void> {
    return this.#askAnew({ order });
  }

  /** The rows in sight; those around them come where they are not at hand. */
  show(first: number, last: number): void {
    this.#first = Math.max(0, first);
    this.#last = Math.max(this.#first, last);
    if (!this.#asking && !this.#isAtHand()) void this.reload();
  }

  /** Undefined: not at hand. */
  entryAt(index: number): StoredEntry | undefined {
    const { offset, entries } = this.store.getState();
    return entries[index - offset];
  }

  /** -1: not at hand. */
  indexOf(id: string | null): number {
    const { offset, entries } = this.store.getState();
    const place = id === null ? -1 : entries.findIndex((entry) => entry.id === id);
    return place < 0 ? -1 : place + offset;
  }

  /** Asks again for what is in sight. */
  async reload(): Promise<void> {
    const question = (this.#question += 1);
    this.#asking = true;
    this.#stopWaiting();
    const margin = Math.max(0, Math.floor((WINDOW - (this.#last - this.#first)) / 2));
    const offset = Math.max(0, this.#first - margin);
    const answer = await this.#load({ ...this.query, offset, limit: WINDOW });
    if (question !== this.#question) return;
    this.#asking = false;
    if (answer.ok) this.#take(answer.value);
    else this.store.setState({ loaded: true, waiting: false, problem: answer.error.message });
  }

  /** Nobody looks: asks no more by itself. */
  rest(): void {
    this.#stopWaiting();
  }

  /** Takes deleted ones out at once; the reload that follows confirms. */
  forget(ids: ReadonlySet<string>): void {
    this.store.setState(({ entries, total }) => {
      const left = entries.filter((entry) => !ids.has(entry.id));
      return { entries: left, total: Math.max(0, total - (entries.length - left.length)) };
    });
  }

  #askAnew(change: Partial<StoredFilter> & { readonly order?: ListingOrder }): Promise<void> {
    this.store.setState({ ...change, waiting: true });
    return this.reload();
  }

  #take({ outdated, ...page }: ListingPage): void {
    this.store.setState({ ...page, loaded: true, waiting: false, problem: null });
    // Where the list has become shorter, its end is in sight now.
    if (page.total > 0 && this.#first >= page.total) {
      this.#last = page.total - 1;
      this.#first = Math.max(0, page.total - WINDOW);
    }
    if (!this.#isAtHand()) void this.reload();
    else if (outdated) this.#again = setTimeout(() => void this.reload(), AGAIN_MS);
  }

  #isAtHand(): boolean {
    const { offset, entries, total } = this.store.getState();
    const last = Math.min(this.#last, total - 1);
    return last < 0 || (this.#first >= offset && last < offset + entries.length);
  }

  #stopWaiting(): void {
    if (this.#again !== null) clearTimeout(this.#again);
    this.#again = null;
  }
}
