/** Whether the origin answers, as the window's banner shows it. Changes are reported, steady states are not. */
import type { OriginHealth } from '../../../shared/engine-status';
import type { LarderError } from '../../../shared/error-codes';

export interface OriginHealthWatch {
  answered(origin: string): void;
  failed(origin: string, error: LarderError): void;
  of(origin: string): OriginHealth;
}

export function createOriginHealthWatch(now: () => number, changed: () => void): OriginHealthWatch {
  let watched = '';
  let health: OriginHealth = { state: 'unknown', since: now(), message: null };
  const become = (origin: string, state: OriginHealth['state'], message: string | null): void => {
    if (watched === origin && health.state === state) return;
    watched = origin;
    health = { state, since: now(), message };
    changed();
  };
  return {
    answered: (origin) => become(origin, 'ok', null),
    failed: (origin, error) => become(origin, 'unreachable', error.message),
    of: (origin) => (watched === origin ? health : { state: 'unknown', since: health.since, message: null }),
  };
}
