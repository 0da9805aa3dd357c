/** Several profiles in the window: made, switched, renamed, duplicated, deleted; each with its own cache. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { fetchInTime } from './fetch-in-time';
import { test, expect, statusLine } from './larder-app';
import { goTo, settingsForm } from './larder-window';

const switcher = (page: Page, name: string) =>
  page.getByRole('button', { name: `Profile: ${name}`, exact: true });

async function switchTo(page: Page, from: string, to: string): Promise<void> {
  await switcher(page, from).click();
  await page.getByRole('menuitemradio', { name: to }).click();
}

async function createProfile(page: Page, from: string, values: Record<string, string>): Promise<void> {
  await switcher(page, from).click();
  await page.getByRole('menuitem', { name: 'New profile…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New profile' });
  for (const [field, value] of Object.entries(values))
    await dialog.getByLabel(field, { exact: true }).fill(value);
  await dialog.getByRole('button', { name: 'Create and switch to it' }).click();
}

const xCache = async (url: string) => (await fetchInTime(url)).headers.get('x-cache');

test('a profile is made and switched to from the header, and each keeps its own cache, also over a restart', async ({
  launch,
  origin,
  dataDir,
}) => {
  const port = String(await origin.freePort());
  const other = String(await origin.freePort());
  const first = await launch({ flags: ['--origin', origin.url, '--port', port] });
  const { page } = first;
  await first.proxyUrl();
  expect(await xCache(`http://127.0.0.1:${port}/thing`)).toBe('MISS');
  await createProfile(page, 'Default', { Name: 'Staging', Origin: `${origin.url}/staging`, Port: other });
  await expect(switcher(page, 'Staging')).toBeVisible();
  await expect(statusLine(page)).toContainText(`:${other}`);
  expect(await xCache(`http://127.0.0.1:${other}/thing`)).toBe('MISS');
  expect(origin.requests).toEqual(['/thing', '/staging/thing']);

  // Unsaved changes wait for their profile; and the flags are for the profile that they were given to.
  await goTo(page, 'Settings');
  await settingsForm(page).ttl.fill('42');
  await expect(page.getByText('1 unsaved change')).toBeVisible();
  await switchTo(page, 'Staging', 'Default');
  await expect(statusLine(page)).toContainText(`:${port}`);
  await expect(settingsForm(page).origin).toHaveValue(origin.url);
  await expect(settingsForm(page).ttl).toHaveValue('');
  expect(await xCache(`http://127.0.0.1:${port}/thing`)).toBe('HIT');
  await switchTo(page, 'Default', 'Staging');
  await expect(settingsForm(page).ttl).toHaveValue('42');
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByText('Settings saved')).toBeVisible();
  await first.close();

  const saved: unknown = JSON.parse(await readFile(path.join(dataDir, 'settings.json'), 'utf8'));
  expect(saved).toMatchObject({
    version: 2,
    active: 'staging',
    profiles: [
      { id: 'default', settings: { origin: null, ttlSeconds: null } },
      { id: 'staging', name: 'Staging', settings: { port: Number(other), ttlSeconds: 42 } },
    ],
  });
  const second = await launch({ flags: [] });
  await expect(switcher(second.page, 'Staging')).toBeVisible();
  await second.proxyUrl();
  expect(await xCache(`http://127.0.0.1:${other}/thing`)).toBe('HIT');
});

test('a port that is taken is said, and the profile stays', async ({ launch, origin }) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  try {
    const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
    const proxy = await proxyUrl();
    await createProfile(page, 'Default', { Name: 'Taken', Port: String(port) });
    await expect(page.getByText('Still on Default')).toBeVisible();
    await expect(page.getByText(new RegExp(`${port}.*taken`)).first()).toBeVisible();
    await expect(switcher(page, 'Default')).toBeVisible();
    expect((await fetchInTime(`${proxy}/still`)).status).toBe(200);
  } finally {
    taken.close();
  }
});

test('profiles are renamed, duplicated and deleted, with their cache, by the keyboard too', async ({
  launch,
  origin,
  dataDir,
}) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await proxyUrl();
  await switcher(page, 'Default').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Manage profiles…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Profiles' });
  await expect(dialog.getByRole('button', { name: 'Delete Default' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Rename Default' }).press('Enter');
  const name = dialog.getByRole('textbox', { name: 'Name of Default' });
  await expect(name).toBeFocused();
  await name.fill(' ');
  await name.press('Enter');
  await expect(name).toHaveAccessibleDescription('Name must not be empty.');
  await name.fill('Production');
  await name.press('Enter');
  await dialog.getByRole('button', { name: 'Duplicate Production' }).press('Enter');
  await expect(dialog.getByText('Production copy')).toBeVisible();
  await page.keyboard.press('Escape');
  await switchTo(page, 'Production', 'Production copy');
  await expect(switcher(page, 'Production copy')).toBeVisible();
  const caches = async () => (await readdir(dataDir)).filter((file) => file.startsWith('responses'));
  await expect.poll(caches).toEqual(['responses', 'responses-production-copy']);

  await switcher(page, 'Production copy').click();
  await page.getByRole('menuitem', { name: 'Manage profiles…' }).click();
  await dialog.getByRole('button', { name: 'Delete Production copy' }).click();
  await expect(dialog.getByRole('alert')).toContainText('It is active: another profile takes over first.');
  await dialog.getByRole('button', { name: 'Delete profile' }).click();
  await expect(page.getByText('Deleted Production copy and its cache')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(switcher(page, 'Production')).toBeVisible();
  expect(await caches()).toEqual(['responses']);
});
