import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onlyProfile } from '../../../shared/profiles';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import type { ResolvedSettings, SettingsSources } from './resolve-settings';
import { resolveSettings } from './resolve-settings';

let cwd = '';
let dataDir = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'larder-cwd-'));
  dataDir = mkdtempSync(join(tmpdir(), 'larder-data-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
  rmSync(dataDir, { recursive: true });
});

const resolve = (sources: Partial<SettingsSources> = {}): ResolvedSettings =>
  resolveSettings({ argv: [], env: {}, cwd, dataDir, ...sources });
const project = (content: object): void => writeFileSync(join(cwd, 'larder.json'), JSON.stringify(content));
const save = (content: object): void =>
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ version: 1, ...content }));

describe('resolveSettings', () => {
  it('gives the defaults without any source', () => {
    expect(resolve()).toEqual({
      mode: 'run',
      settings: DEFAULT_SETTINGS,
      secrets: { redisPassword: null },
      saved: onlyProfile(DEFAULT_SETTINGS),
      profile: 'default',
      overridden: {},
      notices: [],
      json: false,
      quiet: false,
      dataDir,
      projectFile: null,
    });
  });

  it('lets each source win over the next', () => {
    save({ port: 1, origin: 'http://saved' });
    expect(resolve()).toMatchObject({ settings: { port: 1 }, overridden: {} });
    project({ port: 2 });
    expect(resolve()).toMatchObject({ settings: { port: 2 }, overridden: { port: 'larder.json' } });
    const env = { PROXY_PORT: '3' };
    expect(resolve({ env })).toMatchObject({ settings: { port: 3 }, overridden: { port: 'PROXY_PORT' } });
    expect(resolve({ env, argv: ['--port', '4'] })).toMatchObject({
      settings: { port: 4, origin: 'http://saved' },
      saved: { profiles: [{ settings: { port: 1 } }] },
      overridden: { port: '--port' },
    });
  });

  it('lets the TTL of errors in the project file win over what is saved', () => {
    save({ errorTtlSeconds: 5 });
    expect(resolve()).toMatchObject({ settings: { errorTtlSeconds: 5 }, overridden: {} });
    project({ 'error-ttl': 9 });
    expect(resolve()).toMatchObject({
      settings: { errorTtlSeconds: 9, ttlSeconds: null },
      saved: { profiles: [{ settings: { errorTtlSeconds: 5 } }] },
      overridden: { errorTtlSeconds: 'larder.json' },
    });
  });

  it('takes the settings of the profile that is active, and says whose cache that is', () => {
    const profiles = ['a', 'b'].map((id, index) => ({ id, name: id, settings: { port: 4000 + index } }));
    const file = { version: 2, active: 'b', appearance: 'dark', profiles };
    writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(file));
    expect(resolve({ argv: ['--ttl', '5'] })).toMatchObject({
      settings: { port: 4001, ttlSeconds: 5, appearance: 'dark', redis: { keyPrefix: 'larder-b' } },
      profile: 'b',
      saved: { active: 'b', profiles: [{ settings: { port: 4000 } }, { settings: { ttlSeconds: null } }] },
    });
  });

  it('lets --demo win over every origin', () => {
    save({ origin: 'http://saved' });
    project({ origin: 'http://project' });
    const read = resolve({ env: { PROXY_URL: 'http://env' }, argv: ['--demo'] });
    expect(read).toMatchObject({ settings: { origin: null }, overridden: { origin: '--demo' } });
  });

  it.each([
    [{ REDIS_HOST: 'a' }, [], {}, 'redis', 'REDIS_HOST'],
    [{ REDIS_URL: 'redis://a' }, [], {}, 'redis', 'REDIS_URL'],
    [{ REDIS_HOST: 'a' }, ['--store', 'memory'], {}, 'memory', '--store'],
    [{ REDIS_HOST: 'a' }, [], { store: 'memory' }, 'memory', 'larder.json'],
    [{ REDIS_PORT: '1' }, [], {}, 'memory', undefined],
    [{}, [], { store: 'redis' }, 'redis', 'larder.json'],
  ])('chooses the store with %j, %j and %j', (...row) => {
    const [env, argv, content, store, source] = row;
    project(content);
    const read = resolve({ env, argv });
    expect(read.settings.store).toBe(store);
    expect(read.overridden['store']).toBe(source);
  });

  it('lets REDIS_HOST win over a saved URL', () => {
    save({ redis: { url: 'redis://saved' } });
    expect(resolve({ env: { REDIS_HOST: 'a' } }).settings.redis).toMatchObject({ url: null, host: 'a' });
    expect(resolve({ env: { REDIS_HOST: 'a', REDIS_URL: 'redis://b' } }).settings.redis.url).toBe(
      'redis://b',
    );
  });

  it.each([
    ['REDIS_HOST', { REDIS_HOST: 'a' }, { url: null, host: 'a' }],
    ['REDIS_URL', { REDIS_URL: 'redis://b' }, { url: 'redis://b' }],
  ])(
    'lets %s stand for another Redis than the saved one, of which the project file may say more',
    (...row) => {
      const [source, env, expected] = row;
      save({
        redis: {
          mode: 'sentinel',
          nodes: ['saved:1'],
          port: 7000,
          username: 'ada',
          database: 3,
          tls: true,
          acceptSelfSigned: true,
          keyPrefix: 'mine',
        },
      });
      const read = resolve({ env });
      expect(read.settings.redis).toEqual({ ...DEFAULT_SETTINGS.redis, keyPrefix: 'mine', ...expected });
      expect(read.overridden).toMatchObject({ 'redis.mode': source, 'redis.nodes': source });
      project({ redis: { mode: 'cluster', tls: true } });
      expect(resolve({ env }).settings.redis).toMatchObject({ mode: 'cluster', tls: true, nodes: [] });
      expect(resolve({ env: { ...env, REDIS_PORT: '1' } }).settings.redis.port).toBe(1);
    },
  );

  it('persists in the command line only where a flag or the project file says so', () => {
    const persistOf = (argv: readonly string[] = []): unknown =>
      resolve({ argv, persistOnlyIfAsked: true }).settings.persist;
    expect(resolve().settings.persist).toBe(true);
    expect(persistOf()).toBe(false);
    save({ persist: true });
    expect(persistOf()).toBe(false);
    expect(persistOf(['--persist'])).toBe(true);
    project({ persist: true });
    expect(persistOf()).toBe(true);
    project({ persist: false });
    expect(persistOf()).toBe(false);
    expect(resolve()).toMatchObject({
      settings: { persist: false },
      saved: { profiles: [{ settings: { persist: true } }] },
      overridden: { persist: 'larder.json' },
    });
    expect(persistOf(['--persist'])).toBe(true);
  });

  it('says which file gave a value that does not go with another', () => {
    project({ redis: { retryMinMs: 5000 } });
    expect(() => resolve()).toThrow(
      'larder.json: redis.retryMaxMs must be at least as long as the shortest pause (5000)',
    );
    project({ redis: { retryMinMs: 5000, retryMaxMs: 5000 } });
    expect(resolve().settings.redis.retryMaxMs).toBe(5000);
  });

  it('keeps secrets beside the settings', () => {
    save({ redis: { url: 'redis://:CANARY@saved' } });
    const read = resolve({ env: { REDIS_PASSWORD: 'secret' } });
    expect(read.secrets).toEqual({ redisPassword: 'secret' });
    expect(read.overridden).toEqual({ 'redis.password': 'REDIS_PASSWORD' });
    expect(JSON.stringify([read.settings, read.saved])).not.toContain('CANARY');
    expect(resolve().secrets).toEqual({ redisPassword: 'CANARY' });
    expect(resolve({ env: { REDIS_URL: 'redis://:p@a', REDIS_PASSWORD: 'q' } }).secrets.redisPassword).toBe(
      'p',
    );
  });

  it('reports a broken settings file and goes on', () => {
    writeFileSync(join(dataDir, 'settings.json'), 'x');
    const read = resolve({ argv: ['--port', '5'] });
    expect(read.settings.port).toBe(5);
    expect(read.notices).toEqual([expect.stringContaining('settings.json.bad-')]);
  });

  it('finds the data folder of LARDER_DATA_DIR', () => {
    save({ port: 7 });
    const read = resolveSettings({ argv: [], env: { LARDER_DATA_DIR: dataDir }, cwd });
    expect(read).toMatchObject({ dataDir, settings: { port: 7 } });
  });

  it.each([
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['--clear-cache'], 'clear-cache'],
  ])('knows the mode of %j', (argv, mode) => {
    expect(resolve({ argv }).mode).toBe(mode);
  });

  it('helps with a broken project file and a wrong variable', () => {
    writeFileSync(join(cwd, 'larder.json'), '{');
    expect(resolve({ argv: ['--help'], env: { PROXY_PORT: 'x' } }).mode).toBe('help');
  });

  it('takes json and quiet from either place', () => {
    project({ json: true });
    expect(resolve({ argv: ['--quiet'] })).toMatchObject({ json: true, quiet: true });
  });

  it.each([
    [{ argv: ['--port', 'x'] }, '--port: "x"'],
    [{ env: { PROXY_PORT: 'x' } }, 'PROXY_PORT: "x"'],
    [{ argv: ['--config', 'no.json'] }, '--config: "no.json"'],
  ])('refuses %j', (sources, message) => {
    expect(() => resolve(sources)).toThrow(message);
  });
});
