/** A stored response as lists show it (`GET /.larder/entries`, the Cache grid). No body. */
import type { FieldLines } from './exchange-summary';
import type { EpochMs, Milliseconds } from './units';

export interface StoredEntry {
  /** Opaque, URL-safe, stable while stored. */
  readonly id: string;
  readonly method: string;
  /** Absolute URL at the origin. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string | null;
  /** Body as the origin sent it. */
  readonly bodyBytes: number;
  /** Body as it is kept. */
  readonly storedBytes: number;
  readonly storedAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly hits: number;
  /** Request field values this variant was chosen by. */
  readonly vary: FieldLines;
  /** Belongs to one user's credentials. */
  readonly forOneUser: boolean;
}

export interface StoredEntryDetails extends StoredEntry {
  readonly statusText: string;
  readonly fields: FieldLines;
  readonly cacheKey: string;
}

export interface EntryQuery {
  /** Case-insensitive part of the URL. */
  readonly q?: string;
  /** From the page before. */
  readonly cursor?: string;
  /** 1 to 1000; default 100. */
  readonly limit?: number;
}

export interface EntryPage {
  readonly entries: readonly StoredEntry[];
  /** Null on the last page. */
  readonly cursor: string | null;
}

export interface ClearResult {
  readonly cleared: number;
}

/** What an undo put back: fewer than were cleared where some were stored anew, invalidated or pushed out since. */
export interface UndoResult {
  readonly restored: number;
}

export interface ClearOptions {
  /** For how long the clear can be undone; absent or 0: what is cleared is gone at once. */
  readonly undoForMs?: Milliseconds;
}
