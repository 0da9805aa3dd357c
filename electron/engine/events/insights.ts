/**
 * What Insights shows, kept as exchanges end: sums by the second, by ten seconds and over the session, the paths
 * missed most and the largest. A hit costs a few additions; nothing here grows with traffic or with time.
 */
import type { EngineStatus } from '../../../shared/engine-status';
import type { ExchangeSummary, Outcome } from '../../../shared/exchange-summary';
import {
  RECENT_SECONDS,
  type InsightBucket,
  type InsightSpan,
  type InsightsReport,
  type InsightSums,
} from '../../../shared/insights';
import type { EpochMs } from '../../../shared/units';
import { BucketRing } from './bucket-ring';
import { LATENCY_BINS, latencyBin, latencyHistogram, latencyPercentiles } from './latency-bins';
import { PathHistory } from './path-history';

interface InsightsOptions {
  readonly now: () => EpochMs;
  /** Since the engine was made. */
  readonly originRequests: () => number;
  readonly store: () => Pick<EngineStatus['store'], 'bytes' | 'entries'>;
}

export interface Insights {
  count(exchange: ExchangeSummary): void;
  /** Looks at the store: something of it may have changed. */
  sample(): void;
  report(span: InsightSpan): InsightsReport;
}

const SECOND_MS = 1000;
/** A clock that is set back by less is one that trembles. */
const TREMBLING_MS = 2000;

/** Columns of a bucket, then the latency of hits, then that of misses. */
const OUTCOME_COLUMNS: Readonly<Record<Outcome, number>> = { HIT: 0, MISS: 1, STALE: 2, PASS: 3, ERROR: 4 };
const SAVED_MS = 5;
const SAVED_BYTES = 6;
const ORIGIN_BYTES = 7;
const ORIGIN_REQUESTS = 8;
const HIT_LATENCY = 9;
const MISS_LATENCY = HIT_LATENCY + LATENCY_BINS;
const COLUMNS = MISS_LATENCY + LATENCY_BINS;
const STORE_LEVELS = 2;

export function createInsights(options: InsightsOptions): Insights {
  return new InsightsKeeper(options);
}

