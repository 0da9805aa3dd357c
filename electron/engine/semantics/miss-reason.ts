/** Why nothing stored can answer a request: the nearest stored response, and what differed. */
import type { ReasonFacts } from '../../../shared/exchange-summary';
import type { EpochMs } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';
import { currentAge } from './age';
import type { Forward } from './cache-decision';
import { isSamePolicy } from './cache-key';
import type { SelectionInput } from './select-stored';
import { rangesText } from './stored-differences';
import type { StoredResponse } from './stored-response';
import { matchesVary, varyDifferences } from './vary';

export type MissReason = Pick<Forward, 'reason' | 'forward' | 'facts'>;

const NOTHING_STORED: ReasonFacts = { decidedBy: 'RFC 9111 §4' };

/** @param invalidatedBy what removed the stored response, such as `POST /v2/cart/items` */
export function missReason(input: SelectionInput, invalidatedBy: string | undefined): MissReason {
  const { candidates, partition, request, now } = input;
  const served = candidates.filter((candidate) => servesMethod(candidate, request.method));
  const own = served.filter((candidate) => candidate.partition === partition);
  const part = own.find(
    (candidate) => candidate.partial !== null && matchesVary(candidate.vary, request.fields),
  );
  if (part !== undefined)
    return { reason: 'partial-stored', forward: 'partial', facts: partFacts(part, now) };
  const variant = nearestVariant(own, request.fields, now);
  if (variant !== null) return { reason: 'vary-differs', forward: 'vary-miss', facts: variant };
  const others = served.find(
    (candidate) =>
      isSamePolicy(candidate.partition, partition) && matchesVary(candidate.vary, request.fields),
  );
  if (others !== undefined) {
    const facts = nearestFacts(others, 'the setting credentialCookies', now);
    return { reason: 'credentials-differ', forward: 'miss', facts };
  }
  if (invalidatedBy === undefined) {
    return { reason: 'no-stored-response', forward: 'uri-miss', facts: NOTHING_STORED };
  }
  const facts = { invalidatedBy, decidedBy: 'RFC 9111 §4.4' };
  return { reason: 'invalidated', forward: 'uri-miss', facts };
}

/** Of the stored response that decided, in the terms of the window. */
export function nearestFacts(stored: StoredResponse, decidedBy: string, now: EpochMs): ReasonFacts {
  const ageSeconds = currentAge(stored, now);
  const expiredFor = ageSeconds - stored.lifetimeSeconds;
  return {
    decidedBy,
    nearestUrl: stored.url,
    nearestStoredAt: stored.responseTime,
    nearestAgeSeconds: ageSeconds,
    ...lifetimeFacts(stored),
    ...(stored.forOneUser ? { forThisUser: true } : {}),
    ...(expiredFor >= 0 ? { expiredForSeconds: expiredFor } : {}),
  };
}

/** The lifetime as it was given: a TTL counts from when Larder received the response (see `freshnessLifetime`). */
export function lifetimeFacts(stored: StoredResponse): Required<LifetimeFacts> {
  const { lifetimeSeconds, lifetimeSource, initialAgeSeconds } = stored;
  const beforehand = lifetimeSource === 'ttl' && lifetimeSeconds > 0 ? initialAgeSeconds : 0;
  return { lifetimeSeconds: lifetimeSeconds - beforehand, lifetimeSource };
}

type LifetimeFacts = Pick<ReasonFacts, 'lifetimeSeconds' | 'lifetimeSource'>;

function servesMethod(candidate: StoredResponse, method: string): boolean {
  return candidate.method === 'GET' || method === 'HEAD';
}

function partFacts(part: StoredResponse, now: EpochMs): ReasonFacts {
  const storedRanges = part.partial === null ? '' : rangesText(part.partial);
  return { ...nearestFacts(part, 'RFC 9111 §3.3', now), storedRanges };
}

/** The variant that differs in the fewest fields. */
function nearestVariant(
  variants: readonly StoredResponse[],
  fields: RawFields,
  now: EpochMs,
): ReasonFacts | null {
  let nearest: ReasonFacts | null = null;
  let fewest = Infinity;
  for (const variant of variants) {
    const varyFields = varyDifferences(variant, fields);
    if (varyFields.length >= fewest) continue;
    fewest = varyFields.length;
    nearest = { varyFields, ...nearestFacts(variant, 'RFC 9111 §4.1', now) };
  }
  return nearest;
}
