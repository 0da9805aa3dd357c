import { describe, expect, it } from 'vitest';
import type { InsightsReport } from '../../shared/insights';
import { formatRate, latencyChart, timeCharts } from './insight-charts';

const START = Date.UTC(2026, 6, 30, 14, 0, 0);
const SUMS = {
  hit: 6,
  miss: 2,
  stale: 1,
  pass: 1,
  error: 0,
  savedMs: 1500,
  savedBytes: 4000,
  originBytes: 900,
  originRequests: 3,
};
const NONE = { ...SUMS, hit: 0, miss: 0, stale: 0, pass: 0, savedMs: 0, savedBytes: 0, originBytes: 0 };

const REPORT: InsightsReport = {
  span: 'hour',
  madeAt: START + 19_000,
  bucketSeconds: 10,
  buckets: [
    { startedAt: START, ...SUMS, storeBytes: 2048, storeEntries: 2 },
    { startedAt: START + 10_000, ...NONE, storeBytes: 1024, storeEntries: 1 },
  ],
  totals: SUMS,
  recent: NONE,
  latency: {
    bins: [
      { fromMs: 1, toMs: 2, hits: 3, misses: 0 },
      { fromMs: 2, toMs: 4, hits: 1, misses: 2 },
    ],
    hits: { p50: 1.2, p95: 2.4, p99: 3 },
    misses: null,
  },
  mostMissed: [],
  largest: [],
};

describe('the charts of insights', () => {
  const charts = timeCharts(REPORT);

  it('leave a gap in the hit ratio where there was nothing to hit', () => {
    expect(charts.ratio.series[0]?.values).toEqual([(7 / 9) * 100, null]);
    expect(charts.ratio.summary).toBe('Hit ratio over the last hour: 78 %, between 78 % and 78 %.');
  });

  it('show requests a second by those outcomes that occurred', () => {
    expect(charts.requests.series.map(({ name, values }) => [name, values])).toEqual([
      ['HIT', [0.6, 0]],
      ['STALE', [0.1, 0]],
      ['MISS', [0.2, 0]],
      ['PASS', [0.1, 0]],
    ]);
  });

  it('choose the unit of the store by what it holds', () => {
    expect(charts.store.series[0]).toMatchObject({ values: [2, 1], total: '1 KiB in 1 response' });
  });

  it('show hits and misses each as a share of their own', () => {
    const { series, xRange } = latencyChart(REPORT);
    expect(series.map(({ values, total }) => [values, total])).toEqual([
      [[75, 25], 'p50 1.2 ms · p95 2.4 ms · p99 3.0 ms'],
      [[0, 100], 'none'],
    ]);
    expect(xRange).toEqual([0, 2]);
  });

  it.each([
    [0, '0/s'],
    [0.02, '< 0.1/s'],
    [0.4, '0.4/s'],
    [3, '3/s'],
    [1234.4, '1,234/s'],
  ])('write %d a second as %s', (perSecond, text) => {
    expect(formatRate(perSecond)).toBe(text);
  });
});
