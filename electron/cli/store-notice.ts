/** What to tell when the store or its disk goes or comes back; without a window nothing else shows it. */
import type { EngineStatus, PersistenceStatus } from '../../shared/engine-status';

export interface StoreNotice {
  readonly level: 'info' | 'warning';
  readonly message: string;
}

type StoreStatus = EngineStatus['store'];

const UNANSWERED = 'the store does not answer; requests go to the origin meanwhile';
const UNPERSISTED: Readonly<Record<PersistenceStatus['state'], string | null>> = {
  off: null,
  on: null,
  'in-use': 'another Larder has the cache folder; what is stored here is kept in memory only',
  failing: 'the disk refuses to keep what is stored; it is in memory only',
};

/** Makes the watcher: called with the store's status after each change, it says what is new, if anything. */
export function watchStore(): (store: Pick<StoreStatus, 'health' | 'persistence'>) => StoreNotice[] {
  const healthNotice = watchHealth();
  const diskNotice = watchPersistence();
  return ({ health, persistence }) =>
    [healthNotice(health), persistence === null ? null : diskNotice(persistence)].filter(
      (notice) => notice !== null,
    );
}

function watchHealth(): (health: StoreStatus['health']) => StoreNotice | null {
  let isGone = false;
  let limitation: string | null = null;
  return ({ state, message }) => {
    if (state === 'ok' && message !== null && message !== limitation) {
      isGone = false;
      limitation = message;
      return { level: 'warning', message };
    }
    if (state === 'connecting' || isGone === (state === 'unavailable')) return null;
    isGone = state === 'unavailable';
    if (!isGone) return { level: 'info', message: 'the store answers again' };
    return { level: 'warning', message: message ?? UNANSWERED };
  };
}

function watchPersistence(): (persistence: PersistenceStatus) => StoreNotice | null {
  let before: PersistenceStatus['state'] = 'off';
  return ({ state, message }) => {
    const wasKept = UNPERSISTED[before] === null;
    const changed = state !== before;
    before = state;
    const problem = UNPERSISTED[state];
    if (!changed || (problem === null && (wasKept || state === 'off'))) return null;
    if (problem === null) return { level: 'info', message: 'what is stored is kept on disk again' };
    return { level: 'warning', message: message ?? problem };
  };
}
