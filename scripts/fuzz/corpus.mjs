// Inputs that failed, one file each, so that the next run tries them first.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('../../electron/engine/test/fuzz/fuzz-plan.ts').KeptInput} KeptInput */

/** @param {string} folder
 *  @returns {KeptInput[]} */
export function readCorpus(folder) {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).input);
}

/** @param {string} folder
 *  @param {string} why
 *  @param {KeptInput} input
 *  @returns {string} the file */
export function keep(folder, why, input) {
  const hash = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12);
  const file = join(folder, `${input.kind}-${hash}.json`);
  writeFileSync(file, `${JSON.stringify({ why, input }, null, 2)}\n`);
  return file;
}
