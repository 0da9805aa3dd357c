/**
 * Gathers exchanges for the window and hands them over at most once a frame. Bounded: where the window cannot
 * keep up, the oldest are left out and counted, so that a burst costs neither memory nor the engine's time.
 */
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import type { IpcEvents } from '../../../shared/ipc-contract';

export type ExchangeBatch = IpcEvents['events.exchanges'];

export interface BatcherOptions {
  readonly deliver: (batch: ExchangeBatch) => void;
  readonly intervalMs?: number;
  readonly limit?: number;
}

const FRAME_MS = 16;
const LONGEST_BATCH = 2000;

export class EventBatcher {
  readonly #deliver: (batch: ExchangeBatch) => void;
  readonly #intervalMs: number;
  readonly #limit: number;
  #pending: ExchangeSummary[] = [];
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: BatcherOptions) {
    this.#deliver = options.deliver;
    this.#intervalMs = options.intervalMs ?? FRAME_MS;
    this.#limit = options.limit ?? LONGEST_BATCH;
  }

  push(exchange: ExchangeSummary): void {
    this.#pending.push(exchange);
    // Cutting in bulk keeps a burst linear: at twice the limit, the older half goes.
    if (this.#pending.length >= this.#limit * 2) this.#cut();
    this.#timer ??= setTimeout(() => this.flush(), this.#intervalMs);
  }

  flush(): void {
    this.#stopTimer();
    if (this.#pending.length === 0) return;
    this.#cut();
    const batch: ExchangeBatch = { exchanges: this.#pending, dropped: this.#dropped };
    this.#pending = [];
    this.#dropped = 0;
    this.#deliver(batch);
  }

  dispose(): void {
    this.#stopTimer();
    this.#pending = [];
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
