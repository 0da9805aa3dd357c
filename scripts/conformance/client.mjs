// The suite's client: sends its requests to a base URL and judges the answers.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stableMessage } from './outcomes.mjs';

/** @typedef {import('./suite.mjs').Suite} Suite */
/** @typedef {import('./suite.mjs').RawResult} RawResult */

const DEADLINE_MS = 20_000;

/** Node's fetch keeps no cache; with any mode but this it would add `Cache-Control: no-cache` to the requests
 *  that are conditional or asked for `no-store`.
 *  @param {string} url
 *  @param {RequestInit} init */
async function fetchAsTold(url, init) {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    return await fetch(url, { ...init, cache: 'force-cache', redirect: 'manual', signal });
  } catch (error) {
    const { name, message, cause } = /** @type {Error & { cause?: any }} */ (error);
    const why = cause === undefined ? message : `${message}: ${cause.code ?? cause.message}`;
    throw Object.assign(new Error(why), { name });
  }
}

/** Runs every test for proxies, or those in `only`. The suite keeps state: once in a process.
 *  @param {Suite} suite
 *  @param {string} base URL of the proxy, without a slash at the end
 *  @param {ReadonlySet<string> | undefined} only ids; their requests and responses are printed
 *  @returns {Promise<Record<string, RawResult>>} */
export async function runClient(suite, base, only) {
  const runner = await import(pathToFileURL(join(suite.folder, 'client', 'runner.mjs')).href);
  await runner.runTests(only ? dumped(suite.groups, only) : suite.groups, fetchAsTold, false, base);
  /** @type {[string, RawResult][]} */
  const results = Object.entries(runner.getResults());
  return Object.fromEntries(results.map(([id, result]) => [id, stable(result)]));
}

/** @param {any[]} groups
 *  @param {ReadonlySet<string>} only */
function dumped(groups, only) {
  return groups.map((group) => ({
    ...group,
    tests: group.tests
      .filter((/** @type {any} */ test) => only.has(test.id))
      .map((/** @type {any} */ test) => ({ ...test, dump: true })),
  }));
}

/** @param {RawResult} result
 *  @returns {RawResult} */
function stable(result) {
  return result === true ? true : [result[0], stableMessage(result[1])];
}
