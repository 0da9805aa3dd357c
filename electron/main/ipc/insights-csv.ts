/**
 * The figures of Insights as one CSV file (RFC 4180). Every record has the same columns; the first says what it is:
 * a bucket of time, a missed path or a large path. docs/insights.md describes it.
 */
import type { InsightBucket, InsightsReport, LargePath, MissedPath } from '../../../shared/insights';

type Cell = string | number;

const BUCKET_COLUMNS = {
  start: ({ startedAt }) => new Date(startedAt).toISOString(),
  seconds: (_bucket, { bucketSeconds }) => bucketSeconds,
  hit: ({ hit }) => hit,
  miss: ({ miss }) => miss,
  stale: ({ stale }) => stale,
  pass: ({ pass }) => pass,
  error: ({ error }) => error,
  origin_requests: ({ originRequests }) => originRequests,
  // Microseconds are as exact as a duration is told.
  saved_ms: ({ savedMs }) => Math.round(savedMs * 1000) / 1000,
  saved_bytes: ({ savedBytes }) => savedBytes,
  origin_bytes: ({ originBytes }) => originBytes,
  store_bytes: ({ storeBytes }) => storeBytes,
  store_entries: ({ storeEntries }) => storeEntries,
} as const satisfies Record<string, (bucket: InsightBucket, report: InsightsReport) => Cell>;

const PATH_COLUMNS = ['path', 'misses', 'cause', 'bytes', 'responses', 'largest_bytes'] as const;

const COLUMNS = ['record', ...Object.keys(BUCKET_COLUMNS), ...PATH_COLUMNS];

export function insightsCsv(report: InsightsReport): string {
  const lines = [
    COLUMNS,
    ...report.buckets.map((bucket) => bucketRecord(bucket, report)),
    ...report.mostMissed.map(missedRecord),
    ...report.largest.map(largeRecord),
  ];
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** `larder-insights-hour-2026-07-30T140231Z.csv` */
export function insightsFileName({ span, madeAt }: InsightsReport): string {
  const time = new Date(madeAt).toISOString().replace(/\.\d+/, '').replaceAll(':', '');
  return `larder-insights-${span}-${time}.csv`;
}

function bucketRecord(bucket: InsightBucket, report: InsightsReport): Cell[] {
  const cells = Object.values(BUCKET_COLUMNS).map((column) => column(bucket, report));
  return ['bucket', ...cells, ...PATH_COLUMNS.map(() => '')];
}

function missedRecord({ path, misses, cause }: MissedPath): Cell[] {
  return ['missed path', ...NO_BUCKET, path, misses, cause, '', '', ''];
}

function largeRecord({ path, bytes, responses, largestBytes }: LargePath): Cell[] {
  return ['large path', ...NO_BUCKET, path, '', '', bytes, responses, largestBytes];
}

const NO_BUCKET: readonly Cell[] = Object.keys(BUCKET_COLUMNS).map(() => '');

/** What a spreadsheet would take for a formula is made text by an apostrophe; quotes where RFC 4180 needs them. */
function csvCell(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
