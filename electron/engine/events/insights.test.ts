import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import { OUTCOMES } from '../../../shared/exchange-summary';
import {
  hitsIn,
  INSIGHT_SPANS,
  requestsIn,
  type InsightBucket,
  type InsightSums,
} from '../../../shared/insights';
import { createInsights } from './insights';

const START = Date.UTC(2026, 6, 30, 14, 0, 0);
const MINUTE_MS = 60_000;

function underTest() {
  const held = { bytes: 0, entries: 0 };
  const clock = { now: START, originRequests: 0 };
  const insights = createInsights({
    now: () => clock.now,
    originRequests: () => clock.originRequests,
    store: () => held,
  });
  const count = (facts: Partial<ExchangeSummary> = {}) =>
    insights.count({
      startedAt: clock.now,
      durationMs: 0,
      outcome: 'MISS',
      reason: 'no-stored-response',
      notStored: null,
      target: '/a',
      bodyBytes: 0,
      savedMs: null,
      collapsed: false,
      ...facts,
    } as ExchangeSummary);
  return { insights, clock, held, count };
}

const SUMS: readonly (keyof InsightSums)[] = [
  'hit',
  'miss',
  'stale',
  'pass',
  'error',
  'savedMs',
  'savedBytes',
  'originBytes',
  'originRequests',
];

function sumOf(buckets: readonly InsightBucket[]): Record<string, number> {
  return Object.fromEntries(SUMS.map((name) => [name, buckets.reduce((sum, one) => sum + one[name], 0)]));
}

