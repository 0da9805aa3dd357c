/**
 * The flags: one table, from which arguments are parsed, `--help` is printed and the keys
 * of the project file are known. The contract with users; it changes only on purpose.
 */
import { parseArgs } from 'node:util';
import { LarderError } from '../../../shared/error-codes';
import { nearestName } from './nearest-name';
import type { Assignment, SettingField } from './read-setting';
import { readSetting } from './read-setting';
import { shownValue, wrongValue } from './shown-value';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in the help; null: a switch. */
  readonly value: string | null;
  readonly help: readonly string[];
  /** The setting that it gives. */
  readonly field?: SettingField;
  /** May stand in the project file. */
  readonly inProjectFile: boolean;
}

export const FLAGS: readonly Flag[] = [
  {
    name: 'origin',
    value: 'URL',
    help: [
      'upstream server, http or https, may carry a path prefix;',
      'without one the built-in demo API answers',
    ],
    field: 'origin',
    inProjectFile: true,
  },
  {
    name: 'port',
    value: 'N',
    help: ['port to listen on; 0 takes a free one (default 3000)'],
    field: 'port',
    inProjectFile: true,
  },
  {
    name: 'host',
    value: 'ADDR',
    help: ['address to listen on (default: loopback, IPv4 and IPv6)'],
    field: 'host',
    inProjectFile: true,
  },
  {
    name: 'ttl',
    value: 'SECONDS',
    help: ['time to live of stored responses (default 300;', 'with --policy respect none)'],
    field: 'ttlSeconds',
    inProjectFile: true,
  },
  {
    name: 'policy',
    value: 'override|respect',
    help: [
      'override: the TTL rules, whatever the origin says (default);',
      'respect: HTTP caching as the origin asks for it (RFC 9111)',
    ],
    field: 'policy',
    inProjectFile: true,
  },
  {
    name: 'store',
    value: 'memory|redis',
    help: ['where responses are kept (default memory;', 'redis where REDIS_HOST or REDIS_URL is set)'],
    field: 'store',
    inProjectFile: true,
  },
  {
    name: 'max-memory',
    value: 'BYTES',
    help: ['budget of the memory store, such as 64m or 1g (default 256 MiB)'],
    field: 'maxMemoryBytes',
    inProjectFile: true,
  },
  {
    name: 'persist',
    value: null,
    help: ['the memory store outlives the process: it is kept in the data folder too'],
    field: 'persist',
    inProjectFile: true,
  },
  {
    name: 'config',
    value: 'FILE',
    help: ['project file (default: larder.json in the working directory, if there)'],
    inProjectFile: false,
  },
  {
    name: 'demo',
    value: null,
    help: ['serves a small built-in sample API as the origin'],
    inProjectFile: true,
  },
  {
    name: 'json',
    value: null,
    help: ['one JSON object per line on stdout instead of text'],
    inProjectFile: true,
  },
  { name: 'quiet', value: null, help: ['only errors'], inProjectFile: true },
  {
    name: 'clear-cache',
    value: null,
    help: ['clears the cache of the running instance (--port picks it)'],
    inProjectFile: false,
  },
  { name: 'help', short: 'h', value: null, help: ['prints this'], inProjectFile: false },
  { name: 'version', short: 'v', value: null, help: ['prints the version'], inProjectFile: false },
];

/** What the arguments say. */
export interface ParsedFlags {
  readonly assignments: readonly Assignment[];
  readonly switches: ReadonlySet<string>;
  readonly config: string | null;
}

export interface FlagParsing {
  /** For the desktop app, whose arguments also hold Chromium's and Electron's: what is unknown is ignored. */
  readonly allowUnknown?: boolean;
}

type Given = ReadonlyMap<string, string | true>;

const invalid = (message: string): LarderError => new LarderError('settings_invalid', message);

/** Single-dash arguments of others (`-psn_0_1`) would be read as a group of our short flags. */
function ownArguments(argv: readonly string[]): string[] {
  const shorts = FLAGS.flatMap((flag) => (flag.short === undefined ? [] : [`-${flag.short}`]));
  return argv.filter(
    (argument) => !/^-[^-]/.test(argument) || /^-\d/.test(argument) || shorts.includes(argument),
  );
}

