// The window under load, in the real Electron: frames, memory and what was left out while a steady stream of
// requests goes through and the log follows it; then how long it takes to filter the full log. The origin and the
// clients run in a process of their own. Needs a build (npm run build) and a display or xvfb-run.
//
//   node bench/window.mjs [--seconds 300] [--rate 2000] [--no-window-following] [--json FILE]
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { _electron } from 'playwright';
import { electronExecutable, electronTestArguments } from '../scripts/electron-runtime.mjs';
import { hasDisplay, isOnPath, root } from '../scripts/run.mjs';
import { serveLoad } from './window/load.mjs';

const IDLE_MS = 5000;
const SAMPLE_MS = 10_000;
const PATIENCE_MS = 20_000;
/** Typed one after the other into the filter box, over a full log. */
const FILTERS = [
  'products',
  'products/1',
  'status:2xx',
  'is:miss',
  '-is:hit',
  'method:get path:/v2 is:hit',
  '',
];
const FILTER_ROUNDS = 5;
const thisFile = fileURLToPath(import.meta.url);

/** @typedef {{ intervals: number[], tasks: number[] }} Frames */
/** @typedef {{ second: number, rendererMiB: number, mainMiB: number, heapMiB: number | null }} MemorySample */
/** @typedef {{ sent: number, answered: number, failed: number, perSecond: number, p50Ms: number, p99Ms: number }} Load */

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    rate: { type: 'string', default: '2000' },
    'no-window-following': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
  allowPositionals: true,
});

if (process.argv[2] === 'load') serveLoad();
else if (hasDisplay()) await measure();
else underXvfb();

function underXvfb() {
  if (!isOnPath('xvfb-run')) throw new Error('there is no display, and no xvfb-run to make one');
  const screen = ['-a', '-s', '-screen 0 1600x1200x24'];
  const child = spawn('xvfb-run', [...screen, process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
  });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
}

async function measure() {
  const dataDir = mkdtempSync(join(tmpdir(), 'larder-bench-'));
  const load = fork(thisFile, ['load'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ origin }] = await once(load, 'message');
  const app = await startApp(dataDir, origin);
  try {
    const page = await app.firstWindow({ timeout: PATIENCE_MS });
    await page.evaluate(readFileSync(new URL('window/page-meter.js', import.meta.url), 'utf8'));
    const report = await run({ app, page, load });
    print(table(report));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    load.kill();
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * @param {string} dataDir
 * @param {string} origin
 */
function startApp(dataDir, origin) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PROXY_|REDIS_|LARDER_)/.test(name));
  return _electron.launch({
    executablePath: electronExecutable(),
    args: [...electronTestArguments(), join(root, 'e2e/held-app'), '--origin', origin, '--port', '0'],
    env: { .../** @type {Record<string, string>} */ (Object.fromEntries(kept)), LARDER_DATA_DIR: dataDir },
    cwd: dataDir,
    timeout: PATIENCE_MS,
  });
}

/**
 * @param {{ app: import('playwright').ElectronApplication, page: import('playwright').Page,
 *   load: import('node:child_process').ChildProcess }} bench
 */
async function run({ app, page, load }) {
  const seconds = Number(options.seconds);
  const rate = Number(options.rate);
  const status = page.getByRole('status').filter({ hasText: /Listening on http/ });
  await status.waitFor();
  const proxy = /http:\/\/[^\s/]+/.exec((await status.textContent()) ?? '')?.[0];
  await page.getByRole('grid', { name: 'Live log' }).waitFor();
  const idle = await frames(page, () => wait(IDLE_MS));
  if (options['no-window-following']) await page.getByRole('button', { name: 'Follow', exact: true }).click();
  /** @type {MemorySample[]} */
  const memory = [];
  const start = performance.now();
  const sample = async () => memory.push(await memoryOf(app, page, (performance.now() - start) / 1000));
  /** @type {Load | undefined} */
  let sent;
  const busy = await frames(page, async () => {
    load.send({ proxy, rate, seconds });
    const done = once(load, 'message');
    await sample();
    const timer = setInterval(() => void sample().catch(() => clearInterval(timer)), SAMPLE_MS);
    [sent] = await done;
    clearInterval(timer);
  });
  await sample();
  const dropped = await leftOut(page);
  await page
    .getByRole('button', { name: 'Follow', exact: true, pressed: false })
    .click({ timeout: 500 })
    .catch(() => {});
  const rows = Number(await page.getByRole('grid', { name: 'Live log' }).getAttribute('aria-rowcount')) - 1;
  return {
    seconds,
    rate,
    following: !options['no-window-following'],
    electron: await app.evaluate(() => process.versions['electron']),
    idle: frameFigures(idle),
    busy: frameFigures(busy),
    load: sent,
    dropped,
    memory,
    filter: { rows, ...(await filterTimes(page)) },
  };
}

