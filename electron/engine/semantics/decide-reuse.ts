/**
 * What to do with a request (RFC 9111 §4), given what is stored under its key.
 * Stands between lookup and everything that costs: the pipeline only acts on
 * the value that comes out.
 */
import type { ForwardReason, LifetimeSource, ReasonFacts } from '../../../shared/exchange-summary';
import type { RawFields } from '../http/raw-fields';
import { deltaSeconds, requestCacheControl, type CacheControl } from './cache-control';
import type { Asking, CacheDecision, Completing, Forward, Refuse, Reuse } from './cache-decision';
import type { CachePolicy } from './freshness';
import { lifetimeFacts, missReason, nearestFacts } from './miss-reason';
import { missingRange } from './partial-content';
import { passReason, type PassReason } from './pass-reason';
import { hasOwnConditions } from './preconditions';
import {
  isMoreRecent,
  matchingResponses,
  selectPart,
  selectVariant,
  type Selected,
  type SelectionInput,
} from './select-stored';
import { mayServeOnError, mayServeStale, mayServeWhileRevalidating } from './stale-serving';
import { asksForRange, storedAnswer } from './stored-answer';
import type { StoredResponse } from './stored-response';
import { validationFor } from './validation';
import { entityTag, strongValidator } from './validator';

export interface ReuseInput extends SelectionInput {
  readonly request: { readonly method: string; readonly fields: RawFields; readonly hasBody: boolean };
  readonly policy: CachePolicy;
  /** What removed the stored response, such as `POST /v2/cart/items`. */
  readonly invalidatedBy?: string;
}

type UsableReason = 'fresh' | 'max-stale' | 'stale-while-revalidate';
type StaleReason = 'reload' | 'must-validate' | 'expired';

export function decideReuse(input: ReuseInput): CacheDecision {
  const control = requestCacheControl(input.request.fields);
  const pass = passReason(input.request, control);
  const decision = pass === null ? decideCacheable(input, control) : passOn(input, pass);
  if (decision.kind === 'reuse' || !control.has('only-if-cached') || decision.reason === 'method-not-cached')
    return decision;
  // RFC 9111 §5.2.1.7
  return { kind: 'refuse', reason: 'only-if-cached', forward: decision.forward, facts: decision.facts };
}

/** The answer to a POST may be stored where the origin says so (RFC 9110 §9.3.3); everything else passes. */
function passOn({ request, policy }: ReuseInput, pass: PassReason): Forward {
  const mayStore = request.method === 'POST' && policy.policy === 'respect';
  const nothing = { matching: [], ifError: null, completing: null };
  return { kind: 'forward', ...pass, pass: true, mayStore, mayCollapse: false, ...nothing };
}

function decideCacheable(input: ReuseInput, control: CacheControl): Exclude<CacheDecision, Refuse> {
  if (input.candidates.length === 0) return decideMiss(input, control, null);
  const whole = selectVariant(input);
  const part = selectPart(input);
  const partFirst = whole !== null && part !== null && isMoreRecent(part.stored, whole.stored);
  const reuse = partFirst
    ? (reuseIfUsable(input, control, part) ?? reuseIfUsable(input, control, whole))
    : (reuseIfUsable(input, control, whole) ?? reuseIfUsable(input, control, part));
  if (reuse !== null) return reuse;
  const stale = whole ?? (part !== null && storedAnswer(input.request, part.stored) !== null ? part : null);
  if (stale !== null) return askAbout(input, stale, staleReason(control, stale));
  return decideMiss(input, control, part);
}

function reuseIfUsable(input: ReuseInput, control: CacheControl, selected: Selected | null): Reuse | null {
  if (selected === null) return null;
  const reason = usableReason(input, control, selected);
  if (reason === null) return null;
  const answer = storedAnswer(input.request, selected.stored);
  if (answer === null) return null;
  const background = reason === 'stale-while-revalidate' ? askAbout(input, selected, 'expired') : null;
  return {
    kind: 'reuse',
    reason: answer.kind === 'not-modified' && reason === 'fresh' ? 'not-modified' : reason,
    facts: reuseFacts(selected, reason),
    ...selected,
    answer,
    background,
  };
}

/** Null: not without asking the origin. */
function usableReason(input: ReuseInput, control: CacheControl, selected: Selected): UsableReason | null {
  const { stored, ttlSeconds } = selected;
  if (asksForNewer(control, selected) || stored.mustValidate) return null;
  if (ttlSeconds > 0) return 'fresh';
  if (mayServeStale(stored, control, input.policy, -ttlSeconds)) return 'max-stale';
  if (mayServeWhileRevalidating(stored, control, input.policy, -ttlSeconds)) return 'stale-while-revalidate';
  return null;
}

