import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LarderProgram, PROJECT, runLarder, temporaryFolder } from './larder-program';
import { ask, startOrigin } from './recording-origin';

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What `npm pack` makes, unpacked; only its own dependencies can be found from there. */
function unpackedPackage(): { folder: string; manifest: Manifest } {
  const place = temporaryFolder();
  const npm = process.env['npm_execpath'];
  const [command, first] = npm?.endsWith('.js') === true ? [process.execPath, [npm]] : ['npm', []];
  // Offline and without scripts: what is in `out/` is packed as it is.
  const args = [...first, 'pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', place];
  const name = execFileSync(command, args, {
    cwd: PROJECT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  execFileSync('tar', ['-xzf', join(place, name.trim().split('\n').at(-1) ?? ''), '-C', place]);
  const folder = join(place, 'package');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  linkDependencies(folder, manifest);
  return { folder, manifest };
}

function linkDependencies(folder: string, { dependencies }: Manifest): void {
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(join(PROJECT, 'node_modules', name), link, 'junction');
  }
}

describe('the package that npm pack makes', () => {
  it('runs without Electron, under both of its names', async () => {
    const { folder, manifest } = unpackedPackage();
    expect(new Set(Object.keys(manifest.bin))).toEqual(new Set(['larder', 'caching-proxy']));
    const [program, second] = Object.values(manifest.bin).map((path) => join(folder, path));
    expect(second).toBe(program);
    expect(readFileSync(program ?? '', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(Object.keys(manifest.dependencies)).not.toContain('electron');
    expect(existsSync(join(folder, 'electron'))).toBe(false);
    const launch = { program: program ?? '' };
    expect(await runLarder(['--version'], launch)).toMatchObject({
      code: 0,
      stdout: `${manifest.version}\n`,
    });
    const origin = await startOrigin();
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0'], launch);
    const url = await larder.ready();
    expect(await ask(url)).toMatchObject({ fields: { 'x-cache': 'MISS' } });
    expect(await ask(url)).toMatchObject({ fields: { 'x-cache': 'HIT' }, body: 'hello' });
    expect(await larder.stop()).toMatchObject({ code: 0 });
  });
});
