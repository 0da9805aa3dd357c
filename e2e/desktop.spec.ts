/** The desktop around the window: zoom over a restart, the tray, notifications, who holds a port, first start. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchInTime } from './fetch-in-time';
import { test, expect, type RunningLarder } from './larder-app';
import { liveRows } from './larder-window';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';

const zoomOf = ({ app }: RunningLarder) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor());

test('the zoom is shown, kept over a restart and set back', async ({ launch }) => {
  const first = await launch();
  await first.proxyUrl();
  await first.page.keyboard.press(`${MOD}+Shift++`);
  await expect(first.page.getByRole('status', { name: 'Zoom' })).toHaveText('110 %');
  await first.page.keyboard.press(`${MOD}+=`);
  await expect.poll(() => zoomOf(first)).toBeCloseTo(1.25);
  await first.close();
  const second = await launch();
  await second.proxyUrl();
  await expect.poll(() => zoomOf(second)).toBeCloseTo(1.25);
  await second.page.keyboard.press(`${MOD}+0`);
  await expect.poll(() => zoomOf(second)).toBe(1);
});

test('with the tray, a closed window leaves the proxy running', async ({ launch, origin, dataDir }) => {
  const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await larder.proxyUrl();
  await larder.page.evaluate(`(async () => {
    const { value } = await larder.invoke('settings.get', undefined);
    const settings = { ...value, desktop: { tray: true, notifications: true } };
    await larder.invoke('settings.save', { settings });
  })()`);
  const windows = () => larder.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  await larder.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(windows).toBe(0);
  expect((await fetchInTime(`${proxy}/x`)).status).toBe(200);
  const opened = larder.app.waitForEvent('window');
  await larder.app.evaluate(({ app }) => void app.emit('activate'));
  await expect(liveRows(await opened, '/x')).toHaveCount(1);
  await expect
    .poll(async () => JSON.parse(await readFile(path.join(dataDir, 'window-state.json'), 'utf8')) as object)
    .toMatchObject({ trayToldOf: true });
});

test('a taken port says by whom, and what is free', async ({ launch, origin }) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const { page } = await launch({ flags: ['--origin', origin.url, '--port', String(port)] });
  const banner = page.getByRole('alert').filter({ hasText: 'Larder is not listening' });
  if (process.platform === 'linux') await expect(banner).toContainText(`(process ${process.pid})`);
  await expect(banner.getByRole('button', { name: /Use port \d+/ })).toBeVisible();
  taken.close();
});

test('the first start offers requests, an origin and what to paste', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch();
  const proxy = await proxyUrl();
  await page.getByRole('tab', { name: 'Vite' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Vite' })).toContainText(`'/api': '${proxy}'`);
  await page.getByRole('button', { name: 'GET /products', exact: true }).click();
  await expect(liveRows(page, '/products')).toHaveCount(1);
  await page.getByRole('button', { name: 'Connect your API' }).click();
  await page.getByRole('textbox', { name: 'Your API' }).fill(origin.url);
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect((await fetchInTime(`${proxy}/mine`)).status).toBe(200);
  expect(origin.requests).toContain('/mine');
});

test('assistive technology hears sums of the traffic, not every request', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  for (let count = 0; count < 3; count += 1) await fetchInTime(`${proxy}/same`);
  await expect(page.locator('[data-live-region]')).toHaveText('3 requests, 2 hits');
});
