/** Whether a stale response may be served after all (RFC 9111 §4.2.4, RFC 5861). */
import type { Seconds } from '../../../shared/units';
import { deltaSeconds, type CacheControl } from './cache-control';
import type { CachePolicy } from './freshness';
import { responseCacheControl } from './response-directives';
import type { StoredResponse } from './stored-response';

/** max-stale of the request (RFC 9111 §5.2.1.2), where the origin does not forbid it. */
export function mayServeStale(
  stored: StoredResponse,
  requestControl: CacheControl,
  policy: CachePolicy,
  staleForSeconds: Seconds,
): boolean {
  if (!requestControl.has('max-stale')) return false;
  const unlimited = requestControl.get('max-stale') === null;
  if (!unlimited && staleForSeconds > (deltaSeconds(requestControl, 'max-stale') ?? 0)) return false;
  return policy.policy === 'override' || !forbidsStale(responseCacheControl(stored.fields));
}

/** Whether it may be served at once, while it is validated in the background (RFC 5861 §3). A request that says how
 *  fresh it wants its answer does not want a stale one (RFC 9111 §5.2.1.1, §5.2.1.3). */
export function mayServeWhileRevalidating(
  stored: StoredResponse,
  requestControl: CacheControl,
  policy: CachePolicy,
  staleForSeconds: Seconds,
): boolean {
  if (policy.policy === 'override') return false;
  if (requestControl.has('max-age') || requestControl.has('min-fresh')) return false;
  const control = responseCacheControl(stored.fields);
  const window = deltaSeconds(control, 'stale-while-revalidate');
  return window !== null && staleForSeconds <= window && !forbidsStale(control);
}

/** Answers of a gateway or an overloaded server: the origin itself could not be asked. */
const ORIGIN_DOWN: ReadonlySet<number> = new Set([502, 503, 504]);

/** Whether an answer counts as an error that `stored` may stand in for; 500 only where the origin says so (RFC 5861 §4). */
export function isOriginError(status: number, stored: StoredResponse, policy: CachePolicy): boolean {
  if (ORIGIN_DOWN.has(status)) return true;
  if (status !== 500 || policy.policy === 'override') return false;
  return responseCacheControl(stored.fields).has('stale-if-error');
}

/** Whether `stored` may stand in for an origin that fails: always where the TTL rules, otherwise where the
 *  origin does not forbid it and, if it gives a time (RFC 5861 §4), within it. Not on a reload by the book.
 *  A stored error stands in for no other. */
export function mayServeOnError(
  stored: StoredResponse,
  reason: 'reload' | 'must-validate' | 'expired',
  policy: CachePolicy,
  staleForSeconds: Seconds,
): boolean {
  if (stored.status >= 500) return false;
  if (policy.policy === 'override') return true;
  if (reason !== 'expired') return false;
  const control = responseCacheControl(stored.fields);
  if (forbidsStale(control)) return false;
  const limit = deltaSeconds(control, 'stale-if-error');
  return limit === null || staleForSeconds <= limit;
}

/** RFC 9111 §5.2.2.2, §5.2.2.8, §5.2.2.10: s-maxage stands for proxy-revalidate too. */
function forbidsStale(control: CacheControl): boolean {
  return (
    control.has('must-revalidate') ||
    control.has('proxy-revalidate') ||
    control.has('s-maxage') ||
    control.has('no-cache')
  );
}
