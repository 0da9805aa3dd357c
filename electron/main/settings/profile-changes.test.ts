import { describe, expect, it } from 'vitest';
import { LarderError } from '../../../shared/error-codes';
import { onlyProfile, settingsOfProfile, type SavedProfiles } from '../../../shared/profiles';
import { DEFAULT_SETTINGS, type Secrets, type Settings } from '../../../shared/settings';
import type { LarderEngine } from '../../engine/larder-engine';
import { createProfile, deleteProfile, duplicateProfile, renameProfile } from './profile-changes';
import { SettingsKeeper } from './settings-keeper';

interface Applied {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly cache: string | undefined;
}

/** Only what is used of the engine; the real one is driven in e2e/ and in electron/engine/test/profiles.test.ts. */
function larder({ inUse = false, unwritable = false } = {}) {
  const applied: Applied[] = [];
  const forgotten: string[] = [];
  const passwords = new Map<string, string>();
  let file: SavedProfiles | null = null;
  let refuse: LarderError | null = null;
  const engine = {
    apply: async (settings: Settings, secrets: Secrets, cache?: string) => {
      if (refuse !== null) throw refuse;
      applied.push({ settings, secrets, cache });
    },
    forgetCache: async (cache: string) => {
      forgotten.push(cache);
      return !inUse;
    },
    status: () => ({ listen: { kind: 'listening' } }),
  } as unknown as LarderEngine;
  const saved = onlyProfile({ ...DEFAULT_SETTINGS, origin: 'https://saved.test' });
  const keeper = new SettingsKeeper({
    engine,
    resolved: {
      settings: { ...DEFAULT_SETTINGS, origin: 'https://flag.test', port: 5555 },
      saved,
      profile: 'default',
      overridden: { origin: '--origin', port: '--port' },
    },
    secrets: { redisPassword: 'first' },
    vault: {
      available: true,
      redisPassword: (profile) => passwords.get(profile) ?? null,
      saveRedisPassword: async (profile, password) => {
        if (password === null) passwords.delete(profile);
        else passwords.set(profile, password);
        return true;
      },
    },
    write: async (profiles) => {
      if (unwritable) throw new LarderError('settings_unwritable', 'The disk is full');
      file = profiles;
    },
    onChange: () => {},
  });
  return {
    keeper,
    engine,
    applied,
    forgotten,
    passwords,
    file: () => file,
    refuseWith: (error: LarderError | null) => (refuse = error),
  };
}

const create = (keeper: SettingsKeeper, name: string, origin = '') =>
  createProfile(keeper, { name, origin, port: '4000' });

describe('createProfile', () => {
  it('makes a profile with defaults and keys of its own, which is not active yet', async () => {
    const { keeper, applied, file } = larder();
    expect(await create(keeper, ' Staging ', 'https://staging.test')).toMatchObject({
      kind: 'changed',
      id: 'staging',
      list: { active: 'default', profiles: [{ id: 'default' }, { id: 'staging', name: 'Staging' }] },
    });
    expect(applied).toEqual([]);
    expect(settingsOfProfile(file()!, 'staging')).toEqual({
      ...DEFAULT_SETTINGS,
      origin: 'https://staging.test',
      port: 4000,
      redis: { ...DEFAULT_SETTINGS.redis, keyPrefix: 'larder-staging' },
    });
  });

  it('says at the field what is wrong, and writes nothing', async () => {
    const { keeper, file } = larder();
    expect(await create(keeper, 'default')).toEqual({
      kind: 'refused',
      field: 'name',
      message: 'is taken by another profile',
    });
    expect(await create(keeper, 'A', 'ftp://a')).toMatchObject({ kind: 'refused', field: 'origin' });
    expect(await createProfile(keeper, { name: 'A', origin: '', port: '70000' })).toMatchObject({
      kind: 'refused',
      field: 'port',
    });
    expect(file()).toBeNull();
  });
});

