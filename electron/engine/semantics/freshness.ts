/** How long a response stays fresh (RFC 9111 §4.2.1, §4.2.2), by the origin's word or by the developer's. */
import type { LifetimeSource } from '../../../shared/exchange-summary';
import { effectiveTtlSeconds, type Settings } from '../../../shared/settings';
import type { Seconds } from '../../../shared/units';
import { fieldLines } from '../http/raw-fields';
import { dateOf, hasInvalidAge, initialAge, type ReceivedResponse } from './age';
import { deltaSeconds } from './cache-control';
import { parseHttpDate } from './http-date';
import { responseDirectives } from './response-directives';

export type CachePolicy = Pick<Settings, 'policy' | 'ttlSeconds'> &
  Partial<Pick<Settings, 'errorTtlSeconds'>>;

export interface FreshnessLifetime {
  /** >= 0; compared with the current age. */
  readonly seconds: Seconds;
  readonly source: LifetimeSource;
}

export interface DatedResponse extends ReceivedResponse {
  readonly status: number;
}

/** Statuses that a TTL keeps: errors are not, who has just created the resource must see it. */
const TTL_STATUSES: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308]);

/** RFC 9110 §15.1 */
const HEURISTIC_STATUSES: ReadonlySet<number> = new Set([
  200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501,
]);

const HEURISTIC_FRACTION = 0.1;
const LONGEST_HEURISTIC_SECONDS: Seconds = 7 * 86_400;

const NO_LIFETIME: FreshnessLifetime = { seconds: 0, source: 'none' };

/** The TTL for a status; null: a TTL does not keep it. Errors have one of their own, with `override` only. */
export function ttlFor(status: number, policy: CachePolicy): Seconds | null {
  if (TTL_STATUSES.has(status)) return effectiveTtlSeconds(policy);
  if (policy.policy === 'override' && status >= 400) return policy.errorTtlSeconds ?? null;
  return null;
}

/** Freshness lifetime (RFC 9111 §4.2.1).
 *  A TTL counts from when Larder received the response, whatever age it came with, so that age is added to it.
 *  @returns seconds >= 0; 0 where the freshness information is invalid */
export function freshnessLifetime(response: DatedResponse, policy: CachePolicy): FreshnessLifetime {
  if (policy.policy === 'override') return ttlLifetime(response, policy) ?? NO_LIFETIME;
  return originLifetime(response) ?? ttlLifetime(response, policy) ?? NO_LIFETIME;
}

/** What the origin says (RFC 9111 §4.2.1), else what it lets one guess; stale where its Age cannot be read. */
function originLifetime(response: DatedResponse): FreshnessLifetime | null {
  const lifetime = explicitLifetime(response) ?? heuristicLifetime(response);
  if (lifetime === null || !hasInvalidAge(response.fields)) return lifetime;
  return { seconds: 0, source: lifetime.source };
}

/** What the origin says, in the order of RFC 9111 §4.2.1; null where it says nothing. */
export function explicitLifetime(response: ReceivedResponse): FreshnessLifetime | null {
  const { control, target } = responseDirectives(response.fields);
  const sharedMaxAge = deltaSeconds(control, 's-maxage');
  if (sharedMaxAge !== null) return { seconds: sharedMaxAge, source: 's-maxage' };
  const maxAge = deltaSeconds(control, 'max-age');
  if (maxAge !== null) return { seconds: maxAge, source: 'max-age' };
  // RFC 9213 §2.2: a targeted field stands in place of Expires too
  const expires = target === null ? expiresLifetime(response) : null;
  return expires === null ? null : { seconds: expires, source: 'expires' };
}

/** RFC 9111 §4.2.2: a tenth of the time since it was modified, a week at most. Null: no Last-Modified, or not allowed. */
export function heuristicLifetime(response: DatedResponse): FreshnessLifetime | null {
  if (!isCacheableByDefault(response)) return null;
  const [line, ...others] = fieldLines(response.fields, 'last-modified');
  const modified = others.length > 0 ? null : parseHttpDate(line, response.responseTime);
  if (modified === null) return null;
  const unchanged = Math.max(0, (dateOf(response) - modified) / 1000);
  const seconds = Math.min(Math.floor(unchanged * HEURISTIC_FRACTION), LONGEST_HEURISTIC_SECONDS);
  return { seconds, source: 'heuristic' };
}

/** Whether it may be stored without explicit freshness (RFC 9111 §3, last clause): by its status or `public`. */
export function isCacheableByDefault({ status, fields }: Pick<DatedResponse, 'status' | 'fields'>): boolean {
  return HEURISTIC_STATUSES.has(status) || responseDirectives(fields).control.has('public');
}

function ttlLifetime(response: DatedResponse, policy: CachePolicy): FreshnessLifetime | null {
  const ttl = ttlFor(response.status, policy);
  if (ttl === null) return null;
  return { seconds: ttl === 0 ? 0 : initialAge(response) + ttl, source: 'ttl' };
}

/** Expires less Date. An invalid date, or two that disagree, is in the past (RFC 9111 §5.3, §4.2.1). */
function expiresLifetime(response: ReceivedResponse): Seconds | null {
  const [expires, ...others] = fieldLines(response.fields, 'expires');
  if (expires === undefined) return null;
  if (others.some((other) => other !== expires)) return 0;
  const time = parseHttpDate(expires, response.responseTime);
  return time === null ? 0 : Math.max(0, (time - dateOf(response)) / 1000);
}
