/**
 * The engine as its hosts (Electron's main process, the command line) see it.
 * `createEngine` (create-engine.ts) makes one; nothing here knows of a window.
 */
import type { EngineStatus } from '../../shared/engine-status';
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import type { InsightSpan, InsightsReport } from '../../shared/insights';
import type { NearestStored } from '../../shared/nearest-stored';
import type { Secrets, Settings } from '../../shared/settings';
import type {
  ClearOptions,
  ClearResult,
  EntryPage,
  EntryQuery,
  StoredEntryDetails,
  UndoResult,
} from '../../shared/stored-entry';
import type { Seconds } from '../../shared/units';
import type { StoredListing } from './listing/stored-listing';

export interface EngineOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly version: string;
  /** Wall clock in ms since the epoch; tests inject one. */
  readonly now?: () => number;
  /** Where the memory store of the first profile is persisted, those of others beside it; without one none is, whatever the settings say. */
  readonly cacheFolder?: string;
  /** Whose cache is used: the id of a profile; the first one's where it is not given. */
  readonly cache?: string;
}

export type EngineEvent =
  | { readonly kind: 'exchange'; readonly exchange: ExchangeSummary }
  /** Something in `status()` changed: listening, health, entries. At most 4 a second. */
  | { readonly kind: 'status' }
  | { readonly kind: 'cleared'; readonly cleared: number }
  /** For a person to read once: a store that went, a setting that could not be applied. */
  | { readonly kind: 'notice'; readonly level: 'info' | 'warning'; readonly message: string };

export interface ObservedBody {
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly totalBytes: number;
  readonly truncated: boolean;
}

export interface LarderEngine {
  readonly settings: Settings;
  /** Rejects with LarderError `port_in_use`, `port_denied`, `host_unavailable`; state is then `failed`. */
  start(): Promise<void>;
  /** No new connections; requests in flight finish, for `graceMs` (default 10 000) at most. */
  stop(graceMs?: number): Promise<void>;
  /** Stops, and closes store and origin connections for good. */
  close(): Promise<void>;
  /**
   * Swaps settings whole. A new port is listened on before the old is left; where that fails nothing changes.
   * With the id of another profile its cache is used from then on; the one before stays as it is.
   */
  apply(settings: Settings, secrets: Secrets, cache?: string): Promise<void>;
  /** Deletes the cache of a profile that is not in use, in memory and on disk. False: another process has its folder. */
  forgetCache(cache: string): Promise<boolean>;
  status(): EngineStatus;
  subscribe(listener: (event: EngineEvent) => void): () => void;

  clear(options?: ClearOptions): Promise<ClearResult>;
  /** Puts back what the last clear kept; `status().store.undo` says how long that can be done. */
  undoClear(): Promise<UndoResult>;
  /**
   * Makes one stored response fresh for so long from now on, 0: stale now, whatever the origin said; a validation or a
   * new answer gives it its ordinary lifetime again. Null: no longer stored.
   */
  setEntryTtl(id: string, ttlSeconds: Seconds): Promise<StoredEntryDetails | null>;
  entries(query: EntryQuery): Promise<EntryPage>;
  entry(id: string): Promise<StoredEntryDetails | null>;
  /** As stored by the origin (its Content-Encoding still on); null: not stored. */
  entryBody(id: string): Promise<ObservedBody | null>;
  deleteEntries(ids: readonly string[]): Promise<ClearResult>;
  deleteMatching(glob: string): Promise<ClearResult>;
  /** All that is stored as one list: sorted, filtered, in pages and as a tree. */
  readonly listing: StoredListing;

  /** Tells the id of the next exchange that begins on a connection from this port of this machine. Returns the
   *  function that stops waiting; call it when the connection has closed. */
  expectExchange(clientPort: number, onBegin: (id: number) => void): () => void;
  /** Sums over the last 5 minutes, the last hour or since the engine was made; see shared/insights.ts. */
  insights(span: InsightSpan): InsightsReport;

  /** Newest exchanges still kept, oldest first. */
  recentExchanges(): readonly ExchangeSummary[];
  exchangeDetails(id: number): ExchangeDetails | null;
  /** The stored response nearest to a request that the store did not answer; null: none, or no longer known. */
  nearestStored(id: number): Promise<NearestStored | null>;
  /** The body the client was sent, as kept for the window; null: no longer or never kept. */
  exchangeBody(id: number): Promise<ObservedBody | null>;
}
