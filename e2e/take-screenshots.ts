/** Pictures of the real window, light and dark, at its first size and at its smallest. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_SETTINGS, type Settings } from '../shared/settings';
import { root } from '../scripts/run.mjs';
import { test, expect, type RunningLarder } from './larder-app';
import { details, goTo, liveRows, settingsForm, storedRow } from './larder-window';
import { browseShop, startShop } from './shop-origin';

const FOLDER = path.join(root, 'docs/screenshots');
const SIZES = [
  { width: 1200, height: 780, suffix: '' },
  { width: 900, height: 600, suffix: '-900x600' },
] as const;

async function picture(larder: RunningLarder, name: string): Promise<void> {
  for (const { width, height, suffix } of SIZES) {
    await larder.app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
      { width, height },
    );
    const size = () => larder.page.evaluate(() => [innerWidth, innerHeight]);
    await expect.poll(size).toEqual([width, height]);
    await larder.page.screenshot({ path: path.join(FOLDER, `${name}${suffix}.png`), animations: 'disabled' });
  }
}

function saveSettings(dataDir: string, settings: Partial<Settings>): Promise<void> {
  const file = path.join(dataDir, 'settings.json');
  return writeFile(file, JSON.stringify({ version: 1, ...DEFAULT_SETTINGS, ...settings }));
}

for (const appearance of ['light', 'dark'] as const) {
  test.describe(appearance, () => {
    test('first start', async ({ launch, origin, dataDir }) => {
      await saveSettings(dataDir, { appearance, port: await origin.freePort() });
      const larder = await launch({ flags: [] });
      await larder.proxyUrl();
      await expect(larder.page.getByRole('button', { name: 'GET /products/1' })).toBeVisible();
      await picture(larder, `first-start-${appearance}`);
    });

    test('a day at work', async ({ launch, dataDir }) => {
      const shop = await startShop();
      const port = await shop.freePort();
      await saveSettings(dataDir, { appearance, port, origin: `http://localhost:${shop.port}` });
      const larder = await launch({ flags: [] });
      const { page } = larder;
      await browseShop(await larder.proxyUrl());
      // The log is still until all of them are in it: a row that moves is not the one that was meant.
      await expect(liveRows(page, '/v2/products?page=1')).toHaveCount(4);
      await expect(page.getByText('61 %').first()).toBeVisible();
      await liveRows(page, '/v2/products?page=1').first().click();
      await expect(details(page)).toContainText('142');
      await picture(larder, `live-${appearance}`);
      await goTo(page, 'Cache');
      await storedRow(page, '/v2/products/1007').first().click();
      await expect(details(page)).toContainText('Plum jam');
      await picture(larder, `cache-${appearance}`);
      await goTo(page, 'Insights');
      await expect(page.getByRole('img').first()).toBeVisible();
      await picture(larder, `insights-${appearance}`);
      await goTo(page, 'Settings');
      await expect(settingsForm(page).save).toBeVisible();
      await picture(larder, `settings-${appearance}`);
      await larder.close();
      await shop.close();
    });
  });
}
