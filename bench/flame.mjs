// Where the time of a hit goes: the command line under V8's sampling profiler while wrk asks for one stored response, as
// tables by function and by file. Needs wrk. Run:
//   node bench/flame.mjs [--seconds 8] [--connections 16] [--bytes 1024] [--keys 1] [--misses] [--careful] [--top 30]
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pinnedNode, root, runMain, SetupError } from '../scripts/run.mjs';
import { temporaryFolder } from './contenders/process.mjs';
import { startLarder } from './contenders/larder.mjs';
import { table } from './faults/report.mjs';
import { selfTimes } from './flame/self-times.mjs';
import { warm } from './load/check.mjs';
import { startOrigin } from './load/origin.mjs';
import { keysInTurn, measure, randomKeys, wrkMissing } from './load/wrk.mjs';
import { targetOf } from './servers/bodies.mjs';

const SAMPLE_US = 100;
const WARM_SECONDS = 2;

await runMain(async () => {
  const missing = wrkMissing();
  if (missing !== null) throw new SetupError(missing);
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '8' },
      connections: { type: 'string', default: '16' },
      bytes: { type: 'string', default: '1024' },
      keys: { type: 'string', default: '1' },
      misses: { type: 'boolean', default: false },
      careful: { type: 'boolean', default: false },
      top: { type: 'string', default: '30' },
    },
  });
  const folder = temporaryFolder();
  try {
    const { misses, careful } = values;
    const load = {
      connections: Number(values.connections),
      seconds: Number(values.seconds),
      bytes: Number(values.bytes),
      keys: Number(values.keys),
      misses,
      careful,
    };
    const { span, perSecond } = await profile(folder.path, await bundled(), load);
    const file = readdirSync(folder.path).find((name) => name.endsWith('.cpuprofile'));
    if (file === undefined) throw new Error('there is no profile');
    const times = selfTimes(join(folder.path, file), span);
    print(times, { ...load, perSecond, top: Number(values.top) });
  } finally {
    folder.remove();
  }
});

/** The command line as it is built, with a map to its sources; where it finds its packages and its version.
 *  @returns {Promise<string>} the program */
async function bundled() {
  const { build } = await import('vite');
  const folder = join(root, 'node_modules/.cache/larder/flame');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: 'electron/cli/larder.ts',
      outDir: join(folder, 'out/cli'),
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      sourcemap: true,
      rolldownOptions: { output: { format: 'esm', entryFileNames: 'larder.mjs' } },
    },
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '0.0.0', type: 'module' }));
  return join(folder, 'out/cli/larder.mjs');
}

/** @param {string} folder where the profile goes
 *  @param {string} program
 *  @param {{ connections: number, seconds: number, bytes: number, keys: number, misses: boolean, careful: boolean }} load
 *  @returns {Promise<{ span: import('./flame/self-times.mjs').Span, perSecond: number }>} */
async function profile(folder, program, { connections, seconds, bytes, keys, misses, careful }) {
  const origin = await startOrigin();
  const args = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE_US}`];
  const larder = await startLarder('larder', origin.port, {
    program,
    node: { command: pinnedNode, args, env: {} },
    ...(careful ? { project: { 'fast-path': false } } : {}),
  });
  try {
    const targets = Array.from({ length: keys }, (_, key) => targetOf(bytes, `k${key}`));
    await warm(larder, targets, origin);
    const run = (/** @type {string} */ prefix, /** @type {number} */ length) => {
      const script = misses
        ? keysInTurn({ bytes, prefix, from: 1 })
        : randomKeys({ bytes, different: keys, size: keys, seed: 1 });
      return measure({ port: larder.port(bytes), connections, seconds: length, script });
    };
    await run('warm-', WARM_SECONDS);
    const from = microseconds();
    const { perSecond } = await run('miss-', seconds);
    return { span: { from, to: microseconds() }, perSecond };
  } finally {
    await larder.stop();
    await origin.stop();
  }
}

/** By the clock that the profiler uses. */
function microseconds() {
  return Number(process.hrtime.bigint() / 1000n);
}

/** @param {import('./flame/self-times.mjs').SelfTimes} times
 *  @param {{ connections: number, bytes: number, keys: number, misses: boolean, careful: boolean, perSecond: number, top: number }} load */
function print(
  { busyMs, idleMs, byFunction, byFile },
  { connections, bytes, keys, misses, careful, perSecond, top },
) {
  const which = misses ? 'misses' : keys === 1 ? 'hits of one key' : `hits of ${keys} keys at random`;
  const what = `${which}, ${bytes} bytes, ${connections} connections${careful ? ', fast path off' : ''}`;
  const total = busyMs + idleMs;
  process.stdout.write(
    `${what}: ${perSecond.toFixed(0)} a second under the profiler; busy ${((busyMs / total) * 100).toFixed(0)} %, ` +
      `${((busyMs / total / perSecond) * 1e6).toFixed(1)} µs each\n\n`,
  );
  for (const [head, rows] of /** @type {const} */ ([
    ['file', byFile],
    ['function', byFunction],
  ])) {
    const cells = rows
      .slice(0, top)
      .map(({ name, ms }) => [
        name,
        `${((ms / busyMs) * 100).toFixed(1)} %`,
        ((ms / total / perSecond) * 1e6).toFixed(2),
      ]);
    process.stdout.write(`${table([[head, 'of busy time', 'µs each'], ...cells])}\n\n`);
  }
}
