/** Whether a stale response may be served after all (RFC 9111 §4.2.4, RFC 5861). */
import type { Seconds } from '../../../shared/units';
import { deltaSeconds, responseCacheControl, type CacheControl } from './cache-control';
import type { CachePolicy } from './freshness';
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

/** Whether `stored` may stand in for an origin that fails: always where the TTL rules, otherwise where the
 *  origin does not forbid it and, if it gives a time (RFC 5861 §4), within it. Not on a reload by the book. */
export function mayServeOnError(
  stored: StoredResponse,
  reason: 'reload' | 'must-validate' | 'expired',
  policy: CachePolicy,
  staleForSeconds: Seconds,
): boolean {
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
