/** Buckets put together to as many points as a chart shows well, on borders that stand still as time goes by. */
import type { InsightBucket, InsightsReport, InsightSums } from '../../shared/insights';
import type { EpochMs, Seconds } from '../../shared/units';

export interface InsightPoint extends InsightSums {
  readonly startedAt: EpochMs;
  /** How much of its time has been counted. */
  readonly seconds: Seconds;
  /** At its end. */
  readonly storeBytes: number;
  readonly storeEntries: number;
}

export interface InsightPoints {
  readonly points: readonly InsightPoint[];
  readonly pointSeconds: Seconds;
}

const MOST_POINTS = 60;
const TOGETHER = [1, 2, 3, 5, 6, 8] as const;

export function insightPoints(report: InsightsReport): InsightPoints {
  const { buckets, bucketSeconds, madeAt } = report;
  const together = TOGETHER.find((count) => buckets.length <= count * MOST_POINTS) ?? 8;
  const pointSeconds = together * bucketSeconds;
  const points: InsightPoint[] = [];
  for (const bucket of buckets) {
    const startedAt = Math.floor(bucket.startedAt / (pointSeconds * 1000)) * pointSeconds * 1000;
    // The second that is being filled counts as one.
    const filled = (madeAt - bucket.startedAt) / 1000 + 1;
    const seconds = Math.max(1, Math.min(bucketSeconds, filled));
    const last = points.at(-1);
    if (last?.startedAt === startedAt) points[points.length - 1] = added(last, bucket, seconds);
    else points.push({ ...bucket, startedAt, seconds });
  }
  return { points, pointSeconds };
}

function added(point: InsightPoint, bucket: InsightBucket, seconds: Seconds): InsightPoint {
  return {
    startedAt: point.startedAt,
    seconds: point.seconds + seconds,
    hit: point.hit + bucket.hit,
    miss: point.miss + bucket.miss,
    stale: point.stale + bucket.stale,
    pass: point.pass + bucket.pass,
    error: point.error + bucket.error,
    savedMs: point.savedMs + bucket.savedMs,
    savedBytes: point.savedBytes + bucket.savedBytes,
    originBytes: point.originBytes + bucket.originBytes,
    originRequests: point.originRequests + bucket.originRequests,
    storeBytes: bucket.storeBytes,
    storeEntries: bucket.storeEntries,
  };
}
