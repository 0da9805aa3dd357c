/** What to do with a request: a value, decided before anything is done. */
import type { ForwardReason, ReasonCode, ReasonFacts } from '../../../shared/exchange-summary';
import type { Seconds } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';
import type { ByteRange } from './range';
import type { StoredAnswer } from './stored-answer';
import type { StoredResponse } from './stored-response';

export type CacheDecision = Reuse | Validate | Forward | Refuse;

interface Reason {
  readonly reason: ReasonCode;
  readonly facts: ReasonFacts;
}

/** Answer with the stored response, which is fresh, or stale within what the request or the origin allows. */
export interface Reuse extends Reason {
  readonly kind: 'reuse';
  readonly stored: StoredResponse;
  readonly answer: StoredAnswer;
  readonly ageSeconds: Seconds;
  /** Lifetime less age; negative when stale. */
  readonly ttlSeconds: Seconds;
  /** What to ask the origin once the client has its answer (RFC 5861 §3). */
  readonly background: Asking | null;
}

/** The decisions that ask the origin. */
export type Asking = Validate | Forward;

interface AsksOrigin extends Reason {
  readonly forward: ForwardReason;
  /** Stored responses that could have been chosen but for their age (RFC 9111 §4.3.4): the origin's word updates them. */
  readonly matching: readonly StoredResponse[];
  /** What may be served if the origin fails (RFC 5861 §4, RFC 9111 §4.2.4). */
  readonly ifError: StoredResponse | null;
}

/** Ask the origin whether a stored response is right (RFC 9111 §4.3). */
export interface Validate extends AsksOrigin {
  readonly kind: 'validate';
  /** Asked about, in the order of their tags; not empty. */
  readonly asked: readonly StoredResponse[];
  /** Conditional fields to add: If-None-Match, If-Modified-Since. */
  readonly conditions: RawFields;
}

export interface Forward extends AsksOrigin {
  readonly kind: 'forward';
  /** Not for the cache: not collapsed, and a PASS in words. */
  readonly pass: boolean;
  readonly mayStore: boolean;
  readonly mayCollapse: boolean;
  /** Ask only for what is missing of a stored part, and send both as one (RFC 9111 §3.4). */
  readonly completing: Completing | null;
}

export interface Completing {
  readonly stored: StoredResponse;
  readonly missing: ByteRange;
  /** For If-Range: strong. */
  readonly validator: string;
}

/** 504 without asking the origin (only-if-cached). */
export interface Refuse extends Reason {
  readonly kind: 'refuse';
  readonly forward: ForwardReason;
}
