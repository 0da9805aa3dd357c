// One run of the suite, on the pinned Node: npm run conformance and npm test start it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { startRedisServer } from '../../electron/engine/store/redis/test/redis-server.ts';
import { UnavailableError } from '../registry-package.mjs';
import { runMain, SetupError } from '../run.mjs';
import { runClient } from './client.mjs';
import { renderDocument } from './document.mjs';
import { alignedTable, COLUMNS, comparisonNote, figureRows, shownCount, shownShortfall } from './figures.mjs';
import { HELP, parseOptions } from './options.mjs';
import { compare, messageOf, tally } from './outcomes.mjs';
import { startLarder, startOrigin } from './processes.mjs';
import { REASONS } from './reasons.mjs';
import { DOCUMENT, readRun, readRuns, resultFileOf, writeRun } from './result-files.mjs';
import { needlessReasons, shortfalls } from './shortfalls.mjs';
import { loadSuite } from './suite.mjs';

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./result-files.mjs').Run} Run */
/** @typedef {import('./suite.mjs').Suite} Suite */

/** Rejects where the run is interrupted, so that everything it has started is ended. */
const interrupted = new Promise((_, reject) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => reject(new SetupError(`interrupted by ${signal}`)));
  }
});
interrupted.catch(() => undefined);

/** @param {Options} options
 *  @param {Suite} suite
 *  @returns {Promise<Run>} */
async function runSuite({ policy, store, only }, suite) {
  /** @type {(() => Promise<void>)[]} */
  const opened = [];
  try {
    const origin = await startOrigin(suite.folder);
    opened.push(origin.stop);
    const redis = store === 'redis' ? await startRedisServer() : undefined;
    if (redis !== undefined) opened.push(redis.dispose);
    const env = redis === undefined ? {} : { REDIS_URL: `redis://127.0.0.1:${redis.port}` };
    const larder = await startLarder(['--origin', origin.url, '--policy', policy, '--store', store], env);
    opened.push(larder.stop);
    const ids = only.length > 0 ? new Set(only) : undefined;
    const results = await Promise.race([runClient(suite, larder.url, ids), interrupted]);
    const ended = larder.ended() ?? origin.ended();
    if (ended !== null) throw new SetupError(ended);
    return { suite: suite.name, version: suite.version, policy, store, results };
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** The result in full, on the terminal.
 *  @param {Suite} suite
 *  @param {Run} run
 *  @returns {number} exit code */
function print({ tests }, run) {
  console.log(`${run.suite} ${run.version}\n`);
  console.log(alignedTable([COLUMNS, ...figureRows(tests, [run])]));
  console.log(`\n${comparisonNote(tests, run.version)}`);
  if (run.policy !== 'respect') return 0;
  const missing = shortfalls(tests, run.results, REASONS);
  if (missing.length > 0) console.log('\nWhat does not pass:');
  for (const one of missing) {
    const reason = (one.reason ?? 'not argued').trim().replaceAll(/\s+/g, ' ');
    console.log(`  ${one.test.kind} ${one.test.id}: ${shownShortfall(one)}\n    ${reason}`);
  }
  const unargued = missing.filter(({ reason }) => reason === undefined).length;
  if (unargued > 0) console.log(`\n${unargued} of them not argued in scripts/conformance/reasons.mjs`);
  return unargued === 0 ? 0 : 1;
}

/** @param {Run} run */
function printChanges(run) {
  const { lost, gained } = compare(readRun(run)?.results ?? {}, run.results);
  if (lost.length > 0) console.log(`\nNo longer pass: ${lost.join(', ')}`);
  if (gained.length > 0) console.log(`\n${shownGain(gained)}`);
}

/** @param {string[]} ids */
const shownGain = (ids) => `${ids.length} ${ids.length === 1 ? 'test passes' : 'tests pass'} that did not`;

/** @param {Suite} suite
 *  @param {Run} run */
function write({ tests }, run) {
  writeRun(run);
  const runs = readRuns();
  writeFileSync(DOCUMENT, renderDocument(tests, runs, REASONS));
  console.log(`\nwritten: ${resultFileOf(run)}, docs/conformance.md`);
  const respect = runs.filter(({ policy }) => policy === 'respect').map(({ results }) => results);
  const needless = needlessReasons(tests, respect, REASONS);
  if (needless.length > 0)
    console.log(`reasons for tests that pass or are not there: ${needless.join(', ')}`);
}

/** Compares with the committed result. Each test that passes there is one test here, and so is the document.
 *  @param {Suite} suite
 *  @param {Run} run
 *  @returns {{ passed: number, failed: number }} */
function check({ tests }, run) {
  const file = resultFileOf(run);
  const baseline = readRun(run);
  if (baseline === undefined) throw new SetupError(`${file} is missing: npm run conformance writes it`);
  const { required, optimal, check: checks } = tally(tests, run.results);
  console.log(
    `${run.suite} ${run.version}, policy ${run.policy}, store ${run.store}: ${shownCount(required)} required, ` +
      `${shownCount(optimal)} optimal, ${shownCount(checks)} checks pass`,
  );
  const { kept, lost, gained } = compare(baseline.results, run.results);
  for (const id of lost) console.log(`no longer passes: ${id}: ${messageOf(run.results[id])}`);
  if (gained.length > 0) {
    console.log(`${shownGain(gained)}: npm run conformance writes the new result`);
  }
  const current = documentIsCurrent(tests);
  if (!current) console.log('docs/conformance.md is out of date: npm run conformance writes it');
  return { passed: kept.length + (current ? 1 : 0), failed: lost.length + (current ? 0 : 1) };
}

/** @param {Suite['tests']} tests */
function documentIsCurrent(tests) {
  return (
    existsSync(DOCUMENT) && readFileSync(DOCUMENT, 'utf8') === renderDocument(tests, readRuns(), REASONS)
  );
}

/** @param {string | undefined} file
 *  @param {{ passed: number, failed: number, skipped: string[] }} figures */
function report(file, figures) {
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(figures));
}

/** @param {Options} options */
async function conformance(options) {
  const suite = await loadSuite(options.suite);
  const run = await runSuite(options, suite);
  if (options.check) {
    const figures = check(suite, run);
    report(options.report, { ...figures, skipped: [] });
    return figures.failed === 0 ? 0 : 1;
  }
  if (options.only.length > 0) {
    console.log(run.results);
    return 0;
  }
  const exitCode = print(suite, run);
  if (options.suite === undefined) {
    printChanges(run);
    write(suite, run);
  }
  return exitCode;
}

await runMain(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    return await conformance(options);
  } catch (error) {
    if (!options.check || !(error instanceof UnavailableError)) throw error;
    report(options.report, {
      passed: 0,
      failed: 0,
      skipped: [`the suite cannot be fetched: ${error.message}`],
    });
    return 0;
  }
});
