// Hits of many stored responses in no order, beside hits of one of them asked for in the same way.
import { checkAnswer, warm } from '../load/check.mjs';
import { askOnce } from '../load/raw-client.mjs';
import { keysInTurn, measure, randomKeys } from '../load/wrk.mjs';
import { targetOf } from '../servers/bodies.mjs';
import { measureHits } from './hits.mjs';
import { inRounds } from './rounds.mjs';

const BYTES = 1024;
const CONNECTIONS = 16;
/** So many at a time are stored by a run of wrk. */
const FILL_SECONDS = 10;
const FILL_CONNECTIONS = 32;
const MOST_FILLS = 90;
/** Of ten thousand all: what is hit for the first time is another matter. */
const SPOT_CHECKS = 10_000;

/** @type {readonly import('./rounds.mjs').Column[]} */
const COLUMNS = [
  { metric: 'perSecond', head: 'requests/s', digits: 0 },
  { metric: 'p50', head: 'p50 ms', digits: 3 },
  { metric: 'p99', head: 'p99 ms', digits: 3 },
  { metric: 'one', head: 'one key, requests/s', digits: 0 },
  { metric: 'ratio', head: 'to one key', digits: 2 },
  { metric: 'fast', head: 'on the fast path %', digits: 0 },
];

export const KEYS = keysOf('keys', 10_000, ['raw-net', 'nginx-tuned', 'larder']);

export const MILLION = keysOf('million', 1_000_000, ['larder-roomy']);

/** @param {string} id
 *  @param {number} count
 *  @param {readonly string[]} contenders
 *  @returns {import('./rounds.mjs').Workload} */
function keysOf(id, count, contenders) {
  return {
    id,
    title: `Hits of 1 KiB, ${count.toLocaleString('en-GB')} keys at random, 16 connections`,
    how: `wrk, one thread, 16 keep-alive connections, out of ${count.toLocaleString('en-GB')} prepared requests at random; one key: all of the prepared requests are for the same`,
    contenders,
    columns: COLUMNS,
    measure: (bench, ids) =>
      inRounds(bench, ids, {
        prepare: (running) => (running.asksOrigin ? fill(bench, running, count) : Promise.resolve()),
        once: async (running, round) => {
          const port = running.port(BYTES);
          const target = targetOf(BYTES, `k${round % count}`);
          checkAnswer(running, target, await askOnce(port, target));
          const run = (/** @type {number} */ different) => {
            const script = randomKeys({ bytes: BYTES, different, size: count, seed: round + 1 });
            return measureHits(bench, running, () =>
              measure({ port, script, connections: CONNECTIONS, seconds: bench.seconds }),
            );
          };
          const one = (await run(1))['perSecond'] ?? Number.NaN;
          const many = await run(count);
          return { ...many, one, ratio: (many['perSecond'] ?? Number.NaN) / one };
        },
      }),
  };
}

/** `k0` to `k(count - 1)` are stored when this resolves, and answered rightly as far as it was looked at.
 *  @param {import('./rounds.mjs').Bench} bench
 *  @param {import('./rounds.mjs').Running} running
 *  @param {number} count */
async function fill({ origin, progress }, running, count) {
  const start = await origin.asked();
  for (let fills = 0; fills < MOST_FILLS; fills += 1) {
    const asked = (await origin.asked()) - start;
    // Each run leaves requests behind that were asked of the origin and not stored.
    const behind = 4 * FILL_CONNECTIONS * fills;
    if (asked >= count + behind) break;
    progress(`${running.id}: ${asked.toLocaleString('en-GB')} of ${count.toLocaleString('en-GB')} stored`);
    const from = Math.max(0, asked - behind);
    const script = keysInTurn({ bytes: BYTES, prefix: 'k', from });
    const left = Math.ceil((count + behind - asked) / 10_000);
    const seconds = Math.min(FILL_SECONDS, Math.max(1, left));
    await measure({ port: running.port(BYTES), script, connections: FILL_CONNECTIONS, seconds });
  }
  const step = Math.max(1, Math.floor(count / SPOT_CHECKS));
  const some = Array.from({ length: Math.min(count, SPOT_CHECKS) }, (_, place) =>
    targetOf(BYTES, `k${place * step}`),
  );
  await warm(running, some, origin);
}
