/** State of the engine, as `GET /.larder/status`, the header and the CLI show it. */
import type { ErrorReport } from './error-codes';
import type { Policy, StoreKind } from './settings';
import type { EpochMs } from './units';

export type ListenState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'listening'; readonly url: string; readonly port: number }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'failed'; readonly error: ErrorReport; readonly freePort: number | null };

export interface StoreHealth {
  readonly state: 'ok' | 'connecting' | 'unavailable';
  /** Since when it has been so. */
  readonly since: EpochMs;
  /** Why, and what is tried next; without secrets. */
  readonly message: string | null;
}

/** What of the memory store is also on disk. */
export interface PersistenceStatus {
  /**
   * `off`: not asked for. `on`: what is stored outlives the process. `in-use`: another Larder has the folder, so
   * nothing is persisted. `failing`: the disk refuses (full, read-only); what is stored meanwhile is in memory only.
   */
  readonly state: 'off' | 'on' | 'in-use' | 'failing';
  /** Why, and what to do, where the state is `in-use` or `failing`; with `on`: what was found and set aside. */
  readonly message: string | null;
  readonly bytes: number;
  readonly budgetBytes: number;
}

/** What of Redis is also in this process's memory. */
export interface NearCacheStatus {
  /** `off`: not asked for. `on`: used. `resting`: Redis does not tell about changes just now, so nothing is taken from it. */
  readonly state: 'off' | 'on' | 'resting';
  readonly entries: number;
  readonly bytes: number;
  readonly budgetBytes: number;
}

/** What the last clear keeps, until it is too late for an undo. */
export interface UndoStatus {
  /** How many an undo would put back. */
  readonly entries: number;
  readonly until: EpochMs;
}

export interface OriginHealth {
  readonly state: 'unknown' | 'ok' | 'unreachable';
  readonly since: EpochMs;
  readonly message: string | null;
}

export interface EngineStatus {
  readonly version: string;
  readonly listen: ListenState;
  readonly origin: string;
  /** The built-in demo API is the origin. */
  readonly demo: boolean;
  readonly policy: Policy;
  readonly ttlSeconds: number | null;
  readonly store: {
    readonly kind: StoreKind;
    readonly health: StoreHealth;
    readonly entries: number;
    readonly bytes: number;
    /** Null: no budget of ours. */
    readonly budgetBytes: number | null;
    /** All bodies as the origin sent them, and as they are kept. */
    readonly bodyBytes: number;
    readonly storedBodyBytes: number;
    /** Null: the store is not memory. */
    readonly persistence: PersistenceStatus | null;
    /** Null: the store is not Redis. */
    readonly nearCache: NearCacheStatus | null;
    /** Null: there is no clear that could be undone. */
    readonly undo: UndoStatus | null;
  };
  readonly originHealth: OriginHealth;
  readonly counters: EngineCounters;
  readonly startedAt: EpochMs | null;
  readonly uptimeSeconds: number;
}

/** Since the engine started. hits counts HIT and STALE. */
export interface EngineCounters {
  readonly hits: number;
  /** Of the hits: answered on the fast path. */
  readonly fastHits: number;
  readonly misses: number;
  readonly stale: number;
  readonly passes: number;
  readonly errors: number;
  readonly savedMs: number;
  readonly savedBytes: number;
  readonly upstreamRequests: number;
}
