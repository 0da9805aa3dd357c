/** Sending a request from the window: what was typed is what the origin gets, and the answer opens in Details. */
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { details, liveRows } from './larder-window';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';

test('a request with fields and a body is sent, and its answer is in Details', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const got: unknown[] = [];
  origin.answer('/cart/items', (request, response) => {
    got.push(request.method, request.headers['x-shop'], request.headers['content-type']);
    request.once('data', (body) => got.push(String(body)));
    request.once('end', () => response.writeHead(201).end('{"items":1}'));
    request.resume();
  });
  await fetchInTime(`${await proxyUrl()}/seen-before?page=2`);
  await page.keyboard.press(`${MOD}+n`);
  const dialog = page.getByRole('dialog', { name: 'Send a request' });
  const path = dialog.getByRole('combobox', { name: 'Path' });
  await expect(path).toBeFocused();
  // Completed from what the log has seen.
  await expect(dialog.locator('datalist option', { hasText: '/seen-before?page=2' })).toBeAttached();
  await dialog.getByRole('combobox', { name: 'Method' }).selectOption('POST');
  await path.fill('/cart/items');
  await dialog.getByRole('button', { name: 'Add field' }).click();
  await page.keyboard.type('Host');
  await expect(dialog).toContainText('Host cannot be sent: Larder sets it');
  await dialog.getByRole('button', { name: 'Remove field 1: Host' }).click();
  await dialog.getByRole('button', { name: 'Paste fields…' }).click();
  await page.keyboard.type('X-Shop: jam\nAuthorization: Bearer secret');
  await dialog.getByRole('button', { name: 'Add 2 fields' }).click();
  await dialog.getByRole('combobox', { name: 'Content type' }).selectOption('JSON');
  const body = dialog.getByRole('textbox', { name: 'Body' });
  await body.fill('{"product":');
  await expect(dialog).toContainText('Not JSON');
  await body.fill('{"product":1007}');
  await expect(dialog).toContainText('Valid JSON');
  await body.press(`${MOD}+Enter`);
  await expect(dialog).toHaveCount(0);
  await expect(details(page)).toContainText('/cart/items');
  expect(got).toEqual(['POST', 'jam', 'application/json', '{"product":1007}']);

  await page.keyboard.press(`${MOD}+n`);
  await dialog.getByRole('button', { name: 'Earlier requests' }).click();
  await page.getByRole('menuitem', { name: /POST \/cart\/items/ }).click();
  await expect(dialog.getByRole('textbox', { name: 'Value of field 2' })).toHaveValue('');
  await expect(dialog.getByRole('textbox', { name: 'Value of field 1' })).toHaveValue('jam');
});

test('a request that takes too long is given up', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await proxyUrl();
  origin.answer('/never', () => {});
  await page.keyboard.press(`${MOD}+n`);
  const dialog = page.getByRole('dialog', { name: 'Send a request' });
  await dialog.getByRole('combobox', { name: 'Path' }).fill('/never');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog.getByRole('alert')).toContainText('given up');
  await page.keyboard.press('Escape');
  await expect(liveRows(page, '/never')).toHaveCount(1);
});
