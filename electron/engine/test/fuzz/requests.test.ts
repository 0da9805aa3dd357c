import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEBIBYTE } from '../../../../shared/settings';
import type { FuzzInput } from './fuzz-input';
import { FUZZED } from './fuzzing';
import { startRequestCampaign } from './request-campaign';

const seed = fc.readConfigureGlobal().seed ?? 0;

describe('requests of all kinds, sound and broken', () => {
  it.each(['requests, respect', 'requests, override'] as const)(
    '%s: each is answered once and soundly, the same on both ways in, and nothing else goes upstream',
    async (name) => {
      const { runs, fuzz } = FUZZED[name];
      const result = await fuzz({ seed, runs, maxFailures: 3 });
      expect(result.failures.map(({ why, shown }) => `${why}\n${shown}`)).toEqual([]);
      expect(result.runs).toBe(runs);
      expect(result.fast).toBeGreaterThan(runs / 10);
      expect(result.grownBytes).toBeLessThan(32 * MEBIBYTE);
    },
    180_000,
  );
});

const GET = 'GET /warm/s200.len.etag HTTP/1.1\r\nHost: localhost\r\n';

const WHOLE: readonly string[] = [
  `${GET}\r\n`,
  `${GET}\r\n${GET}Accept: */*\r\n\r\n${GET}If-None-Match: *\r\n\r\n`,
  `${GET}Connection: close\r\n\r\n`,
  'HEAD /warm/s200.len.etag HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a\r\n\r\n',
  'POST /a/s200.len HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello',
  'POST /a/s200.len HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: 1\r\n\r\n',
  'GET /warm/s200.len.etag HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'GET /warm/s200.len.etag HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'GET /warm/s200.len.etag HTTP/1.0\r\n\r\n',
];

describe('a request in two segments', () => {
  it.each(WHOLE)('is answered as it is in one, wherever it is divided: %j', async (bytes) => {
    const campaign = await startRequestCampaign({ policy: 'respect' });
    const prime = ['/warm/s200.len.etag'];
    const divided: FuzzInput[] = Array.from(bytes, (_, index) => ({ prime, bytes, cuts: [index] }));
    const failures = await campaign.run(divided);
    await campaign.close();
    expect(failures).toEqual([]);
  });
});
