// The programs of a run: the suite's origin, and Larder in front of it. Each is ended with the run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root, SetupError } from '../run.mjs';

/** @typedef {{ url: string, ended: () => string | null, stop: () => Promise<void> }} Server
 *  `ended` is null while it runs, then why it does not. */
/** `env` is given a folder that is the program's own while it runs; it is the working directory too unless there is
 *  a `cwd`. `files`: what is in it at first, JSON by name.
 *  @typedef {{
 *    name: string,
 *    args: string[],
 *    cwd?: string,
 *    env: (folder: string) => Record<string, string>,
 *    files?: Readonly<Record<string, unknown>>,
 *  }} Launch */

const START_MS = 15_000;
const PROJECT_FILE = 'larder.json';
const loopbackOnly = pathToFileURL(fileURLToPath(new URL('loopback-only.mjs', import.meta.url))).href;
const program = join(root, 'out', 'cli', 'larder.mjs');

/** Nothing of the machine's own settings and proxies gets in.
 *  @returns {Record<string, string>} */
function bareEnvironment() {
  const kept = ['PATH', 'Path', 'SystemRoot', 'TEMP', 'TMPDIR'];
  return Object.fromEntries(
    kept.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== ''),
  );
}

/** Starts a program and waits for the line that names its URL; what it prints later is thrown away.
 *  @param {Launch} launch
 *  @param {(line: string) => string | undefined} urlIn
 *  @returns {Promise<Server>} */
async function start({ name, args, cwd, env, files = {} }, urlIn) {
  const folder = mkdtempSync(join(tmpdir(), 'larder-conformance-'));
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(folder, file), JSON.stringify(content));
  }
  const child = spawn(process.execPath, args, {
    cwd: cwd ?? folder,
    env: { ...bareEnvironment(), ...env(folder) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', kill);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints = `${complaints}${text}`.slice(-4000)));
  const ended = () => {
    const code = child.exitCode ?? child.signalCode;
    return code === null ? null : `${name} ended with ${code}: ${complaints}`;
  };
  const stop = async () => {
    process.off('exit', kill);
    const exited = ended() === null ? once(child, 'exit') : undefined;
    kill();
    await exited;
  };
  const late = setTimeout(kill, START_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    const url = urlIn(line);
    if (url === undefined) continue;
    clearTimeout(late);
    child.stdout.resume();
    return { url, ended, stop };
  }
  clearTimeout(late);
  await stop();
  throw new SetupError(`${name} did not start: ${complaints}`);
}

/** The suite's origin, on loopback and a free port.
 *  @param {string} folder of the suite */
export function startOrigin(folder) {
  return start(
    {
      name: "the suite's origin",
      args: ['--import', loopbackOnly, join('server', 'server.mjs')],
      cwd: folder,
      env: (own) => ({
        npm_config_protocol: 'http',
        npm_config_port: '0',
        npm_config_pidfile: join(own, 'pid'),
      }),
    },
    (line) => /^Listening on (http:\/\/127\.0\.0\.1:\d+)\/$/.exec(line)?.[1],
  );
}

/** The built command line, on a free port. `project`: its project file.
 *  @param {string[]} flags
 *  @param {{ env: Record<string, string>, project: Readonly<Record<string, unknown>> }} surroundings */
export function startLarder(flags, { env, project }) {
  return start(
    {
      name: 'larder',
      args: [program, ...flags, '--config', PROJECT_FILE, '--port', '0', '--json'],
      env: (own) => ({ LARDER_DATA_DIR: own, ...env }),
      files: { [PROJECT_FILE]: project },
    },
    (line) => (line.startsWith('{"type":"listening"') ? JSON.parse(line).url : undefined),
  );
}
