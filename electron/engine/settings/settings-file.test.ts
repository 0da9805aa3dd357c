import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onlyProfile, settingsOfProfile, withProfileSettings } from '../../../shared/profiles';
import type { SavedProfiles } from '../../../shared/profiles';
import type { Settings } from '../../../shared/settings';
import { DEFAULT_SETTINGS, parseSettings } from '../../../shared/settings';
import { readSettingsFile as readProfiles, writeSettingsFile as writeProfiles } from './settings-file';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const windows = process.platform === 'win32';
let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'larder-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const CHOSEN: Settings = {
  ...DEFAULT_SETTINGS,
  origin: 'https://api.example.com/v2',
  port: 8080,
  ttlSeconds: 60,
  errorTtlSeconds: 5,
  redis: { ...DEFAULT_SETTINGS.redis, url: 'redis://cache.local:6379' },
  credentialCookies: ['session'],
};

/** What most of this is about: the settings of the profile that is active. */
function readSettingsFile(dataDir: string, now?: Date) {
  const { saved, notices } = readProfiles(dataDir, now);
  return { settings: settingsOfProfile(saved, saved.active), notices };
}

const writeSettingsFile = (dataDir: string, settings: Settings) =>
  writeProfiles(dataDir, onlyProfile(settings));

describe('readSettingsFile', () => {
  it('gives defaults where there is no file', () => {
    expect(readSettingsFile(folder)).toEqual({ settings: DEFAULT_SETTINGS, notices: [] });
    expect(readSettingsFile(join(folder, 'none'))).toEqual({ settings: DEFAULT_SETTINGS, notices: [] });
  });

  it('reads what was written', async () => {
    await writeSettingsFile(folder, CHOSEN);
    expect(readSettingsFile(folder)).toEqual({ settings: CHOSEN, notices: [] });
  });

  it('fills what is missing with defaults, inside sections too', () => {
    writeFileSync(path, '{"version": 1, "port": 4000, "redis": {"host": "a"}, "upstream": {}}');
    expect(readSettingsFile(folder)).toEqual({
      settings: { ...DEFAULT_SETTINGS, port: 4000, redis: { ...DEFAULT_SETTINGS.redis, host: 'a' } },
      notices: [],
    });
  });

  it('loads a file that was written before Redis had modes and memory a disk', () => {
    const { compressionLevel: _level, persist: _persist, maxDiskBytes: _disk, ...old } = CHOSEN;
    const { host, port, url, keyPrefix } = CHOSEN.redis;
    writeFileSync(path, JSON.stringify({ version: 1, ...old, redis: { host, port, url, keyPrefix } }));
    expect(readSettingsFile(folder)).toEqual({ settings: CHOSEN, notices: [] });
  });

  it('loads a file that was written before errors could be stored: they are not', () => {
    const { errorTtlSeconds: _unknown, ...old } = CHOSEN;
    writeFileSync(path, JSON.stringify({ version: 1, ...old }));
    expect(readSettingsFile(folder)).toEqual({
      settings: { ...CHOSEN, errorTtlSeconds: null },
      notices: [],
    });
  });

  it.each([
    ['', 'it is not valid JSON (it ends too early)'],
    ['{"version":1', 'it is not valid JSON (line 1, column 13)'],
    ['[]', 'it is not a JSON object'],
    ['{}', 'it names no known version'],
    ['{"version":3,"port":1}', 'a newer version of Larder wrote it'],
    ['{"version":2,"port":1}', 'Unrecognized key: "port"'],
    ['{"version":2,"active":"default"}', 'profiles: must be a list of 1 to 50'],
    ['{"version":2,"active":"default","profiles":[]}', 'profiles: must be a list of 1 to 50'],
    ['{"version":2,"active":"x","profiles":[5]}', 'profiles.0 is not a JSON object'],
    [
      '{"version":2,"active":"x","profiles":[{"id":"a","name":"A","settings":{}}]}',
      'active: must be the id of a profile',
    ],
    [
      '{"version":2,"active":"a","profiles":[{"id":"../a","name":"A","settings":{}}]}',
      'profiles.0.id: must be lower-case letters and digits',
    ],
    [
      '{"version":2,"active":"a","profiles":[{"id":"a","name":"A","settings":{}},{"id":"a","name":"B","settings":{}}]}',
      'profiles.1.id: is there twice',
    ],
    [
      '{"version":2,"active":"a","profiles":[{"id":"a","name":"A","settings":{}},{"id":"b","name":"a","settings":{}}]}',
      'profiles.1.name: is taken by another profile',
    ],
    [
      '{"version":2,"active":"a","profiles":[{"id":"a","name":"A","settings":{"port":"x"}}]}',
      'profiles.0.settings.port: must be a whole number from 0 to 65535',
    ],
    [
      '{"version":2,"active":"a","desktop":{"tray":1},"profiles":[{"id":"a","name":"A","settings":{}}]}',
      'desktop.tray: ',
    ],
    ['{"version":"1"}', 'it names no known version'],
    ['{"version":1,"port":"x"}', 'port: must be a whole number from 0 to 65535'],
    ['{"version":1,"errorTtlSeconds":-1}', 'errorTtlSeconds: must be a whole number from 0 to 315360000'],
    ['{"version":1,"redis":5}', 'redis: Invalid input'],
    ['{"version":1,"redis":{"url":"redis://a:b/c@d"}}', 'redis.url: must be redis://, rediss:// or unix:'],
    [
      '{"version":1,"redis":{"retryMinMs":2000}}',
      'redis.retryMaxMs: must be at least as long as the shortest pause',
    ],
    ['{"version":1,"prot":1}', 'Unrecognized key: "prot"'],
    ['{"version":1,"__proto__":{"port":1}}', 'Unrecognized key: "__proto__"'],
    ['\u0000\u0000', 'it is not valid JSON'],
    [new Uint8Array([0x7b, 0xff, 0x7d]), 'it is not valid JSON'],
    [new Uint8Array(1024 * 1024 + 1), 'it is larger than 1 MiB'],
  ])('sets aside %j and says so', (content, problem) => {
    writeFileSync(path, content);
    const read = readSettingsFile(folder, NOW);
    expect(read.settings).toEqual(DEFAULT_SETTINGS);
    expect(read.notices).toHaveLength(1);
    expect(read.notices[0]).toContain(problem);
    expect(read.notices[0]).toContain('settings.json.bad-2026-01-02T03-04-05-678Z');
    expect(readdirSync(folder)).toEqual(['settings.json.bad-2026-01-02T03-04-05-678Z']);
    expect(readSettingsFile(folder).notices).toEqual([]);
  });

  it('starts with defaults where the file is a folder', () => {
    mkdirSync(path);
    expect(readSettingsFile(folder)).toMatchObject({
      settings: DEFAULT_SETTINGS,
      notices: [expect.stringContaining('it is a folder')],
    });
  });

  it('never repeats the content in a notice', () => {
    writeFileSync(path, '{"version":1,"origin":"http://a:CANARY@b"}');
    expect(readSettingsFile(folder).notices.join()).not.toContain('CANARY');
  });
});

