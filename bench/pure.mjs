// What the pure functions on the path of a request cost: nanoseconds a call on the way of a hit and on that of a miss.
// A figure is the median of many samples, with the fastest and the slowest tenth beside it. Run: node bench/pure.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../scripts/run.mjs';
import { table } from './faults/report.mjs';
import { cases } from './pure/cases.mjs';
import { quantile } from './results/statistics.mjs';

const SAMPLES = 31;
const SAMPLE_MS = 10;
const WARM_MS = 100;
const SEMANTICS = [
  'decide-reuse',
  'cache-key',
  'storable',
  'freshness',
  'cache-status',
  'cache-control',
  'stored-answer',
];

/** What is computed is used, or the compiler would leave it out. */
let sink = 0;

const folder = mkdtempSync(join(tmpdir(), 'larder-bench-'));
try {
  const rows = [['', 'ns a call', 'fastest tenth', 'slowest tenth']];
  for (const { name, run } of cases(await bundled())) {
    const nanoseconds = samplesOf(run);
    rows.push([name, ...[0.5, 0.1, 0.9].map((share) => shown(quantile(nanoseconds, share)))]);
  }
  process.stdout.write(`Node ${process.version}\n\n${table(rows)}\n`);
  if (Number.isNaN(sink)) process.stdout.write('\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The engine's own modules, as JavaScript.
 *  @returns {Promise<import('./pure/cases.mjs').Modules>} */
async function bundled() {
  const { build } = await import('vite');
  const files = {
    ...Object.fromEntries(
      SEMANTICS.map((name) => [name, join(root, `electron/engine/semantics/${name}.ts`)]),
    ),
    'read-head': join(root, 'electron/engine/http/front/read-head.ts'),
  };
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: { input: files, output: { format: 'esm', entryFileNames: '[name].mjs' } },
    },
  });
  /** @type {Record<string, unknown>} */
  const all = {};
  for (const name of Object.keys(files)) {
    Object.assign(all, await import(pathToFileURL(join(folder, `${name}.mjs`)).href));
  }
  return /** @type {import('./pure/cases.mjs').Modules} */ (all);
}

/** @param {(turn: number) => unknown} run
 *  @returns {number[]} nanoseconds a call */
function samplesOf(run) {
  const calls = Math.max(1, Math.ceil((timed(run, callsIn(run, WARM_MS)).calls / WARM_MS) * SAMPLE_MS));
  return Array.from({ length: SAMPLES }, () => {
    const { ms } = timed(run, calls);
    return (ms / calls) * 1e6;
  });
}

/** How many calls that takes, found by doubling; what runs so long is compiled when it is measured.
 *  @param {(turn: number) => unknown} run
 *  @param {number} ms */
function callsIn(run, ms) {
  let calls = 1;
  while (timed(run, calls).ms < ms) calls *= 2;
  return calls;
}

/** @param {(turn: number) => unknown} run
 *  @param {number} calls */
function timed(run, calls) {
  const start = performance.now();
  for (let turn = 0; turn < calls; turn += 1) if (run(turn) !== null) sink += 1;
  return { ms: performance.now() - start, calls };
}

/** @param {number} nanoseconds */
function shown(nanoseconds) {
  return nanoseconds.toLocaleString('en-GB', { maximumFractionDigits: nanoseconds < 100 ? 1 : 0 });
}
