import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InsightBucket, InsightsReport } from '../../shared/insights';
import { insightPoints } from './insight-points';

const START = Date.UTC(2026, 6, 30, 14, 0, 0);
const NONE = {
  hit: 0,
  miss: 0,
  stale: 0,
  pass: 0,
  error: 0,
  savedMs: 0,
  savedBytes: 0,
  originBytes: 0,
  originRequests: 0,
};

function report(misses: readonly number[], bucketSeconds = 1, start = START): InsightsReport {
  const buckets = misses.map((miss, index): InsightBucket => ({
    ...NONE,
    miss,
    startedAt: start + index * bucketSeconds * 1000,
    storeBytes: index,
    storeEntries: index,
  }));
  return {
    span: '5min',
    madeAt: (buckets.at(-1)?.startedAt ?? start) + (bucketSeconds - 1) * 1000,
    bucketSeconds,
    buckets,
    totals: NONE,
    recent: NONE,
    latency: { bins: [], hits: null, misses: null },
    mostMissed: [],
    largest: [],
  };
}

describe('points of a chart', () => {
  it('are the buckets where there are few', () => {
    const { points, pointSeconds } = insightPoints(report([1, 2, 3]));
    expect(pointSeconds).toBe(1);
    expect(points.map(({ miss }) => miss)).toEqual([1, 2, 3]);
  });

  it('are at most sixty, lose nothing and stand on borders that do not move', () => {
    const misses = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(misses, fc.constantFrom(1, 2, 10, 64), fc.nat({ max: 100 }), (counts, seconds, later) => {
        const start = START - (START % (seconds * 1000)) + later * seconds * 1000;
        const { points, pointSeconds } = insightPoints(report(counts, seconds, start));
        // One more where the first begins before the first bucket.
        expect(points.length).toBeLessThanOrEqual(61);
        const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
        expect(sum(points.map(({ miss }) => miss))).toBe(sum(counts));
        expect(sum(points.map((point) => point.seconds))).toBe(counts.length * seconds);
        expect(points.every(({ startedAt }) => startedAt % (pointSeconds * 1000) === 0)).toBe(true);
        expect(points.at(-1)?.storeBytes).toBe(counts.length - 1);
      }),
    );
  });

  it('know how much of the newest has passed, for what is told per second', () => {
    const made = report([5, 10], 10);
    const { points } = insightPoints({ ...made, madeAt: made.madeAt - 7_000 });
    expect(points.map(({ seconds }) => seconds)).toEqual([10, 3]);
  });
});
