// Ten requests a second, a connection each: the predecessor's own benchmark.
import { warm } from '../load/check.mjs';
import { arrivals } from '../load/arrivals.mjs';
import { quantile } from '../results/statistics.mjs';
import { targetOf } from '../servers/bodies.mjs';

const BYTES = 1024;
const TARGET = targetOf(BYTES, 'hit');
const MOST_ROUNDS = 5;

/** @type {import('./rounds.mjs').Workload} */
export const ARRIVALS = {
  id: 'arrivals',
  title: 'Hits of 1 KiB, 10 requests a second, a connection each',
  how: 'a client on bare sockets; all contenders in the same minute, each at its own tenth part of a second; from connecting to the last byte',
  contenders: [
    'raw-net',
    'nginx-tuned',
    'nginx',
    'varnish',
    'node-http',
    'larder',
    'larder-careful',
    'larder-redis',
    'flask',
  ],
  columns: [
    { metric: 'p50', head: 'p50 ms', digits: 2 },
    { metric: 'p95', head: 'p95 ms', digits: 2 },
    { metric: 'p99', head: 'p99 ms', digits: 2 },
    { metric: 'max', head: 'longest ms', digits: 2 },
  ],
  measure: async (bench, ids) => {
    /** @type {import('./rounds.mjs').Running[]} */
    const ready = [];
    for (const id of ids) {
      const running = await bench.running(id);
      if (running === null) continue;
      await warm(running, [TARGET], bench.origin);
      ready.push(running);
    }
    /** @type {Record<string, import('./rounds.mjs').Sample[]>} */
    const samples = Object.fromEntries(ready.map(({ id }) => [id, []]));
    const rounds = Math.min(bench.rounds, MOST_ROUNDS);
    for (let round = 0; round < rounds; round += 1) {
      bench.progress(`round ${round + 1} of ${rounds}`);
      const order = round % 2 === 0 ? ready : [...ready].reverse();
      const asked = await bench.origin.settled();
      const servers = order.map((running) => ({ port: running.port(BYTES), target: TARGET, bytes: BYTES }));
      const times = await arrivals(servers, bench.arrivalSeconds);
      const askedSince = (await bench.origin.asked()) - asked;
      if (askedSince > 0) bench.note(`the origin was asked ${askedSince} times for what was to be hits`);
      for (const [place, { id }] of order.entries()) samples[id]?.push(figuresOf(times[place] ?? []));
    }
    return samples;
  },
};

/** @param {readonly number[]} times */
function figuresOf(times) {
  return {
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
    max: quantile(times, 1),
  };
}
