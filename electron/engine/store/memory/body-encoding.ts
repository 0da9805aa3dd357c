/**
 * Brings bodies into the form in which they are kept, after the client has its response: a few at a time, and never
 * the event loop for long. The memory store hands over what it has stored and takes what came of it.
 */
import { encodeBody, type BodyRecord } from '../codec';
import type { ColdResponses } from './cold-responses';

/** Compression runs on libuv's threads, of which files and names need some too. */
const AT_A_TIME = 2;
/** Then others have a turn. */
const TURN_MS = 4;
/** On V8's heap, with its headroom, for one that waits. */
const WAITING_BYTES = 100;

export interface EncodedBody {
  readonly record: BodyRecord;
  readonly kept: Uint8Array;
}

interface EncodingOptions {
  readonly cold: () => ColdResponses;
  /** Of gzip; 0: not compressed. */
  readonly level: () => number;
  /** A body is in memory once more than before. */
  readonly started: () => void;
  /** Of a response that is still stored. */
  readonly done: (row: number, encoded: EncodedBody) => void;
}

export class BodyEncoding {
  readonly #options: EncodingOptions;
  /** Sequence of the put by row. */
  #waiting = new Map<number, number>();
  readonly #running = new Map<number, number>();
  readonly #idleListeners: (() => void)[] = [];
  #runningBytes = 0;
  #workers = 0;

  constructor(options: EncodingOptions) {
    this.#options = options;
  }

  /** What is counted for bodies that wait and that are being encoded. */
  get bytes(): number {
    return waitingBytes(this.#waiting.size) + this.#runningBytes;
  }

  add(row: number, sequence: number): void {
    this.#waiting.set(row, sequence);
    this.#start();
  }

  forget(row: number): void {
    this.#waiting.delete(row);
  }

  clear(): void {
    this.#waiting = new Map();
  }

  /** As `clear`. Returns what was not done, by row, for `resume`. */
  suspend(): Map<number, number> {
    const left = this.#waiting;
    for (const [row, sequence] of this.#running) left.set(row, sequence);
    this.#waiting = new Map();
    return left;
  }

  /** Goes on with what was suspended, in place of what waits. */
  resume(left: Map<number, number>): void {
    this.#waiting = left;
    if (left.size > 0) this.#start();
  }

  /** Until nothing waits, but no longer than this. */
  async settled(milliseconds: number): Promise<void> {
    if (this.#workers === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<void>((resolve) => {
      this.#idleListeners.push(resolve);
      timer = setTimeout(resolve, milliseconds);
    });
    await idle;
    clearTimeout(timer);
  }

  #start(): void {
    if (this.#workers >= AT_A_TIME) return;
    this.#workers += 1;
    void this.#work();
  }

  async #work(): Promise<void> {
    await nextTurn();
    let turnEnds = performance.now() + TURN_MS;
    while (this.#waiting.size > 0) {
      const waiting = this.#waiting;
      for (const [row, sequence] of waiting) {
        // Suspended or resumed meanwhile.
        if (waiting !== this.#waiting) break;
        waiting.delete(row);
        await this.#encode(row, sequence);
        if (performance.now() < turnEnds) continue;
        await nextTurn();
        turnEnds = performance.now() + TURN_MS;
      }
    }
    this.#workers -= 1;
    if (this.#workers === 0) for (const resolve of this.#idleListeners.splice(0)) resolve();
  }

  async #encode(row: number, sequence: number): Promise<void> {
    const { cold, started, done } = this.#options;
    const body = cold().sequence(row) === sequence ? cold().kept(row) : null;
    if (body === null) return;
    this.#runningBytes += body.byteLength;
    this.#running.set(row, sequence);
    started();
    const encoded = await this.#encoded(row, sequence, body);
    if (this.#running.get(row) === sequence) this.#running.delete(row);
    this.#runningBytes -= body.byteLength;
    if (encoded !== null && cold().sequence(row) === sequence) done(row, encoded);
  }

  async #encoded(row: number, sequence: number, body: Uint8Array): Promise<EncodedBody | null> {
    const cold = this.#options.cold();
    if (cold.sequence(row) !== sequence) return null;
    const record = cold.record(row);
    const facts = record.facts();
    // Encoded before, when there was no disk.
    if (facts.version !== '') return { record: facts, kept: body };
    try {
      return await encodeBody(record.stored(), body, this.#options.level());
    } catch {
      // There is no memory for it just now: the body stays as it is.
      return null;
    }
  }
}

/** What is counted for so many bodies that wait. */
export function waitingBytes(bodies: number): number {
  return bodies * WAITING_BYTES;
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
