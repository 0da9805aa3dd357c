/** The persistence of a Larder whose folder another one has: keeps nothing, and says why. */
import type { PersistenceStatus } from '../../../../shared/engine-status';
import type { Persistence } from '../persistence';
import { inUseSentence } from './disk-problem';

export function persistenceInUse(folder: string, secret: Uint8Array, budgetBytes: number): Persistence {
  let budget = budgetBytes;
  const nothing = () => undefined;
  return {
    secret,
    restored: () => [],
    put: () => false,
    freshen: () => false,
    remove: nothing,
    clear: nothing,
    undoClear: nothing,
    dropCleared: nothing,
    has: () => false,
    body: () => Promise.resolve(null),
    onDropped: nothing,
    setBudget: (bytes) => {
      budget = bytes;
    },
    status: (): PersistenceStatus => {
      return { state: 'in-use', message: inUseSentence(folder), bytes: 0, budgetBytes: budget };
    },
    onStatus: nothing,
    flushed: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
