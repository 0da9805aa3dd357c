// One run of the suite, on the pinned Node: npm run conformance and npm test start it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnavailableError } from '../registry-package.mjs';
import { runMain, SetupError } from '../run.mjs';
import { renderDocument } from './document.mjs';
import { alignedTable, COLUMNS, comparisonNote, figureRows, shownCount, shownShortfall } from './figures.mjs';
import { HELP, parseOptions } from './options.mjs';
import { compare, differing, messageOf, tally } from './outcomes.mjs';
import { REASONS } from './reasons.mjs';
import { DOCUMENT, readRun, readRuns, resultFileOf, writeRun } from './result-files.mjs';
import { runWays } from './run-suite.mjs';
import { needlessReasons, shortfalls } from './shortfalls.mjs';
import { loadSuite } from './suite.mjs';

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./result-files.mjs').Run} Run */
/** @typedef {import('./run-suite.mjs').Way} Way */
/** @typedef {import('./suite.mjs').Suite} Suite */

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

/** Compares the ways in with each other, on the terminal.
 *  @param {readonly Way[]} ways
 *  @returns {boolean} whether they agree, the fast path having been taken */
function agree([fast, plain]) {
  if (fast === undefined || plain === undefined) return true;
  const different = differing(fast.results, plain.results);
  for (const id of different) {
    const [one, other] = [fast, plain].map(({ results }) => messageOf(results[id]) || 'passes');
    console.log(`differs: ${id}: with the fast path: ${one}; without: ${other}`);
  }
  if (fast.fastHits === 0) console.log('the fast path answered none of the requests: nothing was compared');
  const agreed = different.length === 0 && fast.fastHits > 0;
  if (agreed) console.log(`the same without the fast path, which answered ${fast.fastHits} requests`);
  return agreed;
}

/** Compares with the committed result. Each test that passes there is one test here, and so are the document and
 *  that the ways in agree.
 *  @param {Suite} suite
 *  @param {Run} run
 *  @param {readonly Way[]} ways
 *  @returns {{ passed: number, failed: number }} */
function check({ tests }, run, ways) {
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
  const passed = [agree(ways), current].filter(Boolean).length;
  return { passed: kept.length + passed, failed: lost.length + 2 - passed };
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
  const ways = await runWays(options, suite);
  const { policy, store } = options;
  const results = ways[0]?.results ?? {};
  const run = { suite: suite.name, version: suite.version, policy, store, results };
  if (options.check) {
    const figures = check(suite, run, ways);
    report(options.report, { ...figures, skipped: [] });
    return figures.failed === 0 ? 0 : 1;
  }
  if (options.only.length > 0) {
    for (const way of ways) console.log(`fast path ${way.fastPath}:`, way.results);
    return 0;
  }
  const exitCode = print(suite, run);
  console.log('');
  if (!agree(ways)) return 1;
  if (options.suite === undefined && ways.length === 2) {
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
