/**
 * `settings.json` in the data folder: all profiles, versioned, validated on read, replaced atomically.
 * A broken one never keeps Larder from starting: it is set aside, and defaults apply.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LarderError } from '../../../shared/error-codes';
import type { Profile, SavedProfiles } from '../../../shared/profiles';
import {
  defaultSettingsOf,
  findProfile,
  isProfileId,
  MOST_PROFILES,
  onlyProfile,
  profileNameProblem,
} from '../../../shared/profiles';
import type { Settings } from '../../../shared/settings';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings';
import { asObject, placeInJson } from './json-text';
import { REDIS_URL_FORMS, splitRedisUrl } from './redis-url';

export const SETTINGS_FILE = 'settings.json';
const VERSION = 2;
/** Of one proxy, before there were profiles: its fields stood where the profiles stand now. */
const VERSION_WITHOUT_PROFILES = 1;
const MAX_FILE_BYTES = 1024 * 1024;

export interface SavedSettings {
  readonly saved: SavedProfiles;
  /** What went wrong, for the person to read. */
  readonly notices: readonly string[];
}

type FileParse =
  | { readonly ok: true; readonly saved: SavedProfiles }
  | { readonly ok: false; readonly problem: string };

type SettingsRead =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problem: string };

const DEFAULT_PROFILES = onlyProfile(DEFAULT_SETTINGS);
const SECTIONS = ['redis', 'upstream', 'limits', 'desktop'] as const;

/** Fields that are missing get their defaults, one level deep as the settings are. */
function withDefaults(content: Record<string, unknown>, defaults: Settings): Record<string, unknown> {
  const sections = SECTIONS.map((name) => {
    const given = content[name] ?? defaults[name];
    const object = asObject(given);
    return [name, object === null ? given : { ...defaults[name], ...object }] as const;
  });
  return { ...defaults, ...content, ...Object.fromEntries(sections) };
}

/** @param place of the settings in the file, for the problem: the field and the rule, never the value */
function readFields(content: Record<string, unknown>, defaults: Settings, place: string): SettingsRead {
  const parsed = parseSettings(withDefaults(content, defaults));
  if (parsed.ok) {
    const { url } = parsed.settings.redis;
    // It may hold a password that cannot be told from the rest: never in the settings.
    const isClear = url === null || splitRedisUrl(url) !== null;
    return isClear ? parsed : { ok: false, problem: `${place}redis.url: ${REDIS_URL_FORMS}` };
  }
  const [first] = parsed.problems;
  const field = first?.field === '' ? place : `${place}${first?.field ?? ''}: `;
  return { ok: false, problem: `${field}${first?.message ?? 'a field is wrong'}` };
}

type ProfileRead =
  | { readonly ok: true; readonly profile: Profile; readonly shared: Settings }
  | { readonly ok: false; readonly problem: string };

function readProfile(
  content: unknown,
  shared: Record<string, unknown>,
  before: readonly Profile[],
): ProfileRead {
  const place = `profiles.${before.length}`;
  const wrong = (problem: string): ProfileRead => ({ ok: false, problem: `${place}${problem}` });
  const object = asObject(content);
  if (object === null) return wrong(' is not a JSON object');
  const { id, name, settings, ...unknown } = object;
  if (Object.keys(unknown).length > 0) return wrong(' has a field that is not known');
  if (typeof id !== 'string' || !isProfileId(id)) return wrong('.id: must be lower-case letters and digits');
  if (before.some((one) => one.id === id)) return wrong('.id: is there twice');
  if (typeof name !== 'string') return wrong('.name: must be a text');
  const problem = profileNameProblem(
    name,
    before.map((one) => one.name),
  );
  if (problem !== null) return wrong(`.name: ${problem}`);
  const fields = asObject(settings);
  if (fields === null) return wrong('.settings is not a JSON object');
  if ('appearance' in fields || 'desktop' in fields) return wrong('.settings has a field of all profiles');
  const read = readFields({ ...fields, ...shared }, defaultSettingsOf(id), `${place}.settings.`);
  if (!read.ok) return read;
  const { appearance: _appearance, desktop: _desktop, ...own } = read.settings;
  return { ok: true, profile: { id, name: name.trim(), settings: own }, shared: read.settings };
}

function parseProfiles(content: Record<string, unknown>): FileParse {
  const { appearance, desktop, active, profiles, ...unknown } = content;
  const [extra] = Object.keys(unknown);
  if (extra !== undefined) return { ok: false, problem: `Unrecognized key: ${JSON.stringify(extra)}` };
  if (!Array.isArray(profiles) || profiles.length === 0 || profiles.length > MOST_PROFILES)
    return { ok: false, problem: `profiles: must be a list of 1 to ${MOST_PROFILES}` };
  const shared = {
    ...(appearance === undefined ? {} : { appearance }),
    ...(desktop === undefined ? {} : { desktop }),
  };
  const read: Profile[] = [];
  let inAll: Settings = DEFAULT_SETTINGS;
  for (const one of profiles) {
    const result = readProfile(one, shared, read);
    if (!result.ok) return result;
    read.push(result.profile);
    inAll = result.shared;
  }
  const saved: SavedProfiles = {
    appearance: inAll.appearance,
    desktop: inAll.desktop,
    active: typeof active === 'string' ? active : '',
    profiles: read,
  };
  return findProfile(saved, saved.active) === null
    ? { ok: false, problem: 'active: must be the id of a profile' }
    : { ok: true, saved };
}

function parseVersioned(content: Record<string, unknown>): FileParse {
  const { version, ...fields } = content;
  if (version === VERSION) return parseProfiles(fields);
  if (version === VERSION_WITHOUT_PROFILES) {
    const read = readFields(fields, DEFAULT_SETTINGS, '');
    return read.ok ? { ok: true, saved: onlyProfile(read.settings) } : read;
  }
  const newer = typeof version === 'number' && version > VERSION;
  return { ok: false, problem: newer ? 'a newer version of Larder wrote it' : 'it names no known version' };
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
    saved: DEFAULT_PROFILES,
    notices: [`The settings file ${path} cannot be used: ${problem}. Larder uses the defaults.`],
  });
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { saved: DEFAULT_PROFILES, notices: [] };
    return defaultsBecause(code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`);
  }
  const parsed = parseFile(bytes);
  if (parsed.ok) return { saved: parsed.saved, notices: [] };
  return defaultsBecause(`${parsed.problem}. ${setAside(path, now)}`);
}

/** Text of the settings file. Passwords in Redis URLs are left out. */
function fileText(saved: SavedProfiles): string {
  const profiles = saved.profiles.map(({ id, name, settings }) => {
    const { url } = settings.redis;
    const redis = { ...settings.redis, url: url === null ? null : (splitRedisUrl(url)?.url ?? null) };
    return { id, name, settings: { ...settings, redis } };
  });
  return `${JSON.stringify({ version: VERSION, ...saved, profiles }, null, 2)}\n`;
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
export async function writeSettingsFile(dataDir: string, saved: SavedProfiles): Promise<void> {
  const path = join(dataDir, SETTINGS_FILE);
  try {
    await replaceFile(path, fileText(saved));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const message = `The settings cannot be saved to ${path} (${code}). Check that the folder can be written and the disk is not full.`;
    throw new LarderError('settings_unwritable', message, { cause: error });
  }
}
