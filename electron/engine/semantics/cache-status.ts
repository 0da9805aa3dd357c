/** Cache-Status (RFC 9211): Larder's member of the list, serialised as RFC 9651 asks. */
import type { ForwardReason } from '../../../shared/exchange-summary';
import type { Seconds } from '../../../shared/units';

export interface CacheStatusInput {
  /** Answered from the store without asking the origin. */
  readonly hit?: boolean;
  readonly forward?: ForwardReason | null;
  readonly forwardStatus?: number | null;
  readonly stored?: boolean;
  /** Lifetime less age; negative when stale. */
  readonly ttlSeconds?: Seconds | null;
  readonly collapsed?: boolean;
  /** Only where it was asked for. */
  readonly key?: string | null;
  readonly detail?: string | null;
}

const TOKEN = /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/;
const MAX_INTEGER = 999_999_999_999_999;
/** Sums of fractional ages fall short by less than this. */
const ROUNDING_SECONDS = 1e-6;

export function cacheStatus(input: CacheStatusInput): string {
  let status = 'larder';
  if (input.hit === true) status += '; hit';
  else if (isGiven(input.forward)) status += `; fwd=${input.forward}`;
  if (isGiven(input.forwardStatus)) status += `; fwd-status=${wholeNumber(input.forwardStatus)}`;
  if (input.stored === true) status += '; stored';
  if (isGiven(input.ttlSeconds)) status += `; ttl=${wholeNumber(input.ttlSeconds)}`;
  if (input.collapsed === true) status += '; collapsed';
  if (isGiven(input.key)) status += `; key=${quoted(input.key)}`;
  if (isGiven(input.detail))
    status += `; detail=${TOKEN.test(input.detail) ? input.detail : quoted(input.detail)}`;
  return status;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** As it is written. Rounded down: what is stale by a moment is negative. */
export function wholeNumber(value: number): number {
  const whole = Math.floor(value + ROUNDING_SECONDS);
  return Number.isNaN(whole) ? 0 : Math.min(Math.max(whole, -MAX_INTEGER), MAX_INTEGER);
}

/** sf-string holds printable ASCII only (RFC 9651 §3.3.3). */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;
}
