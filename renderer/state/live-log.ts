/**
 * The live log: a bounded ring of exchanges, the rows that pass the filter, and what
 * arrived while the view was held. Free of React; published at most once a frame.
 */
import { createStore } from 'zustand/vanilla';
import type { ExchangeSummary, Outcome } from '../../shared/exchange-summary';
import type { ExchangeTest } from './log-filter';
import { compileFilter } from './log-filter';
import { RowRing } from './row-ring';

export const LOG_CAPACITY = 10_000;

/** Engine ids start over when the engine does, so rows count for themselves. */
export interface LogRow {
  readonly seq: number;
  readonly exchange: ExchangeSummary;
}

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export interface LiveLogState {
  /** Changes whenever the rows do. */
  readonly revision: number;
  /** Rows in the log, whatever the filter says. */
  readonly total: number;
  /** Rows that pass the filter. */
  readonly shown: number;
  readonly counts: OutcomeCounts;
  /** Arrived while the view was held. */
  readonly waiting: number;
  /** Left out by main because the window could not keep up. */
  readonly dropped: number;
  readonly paused: boolean;
  readonly scrolledAway: boolean;
  readonly filterText: string;
  readonly outcomes: readonly Outcome[];
}

const NO_COUNTS: OutcomeCounts = { HIT: 0, MISS: 0, STALE: 0, PASS: 0, ERROR: 0 };

const EMPTY: LiveLogState = {
  revision: 0,
  total: 0,
  shown: 0,
  counts: NO_COUNTS,
  waiting: 0,
  dropped: 0,
  paused: false,
  scrolledAway: false,
  filterText: '',
  outcomes: [],
};

export interface LiveLogOptions {
  readonly capacity?: number;
  /** Runs the function soon, once: a frame in the window, at once in tests. */
  readonly schedule: (publish: () => void) => void;
}

export class LiveLog {
  readonly store = createStore<LiveLogState>(() => EMPTY);
  readonly #schedule: LiveLogOptions['schedule'];
  readonly #rows: RowRing<LogRow>;
  readonly #matching: RowRing<LogRow>;
  readonly #waiting: RowRing<LogRow>;
  readonly #counts: Record<Outcome, number> = { ...NO_COUNTS };
  #firstMatching = 0;
  #test: ExchangeTest | null = null;
  #seq = 0;
  #dropped = 0;
  #scheduled = false;

  constructor({ capacity = LOG_CAPACITY, schedule }: LiveLogOptions) {
    this.#schedule = schedule;
    this.#rows = new RowRing(capacity);
    this.#matching = new RowRing(capacity);
    this.#waiting = new RowRing(capacity);
  }

  /** A batch from main, oldest first. */
  receive(exchanges: readonly ExchangeSummary[], dropped = 0): void {
    this.#dropped += dropped;
    for (const exchange of exchanges) {
      const row = { seq: (this.#seq += 1), exchange };
      if (this.#held) this.#waiting.push(row);
      else this.#add(row);
    }
    this.#publishSoon();
  }

  /** The row at a place of the view; 0 is the newest. */
  rowAt(index: number): LogRow | undefined {
    return this.#matching.at(this.#matching.length - 1 - index);
  }

  /** Where a row stands in the view; -1 where the filter hides it or it has left the log. */
  indexOf(seq: number): number {
    let low = this.#firstMatching;
    let high = this.#matching.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#matching.at(middle)?.seq ?? 0;
      if (found === seq) return this.#matching.length - 1 - middle;
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  setFilter(filterText: string, outcomes: readonly Outcome[]): void {
    this.#test = compileFilter(filterText, outcomes);
    this.#matching.clear();
    this.#firstMatching = 0;
    for (const row of this.#rows) if (this.#passes(row)) this.#matching.push(row);
    this.#publish({ filterText, outcomes });
  }

  setPaused(paused: boolean): void {
    this.#hold({ paused });
  }

  /** Whoever has scrolled away from the newest reads: the rows stand still meanwhile. */
  setScrolledAway(scrolledAway: boolean): void {
    if (this.store.getState().scrolledAway !== scrolledAway) this.#hold({ scrolledAway });
  }

  clear(): void {
    this.#rows.clear();
    this.#matching.clear();
    this.#waiting.clear();
    this.#firstMatching = 0;
    this.#dropped = 0;
    Object.assign(this.#counts, NO_COUNTS);
    this.#publish({ scrolledAway: false });
  }

  get #held(): boolean {
    const { paused, scrolledAway } = this.store.getState();
    return paused || scrolledAway;
  }

  #hold(patch: Partial<LiveLogState>): void {
    this.store.setState(patch);
    if (!this.#held) {
      for (const row of this.#waiting) this.#add(row);
      this.#waiting.clear();
    }
    this.#publish({});
  }

  #passes(row: LogRow): boolean {
    return this.#test === null || this.#test(row.exchange);
  }

  #add(row: LogRow): void {
    const dropped = this.#rows.push(row);
    this.#counts[row.exchange.outcome] += 1;
    if (dropped !== undefined) this.#counts[dropped.exchange.outcome] -= 1;
    const pushedOut = this.#passes(row) ? this.#matching.push(row) : undefined;
    if (pushedOut !== undefined) this.#firstMatching = Math.max(0, this.#firstMatching - 1);
    const oldest = this.#rows.at(0)?.seq ?? 0;
    while ((this.#matching.at(this.#firstMatching)?.seq ?? oldest) < oldest) this.#firstMatching += 1;
  }

  #publishSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#publish({});
    });
  }

  #publish(patch: Partial<LiveLogState>): void {
    this.store.setState((state) => ({
      ...patch,
      revision: state.revision + 1,
      total: this.#rows.length,
      shown: this.#matching.length - this.#firstMatching,
      counts: { ...this.#counts },
      waiting: this.#waiting.length,
      dropped: this.#dropped,
    }));
  }
}

/** The next frame, or a tenth of a second where the window is hidden and has no frames. */
export function nextFrame(publish: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    publish();
  };
  requestAnimationFrame(once);
  setTimeout(once, 100);
}

export const liveLog = new LiveLog({ schedule: nextFrame });
