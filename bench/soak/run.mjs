// The rows one after the other, each with origin, Larder and load of its own, all ended with it.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { table } from '../faults/report.mjs';
import { clockJumps } from './clock-rows.mjs';
import { frozenReaders, idleConnections, slowReaders } from './client-rows.mjs';
import { brokenSettings, diskFull, flips, kills } from './disk-rows.mjs';
import { endInFlight, originChanges, portChanges, portTaken } from './listening-rows.mjs';
import { oneForAThousand, originDown, originResets, originSlow } from './origin-rows.mjs';
import { LeftOut } from './scene.mjs';

/** @typedef {import('./scene.mjs').Findings} Findings */
/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {{ id: string, name: string, run: (scene: Scene) => Promise<Findings> }} Row */
/** `leftOut`: why this machine cannot run it. `broke`: why it did not come to its end.
 *  @typedef {{ row: Row, findings: Findings | null, leftOut: string | null, broke: string | null, seconds: number }} Outcome */

/** In this many minutes everything is counted in full. */
const FULL_MINUTES = 10;
/** Seconds of load in a row, for each minute of all. */
const SECONDS_A_MINUTE = 3;

/** @type {readonly Row[]} */
const ROWS = [
  { id: 'O01', name: 'origin down', run: originDown },
  { id: 'O02', name: 'origin slow or dripping', run: originSlow },
  { id: 'O03', name: 'origin resets reused connections', run: originResets },
  { id: 'O05', name: '1,000 misses at once on one key', run: oneForAThousand },
  { id: 'N01', name: 'the port is taken', run: portTaken },
  { id: 'N02', name: '20 changes of port', run: portChanges },
  { id: 'N03', name: '100 changes of origin and TTL', run: originChanges },
  { id: 'N04', name: 'SIGTERM with 200 in flight', run: endInFlight },
  { id: 'P01', name: 'kill -9 at random moments', run: kills },
  { id: 'P02', name: 'mutations of the settings file', run: brokenSettings },
  { id: 'P03', name: 'bit flips in the persisted cache', run: flips },
  { id: 'P04', name: 'disk full', run: diskFull },
  { id: 'T01', name: 'the clock jumps', run: clockJumps },
  { id: 'M02', name: '10,000 idle connections, fast path', run: idleConnections(true) },
  { id: 'M02-slow', name: '10,000 idle connections, no fast path', run: idleConnections(false) },
  { id: 'M03', name: '100 slow readers of 100 MB', run: slowReaders },
  { id: 'M05', name: 'frozen readers of the events', run: frozenReaders },
];

const PHASES = /** @type {const} */ (['before', 'during', 'after']);

/** Rejects where the run is interrupted, so that everything it has started is ended. */
const interrupted = new Promise((_, reject) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, reject);
});
interrupted.catch(() => undefined);

/** @param {Row} row
 *  @param {number} minutes
 *  @returns {Promise<Outcome>} */
async function runRow(row, minutes) {
  /** @type {(() => unknown)[]} */
  const opened = [];
  const add = (/** @type {() => unknown} */ close) => void opened.push(close);
  const scene = { seconds: minutes * SECONDS_A_MINUTE, share: Math.min(1, minutes / FULL_MINUTES), add };
  const began = performance.now();
  const outcome = { row, findings: null, leftOut: null, broke: null };
  const seconds = () => (performance.now() - began) / 1000;
  try {
    const findings = await Promise.race([row.run(scene), interrupted]);
    return { ...outcome, findings: /** @type {Findings} */ (findings), seconds: seconds() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof LeftOut) return { ...outcome, leftOut: message, seconds: seconds() };
    return { ...outcome, broke: message, seconds: seconds() };
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** @param {Outcome} outcome
 *  @returns {string[]} what is not as it must be */
function problemsOf({ findings, broke }) {
  if (findings === null) return broke === null ? [] : [`did not come to its end: ${broke}`];
  const { failures, facts } = findings;
  const wrong = facts.filter(([, passed]) => passed === false).map(([what]) => what);
  return failures.length === 0 ? wrong : [`${failures.length} failures`, ...wrong];
}

/** @param {Outcome} outcome */
function verdictOf(outcome) {
  if (outcome.leftOut !== null) return `left out: ${outcome.leftOut}`;
  const problems = problemsOf(outcome);
  return problems.length === 0 ? 'pass' : `FAIL: ${problems.join('; ')}`;
}

/** @param {Outcome} outcome */
function told({ row, findings, seconds }) {
  const facts =
    findings?.facts.map(([what, passed]) => `- ${passed === false ? 'WRONG: ' : ''}${what}`) ?? [];
  const failures = findings?.failures.slice(0, 5).map((failure) => `- failure: ${failure}`) ?? [];
  return [`## ${row.id} ${row.name} (${seconds.toFixed(0)} s)`, '', ...facts, ...failures, ''].join('\n');
}

/** @param {readonly Outcome[]} outcomes */
function summary(outcomes) {
  const heads = [
    'row',
    'requests',
    'failures',
    'slow',
    'p50 ms',
    'p99 ms',
    'max ms',
    'resident MiB',
    'verdict',
  ];
  const rows = outcomes.map((outcome) => {
    const { phases = null, failures = [], memory = null } = outcome.findings ?? {};
    const each = (/** @type {(phase: import('../faults/figures.mjs').Phase) => string} */ figure) =>
      phases === null ? '–' : PHASES.map((phase) => figure(phases[phase])).join(' / ');
    return [
      `${outcome.row.id} ${outcome.row.name}`,
      each(({ requests }) => String(requests)),
      String(failures.length),
      each(({ slow }) => String(slow)),
      each(({ p50 }) => p50.toFixed(1)),
      each(({ p99 }) => p99.toFixed(1)),
      each(({ max }) => max.toFixed(0)),
      memory === null
        ? '–'
        : [memory.first, memory.most, memory.last].map((mib) => mib.toFixed(0)).join(' / '),
      verdictOf(outcome),
    ];
  });
  return table([heads, ...rows]);
}

/** @param {string[]} args
 *  @returns {Promise<number>} exit code */
export async function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: String(FULL_MINUTES) },
      only: { type: 'string', default: '' },
      report: { type: 'string' },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not ${values.minutes}`);
  const wanted = values.only.split(',').filter(Boolean);
  const chosen = ROWS.filter(({ id }) => wanted.length === 0 || wanted.some((name) => id.startsWith(name)));
  if (chosen.length === 0) throw new Error(`--only takes of ${ROWS.map(({ id }) => id).join(', ')}`);
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const row of chosen) {
    const outcome = await runRow(row, minutes);
    outcomes.push(outcome);
    console.log(told(outcome));
    if (outcome.broke?.startsWith('interrupted') === true) break;
  }
  console.log(
    'Three figures: before, during and after the fault; resident: at first, most, in the end. Slow: over 50 ms.\n',
  );
  console.log(summary(outcomes));
  if (values.report !== undefined) writeFileSync(values.report, `${JSON.stringify(outcomes, null, 2)}\n`);
  return outcomes.every((outcome) => problemsOf(outcome).length === 0) ? 0 : 1;
}
