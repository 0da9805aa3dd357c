// Interleaved rounds: in each of them every contender is measured once, and who came first in one comes last in the
// next, so that what the machine does meanwhile happens to all.

/** Figures by name; null where it could not be measured.
 *  @typedef {Readonly<Record<string, number>> | null} Sample */
/** Of each contender by its id, one of each round.
 *  @typedef {Readonly<Record<string, readonly Sample[]>>} Samples */
/** @typedef {import('../contenders/contender.mjs').Running} Running */
/** @typedef {{ metric: string, head: string, digits: number }} Column */

/**
 * `running`: started when first asked for; null where it is left out. `note`: what is told beside the figures.
 *
 * @typedef {{
 *   rounds: number,
 *   seconds: number,
 *   arrivalSeconds: number,
 *   storedCount: number,
 *   origin: import('../load/origin.mjs').Origin,
 *   running: (id: string) => Promise<Running | null>,
 *   startAnew: (id: string) => Promise<Running | null>,
 *   note: (text: string) => void,
 *   progress: (text: string) => void,
 * }} Bench
 */

/** `contenders`: in the order of the table.
 *  @typedef {{
 *   id: string,
 *   title: string,
 *   how: string,
 *   contenders: readonly string[],
 *   columns: readonly Column[],
 *   measure: (bench: Bench, contenders: readonly string[]) => Promise<Samples>,
 *  }} Workload */

/** @param {Bench} bench
 *  @param {readonly string[]} ids
 *  @param {{ prepare: (running: Running) => Promise<void>, once: (running: Running, round: number) => Promise<Sample>,
 *    rounds?: number }} how a failure of `prepare` leaves the contender out
 *  @returns {Promise<Samples>} */
export async function inRounds(bench, ids, { prepare, once, rounds = bench.rounds }) {
  /** @type {Running[]} */
  const ready = [];
  for (const id of ids) {
    const running = await bench.running(id);
    const failure = running === null ? null : await failureOf(() => prepare(running));
    if (failure !== null) bench.note(`${id} is left out: ${failure}`);
    else if (running !== null) ready.push(running);
  }
  /** @type {Record<string, Sample[]>} */
  const samples = Object.fromEntries(ready.map(({ id }) => [id, []]));
  for (let round = 0; round < rounds; round += 1) {
    bench.progress(`round ${round + 1} of ${rounds}`);
    for (const running of round % 2 === 0 ? ready : [...ready].reverse()) {
      /** @type {Sample} */
      let sample = null;
      const failure = await failureOf(async () => (sample = await once(running, round)));
      if (failure !== null) bench.note(`${running.id}, round ${round + 1}: ${failure}`);
      samples[running.id]?.push(sample);
    }
  }
  return samples;
}

/** @param {() => Promise<unknown>} act
 *  @returns {Promise<string | null>} */
async function failureOf(act) {
  try {
    await act();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
