// The suite's client: sends its requests to a base URL and judges the answers.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stableMessage } from './outcomes.mjs';

/** @typedef {import('./suite.mjs').Suite} Suite */
/** @typedef {import('./suite.mjs').RawResult} RawResult */

const DEADLINE_MS = 20_000;

/** A connection that the fast path has once left to node:http stays there: each request has one of its own, so that
 *  a hit comes to the fast path whatever came before it.
 *  @type {[name: string, value: string]} */
const ALONE = ['Connection', 'close'];

/** Only there to keep a browser's fetch from adding its own; they mean nothing, and would keep every request that
 *  asks for nothing special off the fast path. */
const PADDING = new Set(['Pragma: foo', 'Cache-Control: nothing-to-see-here']);

/** Node's fetch keeps no cache; with any mode but this it would add `Cache-Control: no-cache` to the requests
 *  that are conditional or asked for `no-store`.
 *  @param {string} url
 *  @param {Omit<RequestInit, 'headers'> & { headers?: [name: string, value: string][] }} [init] */
async function fetchAsTold(url, init = {}) {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const asked = (init.headers ?? []).filter(([name, value]) => !PADDING.has(`${name}: ${value}`));
  const headers = [...asked, ALONE];
  try {
    return await fetch(url, { ...init, headers, cache: 'force-cache', redirect: 'manual', signal });
  } catch (error) {
    const { name, message, cause } = /** @type {Error & { cause?: any }} */ (error);
    const why = cause === undefined ? message : `${message}: ${cause.code ?? cause.message}`;
    throw Object.assign(new Error(why), { name });
  }
}

/** Tests by their ids; `dump`: their requests and responses are printed.
 *  @typedef {{ ids: readonly string[], dump: boolean }} Chosen */

/** Runs every test for proxies, or the chosen ones. The suite keeps state: once in a thread.
 *  @param {Suite} suite
 *  @param {string} base URL of the proxy, without a slash at the end
 *  @param {Chosen | undefined} chosen
 *  @returns {Promise<Record<string, RawResult>>} */
export async function runClient(suite, base, chosen) {
  const runner = await import(pathToFileURL(join(suite.folder, 'client', 'runner.mjs')).href);
  await runner.runTests(chosen ? groupsOf(suite.groups, chosen) : suite.groups, fetchAsTold, false, base);
  /** @type {[string, RawResult][]} */
  const results = Object.entries(runner.getResults());
  return Object.fromEntries(results.map(([id, result]) => [id, stable(result)]));
}

/** @param {any[]} groups
 *  @param {Chosen} chosen */
function groupsOf(groups, { ids, dump }) {
  const wanted = new Set(ids);
  return groups.map((group) => ({
    ...group,
    tests: group.tests
      .filter((/** @type {any} */ test) => wanted.has(test.id))
      .map((/** @type {any} */ test) => ({ ...test, dump })),
  }));
}

/** @param {RawResult} result
 *  @returns {RawResult} */
function stable(result) {
  return result === true ? true : [result[0], stableMessage(result[1])];
}
