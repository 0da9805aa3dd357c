import { describe, expect, it, vi } from 'vitest';
import { LarderError } from '../../../shared/error-codes';
import { onlyProfile, settingsOfProfile, type SavedProfiles } from '../../../shared/profiles';
import { DEFAULT_SETTINGS, type Secrets, type Settings } from '../../../shared/settings';
import type { LarderEngine } from '../../engine/larder-engine';
import { SettingsKeeper } from './settings-keeper';

interface Situation {
  readonly listen?: 'listening' | 'failed';
  readonly applyFailure?: LarderError;
  readonly startFailure?: LarderError;
  readonly keychain?: boolean;
}

/** Only what the keeper uses of the engine; the real one is driven in e2e/. */
function keeperWith({ listen = 'listening', applyFailure, startFailure, keychain = true }: Situation = {}) {
  const applied: { settings: Settings; secrets: Secrets; cache: string | undefined }[] = [];
  const written: Settings[] = [];
  const saved = { ...DEFAULT_SETTINGS, port: 4000 };
  const engine = {
    apply: async (settings: Settings, secrets: Secrets, cache?: string) => {
      if (applyFailure !== undefined) throw applyFailure;
      applied.push({ settings, secrets, cache });
    },
    start: async () => {
      if (startFailure !== undefined) throw startFailure;
    },
    status: () => ({ listen: { kind: listen } }),
  } as unknown as LarderEngine;
  const vault = {
    available: keychain,
    redisPassword: () => null,
    saveRedisPassword: vi.fn(async (_profile: string, _password: string | null) => keychain),
  };
  const keeper = new SettingsKeeper({
    engine,
    resolved: {
      settings: { ...saved, port: 5555 },
      saved: onlyProfile(saved),
      profile: 'default',
      overridden: { port: '--port' },
    },
    secrets: { redisPassword: null },
    vault,
    write: async (profiles: SavedProfiles) => {
      written.push(settingsOfProfile(profiles, profiles.active));
    },
    onChange: () => {},
  });
  return { keeper, applied, written, vault };
}

const form = (changes: Partial<Settings>): Settings => ({ ...DEFAULT_SETTINGS, port: 5555, ...changes });

describe('SettingsKeeper', () => {
  it('applies settings and then saves them, without what a flag gave', async () => {
    const { keeper, applied, written } = keeperWith();
    const result = await keeper.save({ settings: form({ ttlSeconds: 7, errorTtlSeconds: 3 }) });
    expect(result).toMatchObject({ kind: 'saved', notice: null });
    expect(applied[0]?.settings).toMatchObject({ port: 5555, ttlSeconds: 7, errorTtlSeconds: 3 });
    expect(written).toEqual([expect.objectContaining({ port: 4000, ttlSeconds: 7, errorTtlSeconds: 3 })]);
    expect(keeper.overridden).toEqual({ port: '--port' });
  });

  it('no longer counts as overridden what the person changed', async () => {
    const { keeper, written } = keeperWith();
    await keeper.save({ settings: form({ port: 6000 }) });
    expect(written[0]?.port).toBe(6000);
    expect(keeper.overridden).toEqual({});
  });

  it('saves nothing when the port is taken', async () => {
    const { keeper, written } = keeperWith({
      applyFailure: new LarderError('port_in_use', 'Port 6000 is taken'),
    });
    const result = await keeper.save({ settings: form({ port: 6000 }) });
    expect(result).toMatchObject({ kind: 'port-in-use', message: 'Port 6000 is taken' });
    expect(written).toEqual([]);
    expect(keeper.settings.port).toBe(5555);
  });

  it('says at the field when the address cannot be listened on', async () => {
    const { keeper } = keeperWith({
      applyFailure: new LarderError('host_unavailable', '192.0.2.1 is not ours'),
    });
    expect(await keeper.save({ settings: form({ host: '192.0.2.1' }) })).toEqual({
      kind: 'invalid',
      problems: [{ field: 'host', message: '192.0.2.1 is not ours' }],
    });
  });

  it('says at the Redis URL when it does not go with the mode', async () => {
    const { keeper, written } = keeperWith({
      applyFailure: new LarderError('settings_invalid', 'A unix socket leads to a single Redis.'),
    });
    expect(await keeper.save({ settings: form({ store: 'redis' }) })).toEqual({
      kind: 'invalid',
      problems: [{ field: 'redis.url', message: 'A unix socket leads to a single Redis.' }],
    });
    expect(written).toEqual([]);
  });

  it('goes back to the old settings where the proxy, failed before, fails again', async () => {
    const { keeper, applied, written } = keeperWith({
      listen: 'failed',
      startFailure: new LarderError('port_in_use', 'taken'),
    });
    expect(await keeper.save({ settings: form({ port: 6001 }) })).toMatchObject({ kind: 'port-in-use' });
    expect(applied.map(({ settings }) => settings.port)).toEqual([6001, 5555]);
    expect(written).toEqual([]);
  });

  it('moves the password out of the Redis URL, into the vault and never into the settings', async () => {
    const { keeper, applied, written, vault } = keeperWith();
    const redis = { ...DEFAULT_SETTINGS.redis, url: 'redis://me:canary@localhost:6379' };
    await keeper.save({ settings: form({ redis }) });
    expect(JSON.stringify([written, keeper.settings])).not.toContain('canary');
    expect(applied[0]?.secrets).toEqual({ redisPassword: 'canary' });
    expect(vault.saveRedisPassword).toHaveBeenCalledWith('default', 'canary');
  });

  it('refuses a Redis URL whose password cannot be told from the rest, and repeats none of it', async () => {
    const { keeper, applied, written } = keeperWith();
    const redis = { ...DEFAULT_SETTINGS.redis, url: 'redis://me:can/ary@localhost' };
    const result = await keeper.save({ settings: form({ redis }) });
    expect(result).toMatchObject({ kind: 'invalid', problems: [{ field: 'redis.url' }] });
    expect(JSON.stringify(result)).not.toContain('can/ary');
    expect(() => keeper.meant({ settings: form({ redis }) })).toThrow(/^The Redis URL must be (?!.*can)/);
    expect([applied, written]).toEqual([[], []]);
  });

  it('keeps the password for this run and says so where there is no keychain', async () => {
    const { keeper, applied } = keeperWith({ keychain: false });
    const result = await keeper.save({ settings: form({}), redisPassword: 'canary' });
    expect(result).toMatchObject({ kind: 'saved', notice: /no keychain/ });
    expect(applied[0]?.secrets).toEqual({ redisPassword: 'canary' });
    expect(keeper.hasRedisPassword).toBe(true);
  });

  it('leaves the password where the request does not mention it, and removes it on null', async () => {
    const { keeper } = keeperWith();
    await keeper.save({ settings: form({}), redisPassword: 'canary' });
    await keeper.save({ settings: form({ ttlSeconds: 1 }) });
    expect(keeper.hasRedisPassword).toBe(true);
    await keeper.save({ settings: form({}), redisPassword: null });
    expect(keeper.hasRedisPassword).toBe(false);
  });
});
