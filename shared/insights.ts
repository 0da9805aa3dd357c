/**
 * What Insights shows: sums over a span of time, as the engine keeps them and as the window and the CSV file tell them.
 * Everything is counted when an exchange ends.
 */
import type { NotStoredReason, ReasonCode } from './exchange-summary';
import type { EpochMs, Milliseconds, Seconds } from './units';

export const INSIGHT_SPANS = ['5min', 'hour', 'session'] as const;
export type InsightSpan = (typeof INSIGHT_SPANS)[number];

/** What is summed. hit and stale are apart here; both are hits on the wire. */
export interface InsightSums {
  readonly hit: number;
  readonly miss: number;
  readonly stale: number;
  readonly pass: number;
  readonly error: number;
  /** Waiting that hits did not take. */
  readonly savedMs: Milliseconds;
  /** Body bytes that hits sent. */
  readonly savedBytes: number;
  /** Body bytes that the origin sent and a client was sent on. */
  readonly originBytes: number;
  /** Requests that went to the origin, those in the background among them. */
  readonly originRequests: number;
}

export interface InsightBucket extends InsightSums {
  readonly startedAt: EpochMs;
  /** What the store held at the end of the bucket. */
  readonly storeBytes: number;
  readonly storeEntries: number;
}

export interface LatencyBin {
  readonly fromMs: Milliseconds;
  readonly toMs: Milliseconds;
  readonly hits: number;
  readonly misses: number;
}

/** Half of all exchanges took at most p50; within a tenth of the true value. */
export interface LatencyPercentiles {
  readonly p50: Milliseconds;
  readonly p95: Milliseconds;
  readonly p99: Milliseconds;
}

export interface InsightLatency {
  /** On a logarithmic scale, without gaps, from the first that is not empty to the last. */
  readonly bins: readonly LatencyBin[];
  /** Of HIT and STALE; null: there were none. */
  readonly hits: LatencyPercentiles | null;
  readonly misses: LatencyPercentiles | null;
}

/** Why a miss: where nothing was stored because it may not be, that. */
export type MissCause = ReasonCode | NotStoredReason;

/** Paths are without their query. */
export interface MissedPath {
  readonly path: string;
  readonly misses: number;
  /** Why most often, and how often. */
  readonly cause: MissCause;
  readonly causeMisses: number;
}

export interface LargePath {
  readonly path: string;
  /** Body bytes from the origin. */
  readonly bytes: number;
  readonly responses: number;
  readonly largestBytes: number;
}

export interface InsightsReport {
  readonly span: InsightSpan;
  /** When it was made. */
  readonly madeAt: EpochMs;
  readonly bucketSeconds: Seconds;
  /** Oldest first, without gaps, the last one still filling; never before the engine was made. */
  readonly buckets: readonly InsightBucket[];
  /** Over all the buckets. */
  readonly totals: InsightSums;
  /** Over the last `RECENT_SECONDS`. */
  readonly recent: InsightSums;
  readonly latency: InsightLatency;
  /** Most misses first. Counts are exact or, where very many paths were asked for, too low; never too high. */
  readonly mostMissed: readonly MissedPath[];
  readonly largest: readonly LargePath[];
}

/** What `now` means in Insights. */
export const RECENT_SECONDS: Seconds = 30;

export function requestsIn(sums: InsightSums): number {
  return sums.hit + sums.miss + sums.stale + sums.pass + sums.error;
}

/** Hits, and all that could have been: PASS and ERROR are neither. */
export function hitsIn(sums: InsightSums): { readonly hits: number; readonly decided: number } {
  const hits = sums.hit + sums.stale;
  return { hits, decided: hits + sums.miss };
}
