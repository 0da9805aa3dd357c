/**
 * The live log: a bounded ring of exchanges, the rows that pass the filter in the order that was chosen, and
 * what arrived while the view was held. Free of React; published at most once a frame.
 */
import { createStore } from 'zustand/vanilla';
import type { ExchangeSummary, Outcome } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';
import type { ColumnSort } from '../controls/columns';
import type { LiveColumnId } from './live-columns';
import { liveColumns, SORT_VALUES } from './live-columns';
import type { ExchangeTest } from './log-filter';
import { compileFilter } from './log-filter';
import { RowRing } from './row-ring';
import { SortedRows } from './sorted-rows';

const LOG_CAPACITY = 10_000;

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
  /** Of those, what the hits saved together, in milliseconds. */
  readonly savedMs: number;
  /** Rows that pass the text of the filter, by outcome. */
  readonly counts: OutcomeCounts;
  /** Arrived while the view was held. */
  readonly waiting: number;
  /** Left out by main because the window could not keep up. */
  readonly dropped: number;
  readonly paused: boolean;
  /** The newest comes into view by itself; else the rows stand still, for whoever reads. */
  readonly following: boolean;
  readonly filterText: string;
  /** Only these are shown; none: all. */
  readonly outcomes: readonly Outcome[];
}

const NO_COUNTS: OutcomeCounts = { HIT: 0, MISS: 0, STALE: 0, PASS: 0, ERROR: 0 };

const EMPTY: LiveLogState = {
  revision: 0,
  total: 0,
  shown: 0,
  savedMs: 0,
  counts: NO_COUNTS,
  waiting: 0,
  dropped: 0,
  paused: false,
  following: true,
  filterText: '',
  outcomes: [],
};

export interface LiveLogOptions {
  readonly capacity?: number;
  /** Runs the function soon, once: with a frame in the window, at once in tests. */
  readonly schedule: (publish: () => void) => void;
}