/**
 * @param {import('playwright').Page} page
 * @param {() => Promise<void>} meanwhile
 * @returns {Promise<Frames>}
 */
async function frames(page, meanwhile) {
  await page.evaluate('larderMeter.start()');
  await meanwhile();
  return page.evaluate('larderMeter.stop()');
}

/** @param {Frames} frames */
function frameFigures({ intervals, tasks }) {
  const sorted = [...intervals].sort((one, other) => one - other);
  const at = (/** @type {number} */ share) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const total = intervals.reduce((sum, interval) => sum + interval, 0);
  return {
    frames: intervals.length,
    perSecond: (intervals.length / total) * 1000,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    longestMs: at(1),
    shareOver20Ms: sorted.filter((interval) => interval > 20).length / Math.max(1, sorted.length),
    longTasks: tasks.length,
    longestTaskMs: Math.max(0, ...tasks),
  };
}

/**
 * @param {import('playwright').ElectronApplication} app
 * @param {import('playwright').Page} page
 * @param {number} second
 * @returns {Promise<MemorySample>}
 */
async function memoryOf(app, page, second) {
  const processes = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ type, memory }) => ({ type, kib: memory.workingSetSize })),
  );
  const heap = /** @type {number | null} */ (await page.evaluate('larderMeter.heapBytes()'));
  const of = (/** @type {string} */ type) =>
    processes.filter((one) => one.type === type).reduce((sum, { kib }) => sum + kib / 1024, 0);
  return {
    second: Math.round(second),
    rendererMiB: of('Tab'),
    mainMiB: of('Browser'),
    heapMiB: heap === null ? null : heap / 1024 / 1024,
  };
}

/** @param {import('playwright').Page} page */
async function leftOut(page) {
  const text = await page.locator('.live-foot').textContent();
  return Number((/([\d,]+) left out/.exec(text ?? '')?.[1] ?? '0').replaceAll(',', ''));
}

/** @param {import('playwright').Page} page */
async function filterTimes(page) {
  /** @type {{ handled: number, painted: number }[]} */
  const times = [];
  for (let round = 0; round < FILTER_ROUNDS; round += 1) {
    for (const text of FILTERS)
      times.push(await page.evaluate(`larderMeter.filter(${JSON.stringify(text)})`));
  }
  const handled = times.map((time) => time.handled).sort((one, other) => one - other);
  const painted = times.map((time) => time.painted).sort((one, other) => one - other);
  const middle = Math.floor(times.length / 2);
  return {
    handledMedianMs: handled[middle] ?? 0,
    handledLongestMs: handled.at(-1) ?? 0,
    paintedMedianMs: painted[middle] ?? 0,
    paintedLongestMs: painted.at(-1) ?? 0,
  };
}

/** @param {Awaited<ReturnType<typeof run>>} report */
function table({ rate, seconds, following, electron, idle, busy, load, dropped, memory, filter }) {
  const ms = (/** @type {number | undefined} */ value) => `${(value ?? 0).toFixed(1)} ms`;
  const mib = (/** @type {number | null | undefined} */ value) => `${(value ?? 0).toFixed(0)} MiB`;
  const line = (/** @type {string} */ name, /** @type {string} */ text) => `  ${name.padEnd(26)}${text}`;
  const frameLine = (/** @type {typeof busy} */ one) =>
    `${one.perSecond.toFixed(1)} a second; p50 ${ms(one.p50Ms)}, p95 ${ms(one.p95Ms)}, p99 ${ms(one.p99Ms)}, longest ${ms(one.longestMs)}; ` +
    `${(one.shareOver20Ms * 100).toFixed(2)} % over 20 ms; ${one.longTasks} long tasks (longest ${ms(one.longestTaskMs)})`;
  return [
    `${rate} requests a second for ${seconds} s, Electron ${electron}, log ${following ? 'following' : 'held'}`,
    line(
      'sent',
      `${load?.sent} (${load?.perSecond.toFixed(0)} a second), answered ${load?.answered}, failed ${load?.failed}`,
    ),
    line('answer', `p50 ${ms(load?.p50Ms)}, p99 ${ms(load?.p99Ms)}`),
    line('frames, idle', frameLine(idle)),
    line('frames, under load', frameLine(busy)),
    line('left out of the log', String(dropped)),
    ...memory.map((one) =>
      line(
        `memory at ${one.second} s`,
        `renderer ${mib(one.rendererMiB)} (heap ${mib(one.heapMiB)}), main ${mib(one.mainMiB)}`,
      ),
    ),
    line(
      `filtering ${filter.rows} rows`,
      `handled in ${ms(filter.handledMedianMs)} (longest ${ms(filter.handledLongestMs)}), painted after ${ms(filter.paintedMedianMs)} (longest ${ms(filter.paintedLongestMs)})`,
    ),
  ].join('\n');
}

/** @param {number} ms */
function wait(ms) {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}
