// Starting and ending what is measured: every server in a process group and a temporary folder of its own, so that
// nothing is left behind however the run ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askOnce } from '../load/raw-client.mjs';
import { atExit } from './at-exit.mjs';

const READY_MS = 30_000;
const END_MS = 10_000;
const LOOK_EVERY_MS = 50;
const KEPT_CHARACTERS = 4000;

/** @typedef {{ pid: number, said: () => string, ended: () => boolean, stop: () => Promise<void> }} Process */

/** Readable by others, since some servers give up their rights.
 *  @returns {{ path: string, remove: () => void }} */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'larder-bench-'));
  chmodSync(path, 0o755);
  const removeNow = () => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  const forget = atExit(removeNow);
  const remove = () => {
    forget();
    removeNow();
  };
  return { path, remove };
}

/** The environment without what would change how Larder and its peers behave.
 *  @param {Readonly<Record<string, string>>} [more]
 *  @returns {Record<string, string>} */
export function cleanEnvironment(more = {}) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    const foreign =
      /^(PROXY_|REDIS_|LARDER_|NODE_OPTIONS$|https?_proxy$|no_proxy$|all_proxy$|ELECTRON_RUN_AS_NODE$)/i;
    if (value !== undefined && !foreign.test(name)) env[name] = value;
  }
  return { ...env, ...more };
}

/** @param {string} command
 *  @param {readonly string[]} args
 *  @param {{ cwd?: string, env?: Readonly<Record<string, string>> }} [options] `env`: besides the clean one
 *  @returns {Process} */
export function launch(command, args, { cwd, env } = {}) {
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: cleanEnvironment(env),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-KEPT_CHARACTERS)));
  child.on('error', (error) => (said += String(error)));
  const ended = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const kill = () => killGroup(child.pid);
  const forget = atExit(kill);
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended,
    stop: async () => {
      if (!ended()) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        const late = setTimeout(kill, END_MS);
        await exited;
        clearTimeout(late);
      }
      // What the server started and did not end itself.
      kill();
      forget();
    },
  };
}

/** @param {number | undefined} pid */
function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** Resolves as soon as anything is answered there.
 *  @param {Process} server
 *  @param {number} port
 *  @param {string} target */
export async function untilAnswering(server, port, target) {
  const giveUp = performance.now() + READY_MS;
  for (;;) {
    const answer = await askOnce(port, target).catch(() => null);
    if (answer !== null && answer.status < 500) return;
    if (server.ended() || performance.now() > giveUp) {
      throw new Error(`it does not answer: ${server.said().trim() || 'it says nothing'}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
