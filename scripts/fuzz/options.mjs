// The arguments of npm run fuzz.
import { parseArgs } from 'node:util';
import { SetupError } from '../run.mjs';

/** `rounds`: null: until the time is up.
 *  @typedef {{ minutes: number, seed: number, corpus: string, only: string | undefined, help: boolean }} Options */

const DEFAULT_CORPUS = 'fuzz-corpus';

export const HELP = `npm run fuzz [-- FLAGS]

Sends requests and answers of chance, sound ones and broken ones, to engines with the fast way in and without it,
and judges what comes back. Inputs that failed are kept in ${DEFAULT_CORPUS}/ and tried first the next time.
Exits 1 where something failed.

  --minutes N   how long; it ends with the round that is under way then (default 5)
  --seed N      where chance begins (default: the time of day); the same seed makes the same inputs
  --corpus DIR  where inputs that failed are kept
  --only WORD   only what has this word in its name: heads, requests, origins
  -h, --help
`;

/** @param {string[]} args
 *  @returns {Options} */
export function parseOptions(args) {
  const values = valuesOf(args);
  return {
    minutes: number('minutes', values.minutes ?? '5'),
    seed: number('seed', values.seed ?? String(Date.now() % 1_000_000_000)),
    corpus: values.corpus ?? DEFAULT_CORPUS,
    only: values.only,
    help: values.help === true,
  };
}

/** @param {string[]} args */
function valuesOf(args) {
  try {
    return parseArgs({
      args,
      options: {
        minutes: { type: 'string' },
        seed: { type: 'string' },
        corpus: { type: 'string' },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} flag
 *  @param {string} text */
function number(flag, text) {
  const value = Number(text);
  if (!(value >= 0) || text.trim() === '') throw new SetupError(`--${flag} needs a number, not ${text}`);
  return value;
}
