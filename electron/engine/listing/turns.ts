/** Long work in short turns of the event loop. Beside the request's path: the listing sorts and filters by it. */
import { setImmediate as nextTurn } from 'node:timers/promises';

const TURN_MS = 4;

/** One for each piece of work. */
export class Turns {
  #ends = performance.now() + TURN_MS;

  /** Whether this turn has lasted long enough. */
  get over(): boolean {
    return performance.now() >= this.#ends;
  }

  /** Lets everything else go first. */
  async next(): Promise<void> {
    await nextTurn();
    this.#ends = performance.now() + TURN_MS;
  }
}
