/** Whether a response may be stored (RFC 9111 §3), and what of it. */
import type { NotStoredReason } from '../../../shared/exchange-summary';
import { fieldLines, filterFields, hasField, type RawFields } from '../http/raw-fields';
import type { ReceivedResponse } from './age';
import { isUnqualified, qualifyingFields, requestCacheControl, type CacheControl } from './cache-control';
import {
  explicitLifetime,
  freshnessLifetime,
  isCacheableByDefault,
  ttlFor,
  type CachePolicy,
  type FreshnessLifetime,
} from './freshness';
import { hopByHopNames } from './hop-by-hop';
import { sameTarget } from './invalidation';
import { enclosedRange } from './range';
import { responseCacheControl } from './response-directives';
import { hasValidator } from './validator';
import { varyNames } from './vary';

export interface StorableInput {
  readonly request: { readonly method: string; readonly fields: RawFields; readonly hasBody: boolean };
  /** The target URI. */
  readonly url: string;
  readonly response: ReceivedResponse & { readonly status: number };
  readonly policy: CachePolicy;
  /** The request's credentials are in its partition. */
  readonly credentials: boolean;
}

export type Storable =
  | { readonly store: true; readonly lifetime: FreshnessLifetime; readonly mustValidate: boolean }
  | { readonly store: false; readonly reason: NotStoredReason };

const ENDLESS_TYPES: ReadonlySet<string> = new Set(['text/event-stream', 'multipart/x-mixed-replace']);

/** Without these a stored response cannot be used: `no-cache` or `private` that names one applies to the whole. */
const NEEDED_FOR_REUSE =
  /^(?:content-.*|etag|last-modified|date|expires|vary|(?:cdn-|larder-)?cache-control|location|accept-ranges)$/;

export function storable(input: StorableInput): Storable {
  const reason = notForAnyCache(input) ?? notByPolicy(input);
  if (reason !== null) return { store: false, reason };
  return {
    store: true,
    lifetime: freshnessLifetime(input.response, input.policy),
    mustValidate: mustValidate(input.response.fields, input.policy),
  };
}

/** Whether no reuse goes without validation (RFC 9111 §5.2.2.4). */
export function mustValidate(fields: RawFields, policy: CachePolicy): boolean {
  if (policy.policy === 'override') return false;
  return appliesToWhole(responseCacheControl(fields), 'no-cache');
}

function appliesToWhole(control: CacheControl, directive: 'no-cache' | 'private'): boolean {
  if (isUnqualified(control, directive)) return true;
  return qualifyingFields(control, directive).some((name) => NEEDED_FOR_REUSE.test(name));
}

/** The end-to-end fields that are kept (RFC 9111 §3.1), in order and as received.
 *  Age is left out, since every answer gets its own; so are fields that `private="…"` names
 *  (RFC 9111 §5.2.2.7) and, where the origin's word is overridden, Set-Cookie. */
export function storableFields(fields: RawFields, policy: CachePolicy): string[] {
  const hopByHop = hopByHopNames(fields);
  const withheld =
    policy.policy === 'override' ? NOT_REPLAYED : optionalFields(responseCacheControl(fields), 'private');
  return filterFields(
    fields,
    (name) => name !== 'age' && !hopByHop.has(name) && !name.startsWith('proxy-') && !withheld.has(name),
  );
}

/** Names in lower case of the fields that are not sent without validation: those of `no-cache="…"` (RFC 9111 §5.2.2.4). */
export function unvalidatedFields(fields: RawFields, policy: CachePolicy): ReadonlySet<string> {
  return policy.policy === 'override' ? NONE : optionalFields(responseCacheControl(fields), 'no-cache');
}

const NONE: ReadonlySet<string> = new Set();
const NOT_REPLAYED: ReadonlySet<string> = new Set(['set-cookie', 'set-cookie2']);

function optionalFields(control: CacheControl, directive: 'no-cache' | 'private'): ReadonlySet<string> {
  const names = qualifyingFields(control, directive);
  return names.length === 0 ? NONE : new Set(names.filter((name) => !NEEDED_FOR_REUSE.test(name)));
}