describe('switchTo', () => {
  it('applies the other profile with its own cache and password, and remembers it', async () => {
    const { keeper, applied, passwords, file } = larder();
    passwords.set('staging', 'second');
    await create(keeper, 'Staging');
    const told: string[] = [];
    keeper.onProfiles(({ active }) => told.push(active));
    expect(await keeper.switchTo('staging')).toEqual({ kind: 'switched', name: 'Staging', notice: null });
    expect(applied).toMatchObject([
      { settings: { port: 4000, origin: null }, secrets: { redisPassword: 'second' }, cache: 'staging' },
    ]);
    expect(file()?.active).toBe('staging');
    expect(told).toEqual(['staging']);
    expect(keeper.overridden).toEqual({});
  });

  it('goes back to what flags and variables gave to the first', async () => {
    const { keeper, applied, file } = larder();
    await create(keeper, 'Staging');
    await keeper.switchTo('staging');
    await keeper.save({ settings: { ...keeper.settings, ttlSeconds: 9, appearance: 'dark' } });
    await keeper.switchTo('default');
    expect(applied.at(-1)).toMatchObject({
      settings: { origin: 'https://flag.test', port: 5555, ttlSeconds: null, appearance: 'dark' },
      secrets: { redisPassword: 'first' },
      cache: 'default',
    });
    expect(keeper.overridden).toEqual({ origin: '--origin', port: '--port' });
    expect(settingsOfProfile(file()!, 'default').origin).toBe('https://saved.test');
    expect(settingsOfProfile(file()!, 'staging').ttlSeconds).toBe(9);
  });

  it('stays where the port of the other is taken', async () => {
    const { keeper, refuseWith, file } = larder();
    await create(keeper, 'Staging');
    refuseWith(new LarderError('port_in_use', 'Port 4000 is taken'));
    expect(await keeper.switchTo('staging')).toMatchObject({
      kind: 'port-in-use',
      message: 'Port 4000 is taken',
    });
    expect(keeper.settings.port).toBe(5555);
    expect(file()?.active).toBe('default');
  });

  it('says it where a profile is gone', async () => {
    const { keeper } = larder();
    expect(await keeper.switchTo('none')).toEqual({
      kind: 'failed',
      message: 'This profile is no longer there.',
    });
  });
});

describe('renameProfile', () => {
  it('changes the name and nothing else', async () => {
    const { keeper, file } = larder();
    await renameProfile(keeper, { id: 'default', name: 'Production' });
    expect(file()?.profiles).toMatchObject([{ id: 'default', name: 'Production' }]);
    expect(await renameProfile(keeper, { id: 'default', name: '' })).toMatchObject({ kind: 'refused' });
  });
});

describe('duplicateProfile', () => {
  it('takes settings and password, but not the keys in Redis', async () => {
    const { keeper, passwords, file } = larder();
    passwords.set('default', 'first');
    await duplicateProfile(keeper, 'default');
    await duplicateProfile(keeper, 'default');
    expect(file()?.profiles.map(({ name }) => name)).toEqual(['Default', 'Default copy', 'Default copy 2']);
    expect(file()?.profiles[1]?.settings).toMatchObject({
      origin: 'https://saved.test',
      redis: { keyPrefix: 'larder-default-copy' },
    });
    expect(passwords.get('default-copy')).toBe('first');
  });
});

describe('deleteProfile', () => {
  it('deletes the cache and the password too', async () => {
    const { keeper, engine, forgotten, passwords, file } = larder();
    await create(keeper, 'Staging');
    passwords.set('staging', 'second');
    expect(await deleteProfile(keeper, engine, 'staging')).toMatchObject({ kind: 'changed', notice: null });
    expect(forgotten).toEqual(['staging']);
    expect(passwords.has('staging')).toBe(false);
    expect(file()?.profiles.map(({ id }) => id)).toEqual(['default']);
  });

  it('leaves the last one', async () => {
    const { keeper, engine, forgotten } = larder();
    expect(await deleteProfile(keeper, engine, 'default')).toMatchObject({ kind: 'refused', field: 'other' });
    expect(forgotten).toEqual([]);
  });

  it('lets another take over from the active one first, or leaves it where that cannot be', async () => {
    const { keeper, engine, applied, refuseWith, file } = larder();
    await create(keeper, 'Staging');
    refuseWith(new LarderError('port_in_use', 'Port 4000 is taken'));
    expect(await deleteProfile(keeper, engine, 'default')).toMatchObject({
      kind: 'refused',
      message: 'Default is active, and Staging cannot be: Port 4000 is taken',
    });
    refuseWith(null);
    expect(await deleteProfile(keeper, engine, 'default')).toMatchObject({ kind: 'changed' });
    expect(applied.at(-1)?.cache).toBe('staging');
    expect(file()).toMatchObject({ active: 'staging', profiles: [{ id: 'staging' }] });
  });

  it('says what it had to leave behind', async () => {
    const { keeper, engine } = larder({ inUse: true });
    await create(keeper, 'Staging');
    const result = await deleteProfile(keeper, engine, 'staging');
    expect(result).toMatchObject({
      kind: 'changed',
      notice: expect.stringContaining('cache folder') as string,
    });
  });
});
