/** What to do with a request: a value, decided before anything is done. */
import type { ForwardReason, ReasonCode, ReasonFacts } from '../../../shared/exchange-summary';
import type { Seconds } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';
import type { StoredResponse } from './stored-response';

export type CacheDecision = Reuse | Validate | Forward | Refuse;

interface Reason {
  readonly reason: ReasonCode;
  readonly facts: ReasonFacts;
}

/** Answer with the stored response, which is fresh (or stale within what the request allows). */
export interface Reuse extends Reason {
  readonly kind: 'reuse';
  readonly stored: StoredResponse;
  readonly ageSeconds: Seconds;
  /** Lifetime less age; negative when stale. */
  readonly ttlSeconds: Seconds;
}

/** Ask the origin whether the stored response is still right (RFC 9111 §4.3). */
export interface Validate extends Reason {
  readonly kind: 'validate';
  readonly stored: StoredResponse;
  /** Conditional fields to add: If-None-Match, If-Modified-Since. */
  readonly conditions: RawFields;
  readonly forward: ForwardReason;
  readonly ageSeconds: Seconds;
  readonly ttlSeconds: Seconds;
  /** What may be served if the origin fails (RFC 5861 §4, RFC 9111 §4.2.4). */
  readonly ifError: StoredResponse | null;
}

export interface Forward extends Reason {
  readonly kind: 'forward';
  readonly forward: ForwardReason;
  /** Pass: neither stored nor collapsed. */
  readonly mayStore: boolean;
  readonly mayCollapse: boolean;
  readonly ifError: StoredResponse | null;
}

/** 504 without asking the origin (only-if-cached). */
export interface Refuse extends Reason {
  readonly kind: 'refuse';
  readonly forward: ForwardReason;
}
