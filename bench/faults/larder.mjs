// The built command line under test, in a folder of its own. What it says is kept, and its status is watched.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endpointOf } from './endpoints.mjs';
import { socketsTo } from './sockets.mjs';

const program = fileURLToPath(new URL('../../out/cli/larder.mjs', import.meta.url));
const START_MS = 15_000;
const STOP_MS = 15_000;

/** `at` by performance.now().
 *  @typedef {{ at: number, message: string }} Said */
/** @typedef {import('./endpoints.mjs').Watch} Watch */
/** @typedef {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} Child */

/**
 * `said`: everything that came out of it, in pieces. `notices`: of these, what it told the reader of its log.
 * `sockets`: its connections to these ports; null where that cannot be seen. `signal`: resolves with what it
 * ended with.
 *
 * @typedef {{
 *   url: string,
 *   pid: number,
 *   said: string[],
 *   notices: Said[],
 *   watch: () => Watch,
 *   post: (path: string) => Promise<string>,
 *   sockets: (ports: readonly number[]) => number | null,
 *   signal: (name: NodeJS.Signals) => Promise<number | null>,
 *   send: (name: NodeJS.Signals) => void,
 *   stop: () => Promise<void>,
 * }} Larder
 */

/**
 * Listens when this resolves; its store may still be connecting.
 *
 * @param {{
 *   flags: string[],
 *   env?: Record<string, string>,
 *   project?: object | null,
 *   keepsLog?: boolean,
 *   nodeFlags?: string[],
 * }} options `project`: its `larder.json`. `keepsLog`: false where the log of each request would be too much to read
 * @returns {Promise<Larder>}
 */
export async function startLarder({ flags, env = {}, project = null, keepsLog = true, nodeFlags = [] }) {
  if (!existsSync(program)) throw new Error('there is no out/cli/larder.mjs: npm run build -- cli');
  const folder = mkdtempSync(join(tmpdir(), 'larder-bench-'));
  if (project !== null) writeFileSync(join(folder, 'larder.json'), JSON.stringify(project));
  const args = [...nodeFlags, program, ...flags, '--port', '0', ...(keepsLog ? ['--json'] : [])];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', LARDER_DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  /** @type {string[]} */
  const said = [];
  /** @type {Said[]} */
  const notices = [];
  child.stderr.setEncoding('utf8').on('data', (text) => said.push(text));
  const stop = async () => {
    process.off('exit', kill);
    const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGTERM');
    const late = setTimeout(kill, STOP_MS);
    await exited;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ended = untilEnd(child, said);
    const url = await Promise.race([keepsLog ? readLog(child, said, notices) : readFirst(child), ended]);
    return {
      url,
      pid: child.pid ?? 0,
      said,
      notices,
      ...endpointOf(url, said),
      sockets: (ports) => socketsTo(child.pid ?? 0, ports),
      signal: async (name) => {
        const exited = once(child, 'exit');
        child.kill(name);
        const [code] = await exited;
        return code;
      },
      send: (name) => void child.kill(name),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Rejects where it ends, or is not ready in time.
 *  @param {Child} child
 *  @param {string[]} said
 *  @returns {Promise<never>} */
function untilEnd(child, said) {
  return new Promise((_, reject) => {
    const fail = (/** @type {string} */ what) =>
      reject(new Error(`larder ${what}: ${said.join('').slice(-2000)}`));
    child.once('exit', (code) => fail(`ended with ${code}`));
    setTimeout(() => fail('was not ready in time'), START_MS).unref();
  });
}

/** Keeps each line, and resolves with the URL that the first one names.
 *  @param {Child} child
 *  @param {string[]} said
 *  @param {Said[]} notices
 *  @returns {Promise<string>} */
function readLog(child, said, notices) {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      if (line.startsWith('{"type":"listening"')) resolve(String(JSON.parse(line).url));
      if (!line.startsWith('{"type":"notice"')) return;
      notices.push({ at: performance.now(), message: String(JSON.parse(line).message) });
    });
  });
}

/** @param {Child} child
 *  @returns {Promise<string>} */
async function readFirst(child) {
  const [text] = await once(child.stdout, 'data');
  child.stdout.resume();
  return /http:\/\/127\.0\.0\.1:\d+/.exec(String(text))?.[0] ?? '';
}
