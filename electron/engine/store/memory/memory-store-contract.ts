/** What the memory store adds to the stores' contract: what is settled while it runs, and which answers come at once. */
import type { EntryPage, EntryQuery, StoredEntryDetails } from '../../../../shared/stored-entry';
import type { Milliseconds } from '../../../../shared/units';
import type { StoredResponse } from '../../semantics/stored-response';
import type { Persistence } from '../persistence';
import type { ResponseStore, StoreStats } from '../response-store';

export interface MemoryStoreOptions {
  readonly budgetBytes: number;
  readonly now: () => number;
  /** Of gzip, 1 to 9; 0: nothing is compressed. Default 6. */
  readonly compressionLevel?: number;
}

export type Counted = Pick<StoreStats, 'entries' | 'bytes' | 'bodyBytes' | 'storedBodyBytes'>;

/** What is asked on the request's path answers at once, but for a body that has to be inflated or read first. */
export interface MemoryStore extends ResponseStore {
  readonly kind: 'memory';
  lookup(key: string): readonly StoredResponse[];
  put(stored: StoredResponse, body: Uint8Array): boolean;
  freshen(stored: StoredResponse, validated?: StoredResponse): boolean;
  invalidate(keys: readonly string[]): number;
  clear(keepForMs?: Milliseconds): number;
  undoClear(): number;
  list(query: EntryQuery): Promise<EntryPage>;
  entry(id: string): StoredEntryDetails | null;
  delete(ids: readonly string[]): number;
  deleteMatching(glob: string): Promise<number>;
  /** Evicts at once where the new budget is smaller. */
  setBudget(bytes: number): void;
  /** For what is stored from now on. */
  setCompressionLevel(level: number): void;
  /**
   * Keeps what is stored on disk too from now on. What is here is written in the background, what is there joins it:
   * the first thousands at once, all when the promise resolves.
   */
  attach(persistence: Persistence): Promise<void>;
  /** Keeps nothing on disk any more, and clears or keeps what is there; bodies that are only there go with their responses. */
  detach(how: 'clear' | 'keep'): Promise<void>;
  /** The statistics, counted anew from what is stored. */
  recount(): Counted;
}
