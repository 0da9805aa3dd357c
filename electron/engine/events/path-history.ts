/**
 * Which paths were missed and which are large, over the last 5 minutes, the last hour and the session: rankings of
 * short slices of time, of longer ones, and of all. A slice is counted in one place and added to the longer ones when it ends.
 */
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import type { InsightSpan, LargePath, MissCause, MissedPath } from '../../../shared/insights';
import type { EpochMs } from '../../../shared/units';
import { heaviestPaths, PathRanking, pathOf, type RankedPath } from './path-ranking';

const SHORT_MS = 30_000;
const SHORT_SLICES = 10;
const LONG_MS = 300_000;
const LONG_SLICES = 12;
/** As many as are told. */
const TOLD = 10;

interface Slice {
  /** Of its length, counted from the beginning of time. */
  readonly number: number;
  readonly missed: PathRanking;
  readonly large: PathRanking;
}

export class PathHistory {
  #current = newSlice(0);
  /** Oldest first; those that are over. */
  #short: Slice[] = [];
  #long: Slice[] = [];
  readonly #session = newSlice(0);

  /** Ends the slice that is over by then. Time does not run backwards. */
  moveTo(at: EpochMs): void {
    const number = Math.floor(at / SHORT_MS);
    if (number === this.#current.number) return;
    this.#keep(this.#current);
    this.#current = newSlice(number);
    this.#short = this.#short.filter((slice) => slice.number > number - SHORT_SLICES);
    this.#long = this.#long.filter((slice) => slice.number > Math.floor(at / LONG_MS) - LONG_SLICES);
  }

  missed({ target, reason, notStored }: ExchangeSummary): void {
    const cause = reason === 'no-stored-response' ? (notStored ?? reason) : reason;
    this.#current.missed.add(pathOf(target), 1, cause);
  }

  received({ target, bodyBytes }: ExchangeSummary): void {
    this.#current.large.add(pathOf(target), bodyBytes, null);
  }

  mostMissed(span: InsightSpan): MissedPath[] {
    return heaviestPaths(
      this.#slices(span).map((slice) => slice.missed),
      TOLD,
    ).map(missedPath);
  }

  largest(span: InsightSpan): LargePath[] {
    return heaviestPaths(
      this.#slices(span).map((slice) => slice.large),
      TOLD,
    ).map(({ path, weight, times, largest }) => ({
      path,
      bytes: weight,
      responses: times,
      largestBytes: largest,
    }));
  }

  /** Whole slices only, so that no path has more than the span has. */
  #slices(span: InsightSpan): Slice[] {
    const before = span === '5min' ? this.#short : span === 'hour' ? this.#long : [this.#session];
    return [...before, this.#current];
  }

  #keep(slice: Slice): void {
    if (slice.missed.size === 0 && slice.large.size === 0) return;
    this.#short.push(slice);
    const number = Math.floor((slice.number * SHORT_MS) / LONG_MS);
    let long = this.#long.at(-1);
    if (long?.number !== number) this.#long.push((long = newSlice(number)));
    for (const longer of [long, this.#session]) {
      longer.missed.absorb(slice.missed);
      longer.large.absorb(slice.large);
    }
  }
}

function newSlice(number: number): Slice {
  return { number, missed: new PathRanking(), large: new PathRanking() };
}

function missedPath({ path, weight, causes }: RankedPath): MissedPath {
  let cause: MissCause = 'no-stored-response';
  let causeMisses = 0;
  for (const [name, count] of Object.entries(causes)) {
    if (count <= causeMisses) continue;
    cause = name as MissCause;
    causeMisses = count;
  }
  return { path, misses: weight, cause, causeMisses };
}
