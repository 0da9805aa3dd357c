/** The charts of Insights, made from a report: which series, in which units, and what they come to in words. */
import type { Outcome } from '../../shared/exchange-summary';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDateTime,
  formatDurationWords,
  formatMs,
  formatPercent,
  formatPlural,
} from '../../shared/format';
import type { InsightSpan, InsightsReport, InsightSums } from '../../shared/insights';
import { hitsIn, requestsIn } from '../../shared/insights';
import type { ChartModel, ChartSeries } from './chart-model';
import { insightPoints, type InsightPoint } from './insight-points';

export const SPAN_WORDS: Readonly<Record<InsightSpan, string>> = {
  '5min': 'the last 5 minutes',
  hour: 'the last hour',
  session: 'this session',
};

/** `12/s`, `0.4/s`. */
export function formatRate(perSecond: number): string {
  const rounded = perSecond < 9.95 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond);
  if (rounded === 0 && perSecond > 0) return '< 0.1/s';
  return `${perSecond < 9.95 ? rounded : formatCount(rounded)}/s`;
}

const DAY_MS = 24 * 3600 * 1000;

type TimeAxis = Pick<ChartModel, 'axis' | 'x' | 'xLabels' | 'xRange'>;

/** Everything over time, so that the charts stand below each other to the second. */
export interface TimeCharts {
  readonly ratio: ChartModel;
  readonly requests: ChartModel;
  readonly saved: ChartModel;
  readonly bytes: ChartModel;
  readonly store: ChartModel;
}

export function timeCharts(report: InsightsReport): TimeCharts {
  const { points, pointSeconds } = insightPoints(report);
  const axis = timeAxis(points, pointSeconds);
  const words = SPAN_WORDS[report.span];
  const source = { report, points, axis, words, pointSeconds };
  return {
    ratio: ratioChart(source),
    requests: requestsChart(source),
    saved: savedChart(source),
    bytes: bytesChart(source),
    store: storeChart(source),
  };
}

interface Source {
  readonly report: InsightsReport;
  readonly points: readonly InsightPoint[];
  readonly pointSeconds: number;
  readonly axis: TimeAxis;
  readonly words: string;
}

function timeAxis(points: readonly InsightPoint[], pointSeconds: number): TimeAxis {
  const first = points[0]?.startedAt ?? 0;
  const last = points.at(-1)?.startedAt ?? 0;
  const label = last - first > DAY_MS ? formatDateTime : formatClock;
  return {
    axis: 'time',
    x: points.map(({ startedAt }) => startedAt / 1000),
    xLabels: points.map(({ startedAt }) => label(startedAt)),
    xRange: [first / 1000, last / 1000 + pointSeconds],
  };
}

function ratioChart({ report, points, axis, words }: Source): ChartModel {
  const values = points.map((point) => {
    const { hits, decided } = hitsIn(point);
    return decided === 0 ? null : (hits / decided) * 100;
  });
  const known = values.filter((value) => value !== null);
  const { hits, decided } = hitsIn(report.totals);
  const total = formatPercent(hits, decided);
  const between = `between ${formatShare(Math.min(...known))} and ${formatShare(Math.max(...known))}`;
  return {
    ...axis,
    title: 'Hit ratio',
    summary: `Hit ratio over ${words}: ${known.length === 0 ? 'nothing to tell' : `${total}, ${between}`}.`,
    shape: 'line',
    yMax: 100,
    format: formatShare,
    series: [
      { name: 'Hits', colour: '--hit-dot', values, total: `${formatCount(hits)} of ${formatCount(decided)}` },
    ],
  };
}

function formatShare(percent: number): string {
  return `${Math.round(percent)} %`;
}

const OUTCOME_SERIES: readonly (readonly [Outcome, keyof InsightSums, colour: string])[] = [
  ['HIT', 'hit', '--hit-dot'],
  ['STALE', 'stale', '--stale-dot'],
  ['MISS', 'miss', '--miss-dot'],
  ['PASS', 'pass', '--pass-dot'],
  ['ERROR', 'error', '--error-dot'],
];

function requestsChart({ report, points, axis, words }: Source): ChartModel {
  const series = OUTCOME_SERIES.filter(([, column]) => report.totals[column] > 0).map(
    ([name, column, colour]): ChartSeries => ({
      name,
      colour,
      values: points.map((point) => point[column] / point.seconds),
      total: formatCount(report.totals[column]),
    }),
  );
  const parts = series.map(({ name, total }) => `${name} ${total}`).join(', ');
  return {
    ...axis,
    title: 'Requests per second',
    summary: `Requests per second over ${words}, by outcome: ${formatCount(requestsIn(report.totals))} in all. ${parts}.`,
    shape: 'bars',
    yMax: null,
    format: formatRate,
    series,
  };
}

