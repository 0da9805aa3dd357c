// One run: every workload in turn, contenders started when they are first needed and ended when no workload needs them
// any more.
import { contenderOf } from '../contenders/catalogue.mjs';
import { startOrigin } from '../load/origin.mjs';
import { wrkMissing } from '../load/wrk.mjs';
import { SetupError } from '../../scripts/run.mjs';
import { machine } from './machine.mjs';

/** @typedef {import('../workloads/rounds.mjs').Running} Running */
/** @typedef {import('./options.mjs').Options} Options */

const ARRIVAL_SECONDS = { full: 60, quick: 5 };
const STORED_COUNT = { full: 100_000, quick: 50_000 };

/** @param {Options} options
 *  @param {string} command as it was called
 *  @returns {Promise<import('./report.mjs').Run>} */
export async function runWorkloads(options, command) {
  const withoutLoad = wrkMissing();
  if (withoutLoad !== null) throw new SetupError(withoutLoad);
  const started = performance.now();
  const facts = {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    command,
    machine: machine(),
  };
  const origin = await startOrigin();
  const field = new Field(origin.port);
  /** @type {string[]} */
  const notes = [];
  /** @type {Record<string, import('../workloads/rounds.mjs').Samples>} */
  const results = {};
  const length = options.quick ? 'quick' : 'full';
  const bench = {
    rounds: options.rounds,
    seconds: options.seconds,
    arrivalSeconds: ARRIVAL_SECONDS[length],
    storedCount: STORED_COUNT[length],
    origin,
    running: (/** @type {string} */ id) => field.running(id),
    startAnew: (/** @type {string} */ id) => field.startAnew(id),
  };
  try {
    for (const [place, workload] of options.workloads.entries()) {
      const say = (/** @type {string} */ text) => process.stderr.write(`${workload.id}: ${text}\n`);
      const ids = chosen(workload, options);
      const note = (/** @type {string} */ text) => {
        notes.push(`${workload.id}: ${text}`);
        say(text);
      };
      try {
        results[workload.id] = await workload.measure({ ...bench, note, progress: say }, ids);
      } catch (error) {
        // The others are measured all the same.
        note(error instanceof Error ? error.message : String(error));
      }
      const later = options.workloads.slice(place + 1).flatMap((other) => chosen(other, options));
      await field.keepOnly(later);
    }
  } finally {
    await field.keepOnly([]);
    await origin.stop();
  }
  const minutes = (performance.now() - started) / 60_000;
  const { rounds, seconds } = options;
  return { ...facts, rounds, seconds, minutes, missing: field.missing(), notes, results };
}

/** @param {import('../workloads/rounds.mjs').Workload} workload
 *  @param {Options} options */
function chosen(workload, { contenders }) {
  return workload.contenders.filter((id) => contenders?.includes(id) ?? true);
}

/** Who runs. */
class Field {
  #originPort;
  /** @type {Map<string, Running>} */
  #running = new Map();
  /** @type {Map<string, string>} */
  #missing = new Map();

  /** @param {number} originPort */
  constructor(originPort) {
    this.#originPort = originPort;
  }

  /** @param {string} id
   *  @returns {Promise<Running | null>} null: it cannot run here */
  async running(id) {
    const known = this.#running.get(id) ?? (await this.startAnew(id));
    if (known !== null) this.#running.set(id, known);
    return known;
  }

  /** One more, which the caller stops.
   *  @param {string} id
   *  @returns {Promise<Running | null>} */
  async startAnew(id) {
    if (this.#missing.has(id)) return null;
    const { name, missing, start } = contenderOf(id);
    const why = missing();
    try {
      if (why === null) return await start(this.#originPort);
      this.#missing.set(id, `${name}: ${why}`);
    } catch (error) {
      this.#missing.set(id, `${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    process.stderr.write(`left out: ${this.#missing.get(id)}\n`);
    return null;
  }

  /** @param {readonly string[]} ids */
  async keepOnly(ids) {
    for (const [id, running] of this.#running) {
      if (ids.includes(id)) continue;
      this.#running.delete(id);
      await running.stop();
    }
  }

  missing() {
    return [...this.#missing.values()];
  }
}
