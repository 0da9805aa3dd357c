// What npm run fuzz runs on the pinned Node: rounds of chance until the time is up, then what was found.
import { performance } from 'node:perf_hooks';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { root, runMain } from '../run.mjs';
import { keep, readCorpus } from './corpus.mjs';
import { parseOptions } from './options.mjs';

/** @typedef {typeof import('../../electron/engine/test/fuzz/fuzzing.ts')} Fuzzing
 *  @typedef {import('../../electron/engine/test/fuzz/fuzz-plan.ts').Failure} Failure */

/** Distinct failures of one kind of fuzzing in one round. */
const MAX_FAILURES = 5;
/** Seeds of one round lie beside each other. */
const SEEDS_A_ROUND = 10_000;

/** @type {unknown[]} */
const faults = [];
process.on('uncaughtException', (error) => faults.push(error));
process.on('unhandledRejection', (error) => faults.push(error));

await runMain(async () => {
  const options = parseOptions(process.argv.slice(2));
  const folder = resolve(root, options.corpus);
  const fuzzing = await built();
  const failures = [...(await fuzzing.replay(readCorpus(folder)))];
  print(`seed ${options.seed}; ${failures.length} of the corpus fail`);
  for (const failure of failures) tell(failure, folder);
  const end = performance.now() + options.minutes * 60_000;
  let seed = options.seed;
  do {
    for (const found of await round(fuzzing, seed, options.only ?? '')) {
      failures.push(found);
      tell(found, folder);
    }
    seed += SEEDS_A_ROUND;
  } while (performance.now() < end && faults.length === 0);
  for (const fault of faults) print(`uncaught: ${fault instanceof Error ? fault.stack : String(fault)}`);
  print(failures.length + faults.length === 0 ? 'nothing found' : `${failures.length} failures`);
  return failures.length + faults.length === 0 ? 0 : 1;
});

/** @returns {Promise<Fuzzing>} */
async function built() {
  const outDir = join(root, 'node_modules/.cache/fuzz');
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ssr: join(root, 'electron/engine/test/fuzz/fuzzing.ts'),
      outDir,
      target: 'node22',
      minify: false,
    },
  });
  return import(pathToFileURL(join(outDir, 'fuzzing.js')).href);
}

/** @param {Fuzzing} fuzzing
 *  @param {number} seed
 *  @param {string} only
 *  @returns {Promise<Failure[]>} */
async function round({ FUZZED }, seed, only) {
  const failures = [];
  for (const [name, { runs, fuzz }] of Object.entries(FUZZED)) {
    if (!name.includes(only)) continue;
    const start = performance.now();
    const result = await fuzz({ seed, runs, maxFailures: MAX_FAILURES });
    const seconds = (performance.now() - start) / 1000;
    const rate = Math.round(result.runs / seconds);
    print(`${name}: seed ${seed}, ${result.runs} runs, ${rate}/s, ${result.failures.length} failed`);
    failures.push(...result.failures);
  }
  return failures;
}

/** @param {Failure} failure
 *  @param {string} folder */
function tell({ why, shown, kept }, folder) {
  print(`\n${why}\n${shown}\nkept: ${keep(folder, why, kept)}\n`);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
