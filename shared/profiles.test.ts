import { describe, expect, it } from 'vitest';
import {
  defaultSettingsOf,
  freeProfileName,
  isProfileId,
  newProfileId,
  onlyProfile,
  profileListOf,
  profileNameProblem,
  settingsOfProfile,
  withProfileSettings,
} from './profiles';
import { DEFAULT_SETTINGS } from './settings';

describe('newProfileId', () => {
  it.each([
    ['Staging', 'staging'],
    ['  Müller & Söhne  ', 'mu-ller-so-hne'],
    ['../../etc', 'etc'],
    ['数据', 'profile'],
    ['', 'profile'],
    ['x'.repeat(100), 'x'.repeat(32)],
  ])('makes of %j the id %j, which can name a folder', (name, id) => {
    expect(newProfileId(name, [])).toBe(id);
    expect(isProfileId(id)).toBe(true);
  });

  it('counts on where the id is taken', () => {
    expect(newProfileId('Staging', ['default', 'staging', 'staging-2'])).toBe('staging-3');
  });
});

describe('profileNameProblem', () => {
  it.each([
    ['', 'must not be empty'],
    ['   ', 'must not be empty'],
    ['x'.repeat(61), 'must be at most 60 characters long'],
    [' DEFAULT ', 'is taken by another profile'],
    ['Staging', null],
  ])('says of %j: %j', (name, problem) => {
    expect(profileNameProblem(name, ['Default'])).toBe(problem);
  });

  it('finds a free name beside a taken one', () => {
    expect(freeProfileName('Default copy', ['Default', 'default copy'])).toBe('Default copy 2');
  });
});

describe('saved profiles', () => {
  it('give each profile its settings, and all of them the window’s', () => {
    const saved = onlyProfile({ ...DEFAULT_SETTINGS, port: 4000, appearance: 'dark' });
    expect(settingsOfProfile(saved, 'default')).toEqual({
      ...DEFAULT_SETTINGS,
      port: 4000,
      appearance: 'dark',
    });
    const changed = withProfileSettings(saved, 'default', { ...DEFAULT_SETTINGS, ttlSeconds: 9 });
    expect(changed.appearance).toBe('system');
    expect(settingsOfProfile(changed, 'default').ttlSeconds).toBe(9);
  });

  it('shows of the active one what is in force', () => {
    const list = profileListOf(onlyProfile(DEFAULT_SETTINGS), { ...DEFAULT_SETTINGS, port: 5555 });
    expect(list).toEqual({
      active: 'default',
      profiles: [{ id: 'default', name: 'Default', origin: null, port: 5555, store: 'memory' }],
    });
  });

  it('gives each but the first keys of its own in Redis', () => {
    expect(defaultSettingsOf('default')).toBe(DEFAULT_SETTINGS);
    expect(defaultSettingsOf('staging').redis.keyPrefix).toBe('larder-staging');
  });
});
