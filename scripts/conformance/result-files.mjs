// The committed raw results: docs/conformance/POLICY-STORE.json, one for each way Larder was run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../run.mjs';
import { POLICIES, STORES } from './options.mjs';

/** @typedef {import('./outcomes.mjs').RawResults} RawResults */
/** @typedef {{ suite: string, version: string, policy: string, store: string, results: RawResults }} Run */

export const DOCUMENT = join(root, 'docs', 'conformance.md');

/** @param {{ policy: string, store: string }} run
 *  @returns {string} relative to the project's folder */
export const resultFileOf = ({ policy, store }) => `docs/conformance/${policy}-${store}.json`;

/** @param {{ policy: string, store: string }} run
 *  @returns {Run | undefined} */
export function readRun(run) {
  const file = join(root, resultFileOf(run));
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** All that are there, in a fixed order.
 *  @returns {Run[]} */
export function readRuns() {
  return POLICIES.flatMap((policy) => STORES.map((store) => readRun({ policy, store }))).filter(
    (run) => run !== undefined,
  );
}

/** @param {Run} run */
export function writeRun(run) {
  const file = join(root, resultFileOf(run));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, serialize(run));
}

/** JSON with a line for each test, in the order of their ids, so that a diff shows the tests that changed.
 *  @param {Run} run */
export function serialize({ results, ...head }) {
  const fields = Object.entries(head).map(([name, value]) => `  "${name}": ${JSON.stringify(value)},\n`);
  const ids = Object.keys(results).sort();
  const lines = ids.map((id) => `    ${JSON.stringify(id)}: ${JSON.stringify(results[id])}`);
  return `{\n${fields.join('')}  "results": {\n${lines.join(',\n')}\n  }\n}\n`;
}
