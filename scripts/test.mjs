// npm test: installs what is missing, checks, builds and runs every test. The last line says how it went.
import './require-node.mjs';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from './check.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';
import { hasDisplay, pinnedNode, root, runForeground, runMain, runNode } from './run.mjs';
import { summarizeConformance, summarizePlaywright, summarizeVitest } from './test-summary.mjs';

/** @typedef {import('./test-summary.mjs').RunSummary} RunSummary */

const VITEST_REPORT = join(root, 'test-results', 'vitest.json');
const CONFORMANCE_REPORT = join(root, 'test-results', 'conformance.json');
const PLAYWRIGHT_REPORT = join(root, 'test-results', 'playwright.json');

/** @param {string} name */
const heading = (name) => console.log(`\n== ${name}`);

/** Each check counts as one test.
 *  @returns {RunSummary} */
function checks() {
  heading('check');
  const results = runChecks();
  const passed = results.filter(Boolean).length;
  return { name: 'check', passed, failed: results.length - passed, skipped: [] };
}

/** @returns {Promise<RunSummary>} */
async function build() {
  heading('build');
  const built = (await ensureBuilt(['app', 'cli'])) === 0;
  return { name: 'build', passed: built ? 1 : 0, failed: built ? 0 : 1, skipped: [] };
}

async function vitest() {
  heading('vitest');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`];
  const exitCode = await runNode('node_modules/vitest/vitest.mjs', ['run', '--coverage', ...reporters]);
  return summarizeVitest(VITEST_REPORT, exitCode);
}

/** @param {string} name
 *  @returns {RunSummary} */
function notBuilt(name) {
  console.log('not run: the build failed');
  return { name, passed: 0, failed: 1, skipped: [] };
}

/** The public suite for HTTP caches: what passed when its result was committed has to pass.
 *  @param {boolean} built
 *  @returns {Promise<RunSummary>} */
async function conformance(built) {
  heading('conformance');
  if (!built) return notBuilt('conformance');
  const exitCode = await runNode('scripts/conformance/run.mjs', ['--check', '--report', CONFORMANCE_REPORT]);
  return summarizeConformance(CONFORMANCE_REPORT, exitCode);
}

/** @param {boolean} built
 *  @returns {Promise<RunSummary>} */
async function playwright(built) {
  heading('playwright');
  if (!built) return notBuilt('playwright');
  const command = [pinnedNode, join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test'];
  const reporters = ['--reporter=list,json'];
  const display = hasDisplay() ? [] : ['xvfb-run', '-a', '-s', '-screen 0 1600x1200x24'];
  const [program = pinnedNode, ...args] = [...display, ...command, ...reporters];
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT };
  return summarizePlaywright(PLAYWRIGHT_REPORT, await runForeground(program, args, { cwd: root, env }));
}

/** @param {RunSummary[]} runs
 *  @returns {number} exit code */
function report(runs) {
  heading('summary');
  for (const { name, passed, failed, skipped } of runs) {
    console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    for (const test of skipped) console.log(`  skipped: ${test}`);
  }
  /** @param {(run: RunSummary) => number} count */
  const total = (count) => runs.reduce((sum, run) => sum + count(run), 0);
  const failed = total((run) => run.failed);
  const skipped = total((run) => run.skipped.length);
  console.log(`${total((run) => run.passed)} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 ? 0 : 1;
}

await runMain(async () => {
  ensurePrerequisites({ electron: true, tests: true });
  rmSync(join(root, 'test-results'), { recursive: true, force: true });
  const checked = checks();
  const built = await build();
  const ready = built.failed === 0;
  return report([checked, built, await vitest(), await conformance(ready), await playwright(ready)]);
});
