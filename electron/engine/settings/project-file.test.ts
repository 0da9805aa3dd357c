import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MEBIBYTE } from '../../../shared/settings';
import { parseFlags } from './flags';
import { readProjectFile } from './project-file';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'larder-project-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (content: unknown, name = 'larder.json'): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

describe('readProjectFile', () => {
  it('is content without a file', () => {
    expect(readProjectFile(folder, null)).toEqual({ path: null, assignments: [], switches: new Set() });
  });

  it('takes the names of the flags', () => {
    const path = write({
      $schema: './larder.schema.json',
      origin: 'https://api.example.com',
      port: 0,
      host: '::1',
      ttl: 60,
      policy: 'respect',
      store: 'redis',
      'max-memory': '64m',
      json: true,
      quiet: false,
    });
    const read = readProjectFile(folder, null);
    expect(read.path).toBe(path);
    expect(Object.fromEntries(read.assignments.map(({ field, value }) => [field, value]))).toEqual({
      origin: 'https://api.example.com',
      port: 0,
      host: '::1',
      ttlSeconds: 60,
      policy: 'respect',
      store: 'redis',
      maxMemoryBytes: 64 * MEBIBYTE,
    });
    expect(new Set(read.assignments.map(({ source }) => source))).toEqual(new Set(['larder.json']));
    expect(read.switches).toEqual(new Set(['json']));
  });

  it('takes the TTL of errors, for which there is no flag', () => {
    write({ ttl: 60, 'error-ttl': 5 });
    expect(readProjectFile(folder, null).assignments).toEqual([
      { field: 'ttlSeconds', value: 60, source: 'larder.json' },
      { field: 'errorTtlSeconds', value: 5, source: 'larder.json' },
    ]);
    expect(() => parseFlags(['--error-ttl', '5'])).toThrow('unknown flag "--error-ttl"');
  });

  it('takes what is kept on disk, and how it is compressed', () => {
    write({ persist: true, 'max-disk': '2g', 'compression-level': 0 });
    const read = readProjectFile(folder, null);
    expect(read.assignments).toEqual([
      { field: 'persist', value: true, source: 'larder.json' },
      { field: 'maxDiskBytes', value: 2048 * MEBIBYTE, source: 'larder.json' },
      { field: 'compressionLevel', value: 0, source: 'larder.json' },
    ]);
    write({ persist: false });
    expect(readProjectFile(folder, null).assignments).toEqual([
      { field: 'persist', value: false, source: 'larder.json' },
    ]);
  });

  it('takes a section for Redis, with the names of the settings', () => {
    const redis = {
      mode: 'sentinel',
      url: 'redis://ada@cache.local/2',
      host: 'cache.local',
      port: 6380,
      nodes: ['10.0.0.1:26379', '[::1]:26379'],
      masterName: 'cache',
      username: 'ada',
      database: 3,
      tls: true,
      acceptSelfSigned: true,
      keyPrefix: 'team',
      poolSize: 8,
      connectTimeoutMs: 1000,
      commandTimeoutMs: 50,
      writeTimeoutMs: 2000,
      retryMinMs: 10,
      retryMaxMs: 500,
    };
    write({ redis: { ...redis, nearCacheBytes: '8m' } });
    expect(readProjectFile(folder, null).assignments).toEqual(
      Object.entries({ ...redis, nearCacheBytes: 8 * MEBIBYTE }).map(([name, value]) => ({
        field: `redis.${name}`,
        value,
        source: 'larder.json',
      })),
    );
    write({ redis: { nearCacheBytes: 0 } });
    expect(readProjectFile(folder, null).assignments).toMatchObject([{ value: 0 }]);
  });

  it.each([
    [
      { url: 'redis://:CANARY@a' },
      'larder.json: redis.url (not shown) carries a password: secrets are never kept in a project file; set REDIS_PASSWORD',
    ],
    [
      { url: 'unix:/run/redis.sock?password=CANARY' },
      'larder.json: redis.url (not shown) carries a password',
    ],
    [
      { url: 'redis://a:CAN/ARY@b' },
      'larder.json: redis.url (not shown) must be redis://, rediss:// or unix:',
    ],
    [
      { password: 'CANARY' },
      'larder.json: redis: "password" is refused: secrets are never kept in a project file; set REDIS_PASSWORD',
    ],
    [{ prot: 1 }, 'larder.json: redis: unknown key "prot"; did you mean "port"?'],
    [{ url: 5 }, 'larder.json: redis.url: 5 must be a string'],
    [{ mode: 'x' }, 'larder.json: redis.mode: "x" must be standalone or sentinel or cluster'],
    [{ tls: 'yes' }, 'larder.json: redis.tls: "yes" must be true or false'],
    [{ username: null }, 'larder.json: redis.username: null must be a string'],
    [
      { nodes: ['10.0.0.1'] },
      'larder.json: redis.nodes: ["10.0.0.1"] must be a list of host:port, such as ["10.0.0.1:26379"]',
    ],
    [{ nodes: ['redis://:CANARY@a:1'] }, 'larder.json: redis.nodes: ["redis://***@a:1"] must be a list'],
    [{ database: -1 }, 'larder.json: redis.database: -1 must be a whole number from 0 to 65535'],
    [
      { nearCacheBytes: 'much' },
      'larder.json: redis.nearCacheBytes: "much" must be a size, such as 32m or a number of bytes; 0 is off',
    ],
    [{ poolSize: 21 }, 'larder.json: redis.poolSize: 21 must be a whole number from 1 to 20 (connections)'],
    [[1], 'larder.json: redis: [1] must be a JSON object such as {"host": "10.0.0.1"}'],
  ])('refuses %j for Redis, and repeats no secret', (redis, message) => {
    write({ redis });
    const wrong = (): unknown => readProjectFile(folder, null);
    expect(wrong).toThrow(message);
    expect(wrong).toThrow(/^(?!.*CAN\/?ARY)/);
  });

  it('takes what has no flag: the largest body, cookies, hosts and the way upstream', () => {
    write({
      'max-body': '8m',
      'credential-cookies': ['session*'],
      'allowed-hosts': ['larder.test'],
      upstream: { headTimeoutMs: 500, acceptSelfSigned: true },
    });
    expect(readProjectFile(folder, null).assignments.map(({ field, value }) => [field, value])).toEqual([
      ['maxBodyBytes', 8 * MEBIBYTE],
      ['credentialCookies', ['session*']],
      ['allowedHosts', ['larder.test']],
      ['upstream.headTimeoutMs', 500],
      ['upstream.acceptSelfSigned', true],
    ]);
  });

  it.each([
    [{ upstream: 5 }, 'larder.json: upstream: 5 must be a JSON object such as {"connectTimeoutMs": 3000}'],
    [{ upstream: { hedTimeoutMs: 1 } }, 'larder.json: upstream: unknown key "hedTimeoutMs"; did you mean'],
    [
      { upstream: { bodyTimeoutMs: 0 } },
      'larder.json: upstream.bodyTimeoutMs: 0 must be a whole number from 1',
    ],
    [{ 'max-body': '2g' }, 'larder.json: max-body: "2g" must be a size of at most 1 GiB'],
    [{ 'credential-cookies': 'a' }, 'larder.json: credential-cookies: "a" must be a list of cookie names'],
    [{ 'allowed-hosts': [''] }, 'larder.json: allowed-hosts: [""] must be a list of host names'],
  ])('refuses %j, which has no flag', (content, message) => {
    write(content);
    expect(() => readProjectFile(folder, null)).toThrow(message);
  });

  it('takes bytes as a number, a byte order mark, and demo', () => {
    write('\uFEFF{"max-memory": 1048576, "demo": true}');
    expect(readProjectFile(folder, null).assignments.map(({ field, value }) => [field, value])).toEqual([
      ['maxMemoryBytes', MEBIBYTE],
      ['origin', null],
    ]);
  });

  it('reads the file of --config instead, relative to the working directory', () => {
    write({ port: 1 });
    const path = write({ port: 2 }, 'other.json');
    expect(readProjectFile(folder, 'other.json')).toMatchObject({
      path,
      assignments: [{ value: 2, source: 'other.json' }],
    });
  });

  it.each<[unknown, string]>([
    ['{"port": 1,}', 'larder.json is not valid JSON (line 1, column 12)'],
    ['{\n "port": CANARY}', 'larder.json is not valid JSON'],
    ['{', 'larder.json is not valid JSON (line 1, column 2)'],
    ['', 'larder.json is not valid JSON (it ends too early)'],
    [[1], 'larder.json: [1] must be a JSON object such as {"origin": "https://api.example.com"}'],
    ['null', 'larder.json: null must be a JSON object such as {"origin": "https://api.example.com"}'],
    [{ prot: 1 }, 'larder.json: unknown key "prot"; did you mean "port"?'],
    [{ maxMemory: 1 }, 'larder.json: unknown key "maxMemory"; did you mean "max-memory"?'],
    [
      { help: true },
      'larder.json: unknown key "help"; accepted are origin, port, host, ttl, policy, store, max-memory, persist, demo, json, quiet, error-ttl, compression-level, max-disk, max-body, credential-cookies, allowed-hosts, fast-path, redis, upstream, limits',
    ],
    [{ port: '3000' }, 'larder.json: port: "3000" must be a whole number from 0 to 65535'],
    [{ ttl: -1 }, 'larder.json: ttl: -1 must be a whole number from 0 to 315360000 (seconds)'],
    [{ ttl: null }, 'larder.json: ttl: null must be a whole number from 0 to 315360000 (seconds)'],
    [{ errorTtl: 1 }, 'larder.json: unknown key "errorTtl"; did you mean "error-ttl"?'],
    [
      { 'error-ttl': 1.5 },
      'larder.json: error-ttl: 1.5 must be a whole number from 0 to 315360000 (seconds)',
    ],
    [
      { 'error-ttl': null },
      'larder.json: error-ttl: null must be a whole number from 0 to 315360000 (seconds)',
    ],
    [{ origin: 5 }, 'larder.json: origin: 5 must be a string'],
    [{ origin: null }, 'larder.json: origin: null must be a string'],
    [{ origin: 'a' }, 'larder.json: origin: "a" is not a URL; give one such as https://api.example.com'],
    [
      { host: ['a'] },
      'larder.json: host: ["a"] must be an IP address or a host name, without scheme and port',
    ],
    [{ policy: 'x' }, 'larder.json: policy: "x" must be override or respect'],
    [{ store: true }, 'larder.json: store: true must be memory or redis'],
    [
      { 'max-memory': 5 },
      'larder.json: max-memory: 5 must be a size of at least 1 MiB, such as 64m, 1g, 256MiB or a number of bytes',
    ],
    [{ json: 'yes' }, 'larder.json: json: "yes" must be true or false'],
    [{ persist: 1 }, 'larder.json: persist: 1 must be true or false'],
    [{ 'compression-level': 10 }, 'larder.json: compression-level: 10 must be a whole number from 0 to 9'],
    [
      { 'max-disk': 'x' },
      'larder.json: max-disk: "x" must be a size of at least 1 MiB, such as 64m, 1g, 256MiB or a number of bytes',
    ],
    [
      { demo: true, origin: 'http://a' },
      'larder.json: demo and origin exclude each other: the demo API is an origin',
    ],
    [
      { redisPassword: 'CANARY' },
      'larder.json: "redisPassword" is refused: secrets are never kept in a project file; set REDIS_PASSWORD',
    ],
    [
      '{"__proto__": {"port": 1}}',
      'larder.json: unknown key "__proto__"; accepted are origin, port, host, ttl, policy, store, max-memory, persist, demo, json, quiet, error-ttl, compression-level, max-disk, max-body, credential-cookies, allowed-hosts, fast-path, redis, upstream, limits',
    ],
  ])('refuses %j', (content, message) => {
    write(content);
    expect(() => readProjectFile(folder, null)).toThrow(
      expect.objectContaining({ code: 'settings_invalid', message }),
    );
  });

  it('says that the file of --config is missing or a folder', () => {
    mkdirSync(join(folder, 'dir'));
    expect(() => readProjectFile(folder, 'no.json')).toThrow(
      '--config: "no.json" cannot be read (there is no such file)',
    );
    expect(() => readProjectFile(folder, 'dir')).toThrow('--config: "dir" cannot be read (EISDIR)');
  });
});
