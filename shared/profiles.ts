/**
 * Profiles: several proxies of one Larder, each with settings and a cache of its own; one is active.
 * How the window looks and what the desktop shows is the same for all of them.
 */
import { DEFAULT_SETTINGS, type Settings } from './settings';

/** Of the first profile: its cache lies where it lay before there were profiles. */
export const FIRST_PROFILE_ID = 'default';
export const MOST_PROFILES = 50;
export const LONGEST_PROFILE_NAME = 60;

/** What all profiles share. */
export type SharedSettings = Pick<Settings, 'appearance' | 'desktop'>;
export type ProfileSettings = Omit<Settings, keyof SharedSettings>;

export interface Profile {
  /** Lower-case letters, digits and dashes; also names the folder of the cache. Never changes. */
  readonly id: string;
  readonly name: string;
  readonly settings: ProfileSettings;
}

/** All that is saved. `active` is the id of one of the profiles, of which there is at least one. */
export interface SavedProfiles extends SharedSettings {
  readonly active: string;
  readonly profiles: readonly Profile[];
}

/** What the window shows of a profile. */
export interface ProfileView extends Pick<ProfileSettings, 'origin' | 'port' | 'store'> {
  readonly id: string;
  readonly name: string;
}

export interface ProfileList {
  readonly active: string;
  readonly profiles: readonly ProfileView[];
}

const ID = /^[a-z\d](?:[a-z\d-]{0,38}[a-z\d])?$/;

export function isProfileId(id: string): boolean {
  return ID.test(id);
}

/** What is wrong with a name in words, or null. @param others names of the other profiles */
export function profileNameProblem(name: string, others: readonly string[]): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'must not be empty';
  if (trimmed.length > LONGEST_PROFILE_NAME) return `must be at most ${LONGEST_PROFILE_NAME} characters long`;
  const taken = others.some((other) => other.toLowerCase() === trimmed.toLowerCase());
  return taken ? 'is taken by another profile' : null;
}

/** An id for a new profile, after its name. */
export function newProfileId(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-');
  const slug = plain.slice(0, 32).replace(/^-+|-+$/g, '') || 'profile';
  let id = slug;
  for (let number = 2; taken.includes(id); number += 1) id = `${slug}-${number}`;
  return id;
}

/** A name that is free: the wanted one, else with a number. */
export function freeProfileName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let number = 2; profileNameProblem(name, taken) === 'is taken by another profile'; number += 1)
    name = `${wanted} ${number}`;
  return name;
}

/** The defaults of one profile: in Redis each has keys of its own. */
export function defaultSettingsOf(profile: string): Settings {
  if (profile === FIRST_PROFILE_ID) return DEFAULT_SETTINGS;
  const { redis } = DEFAULT_SETTINGS;
  return { ...DEFAULT_SETTINGS, redis: { ...redis, keyPrefix: `${redis.keyPrefix}-${profile}` } };
}

/** One profile and no more, as before there were several. */
export function onlyProfile(settings: Settings): SavedProfiles {
  const { appearance, desktop, ...own } = settings;
  const profile: Profile = { id: FIRST_PROFILE_ID, name: 'Default', settings: own };
  return { appearance, desktop, active: FIRST_PROFILE_ID, profiles: [profile] };
}

export function findProfile(saved: SavedProfiles, id: string): Profile | null {
  return saved.profiles.find((profile) => profile.id === id) ?? null;
}

/** The whole settings of a profile, as saved. Of one that does not exist: its defaults. */
export function settingsOfProfile(saved: SavedProfiles, id: string): Settings {
  const own = findProfile(saved, id)?.settings ?? defaultSettingsOf(id);
  return { ...own, appearance: saved.appearance, desktop: saved.desktop };
}

/** The same, with these settings for one profile, and their shared part for all. */
export function withProfileSettings(saved: SavedProfiles, id: string, settings: Settings): SavedProfiles {
  const { appearance, desktop, ...own } = settings;
  const profiles = saved.profiles.map((one) => (one.id === id ? { ...one, settings: own } : one));
  return { ...saved, appearance, desktop, profiles };
}

/** @param inForce of the active profile, which a flag may have given */
export function profileListOf(saved: SavedProfiles, inForce: Settings): ProfileList {
  const profiles = saved.profiles.map(({ id, name, settings }) => {
    const { origin, port, store } = id === saved.active ? inForce : settings;
    return { id, name, origin, port, store };
  });
  return { active: saved.active, profiles };
}
