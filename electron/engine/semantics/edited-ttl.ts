/** A stored response whose TTL the developer has edited. Beside the request's path; no RFC knows of it. */
import type { EpochMs, Seconds } from '../../../shared/units';
import { currentAge } from './age';
import type { StoredResponse } from './stored-response';

/**
 * Fresh for `ttlSeconds` from now on, whatever the origin said, `no-cache` included; 0: stale now. A validation
 * works out its lifetime anew.
 */
export function withEditedTtl(stored: StoredResponse, ttlSeconds: Seconds, now: EpochMs): StoredResponse {
  return {
    ...stored,
    lifetimeSeconds: currentAge(stored, now) + ttlSeconds,
    lifetimeSource: 'edited',
    mustValidate: ttlSeconds === 0 && stored.mustValidate,
  };
}
