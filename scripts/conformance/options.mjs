// The arguments of npm run conformance.
import { parseArgs } from 'node:util';
import { SetupError } from '../run.mjs';
import { SUITE_VERSION } from './suite.mjs';

export const POLICIES = /** @type {const} */ (['respect', 'override']);
export const STORES = /** @type {const} */ (['memory', 'redis']);

const FAST_PATH = /** @type {const} */ (['on', 'off']);

/** `fastPath`: the ways in, the fast path first. `only`: ids of tests. `report`: file for the figures of a check.
 *  @typedef {{ policy: typeof POLICIES[number], store: typeof STORES[number],
 *    fastPath: readonly (typeof FAST_PATH[number])[], suite: string | undefined, only: string[], check: boolean,
 *    report: string | undefined, help: boolean }} Options */

export const HELP = `npm run conformance [-- FLAGS]

Runs the public suite http-tests/cache-tests against the built command line, over loopback, and says what passes.
Each test runs twice, with the fast path and without, and has to come to the same. Takes about a minute. Writes
docs/conformance/POLICY-STORE.json, the raw result, and docs/conformance.md. Exits 1 where the two differ, or where
a required or optimal test does not pass with policy respect and scripts/conformance/reasons.mjs does not argue why.

  --policy respect|override  the proxy's policy (default respect)
  --store memory|redis       the proxy's store (default memory); redis: a redis-server is started for the run
  --fast-path on|off         only with the fast path, or only without; writes nothing
  --suite DIR                a checkout of the suite, instead of the npm package http-cache-tests ${SUITE_VERSION};
                             writes nothing
  --test ID                  only this test, with its requests and responses; may be repeated; writes nothing
  --check                    compares with the committed raw result instead of writing one; exits 1 where a test
                             that passed no longer does
  --report FILE              with --check: writes how many tests passed and failed, as JSON
  -h, --help
`;

/** @param {string[]} args
 *  @returns {Options} */
export function parseOptions(args) {
  const values = valuesOf(args);
  if (values.check && (values.suite ?? values.test ?? values['fast-path']) !== undefined) {
    throw new SetupError('--check compares the whole: leave --suite, --test and --fast-path out');
  }
  return {
    policy: oneOf(POLICIES, 'policy', values.policy),
    store: oneOf(STORES, 'store', values.store),
    fastPath:
      values['fast-path'] === undefined ? FAST_PATH : [oneOf(FAST_PATH, 'fast-path', values['fast-path'])],
    suite: values.suite,
    only: values.test ?? [],
    check: values.check === true,
    report: values.report,
    help: values.help === true,
  };
}

/** @param {string[]} args */
function valuesOf(args) {
  try {
    return parseArgs({
      args,
      options: {
        policy: { type: 'string' },
        store: { type: 'string' },
        'fast-path': { type: 'string' },
        suite: { type: 'string' },
        test: { type: 'string', multiple: true },
        check: { type: 'boolean' },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new SetupError(`${/** @type {Error} */ (error).message} (--help lists the flags)`);
  }
}

/** @template {string} T
 *  @param {readonly [T, ...T[]]} choices the first is the default
 *  @param {string} flag
 *  @param {string | undefined} value
 *  @returns {T} */
function oneOf(choices, flag, value) {
  const found = value === undefined ? choices[0] : choices.find((choice) => choice === value);
  if (found === undefined) throw new SetupError(`--${flag} is ${choices.join(' or ')}, not "${value}"`);
  return found;
}