class InsightsKeeper implements Insights {
  readonly #options: InsightsOptions;
  readonly #rings: Readonly<Record<InsightSpan, BucketRing>> = {
    '5min': ringOf(300, 1, 'slide'),
    hour: ringOf(360, 10, 'slide'),
    session: ringOf(400, 1, 'coarsen'),
  };
  readonly #paths = new PathHistory();
  /** Of the second that is being filled; added to the rings when it is over or someone asks. */
  readonly #pending = new Float64Array(COLUMNS);
  readonly #levels = new Float64Array(STORE_LEVELS);
  #second: number;
  #originRequests = 0;
  /** What the wall clock was set back by, together: the buckets' time does not run backwards. */
  #setBackMs = 0;

  constructor(options: InsightsOptions) {
    this.#options = options;
    const now = options.now();
    this.#second = Math.floor(now / SECOND_MS);
    for (const ring of Object.values(this.#rings)) ring.moveTo(now);
    this.#paths.moveTo(now);
  }

  count(exchange: ExchangeSummary): void {
    const { outcome, durationMs, bodyBytes } = exchange;
    this.#moveTo(exchange.startedAt + durationMs);
    this.#increase(OUTCOME_COLUMNS[outcome], 1);
    if (outcome === 'HIT' || outcome === 'STALE') {
      this.#increase(SAVED_MS, exchange.savedMs ?? 0);
      this.#increase(SAVED_BYTES, bodyBytes);
      this.#increase(HIT_LATENCY + latencyBin(durationMs), 1);
      return;
    }
    if (outcome === 'MISS') {
      this.#increase(MISS_LATENCY + latencyBin(durationMs), 1);
      this.#paths.missed(exchange);
    }
    if (bodyBytes > 0 && isFromOrigin(exchange)) {
      this.#increase(ORIGIN_BYTES, bodyBytes);
      this.#paths.received(exchange);
    }
  }

  sample(): void {
    const { bytes, entries } = this.#options.store();
    this.#moveTo(this.#options.now());
    this.#levels[0] = bytes;
    this.#levels[1] = entries;
    for (const ring of Object.values(this.#rings)) {
      ring.moveTo(this.#second * SECOND_MS);
      ring.setLevels(this.#levels);
    }
  }

  report(span: InsightSpan): InsightsReport {
    this.sample();
    this.#flush();
    const ring = this.#rings[span];
    const totals = sumOf(ring, ring.length);
    return {
      span,
      madeAt: this.#second * SECOND_MS - this.#setBackMs,
      bucketSeconds: ring.bucketMs / SECOND_MS,
      buckets: Array.from({ length: ring.length }, (_, index) => this.#bucket(ring, index)),
      totals: sumsIn(totals),
      recent: sumsIn(sumOf(this.#rings['5min'], RECENT_SECONDS)),
      latency: latencyIn(totals),
      mostMissed: this.#paths.mostMissed(span),
      largest: this.#paths.largest(span),
    };
  }

  #increase(column: number, by: number): void {
    this.#pending[column] = (this.#pending[column] ?? 0) + by;
  }

  #moveTo(wallClock: EpochMs): void {
    const latest = this.#second * SECOND_MS;
    if (wallClock + this.#setBackMs < latest - TREMBLING_MS) this.#setBackMs = latest - wallClock;
    const second = Math.floor((wallClock + this.#setBackMs) / SECOND_MS);
    if (second <= this.#second) return;
    this.#flush();
    this.#second = second;
    this.#paths.moveTo(second * SECOND_MS);
  }

  #flush(): void {
    const originRequests = this.#options.originRequests();
    this.#increase(ORIGIN_REQUESTS, originRequests - this.#originRequests);
    this.#originRequests = originRequests;
    for (const ring of Object.values(this.#rings)) {
      ring.moveTo(this.#second * SECOND_MS);
      ring.add(this.#pending);
    }
    this.#pending.fill(0);
  }

  #bucket(ring: BucketRing, index: number): InsightBucket {
    const { startedAt, sums, levels } = ring.bucket(index);
    return {
      startedAt: startedAt - this.#setBackMs,
      ...sumsIn(sums),
      storeBytes: levels[0] ?? 0,
      storeEntries: levels[1] ?? 0,
    };
  }
}

function ringOf(buckets: number, seconds: number, whenFull: 'slide' | 'coarsen'): BucketRing {
  return new BucketRing({
    buckets,
    bucketMs: seconds * SECOND_MS,
    sums: COLUMNS,
    levels: STORE_LEVELS,
    whenFull,
  });
}

/** What was sent on from the origin, and not shared with another exchange. */
function isFromOrigin({ outcome, collapsed }: ExchangeSummary): boolean {
  return (outcome === 'MISS' || outcome === 'PASS') && !collapsed;
}

/** Of the newest buckets. */
function sumOf(ring: BucketRing, newest: number): Float64Array {
  const total = new Float64Array(COLUMNS);
  for (let index = Math.max(0, ring.length - newest); index < ring.length; index += 1) {
    const { sums } = ring.bucket(index);
    for (let column = 0; column < COLUMNS; column += 1) {
      total[column] = (total[column] ?? 0) + (sums[column] ?? 0);
    }
  }
  return total;
}

function sumsIn(columns: Float64Array): InsightSums {
  const at = (column: number): number => columns[column] ?? 0;
  return {
    hit: at(OUTCOME_COLUMNS.HIT),
    miss: at(OUTCOME_COLUMNS.MISS),
    stale: at(OUTCOME_COLUMNS.STALE),
    pass: at(OUTCOME_COLUMNS.PASS),
    error: at(OUTCOME_COLUMNS.ERROR),
    savedMs: at(SAVED_MS),
    savedBytes: at(SAVED_BYTES),
    originBytes: at(ORIGIN_BYTES),
    originRequests: at(ORIGIN_REQUESTS),
  };
}

function latencyIn(totals: Float64Array): InsightsReport['latency'] {
  const hits = totals.subarray(HIT_LATENCY, MISS_LATENCY);
  const misses = totals.subarray(MISS_LATENCY);
  return {
    bins: latencyHistogram(hits, misses),
    hits: latencyPercentiles(hits),
    misses: latencyPercentiles(misses),
  };
}
