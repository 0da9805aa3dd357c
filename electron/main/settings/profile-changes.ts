/** Makes, renames, duplicates and deletes profiles, through the keeper of the settings. What is wrong is said at its field. */
import type { ChangeProfilesResult } from '../../../shared/ipc/profiles-channels';
import {
  defaultSettingsOf,
  findProfile,
  freeProfileName,
  MOST_PROFILES,
  newProfileId,
  profileNameProblem,
  type Profile,
  type SavedProfiles,
} from '../../../shared/profiles';
import { parseSettings, type Settings } from '../../../shared/settings';
import type { LarderEngine } from '../../engine/larder-engine';
import { clearRedisCache } from './clear-redis-cache';
import type { ProfilesAtWork, SettingsKeeper } from './settings-keeper';

export interface NewProfile {
  readonly name: string;
  /** Empty: the demo API. */
  readonly origin: string;
  readonly port: string;
}

type Refused = Extract<ChangeProfilesResult, { kind: 'refused' }>;

const refused = (field: Refused['field'], message: string): Refused => ({ kind: 'refused', field, message });
const GONE = refused('other', 'This profile is no longer there.');

/** With defaults, and in Redis with keys of its own. */
export function createProfile(
  keeper: SettingsKeeper,
  { name, origin, port }: NewProfile,
): Promise<ChangeProfilesResult> {
  return keeper.change((at) => {
    const id = newProfileId(name, idsOf(at.saved));
    // What is no number is said by the schema, as elsewhere.
    const number = /^\d{1,5}$/.test(port.trim()) ? Number(port) : Number.NaN;
    const wanted = { ...defaultSettingsOf(id), origin: origin.trim() === '' ? null : origin, port: number };
    const parsed = parseSettings(wanted);
    if (parsed.ok) return add(at, { id, name, whole: parsed.settings });
    const [first] = parsed.problems;
    const field = first?.field === 'origin' || first?.field === 'port' ? first.field : 'other';
    return Promise.resolve(refused(field, first?.message ?? 'A setting is wrong.'));
  });
}

/** All settings of the other, and its Redis password; but a cache of its own. */
export function duplicateProfile(keeper: SettingsKeeper, id: string): Promise<ChangeProfilesResult> {
  return keeper.change(async (at) => {
    const original = findProfile(at.saved, id);
    if (original === null) return GONE;
    const name = freeProfileName(`${original.name} copy`, namesOf(at.saved));
    const newId = newProfileId(name, idsOf(at.saved));
    const { keyPrefix } = defaultSettingsOf(newId).redis;
    const redis = { ...original.settings.redis, keyPrefix };
    const { appearance, desktop } = at.saved;
    const result = await add(at, {
      id: newId,
      name,
      whole: { ...original.settings, redis, appearance, desktop },
    });
    const password = at.vault.redisPassword(id);
    if (result.kind === 'refused' || password === null) return result;
    return { ...result, notice: await at.keepPassword(newId, password) };
  });
}

interface Addition {
  readonly id: string;
  readonly name: string;
  readonly whole: Settings;
}

async function add(at: ProfilesAtWork, { id, name, whole }: Addition): Promise<ChangeProfilesResult> {
  if (at.saved.profiles.length >= MOST_PROFILES)
    return refused('other', `There are ${MOST_PROFILES} profiles, which is as many as there can be.`);
  const problem = profileNameProblem(name, namesOf(at.saved));
  if (problem !== null) return refused('name', problem);
  const { appearance: _appearance, desktop: _desktop, ...settings } = whole;
  const profile: Profile = { id, name: name.trim(), settings };
  await at.write({ ...at.saved, profiles: [...at.saved.profiles, profile] });
  return { kind: 'changed', list: at.list(), id, notice: null };
}

export function renameProfile(
  keeper: SettingsKeeper,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<ChangeProfilesResult> {
  return keeper.change(async (at) => {
    if (findProfile(at.saved, id) === null) return GONE;
    const problem = profileNameProblem(name, namesOf(without(at.saved, id)));
    if (problem !== null) return refused('name', problem);
    const profiles = at.saved.profiles.map((one) => (one.id === id ? { ...one, name: name.trim() } : one));
    await at.write({ ...at.saved, profiles });
    return { kind: 'changed', list: at.list(), id, notice: null };
  });
}

/** With its cache and its password. Of the active one: the next becomes active first. The last one stays. */
export function deleteProfile(
  keeper: SettingsKeeper,
  engine: LarderEngine,
  id: string,
): Promise<ChangeProfilesResult> {
  return keeper.change(async (at) => {
    const profile = findProfile(at.saved, id);
    if (profile === null) return GONE;
    const [next] = without(at.saved, id).profiles;
    if (next === undefined) return refused('other', 'It is the only profile. Make another one first.');
    if (id !== at.saved.active) return remove(at, engine, { ...at.saved }, profile);
    const switched = await at.activate(next.id);
    if (switched.kind !== 'switched')
      return refused('other', `${profile.name} is active, and ${next.name} cannot be: ${switched.message}`);
    return remove(at, engine, { ...at.saved, active: next.id }, profile);
  });
}

async function remove(
  at: ProfilesAtWork,
  engine: LarderEngine,
  saved: SavedProfiles,
  { id, name, settings }: Profile,
): Promise<ChangeProfilesResult> {
  const { redisPassword } = at.secrets(id);
  const others = without(saved, id);
  const isShared = others.profiles.some((one) => sameRedis(one.settings, settings));
  const isGone = await engine.forgetCache(id);
  const isCleared =
    settings.store !== 'redis' || isShared || (await clearRedisCache(settings.redis, redisPassword));
  await at.write(others);
  if (redisPassword !== null) await at.keepPassword(id, null);
  return { kind: 'changed', list: at.list(), id, notice: leftBehind(name, { isGone, isCleared }) };
}

function leftBehind(
  name: string,
  { isGone, isCleared }: { readonly isGone: boolean; readonly isCleared: boolean },
): string | null {
  if (!isGone)
    return `${name} is deleted, but not its cache folder: another Larder uses it, or the disk refuses.`;
  return isCleared ? null : `${name} is deleted, but Redis does not answer: its responses stay there.`;
}

function sameRedis(left: Profile['settings'], right: Profile['settings']): boolean {
  const keysOf = ({
    store,
    redis: { mode, url, host, port, nodes, database, keyPrefix },
  }: Profile['settings']) => JSON.stringify([store, mode, url, host, port, nodes, database, keyPrefix]);
  return keysOf(left) === keysOf(right);
}

const idsOf = ({ profiles }: SavedProfiles) => profiles.map(({ id }) => id);
const namesOf = ({ profiles }: SavedProfiles) => profiles.map(({ name }) => name);

function without(saved: SavedProfiles, id: string): SavedProfiles {
  return { ...saved, profiles: saved.profiles.filter((one) => one.id !== id) };
}
