/** Everything by keyboard: the places, the log, the details, the filter, clearing. */
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { details, liveLog, liveRows, settingsForm, storedResponses } from './larder-window';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';

test('the shortcuts lead to the places', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await fetchInTime(`${await proxyUrl()}/x`);
  await page.keyboard.press(`${MOD}+2`);
  await expect(storedResponses(page)).toBeVisible();
  await page.keyboard.press(`${MOD}+,`);
  await expect(settingsForm(page).save).toBeVisible();
  await page.keyboard.press(`${MOD}+1`);
  await expect(liveLog(page)).toBeVisible();
  await page.keyboard.press(`${MOD}+4`);
  await expect(settingsForm(page).save).toBeVisible();
  await page.keyboard.press(`${MOD}+f`);
  await page.keyboard.type('typed at once');
  await expect(page.getByRole('searchbox')).toHaveValue('typed at once');
});

test('the log is walked, opened, filtered and cleared without a mouse', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  for (const path of ['/one', '/two', '/three']) await fetchInTime(proxy + path);
  await expect(liveRows(page, '/three')).toHaveCount(1);
  await liveLog(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(details(page)).toContainText('/two');
  await page.keyboard.press('Escape');
  await expect(details(page)).toHaveCount(0);
  await page.keyboard.press(`${MOD}+f`);
  await page.keyboard.type('/one');
  await expect(liveRows(page, '/one')).toHaveCount(1);
  await expect(liveRows(page, '/two')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(liveRows(page, '/two')).toHaveCount(1);
  await page.keyboard.press(`${MOD}+l`);
  await expect(liveRows(page, '/two')).toHaveCount(0);
  await page.keyboard.press(`${MOD}+Shift+Backspace`);
  await expect(page.getByText(/Cleared 3 stored responses/)).toBeVisible();
});

test('Tab reaches every button that is always visible, and the focus can be seen', async ({ launch }) => {
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  const reached = new Set<string>();
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const style = getComputedStyle(element);
      const visible = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      return { name: element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '', visible };
    });
    if (focused === null) continue;
    reached.add(focused.name);
    expect(focused.visible, `focus on ${focused.name} can be seen`).toBe(true);
  }
  const names = [...reached].join('\n');
  for (const name of ['Stop', 'Clear cache']) expect(names).toContain(name);
});
