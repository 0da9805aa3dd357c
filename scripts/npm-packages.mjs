// Installs the npm packages when they are missing or not those of package-lock.json.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, pinnedNode, root, say, SetupError } from './run.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/** @param {string} file
 *  @returns {Record<string, LockedPackage>} */
function lockedPackages(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
}

/** Compares package-lock.json with the record that npm keeps of what it has installed; both are small. */
export function npmPackagesAreCurrent() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(pinnedNode) || !existsSync(join(root, record))) return false;
  const installed = lockedPackages(record);
  return Object.entries(lockedPackages('package-lock.json')).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

export function ensureNpmPackages() {
  if (npmPackagesAreCurrent()) return;
  say('installing npm packages (npm ci)');
  const { status } = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) throw new SetupError('npm ci failed; its messages are above');
  if (!existsSync(pinnedNode)) {
    throw new SetupError(
      'the npm package "node" has not installed its program: its install script must be allowed to run',
    );
  }
}
