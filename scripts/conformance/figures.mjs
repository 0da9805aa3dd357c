// Larder's figures beside those of other caches, as rows of text: the terminal and the document show the same.
import { CURRENT_FORM, OTHER_CACHES } from './other-caches.mjs';
import { tally } from './outcomes.mjs';

/** @typedef {import('./result-files.mjs').Run} Run */
/** @typedef {import('./suite.mjs').SuiteTest} SuiteTest */

export const COLUMNS = ['cache', 'required', 'optimal', 'checks'];

/** @param {{ passed: number, of: number }} count */
export const shownCount = ({ passed, of }) => `${passed} of ${of}`;

/** Why a test counts neither for nor against.
 *  @type {Readonly<Partial<Record<import('./outcomes.mjs').Outcome, string>>>} */
const NOT_COUNTED = {
  setup: 'what it takes for granted does not hold',
  dependency: 'a test that it builds on does not pass',
  retry: 'a request reached the origin twice',
  'not run': 'it was not run',
};

/** Why a test is not among those that pass, in a sentence.
 *  @param {import('./shortfalls.mjs').Shortfall} shortfall */
export function shownShortfall({ outcome, message }) {
  const why = NOT_COUNTED[outcome];
  if (why === undefined) return message;
  return message === '' || outcome === 'retry'
    ? `does not count: ${why}`
    : `does not count: ${why}; ${message}`;
}

/** @param {readonly SuiteTest[]} tests
 *  @param {readonly Run[]} runs
 *  @returns {string[][]} one row a cache, in the order of COLUMNS */
export function figureRows(tests, runs) {
  const own = runs.map((run) => {
    const { required, optimal, check } = tally(tests, run.results);
    return [`Larder (${run.policy}, ${run.store})`, ...[required, optimal, check].map(shownCount)];
  });
  const others = OTHER_CACHES.map(({ name, required, optimal }) => [
    name,
    shownCount({ passed: required, of: CURRENT_FORM.required }),
    shownCount({ passed: optimal, of: CURRENT_FORM.optimal }),
    '–',
  ]);
  return [...own, ...others];
}

/** What has to be known to compare the rows.
 *  @param {readonly SuiteTest[]} tests
 *  @param {string} version */
export function comparisonNote(tests, version) {
  /** @param {string} kind */
  const size = (kind) => tests.filter((test) => test.kind === kind).length;
  return (
    `Larder's figures are for version ${version} of the suite (${size('required')} required tests, ` +
    `${size('optimal')} optimal, ${size('check')} checks), the form that can be installed. The other caches' are ` +
    `for its current form in git (${CURRENT_FORM.required}, ${CURRENT_FORM.optimal}, ${CURRENT_FORM.check}), which ` +
    'adds tests of targeted cache control (RFC 9213) and of interim responses.'
  );
}

/** A table in plain text, its columns aligned.
 *  @param {readonly string[][]} rows */
export function alignedTable(rows) {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
