// What a run of a fault came to, in figures, and which limits they keep.

/** @typedef {import('./load.mjs').Sample} Sample */

/** Of the fault, by performance.now().
 *  @typedef {{ began: number, ended: number }} Moments */

/** What one fault must keep besides what all must.
 *  @typedef {{
 *    slow?: number,
 *    p99WithinMs?: number,
 *    hitsWithinSeconds?: number,
 *    writesWithinSeconds?: number,
 *    degradedWithinSeconds?: number,
 *  }} Limits */

/** `slow`: took longer than 50 ms.
 *  @typedef {{
 *    requests: number, failures: number, hits: number, slow: number, p50: number, p99: number, max: number,
 *  }} Phase */

/** Seconds are counted from the repair, `degradedSeconds` from the fault; null: never. `noticesInASecond`,
 *  `changesInASecond`: the most in any second. `sockets`: to Redis, before the fault and at the end.
 *  @typedef {{
 *    id: string,
 *    name: string,
 *    before: Phase,
 *    during: Phase,
 *    after: Phase,
 *    settledP99: number,
 *    firstHitSeconds: number | null,
 *    firstWriteSeconds: number | null,
 *    degradedSeconds: number | null,
 *    notices: string[],
 *    noticesInASecond: number,
 *    changesInASecond: number,
 *    sockets: [before: number | null, end: number | null],
 *    leaks: number,
 *    failures: string[],
 *    benchDelayMs: number,
 *    facts: [what: string, passed: boolean | null][],
 *  }} Figures */

const SLOW_MS = 50;
/** What is late at first does not count once the fault is known. */
const SETTLING_MS = 2000;
/** A little less than a second: a line is read a little later than it was written. */
const SECOND_MS = 950;

/** @param {readonly Sample[]} samples
 *  @returns {Phase} */
export function phaseOf(samples) {
  const sorted = samples.map(({ ms }) => ms).sort((one, other) => one - other);
  return {
    requests: samples.length,
    failures: samples.filter(({ failure }) => failure !== null).length,
    hits: samples.filter(({ hit }) => hit).length,
    slow: sorted.filter((ms) => ms > SLOW_MS).length,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? 0,
  };
}

/** @param {readonly number[]} sorted
 *  @param {number} share */
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** @param {readonly Sample[]} samples
 *  @param {Moments} moments */
export function phasesOf(samples, { began, ended }) {
  return {
    before: phaseOf(samples.filter(({ at }) => at < began)),
    during: phaseOf(samples.filter(({ at }) => at >= began && at < ended)),
    after: phaseOf(samples.filter(({ at }) => at >= ended)),
    settledP99: phaseOf(samples.filter(({ at }) => at >= began + SETTLING_MS && at < ended)).p99,
  };
}

/** @param {readonly Sample[]} samples
 *  @param {number} repaired
 *  @param {number} againAfterMs
 *  @returns {{ firstHitSeconds: number | null, firstWriteSeconds: number | null }} */
export function resumed(samples, repaired, againAfterMs) {
  const later = samples.filter(({ at, hit }) => at >= repaired && hit);
  const hit = later.find(({ kind }) => kind !== 'new');
  const written = later.find(({ kind, at }) => kind === 'again' && at - againAfterMs >= repaired);
  return {
    firstHitSeconds: hit === undefined ? null : (hit.at + hit.ms - repaired) / 1000,
    firstWriteSeconds: written === undefined ? null : (written.at - againAfterMs - repaired) / 1000,
  };
}

/** The most that happened in any one second.
 *  @param {readonly { at: number }[]} events */
export function mostInASecond(events) {
  const counts = events.map(
    ({ at }) => events.filter((other) => other.at >= at && other.at < at + SECOND_MS).length,
  );
  return Math.max(0, ...counts);
}

/** How often a secret was said, in any form that it can be read from.
 *  @param {string} text
 *  @param {readonly string[]} secrets */
export function leaksIn(text, secrets) {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ]);
  return [...new Set(forms)].reduce((sum, form) => sum + text.split(form).length - 1, 0);
}

/** @param {Figures} figures
 *  @param {Limits} limits
 *  @returns {string[]} what was not kept */
export function broken(figures, limits) {
  const { before, during, after, sockets } = figures;
  const failures = before.failures + during.failures + after.failures;
  /** @type {[kept: boolean, what: string][]} */
  const judged = [
    [failures === 0, `${failures} failures`],
    [figures.noticesInASecond <= 1, `${figures.noticesInASecond} notices in a second`],
    [figures.leaks === 0, `a secret was shown ${figures.leaks} times`],
    [(sockets[1] ?? 0) <= (sockets[0] ?? Infinity), `${sockets[1]} sockets, ${sockets[0]} before`],
    [during.slow <= (limits.slow ?? Infinity), `${during.slow} slow requests`],
    [
      figures.settledP99 - before.p99 <= (limits.p99WithinMs ?? Infinity),
      `p99 ${figures.settledP99.toFixed(1)} ms, ${before.p99.toFixed(1)} before`,
    ],
    within(figures.firstHitSeconds, limits.hitsWithinSeconds, 'until the first hit'),
    within(figures.firstWriteSeconds, limits.writesWithinSeconds, 'until the first write'),
    within(figures.degradedSeconds, limits.degradedWithinSeconds, 'until it was noticed'),
    ...figures.facts.map(([what, passed]) => /** @type {[boolean, string]} */ ([passed !== false, what])),
  ];
  return judged.filter(([kept]) => !kept).map(([, what]) => what);
}

/** @param {number | null} seconds
 *  @param {number | undefined} limit
 *  @param {string} what
 *  @returns {[kept: boolean, what: string]} */
function within(seconds, limit, what) {
  const shown = seconds === null ? 'for ever' : `${seconds.toFixed(1)} s`;
  return [limit === undefined || (seconds !== null && seconds <= limit), `${shown} ${what}`];
}
