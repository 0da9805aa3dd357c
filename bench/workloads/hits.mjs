// Hits of one stored response, over and over, as fast as they come.
import { cpuSeconds, processTree } from '../contenders/contender.mjs';
import { checkAnswer, warm } from '../load/check.mjs';
import { askOnce } from '../load/raw-client.mjs';
import { measure } from '../load/wrk.mjs';
import { targetOf } from '../servers/bodies.mjs';
import { inRounds } from './rounds.mjs';

/** @typedef {import('./rounds.mjs').Running} Running */
/** @typedef {import('./rounds.mjs').Bench} Bench */

/** @type {readonly import('./rounds.mjs').Column[]} */
const COLUMNS = [
  { metric: 'perSecond', head: 'requests/s', digits: 0 },
  { metric: 'p50', head: 'p50 ms', digits: 3 },
  { metric: 'p99', head: 'p99 ms', digits: 3 },
  { metric: 'cpu', head: 'CPU s per 10,000', digits: 3 },
  { metric: 'fast', head: 'on the fast path %', digits: 0 },
];

const KIBIBYTE = 1024;

/** @type {readonly import('./rounds.mjs').Workload[]} */
export const HITS = [
  hitsOf({
    id: 'hits',
    title: 'Hits of 1 KiB, 16 connections',
    bytes: KIBIBYTE,
    connections: 16,
    contenders: [
      'raw-net',
      'nginx-tuned',
      'nginx',
      'varnish',
      'node-http',
      'larder',
      'larder-careful',
      'larder-printing',
      'larder-redis',
      'flask',
    ],
  }),
  hitsOf({
    id: 'one-connection',
    title: 'Hits of 1 KiB, 1 connection',
    bytes: KIBIBYTE,
    connections: 1,
    contenders: ['raw-net', 'nginx-tuned', 'nginx', 'varnish', 'larder', 'larder-careful'],
  }),
  hitsOf({
    id: 'many-connections',
    title: 'Hits of 1 KiB, 256 connections',
    bytes: KIBIBYTE,
    connections: 256,
    contenders: ['raw-net', 'nginx-tuned', 'nginx', 'varnish', 'node-http', 'larder', 'larder-careful'],
  }),
  hitsOf({
    id: 'large',
    title: 'Hits of 100 KiB, 16 connections',
    bytes: 100 * KIBIBYTE,
    connections: 16,
    contenders: ['raw-net', 'nginx-tuned', 'nginx', 'varnish', 'larder', 'larder-careful'],
  }),
];

/** @type {import('./rounds.mjs').Workload} */
export const ELECTRON = hitsOf({
  id: 'electron',
  title: "Hits of 1 KiB, 16 connections, on Electron's Node",
  bytes: KIBIBYTE,
  connections: 16,
  contenders: ['larder-electron-node', 'app-window', 'app-windowless'],
});

/** @param {{ id: string, title: string, bytes: number, connections: number, contenders: readonly string[] }} what
 *  @returns {import('./rounds.mjs').Workload} */
function hitsOf({ id, title, bytes, connections, contenders }) {
  const target = targetOf(bytes, 'hit');
  return {
    id,
    title,
    how: `wrk, one thread, ${connections === 1 ? '1 keep-alive connection' : `${connections} keep-alive connections`}, one target of ${bytes.toLocaleString('en-GB')} bytes`,
    contenders,
    columns: COLUMNS,
    measure: (bench, ids) =>
      inRounds(bench, ids, {
        prepare: (running) => warm(running, [target], bench.origin),
        once: async (running) => {
          const port = running.port(bytes);
          checkAnswer(running, target, await askOnce(port, target));
          return measureHits(bench, running, () =>
            measure({ port, target, connections, seconds: bench.seconds }),
          );
        },
      }),
  };
}

/** One run of which nothing may reach the origin.
 *  @param {Bench} bench
 *  @param {Running} running
 *  @param {() => Promise<import('../load/wrk.mjs').Measured>} run
 *  @returns {Promise<Record<string, number>>} */
export async function measureHits({ origin }, running, run) {
  const asked = await origin.settled();
  const before = await running.status?.();
  const pids = processTree(running.pid);
  const busy = cpuSeconds(pids);
  const { requests, perSecond, p50, p99 } = await run();
  const cpu = ((cpuSeconds(pids) - busy) / requests) * 10_000;
  const after = await running.status?.();
  const askedSince = (await origin.asked()) - asked;
  if (askedSince > 0) throw new Error(`the origin was asked ${askedSince} times for what was to be hits`);
  if (before === undefined || after === undefined) return { perSecond, p50, p99, cpu };
  const fast = ((after.fastHits - before.fastHits) / Math.max(1, after.hits - before.hits)) * 100;
  return { perSecond, p50, p99, cpu, fast };
}
