/**
 * Gathers exchanges for the window and hands them over at most once a frame. Bounded by number and by the time that
 * handing over takes: what is beyond is left out, oldest first, and counted, so that a burst costs the proxy, which
 * runs in the same thread, neither memory nor more than a small share of its time.
 */
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import type { IpcEvents } from '../../../shared/ipc-contract';

export type ExchangeBatch = IpcEvents['events.exchanges'];

export interface BatcherOptions {
  readonly deliver: (batch: ExchangeBatch) => void;
  readonly intervalMs?: number;
  readonly limit?: number;
  /** The monotonic clock, in ms. */
  readonly now?: () => number;
}

const FRAME_MS = 16;
/** Between batches of a flood, which nobody can follow by eye: drawing it at every frame would take what the proxy needs. */
const FLOOD_INTERVAL_MS = 250;
/** More exchanges in a frame are one. */
const FLOOD = 100;
const LONGEST_BATCH = 1000;
/** As many are handed over however long it takes. */
const SHORTEST_LIMIT = 100;
/** Of the thread's time that handing over may take. */
const SHARE = 0.1;
/** How much the last batch says of what one exchange costs. */
const WEIGHT = 0.2;

export class EventBatcher {
  readonly #deliver: (batch: ExchangeBatch) => void;
  readonly #intervalMs: number;
  readonly #longest: number;
  readonly #now: () => number;
  /** What handing over one exchange takes, in ms. */
  #cost = 0;
  #isFlooded = false;
  /** Since the last batch. */
  #count = 0;
  #pending: ExchangeSummary[] = [];
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: BatcherOptions) {
    this.#deliver = options.deliver;
    this.#intervalMs = options.intervalMs ?? FRAME_MS;
    this.#longest = options.limit ?? LONGEST_BATCH;
    this.#now = options.now ?? (() => performance.now());
  }

  push(exchange: ExchangeSummary): void {
    this.#pending.push(exchange);
    this.#count += 1;
    // Cutting in bulk keeps a burst linear: at twice the limit, the older half goes.
    if (this.#pending.length >= this.#longest * 2) this.#cut();
    this.#timer ??= setTimeout(() => this.flush(), this.#nextMs);
  }

  flush(): void {
    this.#stopTimer();
    if (this.#pending.length === 0) return;
    this.#cut();
    this.#isFlooded = this.#count > (FLOOD * this.#nextMs) / this.#intervalMs;
    this.#count = 0;
    const batch: ExchangeBatch = { exchanges: this.#pending, dropped: this.#dropped };
    this.#pending = [];
    this.#dropped = 0;
    const before = this.#now();
    this.#deliver(batch);
    const cost = (this.#now() - before) / batch.exchanges.length;
    this.#cost += WEIGHT * (cost - this.#cost);
  }

  dispose(): void {
    this.#stopTimer();
    this.#pending = [];
  }

  get #nextMs(): number {
    return this.#isFlooded ? Math.max(FLOOD_INTERVAL_MS, this.#intervalMs) : this.#intervalMs;
  }

  get #limit(): number {
    const affordable = Math.floor((SHARE * this.#nextMs) / this.#cost);
    return Math.min(Math.max(affordable, SHORTEST_LIMIT), this.#longest);
  }

  #cut(): void {
    const over = this.#pending.length - this.#limit;
    if (over <= 0) return;
    this.#pending = this.#pending.slice(over);
    this.#dropped += over;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
