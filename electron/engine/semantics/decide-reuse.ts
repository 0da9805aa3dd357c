/**
 * What to do with a request (RFC 9111 §4), given what is stored under its key.
 * Stands between lookup and everything that costs: the pipeline only acts on
 * the value that comes out.
 */
import type { ForwardReason, ReasonCode, ReasonFacts } from '../../../shared/exchange-summary';
import type { EpochMs, Seconds } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';
import { currentAge } from './age';
import { deltaSeconds, requestCacheControl, type CacheControl } from './cache-control';
import type { CacheDecision, Forward, Refuse, Reuse, Validate } from './cache-decision';
import { isSamePolicy } from './cache-key';
import type { CachePolicy } from './freshness';
import { passReason, type PassReason } from './pass-reason';
import { mayServeOnError, mayServeStale } from './stale-serving';
import type { StoredResponse } from './stored-response';
import { conditionsFor, hasOwnConditions, isNotModified } from './validation';
import { matchesVary, varyDifferences } from './vary';

export interface ReuseInput {
  readonly request: { readonly method: string; readonly fields: RawFields; readonly hasBody: boolean };
  /** What the store has under the key, in any order. */
  readonly candidates: readonly StoredResponse[];
  /** From `partitionOf`; another's responses are never used. */
  readonly partition: string;
  readonly policy: CachePolicy;
  readonly now: EpochMs;
  /** What removed the stored response, such as `POST /v2/cart/items`. */
  readonly invalidatedBy?: string;
}

/** One stored response that the request may get, and how fresh it is. */
interface Selected {
  readonly stored: StoredResponse;
  readonly ageSeconds: Seconds;
  readonly ttlSeconds: Seconds;
}

const NO_FACTS: ReasonFacts = {};

export function decideReuse(input: ReuseInput): CacheDecision {
  const control = requestCacheControl(input.request.fields);
  const pass = passReason(input.request, control);
  const decision = pass === null ? decideCacheable(input, control) : passOn(pass);
  if (decision.kind === 'reuse' || !control.has('only-if-cached') || decision.reason === 'method-not-cached')
    return decision;
  // RFC 9111 §5.2.1.7
  return { kind: 'refuse', reason: 'only-if-cached', forward: decision.forward, facts: decision.facts };
}

function passOn(pass: PassReason): Exclude<CacheDecision, Refuse> {
  return { kind: 'forward', ...pass, mayStore: false, mayCollapse: false, ifError: null };
}

function decideCacheable(input: ReuseInput, control: CacheControl): Exclude<CacheDecision, Refuse> {
  const stored = selectVariant(input);
  if (stored === null) return decideMiss(input, control);
  const ageSeconds = currentAge(stored, input.now);
  const selected = { stored, ageSeconds, ttlSeconds: stored.lifetimeSeconds - ageSeconds };
  if (asksForNewer(control, selected)) return revalidate(input, selected, 'reload');
  if (stored.mustValidate) return revalidate(input, selected, 'must-validate');
  if (selected.ttlSeconds > 0) return reuse(input, selected, 'fresh');
  if (mayServeStale(stored, control, input.policy, -selected.ttlSeconds))
    return reuse(input, selected, 'max-stale');
  return revalidate(input, selected, 'expired');
}

/** The most recent response of the request's partition that its fields choose (RFC 9111 §4.1). */
export function selectVariant(
  input: Pick<ReuseInput, 'candidates' | 'partition' | 'request'>,
): StoredResponse | null {
  let selected: StoredResponse | null = null;
  for (const candidate of input.candidates) {
    if (candidate.partition !== input.partition || !servesMethod(candidate, input.request.method)) continue;
    if (selected !== null && !isPreferred(candidate, selected)) continue;
    if (matchesVary(candidate.vary, input.request.fields)) selected = candidate;
  }
  return selected;
}

/** HEAD may use a stored GET, GET never a stored HEAD (RFC 9110 §9.3.2). */
function servesMethod(candidate: StoredResponse, method: string): boolean {
  return candidate.method === 'GET' || method === 'HEAD';
}

/** A stored GET before a stored HEAD, then the more recent. */
function isPreferred(candidate: StoredResponse, selected: StoredResponse): boolean {
  if (candidate.method !== selected.method) return candidate.method === 'GET';
  return candidate.responseTime > selected.responseTime;
}

/** no-cache, max-age and min-fresh of the request (RFC 9111 §5.2.1). */
function asksForNewer(control: CacheControl, { ageSeconds, ttlSeconds }: Selected): boolean {
  if (control.size === 0) return false;
  if (control.has('no-cache')) return true;
  const maxAge = deltaSeconds(control, 'max-age');
  if (maxAge !== null && (maxAge === 0 || ageSeconds > maxAge)) return true;
  const minFresh = deltaSeconds(control, 'min-fresh');
  return minFresh !== null && ttlSeconds > 0 && ttlSeconds < minFresh;
}