describe('the file of several profiles', () => {
  const two: SavedProfiles = {
    ...onlyProfile(CHOSEN),
    appearance: 'dark',
    desktop: { tray: true, notifications: false },
    active: 'staging',
    profiles: [
      ...onlyProfile(CHOSEN).profiles,
      { ...onlyProfile({ ...CHOSEN, port: 5000 }).profiles[0]!, id: 'staging', name: 'Staging' },
    ],
  };

  it('comes back as it was written', async () => {
    await writeProfiles(folder, two);
    expect(readProfiles(folder)).toEqual({ saved: two, notices: [] });
  });

  it('gives a profile that says nothing its defaults, with keys of its own in Redis', () => {
    const profiles = [{ id: 'b', name: 'B', settings: {} }];
    writeFileSync(path, JSON.stringify({ version: 2, active: 'b', profiles }));
    const { saved } = readProfiles(folder);
    expect(settingsOfProfile(saved, 'b')).toEqual({
      ...DEFAULT_SETTINGS,
      redis: { ...DEFAULT_SETTINGS.redis, keyPrefix: 'larder-b' },
    });
  });

  it('leaves out the passwords of all of them', async () => {
    const redis = { ...CHOSEN.redis, url: 'redis://:CANARY@cache.local' };
    await writeProfiles(folder, withProfileSettings(two, 'default', { ...CHOSEN, redis }));
    expect(readFileSync(path, 'utf8')).not.toContain('CANARY');
  });

  it('is made of the file that a Larder without profiles wrote', () => {
    const old = readFileSync(new URL('./test/settings-version-1.json', import.meta.url));
    writeFileSync(path, old);
    const { saved, notices } = readProfiles(folder);
    expect(notices).toEqual([]);
    expect(saved).toMatchObject({
      appearance: 'dark',
      desktop: { tray: false, notifications: true },
      active: 'default',
      profiles: [
        {
          id: 'default',
          name: 'Default',
          settings: {
            origin: 'https://api.example.com/v2',
            port: 4000,
            ttlSeconds: 60,
            store: 'redis',
            redis: { host: 'cache.local', keyPrefix: 'team' },
          },
        },
      ],
    });
    expect(saved.profiles).toHaveLength(1);
  });
});

