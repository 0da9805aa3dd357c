/** One run through Larder without a mouse: the origin, a miss and why, delete, clear, undo. */
import type { Locator, Page } from '@playwright/test';
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { details, liveLog, liveRows, settingsForm, storedResponses, storedRow } from './larder-window';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';
/** A way round the whole window is shorter. */
const MOST_STEPS = 120;

/** Tab, until the focus is where it shall be; on the way it can always be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target}`);
}

test('set origin, find a miss, see why, delete, clear, undo, all by keyboard', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  const { keyboard } = page;

  await keyboard.press(`${MOD}+,`);
  await tabTo(page, settingsForm(page).origin);
  await keyboard.press(`${MOD}+a`);
  await keyboard.type(origin.url);
  await keyboard.press('Enter');
  await expect(page.getByText('Settings saved')).toBeVisible();

  const proxy = await proxyUrl();
  for (const path of ['/a', '/a', '/b?lang=de', '/b?lang=en']) await fetchInTime(proxy + path);
  await keyboard.press(`${MOD}+1`);
  await expect(liveRows(page, '/b?lang=en')).toHaveCount(1);
  await keyboard.press(`${MOD}+f`);
  await keyboard.type('is:miss path:lang=en');
  await expect(liveRows(page, '/a')).toHaveCount(0);
  await keyboard.press('Escape');
  await tabTo(page, liveLog(page));
  await keyboard.press('Home');
  await keyboard.press('Enter');
  await expect(details(page).getByRole('heading', { name: 'Why' })).toBeVisible();
  await expect(details(page)).toContainText('Nearest stored response');
  await expect(details(page)).toContainText('lang');

  await tabTo(page, details(page).getByRole('button', { name: 'Delete' }));
  await keyboard.press('Enter');
  await expect(page.getByText('Deleted 1 stored response')).toBeVisible();
  await keyboard.press(`${MOD}+2`);
  await expect(storedRow(page, '/b?lang=de')).toHaveCount(1);
  await expect(storedRow(page, '/b?lang=en')).toHaveCount(0);

  await keyboard.press(`${MOD}+Shift+Backspace`);
  await expect(page.getByText('Cleared 2 stored responses')).toBeVisible();
  await expect(storedRow(page, '/a')).toHaveCount(0);
  await tabTo(page, page.getByRole('button', { name: 'Undo' }));
  await keyboard.press('Enter');
  await expect(storedResponses(page)).toContainText('/a');
  await expect(storedRow(page, '/b?lang=de')).toHaveCount(1);
});
