// What a fresh clone needs before anything can run. Does nothing that was done before.
import { ensureElectron } from './electron-runtime.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** npm packages are always needed.
 *  @param {import('./system-packages.mjs').Needs} needs */
export function ensurePrerequisites(needs) {
  ensureNpmPackages();
  ensureSystemPackages(needs);
  if (needs.electron) ensureElectron();
}
