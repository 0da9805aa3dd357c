// From the flags to the report.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/run.mjs';
import { HELP, parseOptions } from './options.mjs';
import { report } from './report.mjs';
import { runWorkloads } from './run-workloads.mjs';

const RESULTS = join(root, 'bench/RESULTS.md');
const HEAD = `# What was measured

Written by \`npm run bench -- --write\`, which says how each figure came about. All contenders stand before the same
origin on the same machine and are measured in turn; every answer is checked before, and that the origin was not asked
for what was to be hits.
`;

/** @param {string[]} args
 *  @returns {Promise<number>} exit code: 1 where something could not be measured that was to be */
export async function main(args) {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // What was started is ended when the process exits.
    process.once(signal, () => process.exit(1));
  }
  const runs =
    options.from.length > 0 ? options.from.map(readRun) : [await runWorkloads(options, commandOf(args))];
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(runs[0], null, 1)}\n`);
  const text = report(runs);
  process.stdout.write(`${text}\n`);
  if (options.write) writeFileSync(RESULTS, `${HEAD}\n${text}\n`);
  return runs.some(({ notes }) => notes.length > 0) ? 1 : 0;
}

/** @param {string} file
 *  @returns {import('./report.mjs').Run} */
function readRun(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Without where files went: that is nobody's but the caller's.
 *  @param {readonly string[]} args */
function commandOf(args) {
  const shown = args.filter((arg, place) => arg !== '--json' && args[place - 1] !== '--json');
  return ['npm run bench', ...(shown.length > 0 ? ['--', ...shown] : [])].join(' ');
}
