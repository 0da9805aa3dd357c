/** Goes through all that the memory store holds in short turns: lists and searches, beside the request's path. */
import { nextTurn } from './body-encoding';
import type { ColdResponses } from './cold-responses';
import { NO_ROW } from './columns';

const TURN_MS = 5;
/** Rows between two looks at the clock. */
const STRIDE = 32;

/**
 * From the last stored to the first, whatever comes or goes meanwhile. `visit` may remove its row; false: enough.
 * `current`: what is held by now. `before`: only what was stored before that sequence.
 */
export async function walkNewestFirst(
  current: () => ColdResponses,
  before: number,
  visit: (cold: ColdResponses, row: number) => boolean,
): Promise<void> {
  let cold = current();
  let row = cold.order.newest;
  let turnEnds = performance.now() + TURN_MS;
  for (let count = 1; row !== NO_ROW; count += 1) {
    const sequence = cold.sequence(row);
    const next = cold.order.olderThan(row);
    if (sequence < before && !visit(cold, row)) return;
    row = next;
    if (count % STRIDE !== 0 || row === NO_ROW || performance.now() < turnEnds) continue;
    const expected = cold.sequence(row);
    await nextTurn();
    turnEnds = performance.now() + TURN_MS;
    cold = current();
    if (cold.sequence(row) !== expected) row = storedUpTo(cold, expected);
  }
}

/** The last stored of those with this sequence or a lower one. */
function storedUpTo(cold: ColdResponses, sequence: number): number {
  let row = cold.order.newest;
  while (row !== NO_ROW && cold.sequence(row) > sequence) row = cold.order.olderThan(row);
  return row;
}
