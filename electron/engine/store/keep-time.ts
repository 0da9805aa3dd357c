/** How long a store that outlives the process keeps a response: for Redis's TTL, and for what is read from disk at the start. */
import type { EpochMs, Milliseconds } from '../../../shared/units';
import { deltaSeconds } from '../semantics/cache-control';
import { responseCacheControl } from '../semantics/response-directives';
import type { StoredResponse } from '../semantics/stored-response';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_FRESHNESS_MS = 366 * DAY_MS;

/**
 * From now on: its freshness, and then as long again to be revalidated or served
 * stale, or for as long as the origin lets it be stale; but at least an hour and at most a week.
 */
export function keepMs(stored: StoredResponse, now: EpochMs): Milliseconds {
  const lifetimeMs = stored.lifetimeSeconds * 1000;
  const freshUntil = stored.responseTime + lifetimeMs - stored.initialAgeSeconds * 1000;
  const freshMs = Math.min(Math.max(freshUntil - now, 0), LONGEST_FRESHNESS_MS);
  const staleMs = Math.max(lifetimeMs, staleWindowMs(stored), HOUR_MS);
  return Math.ceil(freshMs + Math.min(staleMs, 7 * DAY_MS));
}

/** For how long the origin says that it may be served stale (RFC 5861). */
function staleWindowMs({ fields }: StoredResponse): Milliseconds {
  const control = responseCacheControl(fields);
  const whileRevalidating = deltaSeconds(control, 'stale-while-revalidate') ?? 0;
  return 1000 * Math.max(whileRevalidating, deltaSeconds(control, 'stale-if-error') ?? 0);
}
