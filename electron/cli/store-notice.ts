/** What to tell when the store goes or comes back; without a window nothing else shows it. */
import type { StoreHealth } from '../../shared/engine-status';

export interface StoreNotice {
  readonly level: 'info' | 'warning';
  readonly message: string;
}

/** Makes the watcher: called with the health after each change of status, it says what is new, if anything. */
export function watchStore(): (health: Pick<StoreHealth, 'state' | 'message'>) => StoreNotice | null {
  let isGone = false;
  return ({ state, message }) => {
    if (state === 'connecting' || isGone === (state === 'unavailable')) return null;
    isGone = state === 'unavailable';
    if (!isGone) return { level: 'info', message: 'the store answers again' };
    const fallback = 'the store does not answer; requests go to the origin meanwhile';
    return { level: 'warning', message: message ?? fallback };
  };
}
