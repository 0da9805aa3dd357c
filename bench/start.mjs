// How long a start takes: from the process to the window shown and to the proxy listening, beside an Electron that
// only shows an empty window, in turns and in the same run. Build first; without a display run it with xvfb-run:
//   node bench/start.mjs [STARTS]      (default 15)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { electronExecutable, electronTestArguments } from '../scripts/electron-runtime.mjs';

const STARTS = Number(process.argv[2] ?? 15);
const LONGEST_MS = 30_000;
const here = import.meta.dirname;
const electron = electronExecutable();

/** Starts an app, waits for its marks on stdout and ends it.
 *  @param {string} folder @param {Record<string, RegExp>} marks @param {readonly string[]} flags
 *  @returns {Promise<Record<string, number>>} milliseconds from the start of the process to each mark */
async function start(folder, marks, flags = []) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'larder-start-'));
  const env = { ...process.env, LARDER_DATA_DIR: dataDir };
  const started = performance.now();
  const args = [...electronTestArguments(), path.join(here, folder), ...flags, `--user-data-dir=${dataDir}`];
  const child = spawn(electron, args, { env, stdio: ['ignore', 'pipe', 'ignore'], cwd: dataDir });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  /** @type {Record<string, number>} */
  const times = {};
  let text = '';
  await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      for (const [name, mark] of Object.entries(marks)) {
        if (times[name] === undefined && mark.test(text)) times[name] = performance.now() - started;
      }
      if (Object.keys(times).length === Object.keys(marks).length) resolve(undefined);
    });
    child.once('exit', resolve);
  });
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  clearTimeout(timer);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  if (Object.keys(times).length < Object.keys(marks).length)
    throw new Error(`${folder} did not start: ${text}`);
  return times;
}

/** @param {number[]} values @param {number} part */
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

const SHOWN = /^shown$/m;
/** @type {{ empty: number[], shown: number[], listening: number[] }} */
const times = { empty: [], shown: [], listening: [] };
for (let round = -1; round < STARTS; round += 1) {
  const empty = await start('empty-window', { shown: SHOWN });
  const larder = await start('start', { shown: SHOWN, listening: /listening on http/ }, ['--port', '0']);
  // The first of each fills the system's caches.
  if (round < 0) continue;
  times.empty.push(empty['shown'] ?? NaN);
  times.shown.push(larder['shown'] ?? NaN);
  times.listening.push(larder['listening'] ?? NaN);
}
const base = quantile(times.empty, 0.5);
console.log(`${STARTS} starts each, in turns; milliseconds from the start of the process\n`);
console.log('                        median   fastest quarter   slowest quarter   of empty');
for (const [name, values] of /** @type {const} */ ([
  ['empty window shown', times.empty],
  ['Larder window shown', times.shown],
  ['Larder listening', times.listening],
])) {
  const [median, fast, slow] = [0.5, 0.25, 0.75].map((part) => quantile(values, part).toFixed(0));
  const ratio = (quantile(values, 0.5) / base).toFixed(2);
  console.log(
    `${name.padEnd(22)}${median?.padStart(8)}${fast?.padStart(18)}${slow?.padStart(18)}${ratio.padStart(11)}`,
  );
}
