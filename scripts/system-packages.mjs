// Installs the system libraries and programs that a start or a test needs, where it may (root and apt);
// elsewhere says which ones are missing and prints the one command that installs them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay, isOnPath, say, SetupError } from './run.mjs';

/** A thing that is needed: a library by its file or a program by one of its names, and the Debian package
 *  that brings it.
 *  @typedef {{ library?: string, programs?: string[], package: string }} Requirement */

/** @type {Requirement[]} */
const ELECTRON_LIBRARIES = [
  { library: 'libgtk-3.so.0', package: 'libgtk-3-0' },
  { library: 'libnss3.so', package: 'libnss3' },
  { library: 'libasound.so.2', package: 'libasound2' },
  { library: 'libgbm.so.1', package: 'libgbm1' },
  { library: 'libXss.so.1', package: 'libxss1' },
  { library: 'libatk-bridge-2.0.so.0', package: 'libatk-bridge2.0-0' },
  { library: 'libdrm.so.2', package: 'libdrm2' },
];

/** @type {Requirement[]} */
const VIRTUAL_DISPLAY = [
  { programs: ['xvfb-run'], package: 'xvfb' },
  { programs: ['xauth'], package: 'xauth' },
];

/** @type {Requirement} */
const REDIS = { programs: ['redis-server'], package: 'redis-server' };

/** @type {Requirement[]} */
const TEST_PROGRAMS = [
  REDIS,
  { programs: ['openssl'], package: 'openssl' },
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
];

const LIBRARY_FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];

/** @param {Requirement} requirement */
function isThere({ library, programs }) {
  if (library !== undefined) return LIBRARY_FOLDERS.some((folder) => existsSync(join(folder, library)));
  return (programs ?? []).some(isOnPath);
}

/** @param {string[]} args
 *  @returns {{ done: boolean, messages: string }} */
function apt(args) {
  const { status, stderr } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { done: status === 0, messages: stderr };
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries to NAMEt64; of the two names, the one that apt offers.
 *  @param {string} name
 *  @returns {string | undefined} */
function offeredName(name) {
  return [`${name}t64`, name].find((candidate) => {
    const { stdout } = spawnSync('apt-cache', ['policy', candidate], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    });
    return /Candidate: (?!\(none\))/.test(stdout ?? '');
  });
}

/** @param {string[]} packages */
function installWithApt(packages) {
  if (packages.some((name) => offeredName(name) === undefined)) apt(['update']);
  const names = packages.map((name) => offeredName(name) ?? name);
  say(`installing system packages: ${names.join(' ')}`);
  const install = ['install', '-y', '--no-install-recommends', ...names];
  if (apt(install).done) return;
  apt(['update']);
  const { done, messages } = apt(install);
  if (!done) throw new SetupError(`apt-get cannot install ${names.join(' ')}: ${messages.trim()}`);
}

/** What is going to be run. Tests need a Redis too.
 *  @typedef {{ electron: boolean, tests: boolean, redis?: boolean }} Needs */

/** @param {Needs} needs */
export function ensureSystemPackages({ electron, tests, redis = false }) {
  if (process.platform !== 'linux') return;
  const required = [
    ...(electron ? ELECTRON_LIBRARIES : []),
    ...(electron && !hasDisplay() ? VIRTUAL_DISPLAY : []),
    ...(tests ? TEST_PROGRAMS : []),
    ...(redis && !tests ? [REDIS] : []),
  ];
  const missing = required.filter((requirement) => !isThere(requirement)).map((r) => r.package);
  if (missing.length === 0) return;
  const hasApt = isOnPath('apt-get');
  if (hasApt && process.getuid?.() === 0) return installWithApt(missing);
  if (!hasApt) throw new SetupError(`missing system packages (Debian's names): ${missing.join(' ')}`);
  const names = missing.map((name) => offeredName(name) ?? name);
  throw new SetupError(`missing system packages; run: sudo apt-get install -y ${names.join(' ')}`);
}
