import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, MEBIBYTE, type Settings } from '../../../shared/settings';
import { importProject, projectText } from './project-transfer';

const CHOSEN: Settings = {
  ...DEFAULT_SETTINGS,
  origin: 'https://api.example.com/v2',
  port: 4000,
  host: '0.0.0.0',
  ttlSeconds: 60,
  errorTtlSeconds: 5,
  policy: 'respect',
  store: 'redis',
  redis: { ...DEFAULT_SETTINGS.redis, nodes: ['10.0.0.1:6379'], nearCacheBytes: 0, mode: 'cluster' },
  maxMemoryBytes: 64 * MEBIBYTE,
  maxBodyBytes: 1_234_567,
  compressionLevel: 0,
  persist: false,
  upstream: { ...DEFAULT_SETTINGS.upstream, acceptSelfSigned: true },
  credentialCookies: ['session*'],
  allowedHosts: ['larder.test'],
  appearance: 'dark',
  desktop: { tray: true, notifications: false },
};

describe('projectText', () => {
  it('names the schema, the origin, the port and what differs from the defaults', () => {
    expect(JSON.parse(projectText(CHOSEN))).toEqual({
      $schema: './larder.schema.json',
      origin: 'https://api.example.com/v2',
      port: 4000,
      host: '0.0.0.0',
      ttl: 60,
      'error-ttl': 5,
      policy: 'respect',
      store: 'redis',
      'max-memory': '64m',
      'max-body': 1_234_567,
      'compression-level': 0,
      persist: false,
      redis: { mode: 'cluster', nodes: ['10.0.0.1:6379'], nearCacheBytes: 0 },
      upstream: { acceptSelfSigned: true },
      'credential-cookies': ['session*'],
      'allowed-hosts': ['larder.test'],
    });
    expect(JSON.parse(projectText(DEFAULT_SETTINGS))).toEqual({
      $schema: './larder.schema.json',
      demo: true,
      port: 3000,
    });
  });

  it('is read back as it was, but for what concerns the window', () => {
    const { appearance, desktop } = DEFAULT_SETTINGS;
    expect(importProject(projectText(CHOSEN), 'larder.json', DEFAULT_SETTINGS)).toMatchObject({
      ok: true,
      settings: { ...CHOSEN, appearance, desktop },
    });
  });

  it('holds no password, also where one stands in the Redis URL', () => {
    const redis = { ...CHOSEN.redis, url: 'redis://ada:CANARY@cache.local' };
    const text = projectText({ ...CHOSEN, redis });
    expect(text).toContain('redis://ada@cache.local');
    expect(text).not.toContain('CANARY');
  });
});

describe('importProject', () => {
  it('says what changes, in words, and leaves what the file does not name', () => {
    const text = '{"origin": "http://localhost:1", "max-memory": "1g", "redis": {"tls": true}, "json": true}';
    const read = importProject(text, 'larder.json', { ...DEFAULT_SETTINGS, ttlSeconds: 60 });
    expect(read).toMatchObject({
      ok: true,
      settings: { origin: 'http://localhost:1', ttlSeconds: 60, maxMemoryBytes: 1024 * MEBIBYTE },
      changes: [
        { key: 'origin', from: 'the demo API', to: 'http://localhost:1' },
        { key: 'max-memory', from: '256 MiB', to: '1,024 MiB' },
        { key: 'redis.tls', from: 'off', to: 'on' },
      ],
      ignored: ['json'],
    });
  });

  it('says all that is wrong, by key, and repeats no secret', () => {
    const wrong = { port: 'x', prot: 1, redis: { url: 'redis://:CANARY@a', poolSize: 0 }, ttl: 5 };
    const read = importProject(JSON.stringify(wrong), 'their.json', DEFAULT_SETTINGS);
    expect(read).toEqual({
      ok: false,
      problems: [
        'their.json: port: "x" must be a whole number from 0 to 65535',
        'their.json: unknown key "prot"; did you mean "port"?',
        'their.json: redis.url (not shown) carries a password: secrets are never kept in a project file; set REDIS_PASSWORD',
        'their.json: redis.poolSize: 0 must be a whole number from 1 to 20 (connections)',
      ],
    });
  });

  it('says what does not go together', () => {
    expect(importProject('{"redis": {"retryMinMs": 5000}}', 'a.json', DEFAULT_SETTINGS)).toEqual({
      ok: false,
      problems: ['a.json: redis.retryMaxMs: must be at least as long as the shortest pause (5000)'],
    });
    expect(importProject('[', 'a.json', DEFAULT_SETTINGS)).toMatchObject({ ok: false });
  });
});
