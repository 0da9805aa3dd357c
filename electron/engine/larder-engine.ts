/**
 * The engine as its hosts (Electron's main process, the command line) see it.
 * `createEngine` (create-engine.ts) makes one; nothing here knows of a window.
 */
import type { EngineStatus } from '../../shared/engine-status';
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import type { Secrets, Settings } from '../../shared/settings';
import type { ClearResult, EntryPage, EntryQuery, StoredEntryDetails } from '../../shared/stored-entry';

export interface EngineOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly version: string;
  /** Wall clock in ms since the epoch; tests inject one. */
  readonly now?: () => number;
  /** How long a client may take to send a request's head; 15 s where it is not given. */
  readonly headTimeoutMs?: number;
  /** Where the memory store is persisted; without one it is not, whatever the settings say. */
  readonly cacheFolder?: string;
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
  /** Swaps settings whole. A new port is listened on before the old is left; where that fails nothing changes. */
  apply(settings: Settings, secrets: Secrets): Promise<void>;
  status(): EngineStatus;
  subscribe(listener: (event: EngineEvent) => void): () => void;

  clear(): Promise<ClearResult>;
  entries(query: EntryQuery): Promise<EntryPage>;
  entry(id: string): Promise<StoredEntryDetails | null>;
  /** As stored by the origin (its Content-Encoding still on); null: not stored. */
  entryBody(id: string): Promise<ObservedBody | null>;
  deleteEntries(ids: readonly string[]): Promise<ClearResult>;
  deleteMatching(glob: string): Promise<ClearResult>;

  /** Newest exchanges still kept, oldest first. */
  recentExchanges(): readonly ExchangeSummary[];
  exchangeDetails(id: number): ExchangeDetails | null;
  /** The body the client was sent, as kept for the window; null: no longer or never kept. */
  exchangeBody(id: number): Promise<ObservedBody | null>;
}
