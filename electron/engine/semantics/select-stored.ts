/** Which of the responses stored under a key a request may get (RFC 9111 §4, §4.1), freshness aside. */
import type { EpochMs, Seconds } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';
import { currentAge, dateOf } from './age';
import type { StoredResponse } from './stored-response';
import { matchesVary } from './vary';

export interface SelectionInput {
  readonly request: { readonly method: string; readonly fields: RawFields };
  /** What the store has under the key, in any order. */
  readonly candidates: readonly StoredResponse[];
  /** From `partitionOf`; another's responses are never used. */
  readonly partition: string;
  readonly now: EpochMs;
}

/** One stored response that the request may get, and how fresh it is. */
export interface Selected {
  readonly stored: StoredResponse;
  readonly ageSeconds: Seconds;
  /** Lifetime less age; negative when stale. */
  readonly ttlSeconds: Seconds;
}

/**
 * The whole response that the request's fields choose, the most recent of several (RFC 9111 §4.1). HEAD may use
 * a stored GET, GET never a stored HEAD (RFC 9110 §9.3.2); a stored HEAD serves only where no stored GET is fresh.
 */
export function selectVariant(input: SelectionInput): Selected | null {
  const get = selectOf(input, (candidate) => candidate.method === 'GET' && candidate.partial === null);
  if (input.request.method !== 'HEAD' || (get !== null && get.ttlSeconds > 0)) return get;
  const head = selectOf(input, (candidate) => candidate.method === 'HEAD');
  return get === null || (head !== null && head.ttlSeconds > 0) ? head : get;
}

/** The stored part of a representation that the request's fields choose. */
export function selectPart(input: SelectionInput): Selected | null {
  return selectOf(input, (candidate) => candidate.partial !== null);
}

/** Everything that could have been chosen for the request, whole or part (RFC 9111 §4.3.4). */
export function matchingResponses(input: SelectionInput): readonly StoredResponse[] {
  const { candidates, partition, request } = input;
  return candidates.filter(
    (candidate) => candidate.partition === partition && matchesVary(candidate.vary, request.fields),
  );
}

function selectOf(input: SelectionInput, serves: (candidate: StoredResponse) => boolean): Selected | null {
  let stored: StoredResponse | null = null;
  for (const candidate of input.candidates) {
    if (candidate.partition !== input.partition || !serves(candidate)) continue;
    if (stored !== null && !isMoreRecent(candidate, stored)) continue;
    if (matchesVary(candidate.vary, input.request.fields)) stored = candidate;
  }
  if (stored === null) return null;
  const ageSeconds = currentAge(stored, input.now);
  return { stored, ageSeconds, ttlSeconds: stored.lifetimeSeconds - ageSeconds };
}

/** By Date (RFC 9111 §4, §4.1); of one second, the one received later. */
export function isMoreRecent(candidate: StoredResponse, other: StoredResponse): boolean {
  const difference = dateOf(candidate) - dateOf(other);
  return difference === 0 ? candidate.responseTime > other.responseTime : difference > 0;
}
