/** Figures for stories of Insights: five minutes of a steady afternoon with one bad minute. */
import type { InsightBucket, InsightSums, InsightsReport, LatencyBin } from '../../shared/insights';
import { MEBIBYTE } from '../../shared/settings';
import { STORY_TIME } from './story-stage';

const SECONDS = 300;

/** The same at every run, and yet not smooth. */
function wave(second: number, length: number, height: number): number {
  return Math.max(
    0,
    Math.round(height * (1 + Math.sin((second / length) * 2 * Math.PI) * 0.6 + ((second * 7919) % 13) / 26)),
  );
}

function bucketAt(second: number): InsightBucket {
  const isBad = second > 150 && second < 190;
  const hit = wave(second, 90, isBad ? 3 : 9);
  const miss = wave(second, 40, isBad ? 4 : 1);
  return {
    startedAt: STORY_TIME - (SECONDS - second) * 1000,
    hit,
    miss,
    stale: second % 11 === 0 ? 2 : 0,
    pass: second % 5 === 0 ? 1 : 0,
    error: isBad && second % 4 === 0 ? 2 : 0,
    savedMs: hit * 143,
    savedBytes: hit * 18_400,
    originBytes: miss * 21_000,
    originRequests: miss + 1,
    storeBytes: (61 + second / 12) * MEBIBYTE,
    storeEntries: 200 + Math.round(second / 3),
  };
}

function sumOf(buckets: readonly InsightBucket[]): InsightSums {
  const sum = (of: (bucket: InsightBucket) => number) =>
    buckets.reduce((before, bucket) => before + of(bucket), 0);
  return {
    hit: sum((one) => one.hit),
    miss: sum((one) => one.miss),
    stale: sum((one) => one.stale),
    pass: sum((one) => one.pass),
    error: sum((one) => one.error),
    savedMs: sum((one) => one.savedMs),
    savedBytes: sum((one) => one.savedBytes),
    originBytes: sum((one) => one.originBytes),
    originRequests: sum((one) => one.originRequests),
  };
}

function bell(index: number, middle: number, most: number): number {
  return Math.round(most * Math.exp(-((index - middle) ** 2) / 12));
}

const BINS: readonly LatencyBin[] = Array.from({ length: 40 }, (_, index) => ({
  fromMs: 0.1 * 1.3 ** index,
  toMs: 0.1 * 1.3 ** (index + 1),
  hits: bell(index, 6, 480),
  misses: bell(index, 28, 92),
}));

const BUCKETS = Array.from({ length: SECONDS }, (_, second) => bucketAt(second));

export const REPORT: InsightsReport = {
  span: '5min',
  madeAt: STORY_TIME,
  bucketSeconds: 1,
  buckets: BUCKETS,
  totals: sumOf(BUCKETS),
  recent: sumOf(BUCKETS.slice(-30)),
  latency: {
    bins: BINS,
    hits: { p50: 0.42, p95: 0.96, p99: 2.1 },
    misses: { p50: 152, p95: 318, p99: 530 },
  },
  mostMissed: [
    { path: '/v2/search', misses: 141, cause: 'no-stored-response', causeMisses: 133 },
    { path: '/v2/cart', misses: 62, cause: 'invalidated', causeMisses: 62 },
    { path: '/v2/products/42', misses: 31, cause: 'vary-differs', causeMisses: 19 },
    { path: '/v2/me', misses: 18, cause: 'status-not-stored', causeMisses: 12 },
    { path: '/v2/invoices/2026-05', misses: 9, cause: 'response-no-store', causeMisses: 9 },
  ],
  largest: [
    { path: '/assets/app.9f3c.js', bytes: 2_476_200, responses: 6, largestBytes: 412_700 },
    { path: '/img/hero@2x.webp', bytes: 848_000, responses: 4, largestBytes: 212_000 },
    { path: '/v2/products', bytes: 574_200, responses: 12, largestBytes: 48_100 },
    { path: '/v2/i18n/de.json', bytes: 62_800, responses: 2, largestBytes: 31_400 },
  ],
};

const NOTHING: InsightSums = sumOf([]);

export const EMPTY_REPORT: InsightsReport = {
  ...REPORT,
  buckets: BUCKETS.slice(-3).map((bucket) => ({ ...bucket, ...NOTHING, storeBytes: 0, storeEntries: 0 })),
  totals: NOTHING,
  recent: NOTHING,
  latency: { bins: [], hits: null, misses: null },
  mostMissed: [],
  largest: [],
};
