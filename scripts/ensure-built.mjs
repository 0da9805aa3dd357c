// Builds what is out of date: the desktop app (out/main, out/preload, out/renderer) and the command line
// (out/cli), on the pinned Node.
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runNode, say } from './run.mjs';

/** @typedef {'app' | 'cli'} Target */

/** @type {Record<Target, string[]>} files and folders that a target is built from */
const SOURCES = {
  app: ['shared', 'electron', 'renderer', 'package.json', 'package-lock.json', 'electron.vite.config.ts'],
  cli: [
    'shared',
    'electron/engine',
    'electron/cli',
    'package.json',
    'package-lock.json',
    'vite.cli.config.ts',
  ],
};

/** The newest change at or below a path; a folder's own time shows what was removed from it.
 *  @param {string} path
 *  @returns {number} ms since the epoch */
function newestChange(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const names = readdirSync(path).filter((name) => !/\.test\.tsx?$/.test(name));
  return Math.max(status.mtimeMs, ...names.map((name) => newestChange(join(path, name))));
}

/** @param {Target} target */
const stampOf = (target) => join(root, 'out', `.${target}-built`);

/** @param {Target} target */
export function isBuilt(target) {
  const stamp = stampOf(target);
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return SOURCES[target].every((path) => newestChange(join(root, path)) <= built);
}

/** @param {Target} target */
function build(target) {
  if (target === 'app')
    return runNode('node_modules/electron-vite/bin/electron-vite.js', ['build', '-l', 'warn']);
  return runNode('node_modules/vite/bin/vite.js', ['build', '-c', 'vite.cli.config.ts', '-l', 'warn']);
}

/** Builds the targets whose sources are newer than their last build.
 *  @param {Target[]} targets
 *  @returns {Promise<number>} exit code */
export async function ensureBuilt(targets) {
  for (const target of targets.filter((one) => !isBuilt(one))) {
    say(`building ${target === 'app' ? 'the desktop app' : 'the command line'}`);
    const started = new Date();
    const code = await build(target);
    if (code !== 0) return code;
    mkdirSync(dirname(stampOf(target)), { recursive: true });
    writeFileSync(stampOf(target), '');
    utimesSync(stampOf(target), started, started);
  }
  return 0;
}
