/** What was stored in memory outlives the app: closed, killed, or not where the person does not want it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { fetchInTime } from './fetch-in-time';
import { pinnedNode, root } from '../scripts/run.mjs';
import { cleanEnvironment, test, expect } from './larder-app';
import { goTo, settingsForm, storedRow } from './larder-window';
import { content } from './recording-origin';

const CLI = path.join(root, 'out/cli/larder.mjs');
const MARK = 'kept-body-4711';
const xCache = async (url: string) => (await fetchInTime(url)).headers.get('x-cache');

const keepBox = (page: Page) => page.getByRole('checkbox', { name: 'Keep across restarts' });

/** Everything that is in the cache's files. */
async function onDisk(dataDir: string): Promise<string> {
  const folder = path.join(dataDir, 'responses');
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => !name.startsWith('lock'));
  const texts = await Promise.all(
    files.map((name) => readFile(path.join(folder, name), 'latin1').catch(() => '')),
  );
  return texts.join('\n');
}

test('what was in memory is there after the app was closed and started again', async ({ launch, origin }) => {
  origin.answer('/poem', content('text/plain', MARK));
  const flags = ['--origin', origin.url, '--port', '0'];
  const first = await launch({ flags });
  const before = await first.proxyUrl();
  expect(await xCache(`${before}/poem`)).toBe('MISS');
  expect(await xCache(`${before}/poem`)).toBe('HIT');
  await first.close();

  const second = await launch({ flags });
  const response = await fetchInTime(`${await second.proxyUrl()}/poem`);
  expect(response.headers.get('x-cache')).toBe('HIT');
  expect(await response.text()).toBe(MARK);
  expect(origin.count('/poem')).toBe(1);
  await goTo(second.page, 'Cache');
  await expect(storedRow(second.page, '/poem')).toHaveCount(1);
});

test('what was in memory is there after the app was killed', async ({ launch, origin, dataDir }) => {
  origin.answer('/poem', content('text/plain', MARK));
  const flags = ['--origin', origin.url, '--port', '0'];
  const first = await launch({ flags });
  expect(await xCache(`${await first.proxyUrl()}/poem`)).toBe('MISS');
  // A second may be missing: killed once it is written.
  await expect.poll(() => onDisk(dataDir)).toMatch(new RegExp(`/poem(.|\n)*${MARK}|${MARK}(.|\n)*/poem`));
  const ended = once(first.app.process(), 'exit');
  first.app.process().kill('SIGKILL');
  await ended;

  const second = await launch({ flags });
  const response = await fetchInTime(`${await second.proxyUrl()}/poem`);
  expect(response.headers.get('x-cache')).toBe('HIT');
  expect(await response.text()).toBe(MARK);
  expect(origin.count('/poem')).toBe(1);
});

test('nothing is kept across restarts where that is switched off', async ({ launch, origin, dataDir }) => {
  origin.answer('/poem', content('text/plain', MARK));
  const flags = ['--origin', origin.url, '--port', '0'];
  const first = await launch({ flags });
  const { page } = first;
  await first.proxyUrl();
  await goTo(page, 'Settings');
  await expect(keepBox(page)).toBeChecked();
  await keepBox(page).uncheck();
  await settingsForm(page).save.click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  const before = await first.proxyUrl();
  expect(await xCache(`${before}/poem`)).toBe('MISS');
  expect(await xCache(`${before}/poem`)).toBe('HIT');
  await first.close();
  expect(await onDisk(dataDir)).not.toContain(MARK);

  const second = await launch({ flags });
  expect(await xCache(`${await second.proxyUrl()}/poem`)).toBe('MISS');
  await goTo(second.page, 'Settings');
  await expect(keepBox(second.page)).not.toBeChecked();
});

test('a window whose cache folder another Larder has says so, and serves on', async ({
  launch,
  origin,
  dataDir,
}) => {
  const flags = ['--origin', origin.url, '--port', '0'];
  const other = spawn(pinnedNode, [CLI, ...flags, '--persist'], {
    env: cleanEnvironment(dataDir),
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(other, 'exit');
  try {
    for await (const line of createInterface({ input: other.stdout })) if (/listening on/.test(line)) break;
    const { page, proxyUrl } = await launch({ flags });
    const proxy = await proxyUrl();
    await expect(page.getByRole('alert').filter({ hasText: 'not kept across restarts' })).toBeVisible();
    expect(await xCache(`${proxy}/x`)).toBe('MISS');
    expect(await xCache(`${proxy}/x`)).toBe('HIT');
    await goTo(page, 'Settings');
    await expect(page.getByRole('form', { name: 'Settings' }).getByText(/Another Larder/)).toBeVisible();
  } finally {
    other.kill('SIGKILL');
    await ended;
  }
});
