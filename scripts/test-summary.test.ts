import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { summarizeConformance, summarizePlaywright, summarizeVitest } from './test-summary.mjs';

const folder = mkdtempSync(join(tmpdir(), 'larder-summary-'));
const missing = join(folder, 'missing.json');

function reportFile(report: unknown): string {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(report));
  return file;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('summarizeVitest', () => {
  const report = {
    numPassedTests: 2,
    numFailedTests: 0,
    testResults: [
      {
        assertionResults: [
          { fullName: 'a', status: 'passed' },
          { fullName: 'b', status: 'passed' },
          { fullName: 'c', status: 'pending' },
        ],
      },
    ],
  };

  it('counts tests and names those that were skipped', () => {
    const summary = summarizeVitest(reportFile(report), 0);
    expect(summary).toEqual({ name: 'vitest', passed: 2, failed: 0, skipped: ['c'] });
  });

  it('counts a failure of the runner itself, such as coverage below its threshold', () => {
    expect(summarizeVitest(reportFile(report), 1)).toMatchObject({ passed: 2, failed: 1 });
  });

  it('does not count the exit code where a failed test explains it', () => {
    const failed = { ...report, numFailedTests: 3 };
    expect(summarizeVitest(reportFile(failed), 1)).toMatchObject({ failed: 3 });
  });

  it.each([0, 1])('counts a runner that left no report as failed, whatever its exit code (%d)', (code) => {
    expect(summarizeVitest(missing, code)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('summarizeConformance', () => {
  it('counts the tests that passed before', () => {
    const report = { passed: 240, failed: 2, skipped: [] };
    expect(summarizeConformance(reportFile(report), 1)).toEqual({ name: 'conformance', ...report });
  });

  it('takes a suite that cannot be fetched as skipped, with the reason', () => {
    const report = { passed: 0, failed: 0, skipped: ['no registry'] };
    expect(summarizeConformance(reportFile(report), 0)).toEqual({ name: 'conformance', ...report });
  });

  it('counts a run that ended without a report, or that compared nothing, as failed', () => {
    const report = { passed: 0, failed: 0, skipped: [] };
    expect(summarizeConformance(missing, 1)).toMatchObject({ passed: 0, failed: 1 });
    expect(summarizeConformance(reportFile(report), 0)).toMatchObject({ failed: 1 });
  });
});

describe('summarizePlaywright', () => {
  const skipped = {
    title: 'keychain',
    tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'no keychain here' }] }],
  };
  const suites = [{ specs: [], suites: [{ specs: [skipped] }] }];

  it('counts a flaky test as failed and gives the reason of a skipped one', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 1 };
    expect(summarizePlaywright(reportFile({ stats, suites }), 1)).toEqual({
      name: 'playwright',
      passed: 4,
      failed: 2,
      skipped: ['keychain (no keychain here)'],
    });
  });

  it('counts a run without a test as failed', () => {
    const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
    expect(summarizePlaywright(reportFile({ stats, suites: [] }), 0)).toMatchObject({ failed: 1 });
  });
});
