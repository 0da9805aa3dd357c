// The flags of the benchmark.
import { parseArgs } from 'node:util';
import { CONTENDERS } from '../contenders/catalogue.mjs';
import { SetupError } from '../../scripts/run.mjs';
import { WORKLOADS } from '../workloads/catalogue.mjs';

export const HELP = `npm run bench -- [flags]

  --workloads A,B   only these: ${WORKLOADS.map(({ id }) => id).join(', ')}
  --contenders A,B  only these: ${CONTENDERS.map(({ id }) => id).join(', ')}
  --rounds N        interleaved rounds (7; with --quick 3)
  --seconds N       length of each measurement (2; with --quick 1)
  --quick           a look: fewer and shorter rounds, and not a million keys
  --json FILE       keeps the figures
  --from A,B        measures nothing: reports what --json kept, several runs beside each other
  --write           writes the report to bench/RESULTS.md
`;

/** `contenders`: null for those of each workload. `from`: files of earlier runs.
 *  @typedef {{
 *   workloads: readonly import('../workloads/rounds.mjs').Workload[],
 *   contenders: readonly string[] | null,
 *   rounds: number,
 *   seconds: number,
 *   quick: boolean,
 *   json: string | null,
 *   from: readonly string[],
 *   write: boolean,
 *   help: boolean,
 *  }} Options */

/** @param {string[]} args
 *  @returns {Options} */
export function parseOptions(args) {
  const { values } = parse(args);
  const quick = values.quick === true;
  const wanted = listOf(values.workloads);
  const contenders = listOf(values.contenders);
  refuseUnknown('--workloads', wanted, WORKLOADS);
  refuseUnknown('--contenders', contenders, CONTENDERS);
  return {
    workloads: WORKLOADS.filter(({ id }) => wanted?.includes(id) ?? !(quick && id === 'million')),
    contenders,
    rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '3' : '7')),
    seconds: wholeNumber('--seconds', values.seconds ?? (quick ? '1' : '2')),
    quick,
    json: values.json ?? null,
    from: listOf(values.from) ?? [],
    write: values.write === true,
    help: values.help === true,
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        workloads: { type: 'string' },
        contenders: { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        from: { type: 'string' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string | undefined} text */
const listOf = (text) => (text === undefined ? null : text.split(',').filter((one) => one !== ''));

/** @param {string} flag
 *  @param {readonly string[] | null} named
 *  @param {readonly { id: string }[]} known */
function refuseUnknown(flag, named, known) {
  const unknown = named?.find((one) => !known.some(({ id }) => id === one));
  if (unknown === undefined) return;
  throw new SetupError(`${flag}: there is no ${unknown}; there are ${known.map(({ id }) => id).join(', ')}`);
}

/** @param {string} flag
 *  @param {string} text */
function wholeNumber(flag, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new SetupError(`${flag}: ${text} must be a whole number from 1`);
}
