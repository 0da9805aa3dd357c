// What the suite's raw results mean: which tests count as passed, and what changed since an earlier run.

/** @typedef {import('./suite.mjs').SuiteTest} SuiteTest */
/** @typedef {import('./suite.mjs').RawResult} RawResult */
/** @typedef {import('./suite.mjs').Kind} Kind */
/** @typedef {Record<string, RawResult>} RawResults */

/** `failed`: the assertion that the test is about does not hold. `setup`: something it takes for granted does not.
 *  `dependency`: a test that it builds on does not pass. `retry`: a request reached the origin twice. The last
 *  three make a test count neither for nor against.
 *  @typedef {'passed' | 'failed' | 'setup' | 'dependency' | 'retry' | 'not run'} Outcome */

/** @typedef {Record<Kind, { passed: number, of: number }>} Tally */

/** The outcomes of all tests, as the suite's own tables show them.
 *  @param {readonly SuiteTest[]} tests
 *  @param {RawResults} results
 *  @returns {Map<string, Outcome>} by id */
export function outcomesOf(tests, results) {
  const byId = new Map(tests.map((test) => [test.id, test]));
  /** @type {Map<string, Outcome>} */
  const outcomes = new Map();
  /** @param {string} id
   *  @returns {Outcome} */
  const outcomeOf = (id) => {
    const known = outcomes.get(id);
    if (known !== undefined) return known;
    const builtOn = byId.get(id)?.dependsOn ?? [];
    const outcome = builtOn.every((one) => outcomeOf(one) === 'passed')
      ? outcomeOfResult(results[id])
      : 'dependency';
    outcomes.set(id, outcome);
    return outcome;
  };
  return new Map(tests.map(({ id }) => [id, outcomeOf(id)]));
}

/** @param {RawResult | undefined} result
 *  @returns {Outcome} */
function outcomeOfResult(result) {
  if (result === undefined) return 'not run';
  if (result === true) return 'passed';
  const [name, message] = result;
  if (name !== 'Setup') return 'failed';
  return message === 'retry' ? 'retry' : 'setup';
}

/** What the suite says of a test that does not pass by itself; of one that does, nothing.
 *  @param {RawResult | undefined} result */
export function messageOf(result) {
  if (result === undefined) return 'not run';
  return result === true ? '' : result[1];
}

/** @param {readonly SuiteTest[]} tests
 *  @param {RawResults} results
 *  @returns {Tally} */
export function tally(tests, results) {
  const outcomes = outcomesOf(tests, results);
  /** @param {Kind} kind */
  const count = (kind) => {
    const ofKind = tests.filter((test) => test.kind === kind);
    return { passed: ofKind.filter(({ id }) => outcomes.get(id) === 'passed').length, of: ofKind.length };
  };
  return { required: count('required'), optimal: count('optimal'), check: count('check') };
}

/** The raw results of two runs, test by test. A test that is gone or was not run counts as one that fails.
 *  @param {RawResults} baseline
 *  @param {RawResults} results
 *  @returns {{ kept: string[], lost: string[], gained: string[] }} ids */
export function compare(baseline, results) {
  const passedBefore = Object.keys(baseline).filter((id) => baseline[id] === true);
  return {
    kept: passedBefore.filter((id) => results[id] === true),
    lost: passedBefore.filter((id) => results[id] !== true),
    gained: Object.keys(results).filter((id) => results[id] === true && baseline[id] !== true),
  };
}

/** The tests that two runs do not agree about, message and all.
 *  @param {RawResults} one
 *  @param {RawResults} other
 *  @returns {string[]} ids */
export function differing(one, other) {
  const ids = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...ids].filter((id) => JSON.stringify(one[id]) !== JSON.stringify(other[id])).sort();
}

/** Takes out of a message what differs from run to run: ids of tests, dates, times and ports.
 *  @param {string} message */
export function stableMessage(message) {
  return message
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4,}-[0-9a-f]{4,}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/\b[A-Z][a-z]{2,8}, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT/g, 'DATE')
    .replaceAll(/\b\d{13}\b/g, 'TIME')
    .replaceAll(/\b(127\.0\.0\.1|localhost):\d+/g, '$1:PORT');
}
