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
      'larder.json: unknown key "help"; accepted are origin, port, host, ttl, policy, store, max-memory, demo, json, quiet, error-ttl',
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
      'larder.json: unknown key "__proto__"; accepted are origin, port, host, ttl, policy, store, max-memory, demo, json, quiet, error-ttl',
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
