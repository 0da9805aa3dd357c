import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cachedPackage, tar, UnavailableError } from './registry-package.mjs';
import { npm } from './run.mjs';

/** npm packs a folder as it packs a package of the registry. */
const folder = mkdtempSync(join(tmpdir(), 'larder-registry-'));
const spec = join(folder, 'source');
const cache = join(folder, 'cache', 'larder');
const entry = { folder: 'thing-1.0.0', mark: 'package.json' };
let integrity: string;

function unpack(tarball: string, work: string): string {
  tar(['-xzf', tarball, '-C', work]);
  return join(work, 'package');
}

beforeAll(() => {
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  mkdirSync(spec);
  writeFileSync(join(spec, 'package.json'), '{ "name": "thing", "version": "1.0.0" }');
  const { stdout } = npm(['pack', spec, '--dry-run', '--json'], { capture: true });
  integrity = JSON.parse(stdout)[0].integrity;
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('cachedPackage', () => {
  it('refuses a package that is not the expected one, and keeps nothing of it', () => {
    const wrong = { spec, integrity: 'sha512-AAAA' };
    expect(() => cachedPackage(wrong, entry, unpack)).toThrow(/is not the expected one/);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('tells a package that cannot be had from one that is wrong', () => {
    const absent = { spec: join(folder, 'absent'), integrity };
    expect(() => cachedPackage(absent, entry, unpack)).toThrow(UnavailableError);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('fetches once, and takes it from the cache afterwards', () => {
    const found = cachedPackage({ spec, integrity }, entry, unpack);
    expect(found).toBe(join(cache, entry.folder));
    expect(readFileSync(join(found, 'package.json'), 'utf8')).toContain('thing');
    rmSync(spec, { recursive: true });
    expect(existsSync(cachedPackage({ spec, integrity }, entry, unpack))).toBe(true);
    expect(readdirSync(cache)).toEqual([entry.folder]);
  });
});
