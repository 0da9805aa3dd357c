// What a stored response of 1 KiB takes beside its body: as the store counts it, and as the system sees it.
import { setTimeout as pause } from 'node:timers/promises';
import { residentBytes } from '../contenders/contender.mjs';
import { checkAnswer } from '../load/check.mjs';
import { askOnce } from '../load/raw-client.mjs';
import { keysInTurn, measure } from '../load/wrk.mjs';
import { targetOf } from '../servers/bodies.mjs';

const BYTES = 1024;
const FILL_CONNECTIONS = 32;
const TARGET = targetOf(BYTES, 'first');

const SETTLING = 20_000;
/** Until what the fill left behind has been collected. */
const SETTLE_MS = 3000;

let fills = 0;

/** @type {import('./rounds.mjs').Workload} */
export const MEMORY = {
  id: 'memory',
  title: 'Memory of a stored response of 1 KiB',
  how: 'responses that cannot be compressed and are not hit, stored by a Larder that has stored 20,000 before; what the store accounts for them, and by how much the process grows, both beside the body',
  contenders: ['larder'],
  columns: [
    { metric: 'accounted', head: 'accounted, bytes over the body', digits: 0 },
    { metric: 'resident', head: 'resident, bytes over the body', digits: 0 },
    { metric: 'entries', head: 'stored', digits: 0 },
  ],
  measure: async (bench, ids) => {
    const rounds = Math.ceil(bench.rounds / 3);
    /** @type {Record<string, import('./rounds.mjs').Sample[]>} */
    const samples = Object.fromEntries(ids.map((id) => [id, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const id of ids) {
        bench.progress(`round ${round + 1} of ${rounds}`);
        samples[id]?.push(await once(bench, id));
      }
    }
    return samples;
  },
};

/** @param {import('./rounds.mjs').Bench} bench
 *  @param {string} id
 *  @returns {Promise<import('./rounds.mjs').Sample>} */
async function once(bench, id) {
  const running = await bench.startAnew(id);
  if (running === null) return null;
  try {
    checkAnswer(running, TARGET, await askOnce(running.port(BYTES), TARGET));
    // A process that has just begun grows by what it needs for any work.
    await storeNew(bench, running, SETTLING);
    const before = await held(running);
    await storeNew(bench, running, bench.storedCount);
    const after = await held(running);
    const entries = after.entries - before.entries;
    return {
      accounted: (after.bytes - before.bytes) / entries - BYTES,
      resident: (after.resident - before.resident) / entries - BYTES,
      entries,
    };
  } finally {
    await running.stop();
  }
}

/** @param {import('./rounds.mjs').Running} running */
async function held(running) {
  await pause(SETTLE_MS);
  const status = await running.status?.();
  if (status === undefined) throw new Error(`${running.id} does not tell what it holds`);
  return { entries: status.entries, bytes: status.bytes, resident: residentBytes(running.pid) };
}

/** At least so many are stored that were not before. None is asked for twice: what is hit is held as objects too, which
 *  is not what is measured.
 *  @param {import('./rounds.mjs').Bench} bench
 *  @param {import('./rounds.mjs').Running} running
 *  @param {number} count */
async function storeNew({ origin }, running, count) {
  const start = await origin.asked();
  for (let stored = 0; stored < count; stored = (await origin.asked()) - start) {
    fills += 1;
    const script = keysInTurn({ bytes: BYTES, prefix: `new-${fills}-`, from: 1 });
    await measure({ port: running.port(BYTES), script, connections: FILL_CONNECTIONS, seconds: 1 });
  }
}
