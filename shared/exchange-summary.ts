/**
 * One exchange (a request and its response) as the live log, the command line
 * and `/.larder/events` show it. Bodies never travel here.
 */
import type { ErrorCode } from './error-codes';
import type { EpochMs, Milliseconds, Seconds } from './units';

/** The word shown. On the wire STALE is a HIT, PASS and ERROR are a MISS. */
export const OUTCOMES = ['HIT', 'MISS', 'STALE', 'PASS', 'ERROR'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** RFC 9211 §2.2 `fwd`. */
export type ForwardReason =
  | 'bypass'
  | 'method'
  | 'uri-miss'
  | 'vary-miss'
  | 'miss'
  | 'request'
  | 'stale'
  | 'partial';

/**
 * Why an exchange went as it did: one code a sentence. The engine decides, the
 * window and the command line only put it into words (shared/reason-text.ts).
 */
export type ReasonCode =
  // answered from the store
  | 'fresh'
  | 'revalidated' // the origin said 304
  | 'stale-while-revalidate'
  | 'stale-if-error'
  | 'max-stale'
  | 'not-modified' // the client's own condition held; 304 from the store
  | 'collapsed' // shared the response of a request in flight
  // forwarded, may be stored
  | 'no-stored-response'
  | 'invalidated' // an unsafe request or a clear removed what was stored
  | 'vary-differs'
  | 'credentials-differ'
  | 'expired'
  | 'must-validate' // stored with no-cache, or must-revalidate
  | 'reload' // request Cache-Control: no-cache, max-age=0, Pragma
  | 'changed' // validated, and the origin sent a new response
  | 'partial-stored' // only some of the bytes asked for are stored
  // passed through
  | 'method-not-cached'
  | 'request-no-store'
  | 'conditional-request'
  | 'request-body'
  | 'unkeyed-input' // a field that may change the answer and is not in the key
  | 'upgrade'
  | 'only-if-cached'
  | 'store-unavailable'
  // failed
  | 'origin-error'
  | 'request-error'
  | 'client-left';

/** Why a forwarded response was not stored; null where it was, or nothing was to be decided. */
export type NotStoredReason =
  | 'status-not-stored'
  | 'response-no-store'
  | 'response-private'
  | 'authorization'
  | 'vary-star'
  | 'no-freshness'
  | 'ttl-zero'
  | 'endless'
  | 'too-large'
  | 'memory-busy'
  | 'incomplete'
  | 'request-no-store'
  | 'partial-content'
  | 'invalidated-meanwhile'
  | 'method-not-cached'
  | 'store-unavailable';

/**
 * What gave a stored response its lifetime (RFC 9111 §4.2.1, §4.2.2); `ttl`: the developer's setting; `edited`: the
 * developer, for this response alone, until it is validated or fetched anew.
 */
export const LIFETIME_SOURCES = [
  's-maxage',
  'max-age',
  'expires',
  'heuristic',
  'ttl',
  'edited',
  'none',
] as const;
export type LifetimeSource = (typeof LIFETIME_SOURCES)[number];

/** Facts behind a reason; each only where it applies. */
export interface ReasonFacts {
  /** Fields whose request values differ from the nearest stored response. */
  readonly varyFields?: readonly string[];
  /** How long ago what was stored expired. */
  readonly expiredForSeconds?: Seconds;
  /** Names of the request fields that caused a bypass. */
  readonly requestFields?: readonly string[];
  /** `POST /v2/cart/items`: what removed the stored response. */
  readonly invalidatedBy?: string;
  /** Kept apart for this user by a hash of the credentials. */
  readonly forThisUser?: boolean;
  /** What decided, for a person: `RFC 9111 §4.1`, `the TTL setting`. */
  readonly decidedBy?: string;
  /** Of the stored response that decided. */
  readonly lifetimeSeconds?: Seconds;
  readonly lifetimeSource?: LifetimeSource;
  /** Of the stored response that decided, where the request went on to the origin. */
  readonly nearestAgeSeconds?: Seconds;
  /** Byte ranges that are stored, such as `0-1023` and, of how many bytes, `/4096`. */
  readonly storedRanges?: string;
  /** URL and time of the nearest stored response. */
  readonly nearestUrl?: string;
  readonly nearestStoredAt?: EpochMs;
  readonly protocol?: string;
}

export interface ExchangeSummary {
  /** Counts up within one run of the engine. */
  readonly id: number;
  readonly startedAt: EpochMs;
  readonly method: string;
  /** Request target as the client sent it, path and query. */
  readonly target: string;
  /** Null where the client left before there was one. */
  readonly status: number | null;
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  readonly facts: ReasonFacts;
  readonly forward: ForwardReason | null;
  readonly stored: boolean;
  readonly notStored: NotStoredReason | null;
  readonly collapsed: boolean;
  /** Remaining freshness when answered; negative when stale; null where not from or into the store. */
  readonly ttlSeconds: Seconds | null;
  readonly ageSeconds: Seconds | null;
  readonly contentType: string | null;
  readonly bodyBytes: number;
  readonly durationMs: Milliseconds;
  /** For hits: how long the origin took when this was stored, less this time. */
  readonly savedMs: Milliseconds | null;
  /** The stored response that answered or was made. */
  readonly entryId: string | null;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

/** Field lines in wire order: [name, value] as received. */
export type FieldLines = readonly (readonly [name: string, value: string])[];

/** What Details shows beside the summary; asked for by id, kept in a bounded ring. */
export interface ExchangeDetails {
  readonly summary: ExchangeSummary;
  /** Absolute URL at the origin. */
  readonly originUrl: string;
  readonly requestFields: FieldLines;
  readonly statusText: string;
  /** As sent to the client. */
  readonly responseFields: FieldLines;
  readonly cacheKey: string;
  readonly cacheStatus: string;
  readonly timing: ExchangeTiming;
  /** How much of the body was kept for the window. */
  readonly body: 'whole' | 'none' | 'too-large';
}

/**
 * Where the time went, in this order. Asked of the origin: `waiting` until the request was sent on or a
 * connection for it was begun (lookup and queueing included), `connecting` (DNS, TCP, TLS), `first-byte`
 * (sent until the origin's head), `download` or, where a stored body is sent, `write`. From the store
 * alone: `lookup`, `write`.
 */
export type TimingPhase = 'waiting' | 'connecting' | 'first-byte' | 'download' | 'lookup' | 'write';

export interface ExchangeTiming {
  readonly firstByteMs: Milliseconds | null;
  readonly totalMs: Milliseconds;
  /** Together `totalMs`. */
  readonly phases: readonly { readonly phase: TimingPhase; readonly ms: Milliseconds }[];
  /** The way to the origin: opened for this request or kept from one before; null: none, or another request's. */
  readonly connection: 'new' | 'reused' | null;
}
