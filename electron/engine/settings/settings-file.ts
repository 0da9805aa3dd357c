/**
 * `settings.json` in the data folder: versioned, validated on read, replaced atomically.
 * A broken one never keeps Larder from starting: it is set aside, and defaults apply.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LarderError } from '../../../shared/error-codes';
import type { Settings } from '../../../shared/settings';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings';
import { asObject, placeInJson } from './json-text';
import { REDIS_URL_FORMS, splitRedisUrl } from './redis-url';

export const SETTINGS_FILE = 'settings.json';
const VERSION = 1;
const MAX_FILE_BYTES = 1024 * 1024;

export interface SavedSettings {
  readonly settings: Settings;
  /** What went wrong, for the person to read. */
  readonly notices: readonly string[];
}

type FileParse =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problem: string };

/** Fields that are missing get their defaults, one level deep as the settings are. */
function withDefaults(content: Record<string, unknown>): Record<string, unknown> {
  const section = (name: 'redis' | 'upstream'): unknown => {
    const given = content[name] ?? DEFAULT_SETTINGS[name];
    const object = asObject(given);
    return object === null ? given : { ...DEFAULT_SETTINGS[name], ...object };
  };
  return { ...DEFAULT_SETTINGS, ...content, redis: section('redis'), upstream: section('upstream') };
}

function parseVersioned(content: Record<string, unknown>): FileParse {
  const { version, ...fields } = content;
  if (version !== VERSION) {
    const newer = typeof version === 'number' && version > VERSION;
    return { ok: false, problem: newer ? 'a newer version of Larder wrote it' : 'it names no known version' };
  }
  const parsed = parseSettings(withDefaults(fields));
  if (parsed.ok) {
    const { url } = parsed.settings.redis;
    // It may hold a password that cannot be told from the rest: never in the settings.
    const isClear = url === null || splitRedisUrl(url) !== null;
    return isClear ? parsed : { ok: false, problem: `redis.url: ${REDIS_URL_FORMS}` };
  }
  const [first] = parsed.problems;
  // The field and the rule, never the value.
  const field = first?.field === '' ? '' : `${first?.field ?? ''}: `;
  return { ok: false, problem: `${field}${first?.message ?? 'a field is wrong'}` };
}

function parseFile(bytes: Uint8Array): FileParse {
  if (bytes.length > MAX_FILE_BYTES) return { ok: false, problem: 'it is larger than 1 MiB' };
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const object = asObject(JSON.parse(text));
    return object === null ? { ok: false, problem: 'it is not a JSON object' } : parseVersioned(object);
  } catch (error) {
    return { ok: false, problem: `it is not valid JSON${placeInJson(text, error)}` };
  }
}

/** Renames the broken file; says where it is now, or that it could not be moved. */
function setAside(path: string, now: Date): string {
  const aside = `${path}.bad-${now.toISOString().replace(/[:.]/g, '-')}`;
  try {
    renameSync(path, aside);
    return `It was set aside as ${aside}`;
  } catch (error) {
    return `It could not be set aside (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
}

/** Reads the saved settings. Never throws: what cannot be read or used is reported in `notices`. */
export function readSettingsFile(dataDir: string, now: Date = new Date()): SavedSettings {
  const path = join(dataDir, SETTINGS_FILE);
  const defaultsBecause = (problem: string): SavedSettings => ({
    settings: DEFAULT_SETTINGS,
    notices: [`The settings file ${path} cannot be used: ${problem}. Larder uses the defaults.`],
  });
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { settings: DEFAULT_SETTINGS, notices: [] };
    return defaultsBecause(code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`);
  }
  const parsed = parseFile(bytes);
  if (parsed.ok) return { settings: parsed.settings, notices: [] };
  return defaultsBecause(`${parsed.problem}. ${setAside(path, now)}`);
}

/** Text of the settings file. A password in the Redis URL is left out. */
function fileText(settings: Settings): string {
  const { url } = settings.redis;
  const redis = { ...settings.redis, url: url === null ? null : (splitRedisUrl(url)?.url ?? null) };
  return `${JSON.stringify({ version: VERSION, ...settings, redis }, null, 2)}\n`;
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A settings file that is a link, into a folder of dotfiles say, stays one.
  const target = await realpath(path).catch(() => path);
  const temporary = `${target}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Saves the settings: whole or not at all, readable by their owner only.
 *  @throws LarderError `settings_unwritable` */
export async function writeSettingsFile(dataDir: string, settings: Settings): Promise<void> {
  const path = join(dataDir, SETTINGS_FILE);
  try {
    await replaceFile(path, fileText(settings));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const message = `The settings cannot be saved to ${path} (${code}). Check that the folder can be written and the disk is not full.`;
    throw new LarderError('settings_unwritable', message, { cause: error });
  }
}
