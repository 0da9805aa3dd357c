/**
 * The stores' contract. One suite of tests (store-contract.ts) runs on every
 * store. A store's failure is an exception or rejection here; the pipeline
 * turns it into a miss and an event, never into a failed request.
 */
import type {
  NearCacheStatus,
  PersistenceStatus,
  StoreHealth,
  UndoStatus,
} from '../../../shared/engine-status';
import type { StoreKind } from '../../../shared/settings';
import type { EntryPage, EntryQuery, StoredEntryDetails } from '../../../shared/stored-entry';
import type { Milliseconds } from '../../../shared/units';
import type { StoredResponse } from '../semantics/stored-response';

/** More variants of one key than this, and the least recent goes (C08 of hostile-input.md). */
export const MAX_VARIANTS = 256;

export const SECRET_BYTES = 32;

/** The memory store answers at once, so that a hit allocates no promise. */
export type MaybePromise<T> = T | Promise<T>;

export interface StoreStats {
  readonly entries: number;
  /** Everything counted: keys, fields, bodies, index. */
  readonly bytes: number;
  readonly budgetBytes: number | null;
  /** All bodies as the origin sent them. */
  readonly bodyBytes: number;
  /** All bodies as they are kept. */
  readonly storedBodyBytes: number;
  /** Null: not a matter of this store. */
  readonly persistence: PersistenceStatus | null;
  readonly nearCache: NearCacheStatus | null;
  /** Null: nothing is kept that an undo could put back. */
  readonly undo: UndoStatus | null;
}

export interface ResponseStore {
  readonly kind: StoreKind;

  /** Secret for the keyed hash of credentials in cache keys; the same for all who share the store. */
  keySecret(): Uint8Array;

  /** All variants stored under a primary key, most recent first; stale ones too. */
  lookup(key: string): MaybePromise<readonly StoredResponse[]>;

  /** As `lookup`, from what is in this process's memory; null: that takes asking elsewhere. */
  lookupNow(key: string): readonly StoredResponse[] | null;

  /**
   * The body of a response from `lookup` (or given to `freshen`), counted as a hit.
   * Null: gone, damaged or replaced by another since.
   */
  body(stored: StoredResponse): MaybePromise<Uint8Array | null>;

  /**
   * As `body`, of one of those that `lookupNow` has found, where it is in memory as the origin sent it. Null: it is not, and no hit is counted. The bytes are to
   * be used before anything else happens to the store: they may be another's later.
   */
  bodyNow(stored: StoredResponse, found: readonly StoredResponse[]): Uint8Array | null;

  /**
   * Stores whole or not at all; replaces the same id. Too large a response is left out: false.
   * The body's bytes must not change afterwards: they may be kept without a copy.
   */
  put(stored: StoredResponse, body: Uint8Array): MaybePromise<boolean>;

  /**
   * Replaces the metadata of `stored.id` and keeps its body (RFC 9111 §4.3.4). False: no longer stored.
   * `validated`: the response from `lookup` that the origin confirmed; where another has
   * taken its place since, that one is left as it is: false.
   */
  freshen(stored: StoredResponse, validated?: StoredResponse): MaybePromise<boolean>;

  /** Removes every variant under the primary keys. Returns how many. */
  invalidate(keys: readonly string[]): MaybePromise<number>;

  /**
   * Removes all of ours. Returns how many. `keepForMs` (absent or 0: gone at once): kept for so long for an undo,
   * within the budget; meanwhile nothing finds, lists or counts it, and what would remove or replace a response
   * takes it out of what is kept too. A later clear drops what an earlier one kept; a restart finds nothing of it.
   */
  clear(keepForMs?: Milliseconds): MaybePromise<number>;

  /**
   * Puts back what the last clear kept, as it was, but for ids that were stored since. Returns how many; 0 where
   * nothing is kept any more.
   */
  undoClear(): MaybePromise<number>;

  list(query: EntryQuery): MaybePromise<EntryPage>;
  entry(id: string): MaybePromise<StoredEntryDetails | null>;
  /** The body by id, for looking at; counts as no hit. */
  bodyOf(id: string): MaybePromise<Uint8Array | null>;
  delete(ids: readonly string[]): MaybePromise<number>;
  /** `*` any run of characters, `?` one; matched against the whole URL and against its path with query. */
  deleteMatching(glob: string): MaybePromise<number>;

  stats(): StoreStats;
  health(): StoreHealth;
  /** Called when health changes. Returns the function that stops listening. */
  onHealth(listener: (health: StoreHealth) => void): () => void;

  /**
   * Called when another process that shares the store has invalidated keys (null: may have invalidated any),
   * so that what is under way here is not stored. Returns the function that stops listening.
   */
  onInvalidated(listener: (keys: readonly string[] | null) => void): () => void;

  close(): Promise<void>;
}
