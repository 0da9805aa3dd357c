/** The command line and the desktop app side by side. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { pinnedNode, root } from '../scripts/run.mjs';
import { fetchInTime } from './fetch-in-time';
import { cleanEnvironment, test, expect } from './larder-app';
import { goTo, settingsForm, storedRow } from './larder-window';

const run = promisify(execFile);
const CLI = path.join(root, 'out/cli/larder.mjs');

test('larder --clear-cache reaches the running app', async ({ launch, origin, dataDir }) => {
  const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await larder.proxyUrl();
  await fetchInTime(`${proxy}/one`);
  await fetchInTime(`${proxy}/two`);
  await goTo(larder.page, 'Cache');
  await expect(storedRow(larder.page, '/one')).toHaveCount(1);
  const env = cleanEnvironment(dataDir);
  const { stdout } = await run(pinnedNode, [CLI, '--clear-cache', '--port', new URL(proxy).port], {
    env,
    cwd: dataDir,
  });
  expect(stdout).toMatch(/cleared 2/);
  await expect(storedRow(larder.page, '/one')).toHaveCount(0);
});

test('larder --clear-cache finds the port that was saved in the app', async ({ launch, origin, dataDir }) => {
  const port = await origin.freePort();
  const larder = await launch();
  await larder.proxyUrl();
  await goTo(larder.page, 'Settings');
  await settingsForm(larder.page).origin.fill(origin.url);
  await settingsForm(larder.page).port.fill(String(port));
  await settingsForm(larder.page).save.click();
  await expect
    .poll(() =>
      fetchInTime(`http://127.0.0.1:${port}/one`).then(
        (response) => response.status,
        () => 0,
      ),
    )
    .toBe(200);
  const { stdout } = await run(pinnedNode, [CLI, '--clear-cache'], {
    env: cleanEnvironment(dataDir),
    cwd: dataDir,
  });
  expect(stdout).toMatch(/cleared 1/);
});