function savedChart({ report, points, axis, words, pointSeconds }: Source): ChartModel {
  const total = formatMs(report.totals.savedMs);
  return {
    ...axis,
    title: `Waiting saved, every ${formatDurationWords(pointSeconds)}`,
    summary: `Waiting that hits saved over ${words}: ${total} in all.`,
    shape: 'bars',
    yMax: null,
    format: formatWait,
    series: [{ name: 'Saved', colour: '--accent', values: points.map(({ savedMs }) => savedMs), total }],
  };
}

function formatWait(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${Math.round(ms / 100) / 10} s` : formatMs(ms);
}

function bytesChart({ report, points, axis, words }: Source): ChartModel {
  const saved = formatBytes(report.totals.savedBytes);
  const fetched = formatBytes(report.totals.originBytes);
  return {
    ...axis,
    title: 'Body bytes per second',
    summary: `Bodies over ${words}: ${saved} from the store, ${fetched} from the origin.`,
    shape: 'bars',
    yMax: null,
    format: (value) => `${formatBytes(value)}/s`,
    series: [
      {
        name: 'From the store',
        colour: '--hit-dot',
        values: points.map(({ savedBytes, seconds }) => savedBytes / seconds),
        total: saved,
      },
      {
        name: 'From the origin',
        colour: '--miss-dot',
        values: points.map(({ originBytes, seconds }) => originBytes / seconds),
        total: fetched,
      },
    ],
  };
}

const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE * KIBIBYTE;

function storeChart({ points, axis, words }: Source): ChartModel {
  const highest = Math.max(0, ...points.map(({ storeBytes }) => storeBytes));
  const [unit, name] = highest < MEBIBYTE ? ([KIBIBYTE, 'KiB'] as const) : ([MEBIBYTE, 'MiB'] as const);
  const format = (value: number): string =>
    `${value < 10 ? Math.round(value * 10) / 10 : formatCount(value)} ${name}`;
  const now = points.at(-1);
  const total = `${format((now?.storeBytes ?? 0) / unit)} in ${formatPlural(now?.storeEntries ?? 0, 'response')}`;
  return {
    ...axis,
    title: 'Store usage',
    summary: `What the store held over ${words}: now ${total}, at most ${format(highest / unit)}.`,
    shape: 'line',
    yMax: null,
    format,
    series: [
      { name: 'Held', colour: '--accent', values: points.map(({ storeBytes }) => storeBytes / unit), total },
    ],
  };
}

/** Hits beside misses, each as a share of its own: there are usually many more of one than of the other. */
export function latencyChart({ latency, span }: InsightsReport): ChartModel {
  const { bins, hits, misses } = latency;
  const shares = (column: 'hits' | 'misses'): number[] => {
    const all = bins.reduce((sum, bin) => sum + bin[column], 0);
    return bins.map((bin) => (all === 0 ? 0 : (bin[column] / all) * 100));
  };
  const first = bins[0]?.fromMs ?? 1;
  const last = bins.at(-1)?.toMs ?? 2;
  const halves = [
    hits === null ? 'no hits' : `half of the hits took at most ${formatLatency(hits.p50)}`,
    misses === null ? 'no misses' : `half of the misses took at most ${formatLatency(misses.p50)}`,
  ];
  return {
    title: 'Latency of hits beside misses',
    summary: `Latency of hits beside misses over ${SPAN_WORDS[span]}: ${halves.join(', ')}.`,
    axis: 'duration',
    x: bins.map(({ fromMs, toMs }) => (Math.log2(fromMs) + Math.log2(toMs)) / 2),
    xLabels: bins.map(({ fromMs, toMs }) => `${formatLatency(fromMs)} to ${formatLatency(toMs)}`),
    xRange: [Math.log2(first), Math.log2(last)],
    shape: 'side-bars',
    yMax: null,
    format: formatShare,
    series: [
      { name: 'Hits', colour: '--hit-dot', values: shares('hits'), total: percentileWords(hits) },
      { name: 'Misses', colour: '--miss-dot', values: shares('misses'), total: percentileWords(misses) },
    ],
  };
}

/** Two digits also of what is less than a millisecond, as most hits are. */
function formatLatency(ms: number): string {
  return ms < 1 ? `${ms.toPrecision(2)} ms` : formatMs(ms);
}

function percentileWords(percentiles: InsightsReport['latency']['hits']): string {
  if (percentiles === null) return 'none';
  const { p50, p95, p99 } = percentiles;
  return `p50 ${formatLatency(p50)} · p95 ${formatLatency(p95)} · p99 ${formatLatency(p99)}`;
}
