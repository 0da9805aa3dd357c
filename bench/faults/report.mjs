// The figures as text: a table for each fault, and one for all.
import { broken } from './figures.mjs';

/** @typedef {import('./figures.mjs').Figures} Figures */
/** @typedef {import('./figures.mjs').Limits} Limits */

const ms = (/** @type {number} */ value) => value.toFixed(1);
const seconds = (/** @type {number | null} */ value) => (value === null ? '–' : value.toFixed(2));

/** As Markdown has it.
 *  @param {readonly (readonly string[])[]} rows the first of them the heads */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...others] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}

/** @param {Figures} figures
 *  @returns {string} */
export function faultReport(figures) {
  const { id, name, facts, notices, sockets } = figures;
  const phases = /** @type {const} */ (['before', 'during', 'after']).map((phase) => {
    const { requests, failures, hits, slow, p50, p99, max } = figures[phase];
    return [phase, ...[requests, failures, hits, slow].map(String), ms(p50), ms(p99), ms(max)];
  });
  const heads = ['', 'requests', 'failures', 'hits', 'over 50 ms', 'p50 ms', 'p99 ms', 'max ms'];
  return [
    `## ${id} ${name}`,
    '',
    table([heads, ...phases]),
    '',
    `- first hit ${seconds(figures.firstHitSeconds)} s and first write ${seconds(figures.firstWriteSeconds)} s after the repair; noticed ${seconds(figures.degradedSeconds)} s after the fault`,
    `- p99 from 2 s after the fault on: ${ms(figures.settledP99)} ms; the bench itself was late by ${ms(figures.benchDelayMs)} ms at most`,
    `- ${notices.length} notices, ${figures.noticesInASecond} in a second at most; changes of status in a second: ${figures.changesInASecond} at most`,
    `- sockets to Redis: ${sockets[0] ?? '?'} before, ${sockets[1] ?? '?'} at the end; secrets shown: ${figures.leaks}`,
    ...facts.map(([what]) => `- ${what}`),
    ...notices.slice(0, 8).map((message) => `- notice: ${message}`),
    ...figures.failures.slice(0, 5).map((failure) => `- failure: ${failure}`),
    '',
  ].join('\n');
}

/** @param {readonly { figures: Figures, limits: Limits }[]} runs */
export function summary(runs) {
  const heads = [
    'fault',
    'failures',
    'slow',
    'p99 ms before / during / after',
    'hit again s',
    'write again s',
  ];
  const rows = runs.map(({ figures, limits }) => {
    const { before, during, after } = figures;
    const problems = broken(figures, limits);
    return [
      `${figures.id} ${figures.name}`,
      String(before.failures + during.failures + after.failures),
      String(during.slow),
      [before, during, after].map(({ p99 }) => ms(p99)).join(' / '),
      seconds(figures.firstHitSeconds),
      seconds(figures.firstWriteSeconds),
      String(figures.noticesInASecond),
      problems.length === 0 ? 'pass' : `FAIL: ${problems.join('; ')}`,
    ];
  });
  return table([[...heads, 'notices/s', 'verdict'], ...rows]);
}