function staleReason(control: CacheControl, selected: Selected): StaleReason {
  if (asksForNewer(control, selected)) return 'reload';
  return selected.stored.mustValidate ? 'must-validate' : 'expired';
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

const FRESH_BY: Readonly<Record<LifetimeSource, string>> = {
  's-maxage': 's-maxage (RFC 9111 §5.2.2.10)',
  'max-age': 'max-age (RFC 9111 §5.2.2.1)',
  expires: 'Expires (RFC 9111 §5.3)',
  heuristic: 'heuristic freshness (RFC 9111 §4.2.2)',
  ttl: 'the TTL setting',
  edited: 'the TTL set for this response',
  none: 'RFC 9111 §4.2',
};

function reuseFacts({ stored }: Selected, reason: UsableReason): ReasonFacts {
  const decidedBy =
    reason === 'fresh'
      ? FRESH_BY[stored.lifetimeSource]
      : reason === 'max-stale'
        ? 'RFC 9111 §5.2.1.2'
        : 'RFC 5861 §3';
  const facts = { decidedBy, ...lifetimeFacts(stored) };
  return stored.forOneUser ? { ...facts, forThisUser: true } : facts;
}

const DECIDED_BY: Readonly<Record<StaleReason, string>> = {
  reload: 'RFC 9111 §5.2.1',
  'must-validate': 'RFC 9111 §5.2.2.4',
  expired: 'RFC 9111 §4.2',
};

/** Asks with the stored validators, in place of the client's own conditions; without one, for the whole. */
function askAbout(input: ReuseInput, selected: Selected, reason: StaleReason): Asking {
  const { stored, ttlSeconds } = selected;
  const { policy, now } = input;
  const forward: ForwardReason = reason === 'reload' ? 'request' : 'stale';
  const common = {
    reason,
    facts: nearestFacts(stored, DECIDED_BY[reason], now),
    forward,
    matching: matchingResponses(input),
    ifError: mayServeOnError(stored, reason, policy, -ttlSeconds) ? stored : null,
  };
  const validation = validationFor(stored, otherVariants(input));
  if (validation !== null) return { kind: 'validate', ...validation, ...common };
  const mayCollapse = reason !== 'reload' && !isParticular(input);
  return { kind: 'forward', pass: false, mayStore: true, mayCollapse, completing: null, ...common };
}

function decideMiss(input: ReuseInput, control: CacheControl, part: Selected | null): Asking {
  const why = missReason(input, input.invalidatedBy);
  const common = { ...why, matching: matchingResponses(input), ifError: null };
  // Who reloads must not get what was asked for before (RFC 9111 §4, "collapsed requests").
  const reloads = control.has('no-cache') || deltaSeconds(control, 'max-age') === 0;
  const particular = isParticular(input);
  if (why.reason === 'vary-differs' && !particular && !reloads) {
    // RFC 9111 §4.1: the origin hears what is stored already
    const validation = validationFor(null, otherVariants(input));
    if (validation !== null) return { kind: 'validate', ...validation, ...common };
  }
  const completing = part === null || particular ? null : completingOf(input, part);
  const mayCollapse = !reloads && !particular;
  return { kind: 'forward', pass: false, mayStore: true, mayCollapse, completing, ...common };
}

/** A condition or a range of the client's own: the answer may be one that no one else can use. */
function isParticular({ request }: ReuseInput): boolean {
  return hasOwnConditions(request.fields) || asksForRange(request);
}

/** What is missing of a stored part, where it can be told, and proven to be of the same representation. */
function completingOf({ request }: ReuseInput, { stored }: Selected): Completing | null {
  if (request.method !== 'GET' || stored.partial === null) return null;
  const missing = missingRange(stored.partial);
  const validator = strongValidator(stored.fields);
  return missing === null || validator === null ? null : { stored, missing, validator };
}

/** Whole responses of the request's partition with a tag, whatever they vary on, most recent first. */
function otherVariants({ candidates, partition }: ReuseInput): readonly StoredResponse[] {
  return candidates
    .filter(
      (candidate) =>
        candidate.partition === partition &&
        candidate.method === 'GET' &&
        candidate.partial === null &&
        entityTag(candidate.fields) !== null,
    )
    .sort((left, right) => right.responseTime - left.responseTime);
}
