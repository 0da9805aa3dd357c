/**
 * Order among the writes of one process to a store that answers later. Behind
 * the request's path: puts of one id go one after the other, so that the last
 * wins, and what removes responses first stops the puts it would otherwise miss.
 */
import { LarderError } from '../../../../shared/error-codes';
import type { StoredResponse } from '../../semantics/stored-response';

export interface PutTicket {
  readonly stored: StoredResponse;
  /** Removed while under way: to be given up before it is written. */
  readonly cancelled: boolean;
}

interface PutUnderWay {
  readonly stored: StoredResponse;
  cancelled: boolean;
  settled: Promise<void>;
}

export class WriteFence {
  private readonly underWay = new Set<PutUnderWay>();
  private readonly lastById = new Map<string, Promise<void>>();
  private heldBytes = 0;
  private readonly maxHeldBytes: number;

  /** `maxHeldBytes`: bodies that may wait at once; a store too slow for more is a store that fails. */
  constructor(maxHeldBytes: number) {
    this.maxHeldBytes = maxHeldBytes;
  }

  /** Runs `write` once the earlier puts of the same id are done. */
  async put(
    stored: StoredResponse,
    bodyBytes: number,
    write: (ticket: PutTicket) => Promise<boolean>,
  ): Promise<boolean> {
    if (this.heldBytes > 0 && this.heldBytes + bodyBytes > this.maxHeldBytes) {
      throw new LarderError('store_unavailable', 'The store is too slow for all that is to be stored.');
    }
    const put: PutUnderWay = { stored, cancelled: false, settled: Promise.resolve() };
    const before = this.lastById.get(stored.id) ?? Promise.resolve();
    const result = before.then(() => !put.cancelled && write(put));
    put.settled = result.then(nothing, nothing);
    this.begin(put, bodyBytes);
    try {
      return await result;
    } finally {
      this.end(put, bodyBytes);
    }
  }

  /** Stops the puts under way that `removes` names, and waits until none of them can write any more. */
  async stop(removes: (stored: StoredResponse) => boolean): Promise<void> {
    const stopped = [...this.underWay].filter((put) => removes(put.stored));
    for (const put of stopped) put.cancelled = true;
    await Promise.all(stopped.map((put) => put.settled));
  }

  /** Until the puts that are under way now have ended, well or not. */
  async settled(): Promise<void> {
    await Promise.all([...this.underWay].map((put) => put.settled));
  }

  private begin(put: PutUnderWay, bodyBytes: number): void {
    this.underWay.add(put);
    this.lastById.set(put.stored.id, put.settled);
    this.heldBytes += bodyBytes;
  }

  private end(put: PutUnderWay, bodyBytes: number): void {
    this.underWay.delete(put);
    if (this.lastById.get(put.stored.id) === put.settled) this.lastById.delete(put.stored.id);
    this.heldBytes -= bodyBytes;
  }
}

/** A put's failure is told to who asked for it; who only waits for its end needs no reason. */
function nothing(): void {}
