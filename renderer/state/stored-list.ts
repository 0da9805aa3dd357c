/**
 * The stored responses as the Cache grid shows them: loaded page by page, searched by main,
 * sorted here among what is loaded. Free of React.
 */
import { createStore } from 'zustand/vanilla';
import type { IpcResult } from '../../shared/ipc-contract';
import type { EntryPage, EntryQuery, StoredEntry } from '../../shared/stored-entry';

export const SORT_COLUMNS = ['url', 'status', 'type', 'size', 'kept', 'age', 'left', 'hits'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface SortOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

export interface StoredListState {
  readonly q: string;
  readonly sort: SortOrder;
  readonly entries: readonly StoredEntry[];
  /** Null: all are loaded. */
  readonly cursor: string | null;
  readonly loading: boolean;
  /** False until the first page has come. */
  readonly loaded: boolean;
  readonly problem: string | null;
}

type LoadPage = (query: EntryQuery) => Promise<IpcResult<EntryPage>>;

const PAGE = 500;
/** More than this is not reloaded at once; the rest comes by scrolling. */
const MOST_RELOADED = 1000;

export class StoredList {
  readonly store = createStore<StoredListState>(() => ({
    q: '',
    sort: { column: 'age', descending: false },
    entries: [],
    cursor: null,
    loading: false,
    loaded: false,
    problem: null,
  }));
  readonly #load: LoadPage;
  /** Answers to older questions are thrown away. */
  #question = 0;

  constructor(load: LoadPage) {
    this.#load = load;
  }

  search(q: string): Promise<void> {
    this.store.setState({ q });
    return this.reload();
  }

  sortBy(column: SortColumn): void {
    this.store.setState(({ sort, entries }) => {
      const next = { column, descending: sort.column === column ? !sort.descending : column !== 'url' };
      return { sort: next, entries: sortEntries(entries, next) };
    });
  }

  /** Asks again for as much as is loaded. */
  async reload(): Promise<void> {
    const { q, entries } = this.store.getState();
    await this.#ask({ q, limit: Math.min(MOST_RELOADED, Math.max(PAGE, entries.length)) }, []);
  }

  async more(): Promise<void> {
    const { q, cursor, entries, loading } = this.store.getState();
    if (cursor === null || loading) return;
    await this.#ask({ q, cursor, limit: PAGE }, entries);
  }

  /** Takes deleted ones out at once; the reload that follows confirms. */
  forget(ids: ReadonlySet<string>): void {
    this.store.setState(({ entries }) => ({ entries: entries.filter((entry) => !ids.has(entry.id)) }));
  }

  async #ask(query: EntryQuery, before: readonly StoredEntry[]): Promise<void> {
    const question = (this.#question += 1);
    this.store.setState({ loading: true });
    const { q, ...rest } = query;
    const answer = await this.#load(q === undefined || q === '' ? rest : { ...rest, q });
    if (question !== this.#question) return;
    if (!answer.ok) {
      this.store.setState({ loading: false, loaded: true, problem: answer.error.message });
      return;
    }
    const { entries, cursor } = answer.value;
    this.store.setState(({ sort }) => ({
      entries: sortEntries([...before, ...entries], sort),
      cursor,
      loading: false,
      loaded: true,
      problem: null,
    }));
  }
}

const KEYS: Readonly<Record<SortColumn, (entry: StoredEntry) => string | number>> = {
  url: (entry) => entry.url,
  status: (entry) => entry.status,
  type: (entry) => entry.contentType ?? '',
  size: (entry) => entry.bodyBytes,
  kept: (entry) => entry.storedBytes,
  age: (entry) => -entry.storedAt,
  left: (entry) => entry.expiresAt,
  hits: (entry) => entry.hits,
};

/** Stable: entries that are equal stay in the order the store gave. */
export function sortEntries(entries: readonly StoredEntry[], sort: SortOrder): StoredEntry[] {
  const key = KEYS[sort.column];
  const sign = sort.descending ? -1 : 1;
  return [...entries].sort((a, b) => {
    const left = key(a);
    const right = key(b);
    return left === right ? 0 : left < right ? -sign : sign;
  });
}
