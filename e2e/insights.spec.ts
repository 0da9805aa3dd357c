/** Insights in the real window: its figures are those of what was sent, each chart has its table, and all of it leaves as CSV. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { goTo, liveRows, storedRow } from './larder-window';
import { content } from './recording-origin';

const figure = (page: Page, name: string) =>
  page.getByRole('definition').filter({ has: page.locator(`xpath=preceding-sibling::dt[.="${name}"]`) });

const send = async (url: string, init: RequestInit = {}) => void (await fetchInTime(url, init)).arrayBuffer();

test('the figures of Insights are those of what was sent', async ({ launch, origin }) => {
  origin.answer('/v1/jam', content('text/plain', 'x'.repeat(1000)));
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await goTo(page, 'Insights');
  await expect(page.getByText('No requests in the last 5 minutes')).toBeVisible();
  for (let number = 0; number < 5; number += 1) await send(`${proxy}/v1/jam`);
  await send(`${proxy}/v1/bread?slice=1`);
  await send(`${proxy}/v1/bread?slice=2`);
  await send(`${proxy}/v1/cart`, { method: 'POST', body: '{}' });
  await expect(figure(page, 'Requests')).toContainText(/^8now/);
  await expect(figure(page, 'Hit ratio')).toContainText(/^57 %now 57 %/);
  await expect(figure(page, 'Bytes saved')).toContainText('4.0 kB');
  await expect(figure(page, 'Origin requests')).toContainText(/^4/);
  await expect(
    page.getByRole('img', { name: /by outcome: 8 in all\. HIT 4, MISS 3, PASS 1\./ }),
  ).toBeVisible();
  const missed = page.getByRole('table', { name: /^Most missed paths/ });
  await expect(missed.getByRole('row')).toHaveText([/Path/, /\/v1\/bread2no stored response/, /\/v1\/jam1/]);
  await page.getByRole('radio', { name: 'Session' }).check();
  await expect(figure(page, 'Requests')).toContainText(/^8now/);
});

test('a path leads to its rows in Live, and to what is stored of it', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await send(`${proxy}/v1/bread?slice=1`);
  await send(`${proxy}/v1/jam`);
  await goTo(page, 'Insights');
  await page
    .getByRole('table', { name: /^Most missed/ })
    .getByRole('button', { name: '/v1/bread' })
    .click();
  await expect(liveRows(page, '/v1/bread?slice=1')).toHaveCount(1);
  await expect(liveRows(page, '/v1/jam')).toHaveCount(0);
  await goTo(page, 'Insights');
  await page
    .getByRole('table', { name: /^Largest/ })
    .getByRole('button', { name: '/v1/jam' })
    .click();
  await expect(storedRow(page, '/v1/jam')).toBeVisible();
  await expect(storedRow(page, '/v1/bread')).toHaveCount(0);
});

/** Whether some pixel of a chart has the colour that the token has just now. */
const isDrawnIn = (chart: Locator, token: string) =>
  chart.locator('canvas').evaluate((canvas: HTMLCanvasElement, name) => {
    const colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    for (let at = 0; at < pixels.length; at += 4) {
      const hex = [0, 1, 2].map((part) => (pixels[at + part] ?? 0).toString(16).padStart(2, '0')).join('');
      if (`#${hex}` === colour) return true;
    }
    return false;
  }, token);

test('each chart has a table behind it, and the colours of the theme', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await send(`${proxy}/v1/jam`);
  await send(`${proxy}/v1/jam`);
  await goTo(page, 'Insights');
  const charts = page.getByRole('img', { name: /\.$/ });
  await expect(charts).toHaveCount(6);
  await expect(page.locator('.chart-canvas canvas')).toHaveCount(6);
  const requests = page.getByRole('region', { name: 'Requests per second', exact: true });
  for (const theme of ['light', 'dark']) {
    await page.evaluate((wanted) => void (document.documentElement.dataset['theme'] = wanted), theme);
    await expect.poll(() => isDrawnIn(requests, '--miss-dot')).toBe(true);
  }
  await requests.getByRole('button').focus();
  await page.keyboard.press('Enter');
  const table = requests.getByRole('table', { name: /by outcome: 2 in all/ });
  await expect(table.getByRole('columnheader')).toHaveText(['From', 'HIT', 'MISS']);
  await expect(table.getByRole('row').filter({ hasText: '1/s' })).not.toHaveCount(0);
  await expect(charts).toHaveCount(5);
  await page.keyboard.press('Enter');
  await expect(charts).toHaveCount(6);
});

test('the figures are exported as CSV', async ({ launch, origin, dataDir }) => {
  const { app, page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  for (const target of ['/v1/jam', '/v1/jam', '/v1/bread']) await send(proxy + target);
  await app.evaluate(({ dialog }, folder) => {
    // The system's dialog cannot be driven: this stands for a person who accepts the name it offers.
    const accept = (...args: unknown[]) => {
      const { defaultPath } = args.at(-1) as { defaultPath: string };
      return Promise.resolve({ canceled: false, filePath: `${folder}/${defaultPath.split(/[\\/]/).at(-1)}` });
    };
    dialog.showSaveDialog = accept;
  }, dataDir);
  await goTo(page, 'Insights');
  await expect(figure(page, 'Requests')).toContainText(/^3now/);
  await page.getByRole('button', { name: 'Export as CSV…' }).click();
  await expect(page.getByText('Exported as CSV', { exact: true })).toBeVisible();
  const name = (await readdir(dataDir)).find((file) => /^larder-insights-5min-.*\.csv$/.test(file)) ?? '';
  const records = (await readFile(path.join(dataDir, name), 'utf8'))
    .split('\r\n')
    .map((line) => line.split(','));
  const [head] = records;
  const column = (title: string, kind: string) =>
    records.filter(([record]) => record === kind).map((cells) => cells[head?.indexOf(title) ?? -1]);
  const sum = (title: string) => column(title, 'bucket').reduce((total, cell) => total + Number(cell), 0);
  expect([sum('hit'), sum('miss'), sum('origin_requests')]).toEqual([1, 2, 2]);
  expect(column('path', 'missed path').sort()).toEqual(['/v1/bread', '/v1/jam']);
});