function reuse(input: ReuseInput, selected: Selected, reason: 'fresh' | 'max-stale'): Reuse {
  const { fields } = input.request;
  const notModified = hasOwnConditions(fields) && isNotModified(fields, selected.stored);
  const facts = reuseFacts(selected.stored, reason, input.policy);
  return notModified
    ? { kind: 'reuse', reason: 'not-modified', facts, ...selected }
    : { kind: 'reuse', reason, facts, ...selected };
}

function reuseFacts(stored: StoredResponse, reason: ReasonCode, { policy }: CachePolicy): ReasonFacts {
  const freshBy = policy === 'override' ? 'the TTL setting' : 'RFC 9111 §4.2';
  const decidedBy = reason === 'max-stale' ? 'RFC 9111 §5.2.1.2' : freshBy;
  return stored.forOneUser ? { forThisUser: true, decidedBy } : { decidedBy };
}

const DECIDED_BY = {
  reload: 'RFC 9111 §5.2.1',
  'must-validate': 'RFC 9111 §5.2.2.4',
  expired: 'RFC 9111 §4.2',
} as const;

/** Asks with the stored validator, in place of the client's own conditions; without one, for the whole. */
function revalidate(
  input: ReuseInput,
  selected: Selected,
  reason: keyof typeof DECIDED_BY,
): Validate | Forward {
  const { stored, ttlSeconds } = selected;
  const conditions = conditionsFor(stored);
  const common = {
    reason,
    facts: revalidationFacts(selected, reason),
    forward: (reason === 'reload' ? 'request' : 'stale') as ForwardReason,
    ifError: mayServeOnError(stored, reason, input.policy, -ttlSeconds) ? stored : null,
  };
  if (conditions.length > 0) return { kind: 'validate', conditions, ...common, ...selected };
  const mayCollapse = reason !== 'reload' && !hasOwnConditions(input.request.fields);
  return { kind: 'forward', mayStore: true, mayCollapse, ...common };
}

function revalidationFacts({ stored, ttlSeconds }: Selected, reason: keyof typeof DECIDED_BY): ReasonFacts {
  return {
    decidedBy: DECIDED_BY[reason],
    nearestUrl: stored.url,
    nearestStoredAt: stored.responseTime,
    ...(stored.forOneUser ? { forThisUser: true } : {}),
    ...(ttlSeconds <= 0 ? { expiredForSeconds: -ttlSeconds } : {}),
  };
}

function decideMiss(input: ReuseInput, control: CacheControl): Forward {
  // The answer to a client's own condition may be 304, which no one else can use; and who
  // reloads must not get what was asked for before (RFC 9111 §4, "collapsed requests").
  const reloads = control.has('no-cache') || deltaSeconds(control, 'max-age') === 0;
  const mayCollapse = !reloads && !hasOwnConditions(input.request.fields);
  return { kind: 'forward', mayStore: true, mayCollapse, ifError: null, ...missReason(input) };
}

function missReason(input: ReuseInput): Pick<Forward, 'reason' | 'forward' | 'facts'> {
  const { candidates, partition, request } = input;
  const served = candidates.filter((candidate) => servesMethod(candidate, request.method));
  const variants = served.filter((candidate) => candidate.partition === partition);
  const variant = nearestVariant(variants, request.fields);
  if (variant !== null) return { reason: 'vary-differs', forward: 'vary-miss', facts: variant };
  const others = served.find(
    (candidate) =>
      isSamePolicy(candidate.partition, partition) && matchesVary(candidate.vary, request.fields),
  );
  if (others !== undefined) {
    return {
      reason: 'credentials-differ',
      forward: 'miss',
      facts: nearestFacts(others, 'the setting credentialCookies'),
    };
  }
  if (input.invalidatedBy === undefined) {
    return { reason: 'no-stored-response', forward: 'uri-miss', facts: NO_FACTS };
  }
  const facts = { invalidatedBy: input.invalidatedBy, decidedBy: 'RFC 9111 §4.4' };
  return { reason: 'invalidated', forward: 'uri-miss', facts };
}

/** The variant that differs in the fewest fields. */
function nearestVariant(variants: readonly StoredResponse[], fields: RawFields): ReasonFacts | null {
  let nearest: ReasonFacts | null = null;
  let fewest = Infinity;
  for (const variant of variants) {
    const varyFields = varyDifferences(variant, fields);
    if (varyFields.length >= fewest) continue;
    fewest = varyFields.length;
    nearest = { varyFields, ...nearestFacts(variant, 'RFC 9111 §4.1') };
  }
  return nearest;
}

function nearestFacts(stored: StoredResponse, decidedBy: string): ReasonFacts {
  return { nearestUrl: stored.url, nearestStoredAt: stored.responseTime, decidedBy };
}
