// Which required and optimal tests do not pass, and whether reasons.mjs argues why.
import { messageOf, outcomesOf } from './outcomes.mjs';

/** @typedef {import('./outcomes.mjs').Outcome} Outcome */
/** @typedef {import('./outcomes.mjs').RawResults} RawResults */
/** @typedef {import('./suite.mjs').SuiteTest} SuiteTest */

/** A test that does not count as passed. `message` is the suite's, empty where it passes by itself; `reason` is
 *  undefined where nobody argues.
 *  @typedef {{ test: SuiteTest, outcome: Outcome, message: string, reason: string | undefined }} Shortfall */

/** The required and optimal tests that do not pass; a check is a question, whose answer is neither right nor wrong.
 *  @param {readonly SuiteTest[]} tests
 *  @param {RawResults} results
 *  @param {Readonly<Record<string, string>>} reasons
 *  @returns {Shortfall[]} required ones first, then by id */
export function shortfalls(tests, results, reasons) {
  const outcomes = outcomesOf(tests, results);
  const byId = new Map(tests.map((test) => [test.id, test]));
  /** A test that builds on one that does not pass is as well argued as that one.
   *  @param {SuiteTest} test
   *  @returns {string | undefined} */
  const reasonFor = (test) => {
    const own = reasons[test.id];
    if (own !== undefined || outcomes.get(test.id) !== 'dependency') return own;
    const missing = test.dependsOn.filter((id) => outcomes.get(id) !== 'passed');
    const argued = missing.every((id) => {
      const builtOn = byId.get(id);
      return builtOn !== undefined && reasonFor(builtOn) !== undefined;
    });
    return argued
      ? `Builds on ${missing.map((id) => `\`${id}\``).join(', ')}, which does not pass.`
      : undefined;
  };
  return tests
    .filter(({ id, kind }) => kind !== 'check' && outcomes.get(id) !== 'passed')
    .sort(byKindAndId)
    .map((test) => ({
      test,
      outcome: outcomes.get(test.id) ?? 'not run',
      message: messageOf(results[test.id]),
      reason: reasonFor(test),
    }));
}

/** Reasons that argue about nothing: there is no such test, or it passes wherever Larder was run.
 *  @param {readonly SuiteTest[]} tests
 *  @param {readonly RawResults[]} runs
 *  @param {Readonly<Record<string, string>>} reasons
 *  @returns {string[]} ids */
export function needlessReasons(tests, runs, reasons) {
  const needed = new Set(runs.flatMap((run) => shortfalls(tests, run, reasons).map(({ test }) => test.id)));
  return Object.keys(reasons).filter((id) => !needed.has(id));
}

/** The required ones first.
 *  @param {SuiteTest} left
 *  @param {SuiteTest} right */
export function byKindAndId(left, right) {
  return compareText(right.kind, left.kind) || compareText(left.id, right.id);
}

/** @param {string} left
 *  @param {string} right */
function compareText(left, right) {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
