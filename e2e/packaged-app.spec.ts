/**
 * The packaged app starts and serves a hit. Its fuses refuse the debugger that Playwright's Electron support
 * attaches to, so it is started as a person would and its window is looked at through Chromium's own port.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { electronTestArguments } from '../scripts/electron-runtime.mjs';
import { packageFolder } from '../scripts/package-app.mjs';
import { fetchInTime } from './fetch-in-time';
import { cleanEnvironment, test as base, expect } from './larder-app';

const run = promisify(execFile);
const PACKAGING_MS = 240_000;

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

/** `--version`, with a variable set that would make an Electron without fuses a plain Node. */
async function versionOf(executable: string, dataDir: string): Promise<string> {
  const env = { ...cleanEnvironment(dataDir), ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await run(executable, [...electronTestArguments(), '--version'], { env, cwd: dataDir });
  return stdout.trim();
}

const test = base.extend<{ executable: string }>({
  executable: [
    async ({}, use) => {
      const output = await mkdtemp(path.join(tmpdir(), 'larder-packaged-'));
      await use(await packageFolder(output));
      await rm(output, { recursive: true, force: true });
    },
    { timeout: PACKAGING_MS },
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
  expect(await versionOf(executable, dataDir)).toBe(manifest.version);
});
