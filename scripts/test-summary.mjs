// Adds up what vitest, the conformance suite and Playwright wrote about their runs.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: string[] }} RunSummary */

/** A runner that ran nothing, or that failed although none of its tests did, counts as one failure.
 *  @param {RunSummary} summary
 *  @param {number} exitCode
 *  @returns {RunSummary} */
function withRunnerFailure(summary, exitCode) {
  const ranNothing = summary.passed + summary.failed === 0;
  const failedItself = exitCode !== 0 && summary.failed === 0;
  return ranNothing || failedItself ? { ...summary, failed: summary.failed + 1 } : summary;
}

/** @param {string} name
 *  @param {string} file
 *  @param {number} exitCode
 *  @param {(report: any) => Omit<RunSummary, 'name'>} read
 *  @returns {RunSummary} */
function summarize(name, file, exitCode, read) {
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: [] };
  return withRunnerFailure({ name, ...counts }, exitCode);
}

/** @param {string} file vitest's JSON report
 *  @param {number} exitCode also tells of coverage below its threshold and of errors outside a test */
export function summarizeVitest(file, exitCode) {
  return summarize('vitest', file, exitCode, (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.testResults
      .flatMap((/** @type {any} */ suite) => suite.assertionResults)
      .filter((/** @type {any} */ test) => !['passed', 'failed'].includes(test.status))
      .map(
        (/** @type {any} */ test) => `${test.fullName}${test.meta?.reason ? ` (${test.meta.reason})` : ''}`,
      ),
  }));
}

/** A run that was skipped as a whole has run nothing, and yet is no failure.
 *  @param {string} file what scripts/conformance/run.mjs reports
 *  @param {number} exitCode
 *  @returns {RunSummary} */
export function summarizeConformance(file, exitCode) {
  const name = 'conformance';
  const skipped = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).skipped : [];
  if (skipped.length > 0 && exitCode === 0) return { name, passed: 0, failed: 0, skipped };
  return summarize(name, file, exitCode, ({ passed, failed }) => ({ passed, failed, skipped }));
}

/** @param {any} suite of Playwright's JSON report
 *  @returns {any[]} */
function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/** @param {any} spec */
function skippedWithReason(spec) {
  const reason = spec.tests
    .flatMap((/** @type {any} */ test) => test.annotations)
    .find((/** @type {any} */ note) => note.type === 'skip' && note.description);
  return reason ? `${spec.title} (${reason.description})` : spec.title;
}

/** @param {string} file Playwright's JSON report
 *  @param {number} exitCode */
export function summarizePlaywright(file, exitCode) {
  return summarize('playwright', file, exitCode, (report) => ({
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky,
    skipped: specsOf(report)
      .filter((spec) => spec.tests.some((/** @type {any} */ test) => test.status === 'skipped'))
      .map(skippedWithReason),
  }));
}
