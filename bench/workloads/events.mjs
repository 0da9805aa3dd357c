// Twenty thousand exchanges a second through the desktop app: does the window that follows them cost the proxy
// anything, and does anything grow?
import { warm } from '../load/check.mjs';
import { steadily } from '../load/steady.mjs';
import { targetOf } from '../servers/bodies.mjs';
import { inRounds } from './rounds.mjs';

const BYTES = 1024;
const TARGET = targetOf(BYTES, 'hit');
const EVENTS_A_SECOND = 20_000;
const MEBIBYTE = 1024 * 1024;
/** Longer than elsewhere: what grows has to be seen. */
const TIMES_AS_LONG = 3;
const MOST_ROUNDS = 5;

/** @type {import('./rounds.mjs').Workload} */
export const EVENTS = {
  id: 'events',
  title: `${EVENTS_A_SECOND.toLocaleString('en-GB')} exchanges a second in the desktop app`,
  how: 'a steady client on bare sockets, 32 keep-alive connections, one target of 1,024 bytes, in a process of its own',
  contenders: ['app-window', 'app-windowless'],
  columns: [
    { metric: 'perSecond', head: 'answered/s', digits: 0 },
    { metric: 'leftOut', head: 'left out of the log', digits: 0 },
    { metric: 'rows', head: 'rows in the log', digits: 0 },
    { metric: 'main', head: 'main process MiB', digits: 0 },
    { metric: 'window', head: 'window MiB', digits: 0 },
  ],
  measure: (bench, ids) =>
    inRounds(bench, ids, {
      rounds: Math.min(bench.rounds, MOST_ROUNDS),
      prepare: (running) => warm(running, [TARGET], bench.origin),
      once: async (running) => {
        const order = { port: running.port(BYTES), target: TARGET, perSecond: EVENTS_A_SECOND };
        const { perSecond } = await steadily({ ...order, seconds: bench.seconds * TIMES_AS_LONG });
        const app = /** @type {import('../contenders/larder-app.mjs').RunningApp} */ (running);
        const { leftOut, rows, mainBytes, windowBytes } = await app.look();
        return { perSecond, leftOut, rows, main: mainBytes / MEBIBYTE, window: windowBytes / MEBIBYTE };
      },
    }),
};