function unknownFlag(rawName: string): LarderError {
  const nearest = nearestName(
    rawName,
    FLAGS.map((flag) => `--${flag.name}`),
  );
  const hint = nearest === null ? '--help lists the flags' : `did you mean ${nearest}?`;
  return invalid(`unknown flag ${shownValue(rawName)}; ${hint}`);
}

function unexpectedArgument(value: string): LarderError {
  const hint = /^https?:/i.test(value)
    ? 'give the upstream server with --origin URL'
    : '--help lists the flags';
  return invalid(`unexpected argument ${shownValue(value)}; ${hint}`);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function givenValue(flag: Flag, token: OptionToken): string | true {
  if (flag.value === null) {
    if (token.value === undefined) return true;
    throw invalid(`${token.rawName} takes no value, but was given ${shownValue(token.value)}`);
  }
  const { value } = token;
  const isNextFlag = value !== undefined && token.inlineValue !== true && /^-(?!\d)/.test(value);
  if (value === undefined || isNextFlag)
    throw invalid(`${token.rawName} needs a value: ${token.rawName} ${flag.value}`);
  return value;
}

function parseTokens(argv: readonly string[], allowUnknown: boolean): Given {
  const options = Object.fromEntries(
    FLAGS.map((flag) => [
      flag.name,
      {
        type: flag.value === null ? ('boolean' as const) : ('string' as const),
        ...(flag.short === undefined ? {} : { short: flag.short }),
      },
    ]),
  );
  const args = allowUnknown ? ownArguments(argv) : [...argv];
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'positional' && !allowUnknown) throw unexpectedArgument(token.value);
    if (token.kind !== 'option') continue;
    const flag = FLAGS.find(({ name }) => name === token.name);
    if (flag !== undefined) given.set(flag.name, givenValue(flag, token));
    else if (!allowUnknown) throw unknownFlag(token.rawName);
  }
  return given;
}

function assignmentsOf(given: Given): Assignment[] {
  const assignments: Assignment[] = [];
  for (const { name, field } of FLAGS) {
    const value = given.get(name);
    if (field === undefined || value === undefined) continue;
    const reading = readSetting(field, value, 'text');
    if (!reading.ok) throw wrongValue(`--${name}`, value, reading.problem);
    assignments.push({ field, value: reading.value, source: `--${name}` });
  }
  return assignments;
}

const MODES = ['help', 'version'] as const;

/** Parses the arguments after the program's name.
 *  @throws LarderError `settings_invalid` naming the flag, the value and what is accepted */
export function parseFlags(argv: readonly string[], { allowUnknown = false }: FlagParsing = {}): ParsedFlags {
  const given = parseTokens(argv, allowUnknown);
  const switches = new Set([...given].flatMap(([name, value]) => (value === true ? [name] : [])));
  const config = given.get('config');
  // Whoever asks for help gets it, whatever else is wrong.
  if (MODES.some((mode) => switches.has(mode))) return { assignments: [], switches, config: null };
  if (switches.has('demo') && given.has('origin')) {
    throw invalid('--demo and --origin exclude each other: the demo API is an origin');
  }
  const demo: Assignment[] = switches.has('demo') ? [{ field: 'origin', value: null, source: '--demo' }] : [];
  return {
    assignments: [...assignmentsOf(given), ...demo],
    switches,
    config: typeof config === 'string' ? config : null,
  };
}

function usageOf({ name, short, value }: Flag): string {
  const names = short === undefined ? `    --${name}` : `-${short}, --${name}`;
  return value === null ? names : `${names} ${value}`;
}

/** The flags of the table as `--help` shows them. */
export function flagHelp(): string {
  const width = Math.max(...FLAGS.map((flag) => usageOf(flag).length)) + 2;
  const lines = FLAGS.flatMap((flag) =>
    flag.help.map((line, index) => `  ${(index === 0 ? usageOf(flag) : '').padEnd(width)}${line}`),
  );
  return lines.join('\n');
}
