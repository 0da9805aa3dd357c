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
const LONGEST_BATCH = 2000;
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
    // Cutting in bulk keeps a burst linear: at twice the limit, the older half goes.
    if (this.#pending.length >= this.#longest * 2) this.#cut();
    this.#timer ??= setTimeout(() => this.flush(), this.#intervalMs);
  }

  flush(): void {
    this.#stopTimer();
    if (this.#pending.length === 0) return;
    this.#cut();
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

  get #limit(): number {
    const affordable = Math.floor((SHARE * this.#intervalMs) / this.#cost);
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