function notForAnyCache(input: StorableInput): NotStoredReason | null {
  const { request, response } = input;
  if (!isCacheableMethod(input)) return 'method-not-cached';
  // RFC 9111 §5.2.1.5
  if (requestCacheControl(request.fields).has('no-store')) return 'request-no-store';
  if (response.status === 206 && !isUsablePart(input)) return 'partial-content';
  if (response.status < 200 || response.status === 304) return 'status-not-stored';
  // A refused range or precondition says nothing of the resource without it.
  if (response.status === 416 || response.status === 412) return 'status-not-stored';
  if (isEndless(response.fields)) return 'endless';
  // RFC 9111 §4.1
  if (varyNames(response.fields) === '*') return 'vary-star';
  return null;
}

/** GET and HEAD without a body; POST by RFC 9110 §9.3.3: explicit freshness, and the answer is the target's representation. */
function isCacheableMethod({ request, response, url, policy }: StorableInput): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return !request.hasBody;
  if (request.method !== 'POST' || policy.policy !== 'respect') return false;
  if (response.status !== 200 || explicitLifetime(response) === null) return false;
  return sameTarget(fieldLines(response.fields, 'content-location'), url);
}

/** One range of bytes that was asked for (RFC 9111 §3.3); several of them (multipart/byteranges) are not taken apart. */
function isUsablePart({ request, response }: StorableInput): boolean {
  return (
    request.method === 'GET' && hasField(request.fields, 'range') && enclosedRange(response.fields) !== null
  );
}

function notByPolicy(input: StorableInput): NotStoredReason | null {
  return input.policy.policy === 'override' ? notByTtl(input) : notByOrigin(input);
}

function notByTtl({ request, response, policy, credentials }: StorableInput): NotStoredReason | null {
  const ttl = ttlFor(response.status, policy);
  if (ttl === null) return 'status-not-stored';
  if (!credentials && hasField(request.fields, 'authorization')) return 'authorization';
  return ttl === 0 ? 'ttl-zero' : null;
}

function notByOrigin(input: StorableInput): NotStoredReason | null {
  const { request, response } = input;
  const control = responseCacheControl(response.fields);
  if (forbidsStoring(control, response.status)) return 'response-no-store';
  // RFC 9111 §5.2.2.7: Larder is a shared cache
  if (appliesToWhole(control, 'private')) return 'response-private';
  if (hasField(request.fields, 'authorization') && !allowsAuthorized(control)) return 'authorization';
  return withoutFreshness(input, control);
}

/** `no-store`, which `must-understand` sets aside where the status is understood (RFC 9111 §5.2.2.3). */
function forbidsStoring(control: CacheControl, status: number): boolean {
  if (control.has('must-understand')) return !isUnderstood(status);
  return control.has('no-store');
}

/** Statuses whose caching requirements are known: those of RFC 9110 §15 that are final. */
function isUnderstood(status: number): boolean {
  return (
    (status >= 200 && status <= 206) ||
    (status >= 300 && status <= 308 && status !== 304 && status !== 306) ||
    (status >= 400 && status <= 417) ||
    status === 421 ||
    status === 422 ||
    status === 426 ||
    (status >= 500 && status <= 505)
  );
}

/** RFC 9111 §3.5 */
function allowsAuthorized(control: CacheControl): boolean {
  return control.has('public') || control.has('s-maxage') || control.has('must-revalidate');
}

/**
 * RFC 9111 §3, last clause: something must say that it may be stored; beyond that, it is stored only where
 * it can be of use, now or after validation.
 */
function withoutFreshness(
  { response, policy }: StorableInput,
  control: CacheControl,
): NotStoredReason | null {
  const { status, fields } = response;
  const mayValidate = hasValidator(fields) && isCacheableByDefault(response);
  if (explicitLifetime(response) !== null || mayValidate) return null;
  if (appliesToWhole(control, 'no-cache')) return 'no-freshness';
  if (policy.ttlSeconds === null) return 'no-freshness';
  const ttl = ttlFor(status, policy);
  if (ttl === null) return 'status-not-stored';
  return ttl === 0 ? 'ttl-zero' : null;
}

function isEndless(fields: RawFields): boolean {
  return fieldLines(fields, 'content-type').some((line) =>
    ENDLESS_TYPES.has((line.split(';')[0] ?? '').trim().toLowerCase()),
  );
}