export class LiveLog {
  readonly store = createStore<LiveLogState>(() => EMPTY);
  readonly #schedule: LiveLogOptions['schedule'];
  readonly #rows: RowRing<LogRow>;
  readonly #matching: RowRing<LogRow>;
  readonly #waiting: RowRing<LogRow>;
  readonly #counts: Record<Outcome, number> = { ...NO_COUNTS };
  readonly #savedMs: Record<Outcome, number> = { ...NO_COUNTS };
  #firstMatching = 0;
  /** What the text of the filter says, whatever the outcome. */
  #test: ExchangeTest | null = null;
  #wanted: ReadonlySet<Outcome> = new Set(OUTCOMES);
  #sort: ColumnSort<LiveColumnId> | null = null;
  #sorted: SortedRows<LogRow> | null = null;
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
    const held = this.#held;
    for (const exchange of exchanges) {
      const row = { seq: (this.#seq += 1), exchange };
      if (held) this.#waiting.push(row);
      else this.#add(row);
    }
    this.#publishSoon();
  }

  /** The row at a place of the view; unsorted, 0 is the newest. */
  rowAt(index: number): LogRow | undefined {
    if (this.#sorted !== null) return this.#sorted.at(index);
    return this.#matching.at(
      this.oldestFirst ? this.#firstMatching + index : this.#matching.length - 1 - index,
    );
  }

  /** Where a row stands in the view; -1 where the filter hides it or it has left the log. */
  indexOf(seq: number): number {
    if (this.#sorted !== null) return this.#sorted.indexOf(seq);
    let low = this.#firstMatching;
    let high = this.#matching.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#matching.at(middle)?.seq ?? 0;
      if (found === seq) {
        return this.oldestFirst ? middle - this.#firstMatching : this.#matching.length - 1 - middle;
      }
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** What is in the log, newest first, whatever the filter says. */
  *exchanges(): Generator<ExchangeSummary> {
    for (let index = this.#rows.length - 1; index >= 0; index -= 1) {
      const row = this.#rows.at(index);
      if (row !== undefined) yield row.exchange;
    }
  }

  /** The newest stand at the end of the view. */
  get oldestFirst(): boolean {
    return this.#sort?.column === 'time' && !this.#sort.descending;
  }

  setFilter(filterText: string, outcomes: readonly Outcome[]): void {
    this.#test = compileFilter(filterText);
    this.#wanted = new Set(outcomes.length === 0 ? OUTCOMES : outcomes);
    this.#matching.clear();
    this.#firstMatching = 0;
    this.#resetTally();
    for (const row of this.#rows) if (this.#tally(row, 1)) this.#matching.push(row);
    this.#sortAll();
    this.#publish({ filterText, outcomes });
  }

  /** Null: newest first. */
  setSort(sort: ColumnSort<LiveColumnId> | null): void {
    this.#sort = sort;
    this.#sortAll();
    this.#publish({});
  }

  setPaused(paused: boolean): void {
    this.#hold({ paused });
  }

  /** Whoever has scrolled away from the newest reads: the rows stand still meanwhile. */
  setFollowing(following: boolean): void {
    if (this.store.getState().following !== following) this.#hold({ following });
  }

  clear(): void {
    this.#rows.clear();
    this.#matching.clear();
    this.#waiting.clear();
    this.#firstMatching = 0;
    this.#dropped = 0;
    this.#resetTally();
    this.#sortAll();
    this.#publish({ following: true });
  }

  get #held(): boolean {
    const { paused, following } = this.store.getState();
    return paused || !following;
  }

  #hold(patch: Partial<LiveLogState>): void {
    this.store.setState(patch);
    if (!this.#held) {
      for (const row of this.#waiting) this.#add(row);
      this.#waiting.clear();
    }
    this.#publish({});
  }

  #add(row: LogRow): void {
    const left = this.#rows.push(row);
    if (left !== undefined) this.#tally(left, -1);
    if (this.#tally(row, 1)) {
      const pushedOut = this.#matching.push(row);
      if (pushedOut !== undefined) this.#firstMatching = Math.max(0, this.#firstMatching - 1);
      this.#sorted?.add(row);
    }
    const oldest = this.#oldestSeq;
    while ((this.#matching.at(this.#firstMatching)?.seq ?? oldest) < oldest) this.#firstMatching += 1;
  }

  /** Counts a row in or out; says whether it is shown. */
  #tally({ exchange }: LogRow, sign: 1 | -1): boolean {
    if (this.#test !== null && !this.#test(exchange)) return false;
    this.#counts[exchange.outcome] += sign;
    this.#savedMs[exchange.outcome] += sign * (exchange.savedMs ?? 0);
    return this.#wanted.has(exchange.outcome);
  }

  #resetTally(): void {
    Object.assign(this.#counts, NO_COUNTS);
    Object.assign(this.#savedMs, NO_COUNTS);
  }

  get #oldestSeq(): number {
    return this.#rows.at(0)?.seq ?? 0;
  }

  #sortAll(): void {
    this.#sorted = null;
    if (this.#sort === null || this.#sort.column === 'time') return;
    const valueOf = SORT_VALUES[this.#sort.column];
    this.#sorted = new SortedRows(({ exchange }) => valueOf(exchange), this.#sort.descending);
    for (const row of this.#matching) this.#sorted.add(row);
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
    this.#sorted?.settle(this.#oldestSeq);
    let savedMs = 0;
    for (const outcome of this.#wanted) savedMs += this.#savedMs[outcome];
    this.store.setState((state) => ({
      ...patch,
      revision: state.revision + 1,
      total: this.#rows.length,
      shown: this.#matching.length - this.#firstMatching,
      savedMs: Math.max(0, savedMs),
      counts: sameCounts(state.counts, this.#counts) ? state.counts : { ...this.#counts },
      waiting: this.#waiting.length,
      dropped: this.#dropped,
    }));
  }
}

function sameCounts(one: OutcomeCounts, other: OutcomeCounts): boolean {
  return OUTCOMES.every((outcome) => one[outcome] === other[outcome]);
}

/** Between two publications while rows go on coming: more often is only flicker. */
const CALM_MS = 80;
/** A window that is hidden has no frames. */
const WITHOUT_FRAME_MS = 100;

/** With the next frame what comes after a rest, a dozen times a second what goes on coming. */
function inFrames(): (publish: () => void) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (publish) => {
    let done = false;
    const once = () => {
      if (done) return;
      done = true;
      last = performance.now();
      publish();
    };
    const withFrame = () => {
      requestAnimationFrame(once);
      setTimeout(once, WITHOUT_FRAME_MS);
    };
    const rest = last + CALM_MS - performance.now();
    if (rest > 0) setTimeout(withFrame, rest);
    else withFrame();
  };
}

export const liveLog = new LiveLog({ schedule: inFrames() });
liveLog.setSort(liveColumns.store.getState().sort);
liveColumns.store.subscribe(({ sort }, before) => {
  if (sort !== before.sort) liveLog.setSort(sort);
});
