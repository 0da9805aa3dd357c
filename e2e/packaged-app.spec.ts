/**
 * The packaged app starts and serves a hit, and its fuses are set: read back from the program, and tried. They
 * refuse the debugger that Playwright's Electron support attaches to, so it is started as a person would and its
 * window is looked at through Chromium's own port.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import manifest from '../package.json' with { type: 'json' };
import { electronRuntime, electronTestArguments } from '../scripts/electron-runtime.mjs';
import { packageFolder } from '../scripts/package-app.mjs';
import { fetchInTime } from './fetch-in-time';
import { cleanEnvironment, test as base, expect } from './larder-app';

const run = promisify(execFile);
const PACKAGING_MS = 240_000;
const [OFF, ON] = ['0', '1'];

/** Resolves to the first group of the first match in what the process says on either stream. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the packaged app ended with ${code}; it said: ${text}`)));
  });
}

/** What the window shows by now, asked through Chromium's debugging port: Playwright's own client wants more of it. */
async function textOfWindow(host: string): Promise<string> {
  const pages = (await (await fetchInTime(`http://${host}/json/list`)).json()) as {
    url: string;
    webSocketDebuggerUrl: string;
  }[];
  const page = pages.find(({ url }) => url.startsWith('app://larder/'));
  if (page === undefined) return '';
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const answer = new Promise<string>((resolve) =>
    socket.addEventListener('message', ({ data }) => resolve(String(data))),
  );
  const params = { expression: 'document.body.innerText', returnByValue: true };
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
  // While the page loads there is nothing to evaluate in: an error, or no value.
  const { result } = JSON.parse(await answer) as { result?: { result: { value?: string } } };
  socket.close();
  return result?.result.value ?? '';
}

/** `--version` of the packaged app, with variables set that would make another Electron run what they name. */
async function versionOf(executable: string, cwd: string, variables: Record<string, string>) {
  const env = { ...cleanEnvironment(cwd), ...variables };
  const { stdout } = await run(executable, [...electronTestArguments(), '--version'], { env, cwd });
  return stdout.trim();
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

type FuseName = keyof typeof FuseV1Options;

/** The fuses of the program by name, each as one character of its wire: `0` is off, `1` is on. */
async function fusesOf(executable: string): Promise<Record<string, string | undefined>> {
  const wire: Readonly<Record<string, unknown>> = await getCurrentFuseWire(executable);
  const names = Object.keys(FuseV1Options).filter((name): name is FuseName => !/^\d+$/.test(name));
  return Object.fromEntries(
    names.map((name) => {
      const state = wire[FuseV1Options[name]];
      return [name, typeof state === 'number' ? String.fromCharCode(state) : undefined];
    }),
  );
}

const test = base.extend<object, { executable: string }>({
  executable: [
    async ({}, use) => {
      const output = await mkdtemp(path.join(tmpdir(), 'larder-packaged-'));
      await use(await packageFolder(output));
      await rm(output, { recursive: true, force: true });
    },
    { timeout: PACKAGING_MS, scope: 'worker' },
  ],
});

test('the packaged app starts, serves a hit, shows it, and ends', async ({ executable, origin, dataDir }) => {
  const flags = ['--origin', origin.url, '--port', '0', '--remote-debugging-port=0', '--inspect=0'];
  const larder = spawn(executable, [...electronTestArguments(), ...flags], {
    env: cleanEnvironment(dataDir),
    cwd: dataDir,
  });
  const ended = once(larder, 'exit');
  const nodeDebugger = said(larder, /(Debugger listening)/).catch(() => 'refused by a fuse');
  try {
    const debuggerUrl = said(larder, /DevTools listening on (ws:\S+)/);
    const proxy = await said(larder, /listening on (http:\S+) ->/);
    expect((await fetchInTime(`${proxy}/packaged`)).headers.get('x-cache')).toBe('MISS');
    expect((await fetchInTime(`${proxy}/packaged`)).headers.get('x-cache')).toBe('HIT');
    const { host } = new URL(await debuggerUrl);
    await expect.poll(() => textOfWindow(host)).toMatch(/\/packaged[^]*HIT[^]*\/packaged[^]*MISS/);
  } finally {
    larder.kill('SIGTERM');
  }
  expect(await ended).toEqual([0, null]);
  expect(await nodeDebugger).toBe('refused by a fuse');
});

test('L10: every fuse is set, as read back from the program', async ({ executable }) => {
  const hasFilePrivileges = Number(electronRuntime().version.split('.')[0]) >= 29;
  expect(await fusesOf(executable)).toEqual({
    RunAsNode: OFF,
    EnableCookieEncryption: ON,
    EnableNodeOptionsEnvironmentVariable: OFF,
    EnableNodeCliInspectArguments: OFF,
    EnableEmbeddedAsarIntegrityValidation: ON,
    OnlyLoadAppFromAsar: ON,
    LoadBrowserProcessSpecificV8Snapshot: OFF,
    // The fuse came with Electron 29.
    GrantFileProtocolExtraPrivileges: hasFilePrivileges ? OFF : undefined,
  });
});

test('L10: the environment makes no Node of the packaged app', async ({ executable, dataDir }) => {
  const mark = path.join(dataDir, 'foreign-code-ran');
  const script = path.join(dataDir, 'foreign.cjs');
  await writeFile(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`);
  for (const variables of [{ ELECTRON_RUN_AS_NODE: '1' }, { NODE_OPTIONS: `--require ${script}` }]) {
    expect(await versionOf(executable, dataDir, variables)).toBe(manifest.version);
  }
  expect(await isThere(mark)).toBe(false);
});

test('L10: the packaged app starts from its archive or not at all', async ({ executable, dataDir }) => {
  test.skip(process.platform === 'darwin', 'there the archive is within a signed bundle');
  const resources = path.join(path.dirname(executable), 'resources');
  const archive = path.join(resources, 'app.asar');
  const folder = path.join(resources, 'app');
  const mark = path.join(dataDir, 'foreign-app-ran');
  // A runtime for development brings one of its own, which the fuse passes over as well.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{"name":"foreign","main":"main.js"}');
  await writeFile(
    path.join(folder, 'main.js'),
    `require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); process.exit(0);`,
  );
  await rename(archive, `${archive}.aside`);
  try {
    await expect(versionOf(executable, dataDir, {})).rejects.toThrow();
    expect(await isThere(mark)).toBe(false);
  } finally {
    await rename(`${archive}.aside`, archive);
    await rm(folder, { recursive: true });
  }
  expect(await versionOf(executable, dataDir, {})).toBe(manifest.version);
});
