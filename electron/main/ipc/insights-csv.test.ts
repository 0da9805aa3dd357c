import { describe, expect, it } from 'vitest';
import type { InsightsReport } from '../../../shared/insights';
import { insightsCsv, insightsFileName } from './insights-csv';

const SUMS = {
  hit: 3,
  miss: 2,
  stale: 1,
  pass: 0,
  error: 0,
  savedMs: 120.123456,
  savedBytes: 900,
  originBytes: 400,
  originRequests: 2,
};
const MADE_AT = Date.UTC(2026, 6, 30, 14, 2, 31);

const REPORT: InsightsReport = {
  span: 'hour',
  madeAt: MADE_AT,
  bucketSeconds: 10,
  buckets: [{ startedAt: MADE_AT, ...SUMS, storeBytes: 500, storeEntries: 2 }],
  totals: SUMS,
  recent: SUMS,
  latency: { bins: [], hits: null, misses: null },
  mostMissed: [{ path: '/a,"b"', misses: 2, cause: 'expired', causeMisses: 2 }],
  largest: [{ path: '=HYPERLINK("x")', bytes: 400, responses: 2, largestBytes: 300 }],
};

describe('the CSV file of insights', () => {
  it('has a record a bucket and a path, all with the same columns', () => {
    const lines = insightsCsv(REPORT).split('\r\n');
    expect(lines).toEqual([
      'record,start,seconds,hit,miss,stale,pass,error,origin_requests,saved_ms,saved_bytes,origin_bytes,' +
        'store_bytes,store_entries,path,misses,cause,bytes,responses,largest_bytes',
      'bucket,2026-07-30T14:02:31.000Z,10,3,2,1,0,0,2,120.123,900,400,500,2,,,,,,',
      'missed path,,,,,,,,,,,,,,"/a,""b""",2,expired,,,',
      'large path,,,,,,,,,,,,,,"\'=HYPERLINK(""x"")",,,400,2,300',
      '',
    ]);
  });

  it.each(['=1', '+1', '-1', '@a', '\ta', '\ra'])('makes %j text for a spreadsheet', (path) => {
    const csv = insightsCsv({
      ...REPORT,
      buckets: [],
      largest: [],
      mostMissed: [{ ...REPORT.mostMissed[0]!, path }],
    });
    expect(csv).toContain(`'${path}`);
  });

  it('is named after the span and the time', () => {
    expect(insightsFileName(REPORT)).toBe('larder-insights-hour-2026-07-30T140231Z.csv');
  });
});
