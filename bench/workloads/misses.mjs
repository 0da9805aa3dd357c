// Targets that nobody asked for before: how much later the answer comes than from the origin, and how many there are a
// second.
import { keysInTurn, measure } from '../load/wrk.mjs';
import { inRounds } from './rounds.mjs';

const BYTES = 1024;
const CONNECTIONS = 16;

let runs = 0;

/** @type {import('./rounds.mjs').Workload} */
export const MISSES = {
  id: 'misses',
  title: 'Misses of 1 KiB',
  how: 'wrk, one thread, every target once; p50 with 1 keep-alive connection, requests a second with 16',
  contenders: ['direct', 'nginx', 'varnish', 'larder'],
  columns: [
    { metric: 'p50', head: 'p50 ms, 1 connection', digits: 3 },
    { metric: 'perSecond', head: 'requests/s, 16 connections', digits: 0 },
    { metric: 'p99', head: 'p99 ms, 16 connections', digits: 3 },
  ],
  measure: (bench, ids) =>
    inRounds(bench, ids, {
      prepare: async () => undefined,
      once: async (running) => {
        const port = running.port(BYTES);
        const { p50 } = await onlyMisses(bench, port, 1);
        const { perSecond, p99 } = await onlyMisses(bench, port, CONNECTIONS);
        return { p50, perSecond, p99 };
      },
    }),
};

/** @param {import('./rounds.mjs').Bench} bench
 *  @param {number} port
 *  @param {number} connections */
async function onlyMisses({ origin, seconds }, port, connections) {
  runs += 1;
  const asked = await origin.settled();
  const script = keysInTurn({ bytes: BYTES, prefix: `miss-${process.pid}-${runs}-`, from: 1 });
  const measured = await measure({ port, script, connections, seconds });
  const askedSince = (await origin.settled()) - asked;
  // When the time is over, a request of each connection is on its way.
  if (askedSince < measured.requests || askedSince > measured.requests + connections) {
    throw new Error(
      `${measured.requests} requests to be misses, and the origin was asked ${askedSince} times`,
    );
  }
  return measured;
}
