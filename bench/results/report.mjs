// The results as Markdown: what is to be reached with a verdict, then every workload with medians and spread.
import { contenderOf } from '../contenders/catalogue.mjs';
import { table } from '../faults/report.mjs';
import { WORKLOADS } from '../workloads/catalogue.mjs';
import { ASIDES, GOALS, isReached } from './goals.mjs';
import { shownSpread, spreadOf } from './statistics.mjs';

/** `notes`: what went otherwise than it should. `missing`: what was left out, and why.
 *  @typedef {{
 *   date: string,
 *   command: string,
 *   rounds: number,
 *   seconds: number,
 *   minutes: number,
 *   machine: readonly string[],
 *   missing: readonly string[],
 *   notes: readonly string[],
 *   results: import('./goals.mjs').Results,
 *  }} Run */

/** Median, and in brackets the lowest and the highest of the rounds.
 *  @param {readonly Run[]} runs one or more, on one machine
 *  @returns {string} */
export function report(runs) {
  const [first] = runs;
  if (first === undefined) return '';
  return [
    '## To reach',
    '',
    goalsTable(runs),
    '',
    asidesTable(runs),
    '',
    'Median of the rounds, in brackets the lowest and the highest; ratios and differences are paired by round.\nThe verdict is of the median; where rounds lie on both sides of what is to be reached, it says so.',
    ...runs.flatMap((run, place) => ['', ...runReport(run, runs.length === 1 ? '' : ` ${place + 1}`)]),
  ].join('\n');
}

/** @param {readonly Run[]} runs */
function goalsTable(runs) {
  const rows = GOALS.map((goal) => {
    const values = runs.map(({ results }) => goal.value(results));
    const verdicts = values.map((value) => isReached(value, goal));
    const split = values.some((value) => value !== null && value.low < goal.bound && goal.bound < value.high);
    const bound = `${goal.atLeast ? 'at least' : 'at most'} ${goal.bound.toLocaleString('en-GB')} ${goal.unit}`;
    return [
      goal.what,
      bound,
      ...values.map((value) => shownSpread(value, goal.digits)),
      `${verdictOf(verdicts)}${split ? ', rounds differ' : ''}`,
    ];
  });
  return table([['what', 'to reach', ...namesOf(runs), 'verdict'], ...rows]);
}

/** @param {readonly Run[]} runs */
function asidesTable(runs) {
  const rows = ASIDES.map(({ what, digits, value }) => [
    what,
    ...runs.map(({ results }) => shownSpread(value(results), digits)),
  ]);
  return table([['beside', ...namesOf(runs)], ...rows]);
}

/** @param {readonly Run[]} runs */
const namesOf = (runs) => runs.map((_, place) => (runs.length === 1 ? 'measured' : `run ${place + 1}`));

/** @param {readonly (boolean | null)[]} verdicts of each run */
function verdictOf(verdicts) {
  const known = verdicts.filter((verdict) => verdict !== null);
  if (known.length === 0) return 'not measured';
  if (known.every(Boolean)) return 'reached';
  return known.some(Boolean) ? 'not reached in every run' : 'not reached';
}

/** @param {Run} run
 *  @param {string} number */
function runReport({ date, command, rounds, seconds, minutes, machine, missing, notes, results }, number) {
  const lists = [
    ...machine.map((line) => `- ${line}`),
    ...missing.map((line) => `- left out: ${line}`),
    ...notes.map((line) => `- note: ${line}`),
  ];
  return [
    `## Run${number}: ${date}`,
    '',
    `\`${command}\`: up to ${rounds} rounds of ${seconds} s each, ${minutes.toFixed(0)} minutes in all.`,
    '',
    ...lists,
    ...WORKLOADS.flatMap((workload) => {
      const samples = results[workload.id];
      return samples === undefined ? [] : ['', ...workloadReport(workload, samples)];
    }),
  ];
}

/** @param {import('../workloads/rounds.mjs').Workload} workload
 *  @param {import('../workloads/rounds.mjs').Samples} samples */
function workloadReport({ title, how, columns, contenders }, samples) {
  const measured = contenders.filter((id) => samples[id] !== undefined);
  const shown = columns.filter(({ metric }) =>
    measured.some((id) => samples[id]?.some((sample) => sample?.[metric] !== undefined)),
  );
  const rows = measured.map((id) => [
    contenderOf(id).name,
    ...shown.map(({ metric, digits }) => {
      const values = (samples[id] ?? [])
        .map((sample) => sample?.[metric])
        .filter((value) => value !== undefined);
      return shownSpread(spreadOf(values), digits);
    }),
  ]);
  const heads = ['', ...shown.map(({ head }) => head)];
  return [`### ${title}`, '', `Load: ${how}.`, '', table([heads, ...rows])];
}
