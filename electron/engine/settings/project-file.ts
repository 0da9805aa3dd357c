/** The project file, `larder.json`: the flags' names, and a few more, as keys of a JSON object. */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LarderError } from '../../../shared/error-codes';
import { FLAGS } from './flags';
import { asObject, placeInJson } from './json-text';
import type { Assignment, SettingField } from './read-setting';
import { readSetting } from './read-setting';
import { readSection, type SectionName } from './settings-section';
import { wrongValue } from './shown-value';
import { unknownKey } from './unknown-key';

export const PROJECT_FILE = 'larder.json';

export interface ProjectFile {
  /** Absolute; null where there is none. */
  readonly path: string | null;
  readonly assignments: readonly Assignment[];
  readonly switches: ReadonlySet<string>;
}

/** What a project file says, and all that is wrong with it. */
export interface ProjectContent extends Omit<ProjectFile, 'path'> {
  /** In the order of the file. */
  readonly problems: readonly LarderError[];
}

export interface ProjectKey {
  readonly name: string;
  /** The setting that it gives; none: a switch. */
  readonly field?: SettingField;
}

/** Keys whose value is not an object. */
export const PROJECT_KEYS: readonly ProjectKey[] = [
  ...FLAGS.filter(({ inProjectFile }) => inProjectFile),
  { name: 'error-ttl', field: 'errorTtlSeconds' },
  { name: 'compression-level', field: 'compressionLevel' },
  { name: 'max-disk', field: 'maxDiskBytes' },
  { name: 'max-body', field: 'maxBodyBytes' },
  { name: 'credential-cookies', field: 'credentialCookies' },
  { name: 'allowed-hosts', field: 'allowedHosts' },
  { name: 'fast-path', field: 'fastPath' },
];
/** Keys whose value is an object: the settings' own names. */
export const PROJECT_SECTIONS: readonly SectionName[] = ['redis', 'upstream', 'limits'];
const NAMES: readonly string[] = [...PROJECT_KEYS.map(({ name }) => name), ...PROJECT_SECTIONS];

const NO_PROJECT_FILE: ProjectFile = { path: null, assignments: [], switches: new Set() };

const invalid = (message: string, cause?: unknown): LarderError =>
  new LarderError('settings_invalid', message, { cause });

function readText(path: string, config: string | null): string | null {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (config === null && (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const subject = config === null ? path : `--config: ${JSON.stringify(config)}`;
    const reason = code === 'ENOENT' ? 'there is no such file' : code;
    throw invalid(`${subject} cannot be read (${reason}); give a JSON file such as {"port": 3000}`, error);
  }
}

function parseObject(text: string, name: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw invalid(`${name} is not valid JSON${placeInJson(text, error)}`);
  }
  const object = asObject(content);
  if (object !== null) return object;
  throw wrongValue(name, content, 'must be a JSON object such as {"origin": "https://api.example.com"}');
}

function readSwitch(key: string, value: unknown, source: string): boolean {
  if (typeof value !== 'boolean') throw wrongValue(`${source}: ${key}`, value, 'must be true or false');
  return value;
}

/** Reads on after a problem, so that all of them can be told. */
class EntryReader {
  readonly assignments: Assignment[] = [];
  readonly switches = new Set<string>();
  readonly problems: LarderError[] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  readAll(content: Record<string, unknown>): ProjectContent {
    for (const [key, value] of Object.entries(content))
      if (key !== '$schema') this.#guard(() => this.#read(key, value));
    this.#guard(() => this.#readDemo());
    return this;
  }

  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof LarderError)) throw error;
      this.problems.push(error);
    }
  }

  #read(key: string, value: unknown): void {
    const section = PROJECT_SECTIONS.find((name) => name === key);
    if (section !== undefined) {
      const reads = readSection(section, value, this.#source);
      for (const read of reads) this.#guard(() => this.assignments.push(read()));
      return;
    }
    const known = PROJECT_KEYS.find(({ name }) => name === key);
    if (known === undefined) throw unknownKey(this.#source, key, NAMES);
    if (known.field === undefined) {
      if (readSwitch(key, value, this.#source)) this.switches.add(key);
      return;
    }
    const reading = readSetting(known.field, value, 'json');
    if (!reading.ok) throw wrongValue(`${this.#source}: ${key}`, value, reading.problem);
    this.assignments.push({ field: known.field, value: reading.value, source: this.#source });
  }

  #readDemo(): void {
    if (!this.switches.has('demo')) return;
    if (this.assignments.some(({ field }) => field === 'origin'))
      throw invalid(`${this.#source}: demo and origin exclude each other: the demo API is an origin`);
    this.assignments.push({ field: 'origin', value: null, source: this.#source });
  }
}

/** Reads the text of a project file.
 *  @param name of the file, for messages
 *  @throws LarderError `settings_invalid` where it is not a JSON object at all */
export function readProjectText(text: string, name: string): ProjectContent {
  return new EntryReader(name).readAll(parseObject(text, name));
}

/** Reads `config`, else `larder.json` in the working directory where there is one.
 *  @throws LarderError `settings_invalid` naming the file, the key, the value and what is accepted */
export function readProjectFile(cwd: string, config: string | null): ProjectFile {
  const path = config === null ? join(cwd, PROJECT_FILE) : resolve(cwd, config);
  const text = readText(path, config);
  if (text === null) return NO_PROJECT_FILE;
  const { assignments, switches, problems } = readProjectText(text, config ?? basename(path));
  const [first] = problems;
  if (first !== undefined) throw first;
  return { path, assignments, switches };
}