describe('insights', () => {
  it('says nothing of an engine that has just been made', () => {
    const { insights } = underTest();
    for (const span of INSIGHT_SPANS) {
      const report = insights.report(span);
      expect(requestsIn(report.totals)).toBe(0);
      expect(report.buckets).toHaveLength(1);
      expect(report.latency).toEqual({ bins: [], hits: null, misses: null });
      expect(report.mostMissed).toEqual([]);
    }
  });

  it('counts every outcome, and what hits save', () => {
    const { insights, count, clock } = underTest();
    for (const outcome of OUTCOMES) count({ outcome, bodyBytes: 100, savedMs: 40 });
    clock.originRequests = 3;
    const { totals } = insights.report('5min');
    expect(totals).toMatchObject({ hit: 1, miss: 1, stale: 1, pass: 1, error: 1 });
    expect(totals).toMatchObject({ savedMs: 80, savedBytes: 200, originBytes: 200, originRequests: 3 });
    expect(hitsIn(totals)).toEqual({ hits: 2, decided: 3 });
  });

  it('counts an exchange when it ends', () => {
    const { insights, count, clock } = underTest();
    count({ durationMs: 7_500 });
    clock.now += 8_000;
    const { buckets } = insights.report('5min');
    expect(buckets.map(({ miss }) => miss)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0]);
  });

  it('does not count what was shared with another exchange as bytes from the origin', () => {
    const { insights, count } = underTest();
    count({ bodyBytes: 100 });
    count({ bodyBytes: 100, collapsed: true });
    expect(insights.report('5min').totals.originBytes).toBe(100);
    expect(insights.report('5min').largest).toEqual([
      { path: '/a', bytes: 100, responses: 1, largestBytes: 100 },
    ]);
  });

  it('forgets after five minutes, after an hour, never', () => {
    const { insights, count, clock } = underTest();
    count();
    const misses = () => INSIGHT_SPANS.map((span) => insights.report(span).totals.miss);
    const paths = () => INSIGHT_SPANS.map((span) => insights.report(span).mostMissed.length);
    clock.now += 4 * MINUTE_MS;
    expect([misses(), paths()]).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    clock.now += 2 * MINUTE_MS;
    expect([misses(), paths()]).toEqual([
      [0, 1, 1],
      [0, 1, 1],
    ]);
    clock.now += 60 * MINUTE_MS;
    expect([misses(), paths()]).toEqual([
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });

  it('keeps the session in at most 400 buckets, however long it is', () => {
    const { insights, count, clock } = underTest();
    for (let hours = 0; hours < 100; hours += 1) {
      count();
      clock.now += 3_600_000;
    }
    const { buckets, bucketSeconds, totals } = insights.report('session');
    expect(totals.miss).toBe(100);
    expect(buckets.length).toBeLessThanOrEqual(400);
    expect(buckets.length).toBeGreaterThan(199);
    expect(buckets.every(({ startedAt }) => startedAt % (bucketSeconds * 1000) === 0)).toBe(true);
  });

  it('loses no exchange: the buckets of each span add up to what was counted in it', () => {
    const step = fc.record({
      afterMs: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 40_000 })),
      outcome: fc.constantFrom(...OUTCOMES),
      durationMs: fc.double({ min: 0, max: 300, noNaN: true }),
      bodyBytes: fc.integer({ min: 0, max: 10_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { insights, count, clock } = underTest();
        for (const { afterMs, ...facts } of steps) {
          clock.now += afterMs;
          count(facts);
        }
        const report = insights.report('session');
        expect(requestsIn(report.totals)).toBe(steps.length);
        for (const span of INSIGHT_SPANS) {
          const { buckets, totals, latency, bucketSeconds } = insights.report(span);
          const sums = sumOf(buckets);
          for (const name of SUMS) expect(sums[name]).toBeCloseTo(totals[name], 6);
          const inBins = latency.bins.reduce((sum, bin) => sum + bin.hits + bin.misses, 0);
          expect(inBins).toBe(hitsIn(totals).decided);
          buckets.forEach(({ startedAt }, index) => {
            expect(startedAt).toBe(buckets[0]!.startedAt + index * bucketSeconds * 1000);
          });
        }
      }),
    );
  });

  it('tells percentiles of hits and misses within a tenth', () => {
    const { insights, count } = underTest();
    for (let number = 1; number <= 1000; number += 1) {
      count({ outcome: 'HIT', durationMs: number / 100 });
      count({ outcome: 'MISS', durationMs: number });
    }
    const { hits, misses } = insights.report('hour').latency;
    for (const [given, wanted] of [
      [hits!.p50, 5],
      [hits!.p99, 9.9],
      [misses!.p50, 500],
      [misses!.p95, 950],
      [misses!.p99, 990],
    ] as const) {
      expect(Math.abs(given / wanted - 1)).toBeLessThan(0.1);
    }
  });

  it('takes any duration', () => {
    const { insights, count } = underTest();
    for (const durationMs of [0, 1e-9, 0.04, 1e9]) count({ durationMs });
    const { bins } = insights.report('session').latency;
    expect(bins.reduce((sum, { misses }) => sum + misses, 0)).toBe(4);
  });

  it('knows what the store held, also while nothing was asked', () => {
    const { insights, clock, held } = underTest();
    clock.now += 1_000;
    Object.assign(held, { bytes: 500, entries: 2 });
    insights.sample();
    clock.now += 2_000;
    Object.assign(held, { bytes: 0, entries: 0 });
    insights.sample();
    const { buckets } = insights.report('5min');
    expect(buckets.map(({ storeBytes }) => storeBytes)).toEqual([0, 500, 500, 0]);
    expect(buckets.map(({ storeEntries }) => storeEntries)).toEqual([0, 2, 2, 0]);
  });

  it('goes on counting after the clock was set back', () => {
    const { insights, count, clock } = underTest();
    count();
    clock.now -= 3_600_000;
    count();
    clock.now += 10_000;
    count();
    const { buckets, totals, madeAt } = insights.report('5min');
    expect(totals.miss).toBe(3);
    expect(buckets.at(-1)).toMatchObject({ miss: 1, startedAt: clock.now });
    expect(madeAt).toBe(clock.now);
  });

  it('names the paths missed most, without their query, and why mostly', () => {
    const { insights, count } = underTest();
    count({ target: '/b', notStored: 'response-no-store' });
    for (const page of [1, 2, 3]) count({ target: `/a?page=${page}`, reason: 'expired' });
    count({ target: '/a' });
    count({ target: '/c', outcome: 'HIT' });
    expect(insights.report('hour').mostMissed).toEqual([
      { path: '/a', misses: 4, cause: 'expired', causeMisses: 3 },
      { path: '/b', misses: 1, cause: 'response-no-store', causeMisses: 1 },
    ]);
  });

  it('adds up a path over slices of time', () => {
    const { insights, count, clock } = underTest();
    for (let number = 0; number < 20; number += 1) {
      count({ target: '/often', bodyBytes: 10 + number });
      clock.now += MINUTE_MS;
    }
    expect(insights.report('5min').mostMissed[0]?.misses).toBe(4);
    expect(insights.report('hour').mostMissed[0]?.misses).toBe(20);
    expect(insights.report('session').largest).toEqual([
      { path: '/often', bytes: 390, responses: 20, largestBytes: 29 },
    ]);
  });
});