describe('readSettingsFile, P02', () => {
  it('loads each of 200 mutations: valid settings, or the defaults and a notice', async () => {
    await writeSettingsFile(folder, CHOSEN);
    const whole = readFileSync(path);
    const mutation = fc.oneof(
      fc.record({ kind: fc.constant('flip'), at: fc.nat(whole.length - 1), byte: fc.nat(255) }),
      fc.record({ kind: fc.constant('cut'), at: fc.nat(whole.length - 1), byte: fc.constant(0) }),
      fc.record({
        kind: fc.constant('drop'),
        at: fc.nat(whole.length - 1),
        byte: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({
        kind: fc.constant('repeat'),
        at: fc.nat(whole.length - 1),
        byte: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({ kind: fc.constant('insert'), at: fc.nat(whole.length - 1), byte: fc.nat(255) }),
    );
    fc.assert(
      fc.property(mutation, ({ kind, at, byte }) => {
        writeFileSync(path, mutated(whole, kind, at, byte));
        const { settings, notices } = readSettingsFile(folder, NOW);
        expect(parseSettings(settings).ok).toBe(true);
        expect(notices.length === 0 || isDeepStrictEqual(settings, DEFAULT_SETTINGS)).toBe(true);
        expect(kind === 'cut' && at < whole.length - 1 && notices.length === 0).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('loads whatever JSON is there', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        writeFileSync(path, text);
        expect(readSettingsFile(folder, NOW).settings).toEqual(DEFAULT_SETTINGS);
      }),
      { numRuns: 200 },
    );
  });
});

function mutated(whole: Uint8Array, kind: string, at: number, byte: number): Uint8Array {
  const before = whole.subarray(0, at);
  const after = whole.subarray(at);
  if (kind === 'cut') return before;
  if (kind === 'drop') return Buffer.concat([before, after.subarray(byte)]);
  if (kind === 'repeat') return Buffer.concat([before, after.subarray(0, byte), after]);
  return Buffer.concat([before, new Uint8Array([byte]), kind === 'flip' ? after.subarray(1) : after]);
}

describe('writeSettingsFile', () => {
  it('makes the folder, names the version, and leaves nothing else behind', async () => {
    const deep = join(folder, 'a', 'b');
    await writeSettingsFile(deep, CHOSEN);
    expect(readdirSync(deep)).toEqual(['settings.json']);
    expect(JSON.parse(readFileSync(join(deep, 'settings.json'), 'utf8'))).toMatchObject({
      version: 2,
      active: 'default',
      profiles: [{ id: 'default', name: 'Default', settings: { port: 8080 } }],
    });
  });

  it.skipIf(windows)('is readable by the owner only, also over a file that was open to all', async () => {
    writeFileSync(path, '{}');
    chmodSync(path, 0o666);
    await writeSettingsFile(folder, CHOSEN);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves out a password in the Redis URL', async () => {
    const redis = { ...CHOSEN.redis, url: 'redis://ada:CANARY@cache.local' };
    await writeSettingsFile(folder, { ...CHOSEN, redis });
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('redis://ada@cache.local');
    expect(text).not.toContain('CANARY');
  });

  it('leaves out a password for a unix socket', async () => {
    const redis = { ...CHOSEN.redis, url: 'unix://ada:CANARY@/run/redis.sock?password=CANARY' };
    await writeSettingsFile(folder, { ...CHOSEN, redis });
    expect(readFileSync(path, 'utf8')).not.toContain('CANARY');
    expect(readSettingsFile(folder).settings.redis.url).toBe('unix://ada@/run/redis.sock');
  });

  it('keeps every one of concurrent writes whole', async () => {
    const ports = Array.from({ length: 20 }, (_, index) => 4000 + index);
    await Promise.all(ports.map((port) => writeSettingsFile(folder, { ...CHOSEN, port })));
    expect(ports).toContain(readSettingsFile(folder).settings.port);
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it.skipIf(windows)('writes through a link', async () => {
    const dotfiles = join(folder, 'dotfiles.json');
    writeFileSync(dotfiles, '{"version":1}');
    symlinkSync(dotfiles, path);
    await writeSettingsFile(folder, CHOSEN);
    expect(JSON.parse(readFileSync(dotfiles, 'utf8'))).toMatchObject({
      profiles: [{ settings: { port: 8080 } }],
    });
  });

  it('says what to do where it cannot write, and leaves the old file alone', async () => {
    writeFileSync(join(folder, 'file'), 'x');
    const failure = writeSettingsFile(join(folder, 'file'), CHOSEN);
    await expect(failure).rejects.toMatchObject({
      code: 'settings_unwritable',
      message: expect.stringContaining('cannot be saved') as string,
    });
    mkdirSync(path);
    await expect(writeSettingsFile(folder, CHOSEN)).rejects.toMatchObject({ code: 'settings_unwritable' });
    expect(new Set(readdirSync(folder))).toEqual(new Set(['file', 'settings.json']));
  });
});

describe('the documents', () => {
  it('docs/configuration.md has a line for every setting', () => {
    const text = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    const named = new Set(
      [...text.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => cell.match(/[\w.]+/g) ?? []),
    );
    const { redis, upstream, limits, desktop, ...top } = DEFAULT_SETTINGS;
    const fields = [
      ...Object.keys(top),
      ...Object.keys(redis).map((name) => `redis.${name}`),
      ...Object.keys(upstream).map((name) => `upstream.${name}`),
      ...Object.keys(limits).map((name) => `limits.${name}`),
      ...Object.keys(desktop).map((name) => `desktop.${name}`),
    ];
    expect(fields.filter((field) => !named.has(field))).toEqual([]);
  });
});
