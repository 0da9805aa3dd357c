// Paths and processes: what every script here needs to start another program.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const windows = process.platform === 'win32';

/** The folder that package.json is in. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The Node that the devDependency `node` brings. */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/** Diagnostics go to stderr: stdout belongs to the program that is started.
 *  @param {string} message */
export function say(message) {
  process.stderr.write(`larder: ${message}\n`);
}

/** A failure that a person can act upon; its message is all that is printed. */
export class SetupError extends Error {}

/** Runs an entry script; a SetupError ends it with its message and exit code 1.
 *  @param {() => Promise<number | void>} main resolves to the exit code */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

/** Whether windows can be opened: everywhere but on a Linux without X or Wayland. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Whether a program is on the PATH.
 *  @param {string} name */
export function isOnPath(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, windows ? `${name}.exe` : name)));
}

/** @returns {[command: string, first: string[]]} npm, without going through a shell where possible */
function npmCommand() {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js')) return [process.execPath, [script]];
  return [windows ? 'npm.cmd' : 'npm', []];
}

/** Runs npm in the project's folder, output to stderr or returned.
 *  @param {string[]} args
 *  @param {{ capture?: boolean }} [options] */
export function npm(args, { capture = false } = {}) {
  const [command, first] = npmCommand();
  return spawnSync(command, [...first, ...args], {
    cwd: root,
    encoding: 'utf8',
    shell: command === 'npm.cmd',
    stdio: ['ignore', capture ? 'pipe' : 2, capture ? 'pipe' : 2],
  });
}

/** Starts a program in the foreground, passes signals on to it and waits.
 *  @param {string} command
 *  @param {string[]} args
 *  @param {import('node:child_process').SpawnOptions} [options]
 *  @returns {Promise<number>} its exit code; 128 + number where a signal ended it */
export function runForeground(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const terminalHasSentIt = signal === 'SIGINT' && process.stdin.isTTY;
    if (!terminalHasSentIt) child.kill(signal);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

/** Runs a JavaScript file on the pinned Node.
 *  @param {string} file relative to the project's folder
 *  @param {string[]} [args]
 *  @param {import('node:child_process').SpawnOptions} [options] */
export function runNode(file, args = [], options = {}) {
  return runForeground(pinnedNode, [join(root, file), ...args], options);
}
