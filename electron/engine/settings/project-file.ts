/** The project file, `larder.json`: the flags' names, and a few more, as keys of a JSON object. */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LarderError } from '../../../shared/error-codes';
import { FLAGS } from './flags';
import { asObject, placeInJson } from './json-text';
import type { Assignment, SettingField } from './read-setting';
import { readSetting } from './read-setting';
import { readRedisSection } from './redis-section';
import { wrongValue } from './shown-value';
import { unknownKey } from './unknown-key';

export const PROJECT_FILE = 'larder.json';

export interface ProjectFile {
  /** Absolute; null where there is none. */
  readonly path: string | null;
  readonly assignments: readonly Assignment[];
  readonly switches: ReadonlySet<string>;
}

interface ProjectKey {
  readonly name: string;
  /** The setting that it gives; none: a switch. */
  readonly field?: SettingField;
}

const KEYS: readonly ProjectKey[] = [
  ...FLAGS.filter(({ inProjectFile }) => inProjectFile),
  { name: 'error-ttl', field: 'errorTtlSeconds' },
  { name: 'compression-level', field: 'compressionLevel' },
  { name: 'max-disk', field: 'maxDiskBytes' },
];
/** The one key whose value is an object: the settings' own names. */
const REDIS_KEY = 'redis';
const NAMES: readonly string[] = [...KEYS.map(({ name }) => name), REDIS_KEY];

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

function readEntries(content: Record<string, unknown>, source: string): Omit<ProjectFile, 'path'> {
  const assignments: Assignment[] = [];
  const switches = new Set<string>();
  for (const [key, value] of Object.entries(content)) {
    if (key === '$schema') continue;
    if (key === REDIS_KEY) {
      assignments.push(...readRedisSection(value, source));
      continue;
    }
    const known = KEYS.find(({ name }) => name === key);
    if (known === undefined) throw unknownKey(source, key, NAMES);
    if (known.field === undefined) {
      if (readSwitch(key, value, source)) switches.add(key);
      continue;
    }
    const reading = readSetting(known.field, value, 'json');
    if (!reading.ok) throw wrongValue(`${source}: ${key}`, value, reading.problem);
    assignments.push({ field: known.field, value: reading.value, source });
  }
  if (switches.has('demo')) {
    if (assignments.some(({ field }) => field === 'origin')) {
      throw invalid(`${source}: demo and origin exclude each other: the demo API is an origin`);
    }
    assignments.push({ field: 'origin', value: null, source });
  }
  return { assignments, switches };
}

/** Reads `config`, else `larder.json` in the working directory where there is one.
 *  @throws LarderError `settings_invalid` naming the file, the key, the value and what is accepted */
export function readProjectFile(cwd: string, config: string | null): ProjectFile {
  const path = config === null ? join(cwd, PROJECT_FILE) : resolve(cwd, config);
  const text = readText(path, config);
  if (text === null) return NO_PROJECT_FILE;
  const name = config ?? basename(path);
  return { path, ...readEntries(parseObject(text, name), name) };
}
