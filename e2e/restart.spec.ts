/** What outlives a restart, and what a second start does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { electronExecutable, electronTestArguments } from '../scripts/electron-runtime.mjs';
import { root } from '../scripts/run.mjs';
import { fetchInTime } from './fetch-in-time';
import { cleanEnvironment, test, expect, type RunningLarder } from './larder-app';
import { goTo, placeLink } from './larder-window';

const boundsOf = ({ app }: RunningLarder) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());

test('the window opens where and as large as it was closed', async ({ launch }) => {
  const first = await launch();
  expect(await boundsOf(first)).toMatchObject({ width: 1200, height: 780 });
  const wanted = { x: 60, y: 50, width: 1010, height: 660 };
  await first.app.evaluate(
    ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds),
    wanted,
  );
  await expect.poll(() => boundsOf(first)).toEqual(wanted);
  await first.close();
  const second = await launch();
  expect(await boundsOf(second)).toEqual(wanted);
});

test('the window opens at the place that was chosen last', async ({ launch }) => {
  const first = await launch();
  await goTo(first.page, 'Settings');
  await expect(first.page.getByRole('button', { name: 'Save settings' })).toBeVisible();
  await first.close();
  const second = await launch();
  await expect(second.page.getByRole('button', { name: 'Save settings' })).toBeVisible();
  await expect(placeLink(second.page, 'Settings')).toBeVisible();
});

test('a second start brings the open window to the front and ends', async ({ launch, dataDir }) => {
  const larder = await launch();
  await larder.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const second = spawn(electronExecutable(), [...electronTestArguments(), root, '--port', '0'], {
    env: cleanEnvironment(dataDir),
    cwd: dataDir,
    stdio: 'ignore',
  });
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
  const visible = () =>
    larder.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  await expect.poll(visible).toBe(true);
  expect(larder.app.windows()).toHaveLength(1);
});

test('SIGTERM lets the requests in flight finish and ends with 0', async ({ launch, origin }) => {
  let release = () => {};
  const asked = new Promise<void>((resolve) => {
    origin.answer('/slow', (_request, response) => {
      release = () => void response.end('done');
      resolve();
    });
  });
  const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await larder.proxyUrl();
  const ended = once(larder.app.process(), 'exit');
  const answer = fetchInTime(`${proxy}/slow`).then((response) => response.text());
  await asked;
  larder.app.process().kill('SIGTERM');
  await expect(async () => {
    await expect(fetchInTime(`${proxy}/new`)).rejects.toThrow();
  }).toPass();
  release();
  expect(await answer).toBe('done');
  expect(await ended).toEqual([0, null]);
});

test('a wrong flag ends with 2 and names the flag', async ({ dataDir }) => {
  const larder = spawn(electronExecutable(), [...electronTestArguments(), root, '--port', 'many'], {
    env: cleanEnvironment(dataDir),
    cwd: dataDir,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  larder.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect(await once(larder, 'close')).toEqual([2, null]);
  expect(said).toMatch(/--port.*many/);
});

test('a window that crashes comes back, and the proxy goes on meanwhile', async ({ launch, origin }) => {
  const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await larder.proxyUrl();
  await fetchInTime(`${proxy}/before`);
  const isBack = larder.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<boolean>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('render-process-gone', () => contents.once('did-finish-load', () => resolve(true)));
        contents?.forcefullyCrashRenderer();
      }),
  );
  expect((await fetchInTime(`${proxy}/before`)).headers.get('x-cache')).toBe('HIT');
  expect(await isBack).toBe(true);
  const shown = () =>
    larder.app
      .evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'),
      )
      // The page may still be loading.
      .catch(() => '');
  await expect.poll(shown).toContain('/before');
});
