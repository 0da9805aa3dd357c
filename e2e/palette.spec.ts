/** The command palette: everything is found by typing, done by Enter, and nothing needs the mouse. */
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { details, liveRows, settingsForm, storedResponses } from './larder-window';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';

test('commands, paths, settings and stored responses are found and opened by keyboard', async ({
  launch,
  origin,
}) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  for (const path of ['/v2/products', '/v2/carts']) await fetchInTime(proxy + path);
  await expect(liveRows(page, '/v2/carts')).toHaveCount(1);
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  const chosen = palette.locator('[role=option][aria-selected=true]');
  const find = async (text: string) => {
    await page.keyboard.press(`${MOD}+k`);
    await expect(palette.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(text);
  };

  await find('cache place');
  await expect(palette).toContainText('Nothing is called');
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);

  await find('go cache');
  await expect(chosen).toHaveText(/Go to Cache/);
  await page.keyboard.press('Enter');
  await expect(storedResponses(page)).toBeVisible();

  await find('filter by /v2/prod');
  await expect(chosen).toHaveText('Filter by /v2/products');
  await page.keyboard.press('Enter');
  await expect(liveRows(page, '/v2/products')).toHaveCount(1);
  await expect(liveRows(page, '/v2/carts')).toHaveCount(0);

  await find('/v2/carts');
  await palette.getByRole('option', { name: 'Open stored /v2/carts' }).waitFor();
  await page.keyboard.press('End');
  await expect(chosen).toHaveText('Open stored /v2/carts');
  await page.keyboard.press('Enter');
  await expect(details(page)).toContainText('/v2/carts');

  await find('ttl');
  await expect(chosen).toHaveText('Setting: TTL (seconds)');
  await page.keyboard.press('Enter');
  await expect(settingsForm(page).ttl).toBeFocused();
});

test('the sheet of shortcuts and About open from the keyboard', async ({ launch }) => {
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toContainText('Clear cache');
  // Behind an open dialog nothing moves.
  await page.keyboard.press(`${MOD}+2`);
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Live', level: 1 })).toBeAttached();
  await page.keyboard.press(`${MOD}+k`);
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('version');
  await page.keyboard.press('Enter');
  const about = page.getByRole('dialog', { name: 'About Larder' });
  await expect(about).toContainText(/Electron\s*\d+\.\d+/);
  await about.getByRole('button', { name: 'Copy details' }).click();
  await expect(page.getByText('Copied the details')).toBeVisible();
});
