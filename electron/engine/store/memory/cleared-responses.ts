/**
 * What a clear of the memory store keeps for an undo: all that was held, taken out of the store whole, so that neither
 * a clear nor an undo takes longer the more there is. Beside the request's path.
 */
import type { UndoStatus } from '../../../../shared/engine-status';
import type { EpochMs, Milliseconds } from '../../../../shared/units';
import { waitingBytes } from './body-encoding';
import type { ColdResponses } from './cold-responses';
import { NO_ROW } from './columns';
import { urlMatchesGlob } from '../glob';
import { MAX_VARIANTS } from '../response-store';
import { walkNewestFirst } from './walk-newest-first';

interface ClearedParts {
  readonly cold: ColdResponses;
  /** Bodies that were not in the form in which they are kept: sequence by row. */
  readonly waiting: Map<number, number>;
  readonly now: EpochMs;
  readonly keepForMs: Milliseconds;
  /** Called when it is too late for an undo. */
  readonly expired: () => void;
  /** Called with the id of what is on disk too and is kept no longer. */
  readonly removed: (id: string) => void;
}

export class ClearedResponses {
  readonly cold: ColdResponses;
  readonly waiting: Map<number, number>;
  readonly until: EpochMs;
  readonly #removed: (id: string) => void;
  readonly #timer: NodeJS.Timeout;

  constructor({ cold, waiting, now, keepForMs, expired, removed }: ClearedParts) {
    this.cold = cold;
    this.waiting = waiting;
    this.until = now + keepForMs;
    this.#removed = removed;
    this.#timer = setTimeout(expired, keepForMs).unref();
  }

  get bytes(): number {
    return this.cold.totals.bytes + waitingBytes(this.waiting.size);
  }

  get entries(): number {
    return this.cold.totals.entries;
  }

  /** Null: nothing is left of it. */
  status(): UndoStatus | null {
    return this.entries === 0 ? null : { entries: this.entries, until: this.until };
  }

  removeId(id: string): void {
    this.#remove(this.cold.rowOf(id));
  }

  removeKey(key: string): void {
    for (const row of this.cold.rowsOf(key)) this.#remove(row);
  }

  /** False: there is none left. */
  removeOldest(): boolean {
    this.#remove(this.cold.recency.oldest);
    return this.entries > 0;
  }

  /** `current`: where these are by now. */
  async removeMatching(glob: string, current: () => ColdResponses): Promise<void> {
    await walkNewestFirst(current, Infinity, (cold, row) => {
      if (cold !== this.cold) return false;
      if (urlMatchesGlob(glob, cold.record(row).url())) this.#remove(row);
      return true;
    });
  }

  /** No longer on disk. */
  left(id: string): void {
    const row = this.cold.rowOf(id);
    if (row === NO_ROW) return;
    const record = this.cold.record(row);
    if (!record.onDisk) return;
    record.setOnDisk(false);
    if (record.kept) this.cold.setOnDisk(row, false);
    else this.#remove(row);
  }

  /** The bytes, counted anew. */
  recount(): number {
    return this.cold.recount().bytes + waitingBytes(this.waiting.size);
  }

  /**
   * For an undo: what was stored since joins these, and what of it is still to be encoded. Returns the keys that may
   * have too many variants now.
   */
  putBefore(later: ColdResponses, waiting: ReadonlyMap<number, number>): ReadonlySet<string> {
    this.stop();
    const crowded = new Set<string>();
    this.cold.join(later, (from, to) => {
      const sequence = waiting.get(from);
      if (sequence !== undefined) this.waiting.set(to, sequence);
      if (this.cold.mayHaveMore(to, MAX_VARIANTS)) crowded.add(this.cold.record(to).key());
    });
    return crowded;
  }

  /** It will not expire any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #remove(row: number): void {
    if (row === NO_ROW) return;
    const record = this.cold.record(row);
    if (record.onDisk) this.#removed(record.id());
    this.waiting.delete(row);
    this.cold.remove(row);
  }
}
