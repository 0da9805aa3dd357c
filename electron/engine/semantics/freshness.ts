/** How long a response stays fresh (RFC 9111 §4.2.1), by the origin's word or by the developer's. */
import { effectiveTtlSeconds, type Settings } from '../../../shared/settings';
import type { Seconds } from '../../../shared/units';
import { fieldLines, type RawFields } from '../http/raw-fields';
import { dateOf, initialAge, type ReceivedResponse } from './age';
import { deltaSeconds, responseCacheControl } from './cache-control';
import { parseHttpDate } from './http-date';

export type CachePolicy = Pick<Settings, 'policy' | 'ttlSeconds'>;

export type LifetimeSource = 's-maxage' | 'max-age' | 'expires' | 'ttl' | 'heuristic' | 'none';

export interface FreshnessLifetime {
  /** >= 0; compared with the current age. */
  readonly seconds: Seconds;
  readonly source: LifetimeSource;
}

export interface DatedResponse extends ReceivedResponse {
  readonly status: number;
}

/** Statuses that a TTL keeps: errors are not, who has just created the resource must see it. */
const TTL_STATUSES: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308]);

const NO_LIFETIME: FreshnessLifetime = { seconds: 0, source: 'none' };

export function isTtlStatus(status: number): boolean {
  return TTL_STATUSES.has(status);
}

/** Freshness lifetime (RFC 9111 §4.2.1).
 *  A TTL counts from when Larder received the response, whatever age it came with, so that age is added to it.
 *  @returns seconds >= 0; 0 where the freshness information is invalid */
export function freshnessLifetime(response: DatedResponse, policy: CachePolicy): FreshnessLifetime {
  if (policy.policy === 'override') return ttlLifetime(response, policy) ?? NO_LIFETIME;
  // The heuristic of RFC 9111 §4.2.2 has its place between the two.
  return explicitLifetime(response) ?? ttlLifetime(response, policy) ?? NO_LIFETIME;
}

/** What the origin says, in the order of RFC 9111 §4.2.1; null where it says nothing. */
export function explicitLifetime(response: ReceivedResponse): FreshnessLifetime | null {
  const control = responseCacheControl(response.fields);
  const sharedMaxAge = deltaSeconds(control, 's-maxage');
  if (sharedMaxAge !== null) return { seconds: sharedMaxAge, source: 's-maxage' };
  const maxAge = deltaSeconds(control, 'max-age');
  if (maxAge !== null) return { seconds: maxAge, source: 'max-age' };
  const expires = expiresLifetime(response);
  return expires === null ? null : { seconds: expires, source: 'expires' };
}

function ttlLifetime(response: DatedResponse, policy: CachePolicy): FreshnessLifetime | null {
  const ttl = effectiveTtlSeconds(policy);
  if (ttl === null || !isTtlStatus(response.status)) return null;
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

/** Whether the origin gives any freshness of its own. */
export function hasExplicitFreshness(fields: RawFields): boolean {
  return explicitLifetime({ fields, requestTime: 0, responseTime: 0 }) !== null;
}
