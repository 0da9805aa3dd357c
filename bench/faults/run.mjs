// The faults one after the other: each with Redis, origin, Larder and load of its own, all ended with it.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FAULTS, SECRETS } from './faults.mjs';
import { broken, leaksIn, mostInASecond, phasesOf, resumed } from './figures.mjs';
import { startLarder } from './larder.mjs';
import { AGAIN_AFTER, HOT, startLoad, warm } from './load.mjs';
import { startOrigin } from './origin.mjs';
import { until } from './redis.mjs';
import { faultReport, summary } from './report.mjs';

const PER_SECOND = 200;
/** Connections that are being closed may take so long. */
const CLOSING_MS = 5000;

/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {import('./figures.mjs').Figures} Figures */

/** Rejects where the run is interrupted, so that everything it has started is ended. */
const interrupted = new Promise((_, reject) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, reject);
});
interrupted.catch(() => undefined);

/** @param {Fault} fault
 *  @param {number} seconds of load
 *  @returns {Promise<Figures>} */
async function runFault(fault, seconds) {
  /** @type {(() => Promise<void> | void)[]} */
  const opened = [];
  const add = (/** @type {() => Promise<void> | void} */ close) => void opened.push(close);
  try {
    const world = await fault.open({ add });
    const origin = await startOrigin();
    add(origin.close);
    const { env, project = null } = world;
    const larder = await startLarder({ flags: ['--origin', origin.url], env, project });
    add(larder.stop);
    const watch = larder.watch();
    add(watch.end);
    await until(async () => watch.changes.at(-1)?.health === 'ok');
    await warm(larder.url, HOT);
    await world.before?.(larder);
    const load = startLoad(larder.url, PER_SECOND);
    add(load.stop);
    const run = { fault, world, larder, watch, load };
    return await Promise.race([measure(run, seconds), interrupted]);
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** @param {{
 *    fault: Fault,
 *    world: import('./faults.mjs').World,
 *    larder: import('./larder.mjs').Larder,
 *    watch: import('./endpoints.mjs').Watch,
 *    load: import('./load.mjs').Load,
 *  }} run
 *  @param {number} seconds
 *  @returns {Promise<Figures>} */
async function measure({ fault, world, larder, watch, load }, seconds) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const third = (seconds * 1000) / 3;
  await pause(third);
  const socketsBefore = larder.sockets(world.ports);
  const began = performance.now();
  const begun = await world.begin(larder);
  await pause(Math.max(began + third - performance.now(), 0));
  const mended = await world.end();
  const ended = performance.now();
  await pause(third);
  await load.stop();
  delay.disable();
  const repaired = begun?.repairedAt ?? ended;
  const sockets = await settledSockets(larder, world.ports, socketsBefore);
  const noted = larder.notices.filter(({ at }) => at >= began);
  return {
    id: fault.id,
    name: fault.name,
    ...phasesOf(load.samples, { began, ended }),
    ...resumed(load.samples, repaired, (AGAIN_AFTER * 1000) / PER_SECOND),
    degradedSeconds: secondsUntil(watch.changes, began),
    notices: noted.map(({ at, message }) => `${((at - began) / 1000).toFixed(1)} s: ${message}`),
    noticesInASecond: mostInASecond(noted),
    changesInASecond: mostInASecond(watch.changes.filter(({ at }) => at >= began)),
    sockets: [socketsBefore, sockets],
    leaks: leaksIn(larder.said.join('\n'), SECRETS),
    failures: load.samples.flatMap(({ failure }) => failure ?? []),
    benchDelayMs: delay.max / 1e6,
    facts: [...(begun?.facts ?? []), ...(mended?.facts ?? [])],
  };
}

/** @param {readonly import('./endpoints.mjs').Health[]} changes
 *  @param {number} began */
function secondsUntil(changes, began) {
  const gone = changes.find(
    ({ at, health, message }) => at >= began && (health !== 'ok' || message !== null),
  );
  return gone === undefined ? null : (gone.at - began) / 1000;
}

/** @param {import('./larder.mjs').Larder} larder
 *  @param {readonly number[]} ports
 *  @param {number | null} before */
async function settledSockets(larder, ports, before) {
  const end = performance.now() + CLOSING_MS;
  let now = larder.sockets(ports);
  while ((now ?? 0) > (before ?? 0) && performance.now() < end) {
    await pause(100);
    now = larder.sockets(ports);
  }
  return now;
}

/** @param {string[]} args
 *  @returns {Promise<number>} exit code */
export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      seconds: { type: 'string', default: '60' },
      report: { type: 'string' },
    },
  });
  const wanted = values.only.split(',').filter(Boolean);
  const chosen = FAULTS.filter(({ id }) => wanted.length === 0 || wanted.some((name) => id.startsWith(name)));
  if (chosen.length === 0) throw new Error(`--only takes of ${FAULTS.map(({ id }) => id).join(', ')}`);
  /** @type {{ figures: Figures, limits: import('./figures.mjs').Limits }[]} */
  const runs = [];
  /** @type {string[]} */
  const aborted = [];
  for (const fault of chosen) {
    try {
      const figures = await runFault(fault, Number(values.seconds));
      runs.push({ figures, limits: fault.limits });
      console.log(faultReport(figures));
    } catch (error) {
      aborted.push(fault.id);
      console.log(
        `## ${fault.id} ${fault.name}\n\n${error instanceof Error ? error.stack : String(error)}\n`,
      );
      if (error instanceof Error && error.message.startsWith('interrupted')) break;
    }
  }
  console.log(summary(runs));
  for (const id of aborted) console.log(`${id}: FAIL: could not be run to its end`);
  const results = runs.map(({ figures, limits }) => ({
    ...figures,
    limits,
    broken: broken(figures, limits),
  }));
  if (values.report !== undefined) writeFileSync(values.report, `${JSON.stringify(results, null, 2)}\n`);
  return aborted.length === 0 && results.every((result) => result.broken.length === 0) ? 0 : 1;
}
