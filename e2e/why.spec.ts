/** Why a request was a miss: the nearest stored response, what differed, and one click to what would change it. */
import { content } from './recording-origin';
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { details, liveRows, settingsForm, storedResponses } from './larder-window';

test('says of a miss what differed from the nearest stored response', async ({ launch, origin }) => {
  const varied = content('application/json', '{}', { vary: 'accept-language' });
  origin.answer('/texts', varied);
  const { page, proxyUrl } = await launch({ flags: ['--port', '0', '--origin', origin.url] });
  const proxy = await proxyUrl();
  const get = (path: string, headers: Record<string, string> = {}) => fetchInTime(proxy + path, { headers });
  await get('/products?page=1&size=20');
  await get('/products?page=2&size=20');
  await get('/texts', { 'accept-language': 'en' });
  await get('/texts', { 'accept-language': 'de' });
  await get('/me', { authorization: 'Bearer ada-secret' });
  await get('/me', { authorization: 'Bearer bob-secret' });
  await expect(liveRows(page, '/me')).toHaveCount(2);

  const differs = details(page).getByRole('table', { name: 'What differed' });
  await liveRows(page, '/products?page=2&size=20').click();
  await expect(differs.getByRole('row', { name: 'Parameter page 2 1' })).toBeVisible();
  await expect(differs.getByRole('row')).toHaveCount(2);

  await liveRows(page, '/texts').first().click();
  await expect(differs.getByRole('row', { name: 'Field accept-language de en' })).toBeVisible();

  await liveRows(page, '/me').first().click();
  await expect(differs.getByRole('row', { name: 'Credentials' })).toBeVisible();
  await expect(details(page)).not.toContainText('ada-secret');
  await expect(details(page)).not.toContainText('bob-secret');
  await expect(details(page).getByRole('button', { name: /^Change/ })).toHaveCount(0);
  await details(page).getByRole('button', { name: 'Show authorization' }).click();
  await expect(details(page)).toContainText('Bearer bob-secret');

  await liveRows(page, '/products?page=2&size=20').click();
  await details(page)
    .getByRole('button', { name: `${origin.url}/products?page=1&size=20` })
    .click();
  await expect(storedResponses(page)).toBeVisible();
  await expect(details(page)).toContainText('page=1&size=20');
});

test('leads from what expired to the TTL', async ({ launch, origin }) => {
  const flags = ['--port', '0', '--origin', origin.url, '--ttl', '1'];
  const { page, proxyUrl } = await launch({ flags });
  const url = `${await proxyUrl()}/prices`;
  await fetchInTime(url);
  await expect(async () => {
    const answer = await fetchInTime(url);
    expect(answer.headers.get('cache-status')).toContain('fwd=stale');
  }).toPass();
  await liveRows(page, '/prices').filter({ hasText: 'expired' }).first().click();
  const differs = details(page).getByRole('table', { name: 'What differed' });
  await expect(differs).toContainText('expired');
  await details(page).getByRole('button', { name: 'Change the TTL' }).click();
  await expect(settingsForm(page).ttl).toBeFocused();
});

test('shows fields as they came, explained, and where the time went', async ({ launch, origin }) => {
  origin.answer('/a', (_request, response) => {
    const fields = ['X-Two', '1', 'Cache-Control', 'max-age=300, private', 'x-two', '2', 'ETag', 'W/"v1"'];
    response.writeHead(200, fields).end('body');
  });
  const { page, proxyUrl } = await launch({ flags: ['--port', '0', '--origin', origin.url] });
  await fetchInTime(`${await proxyUrl()}/a`);
  await liveRows(page, '/a').click();

  const timing = details(page).getByRole('table', { name: 'Timing' });
  await expect(timing.getByRole('rowheader')).toContainText([
    /Waiting/,
    /Connecting/,
    /First byte/,
    /Download/,
    'In all',
  ]);
  await expect(details(page)).toContainText('A connection to the origin was opened for it.');

  const fields = details(page).getByRole('table', { name: 'Response fields' });
  const names = fields.getByRole('rowheader');
  await expect(names).toContainText(['X-Two', 'Cache-Control', 'x-two', 'ETag']);
  await expect(fields.getByRole('row', { name: 'Cache-Control' })).toContainText(
    'max-age=300 fresh for 5 min',
  );
  await expect(fields.getByRole('row', { name: 'ETag' })).toContainText('weak:');
  await details(page).getByRole('button', { name: 'Sort response fields by name' }).click();
  await expect(names).toContainText(['Cache-Control', 'ETag', 'X-Two', 'x-two']);
});

test('copies the request for elsewhere, and offers it to be sent again', async ({ launch, origin }) => {
  const { app, page, proxyUrl } = await launch({ flags: ['--port', '0', '--origin', origin.url] });
  const proxy = await proxyUrl();
  await fetchInTime(`${proxy}/a?b=1`, { headers: { 'x-team': 'jam' } });
  await liveRows(page, '/a?b=1').click();
  const clipboard = () => app.evaluate((electron) => electron.clipboard.readText());
  const button = (name: string) => details(page).getByRole('button', { name, exact: true });
  await button('Copy URL').click();
  await expect.poll(clipboard).toBe(`${proxy}/a?b=1`);
  await button('Copy as cURL').click();
  await expect.poll(clipboard).toContain(`-H 'x-team: jam'`);
  await button('Copy as fetch').click();
  await expect.poll(clipboard).toContain(`await fetch("${proxy}/a?b=1", {`);
  await button('Copy x-team').click();
  await expect.poll(clipboard).toBe('jam');
  await button('Copy request fields').click();
  await expect.poll(clipboard).toContain('x-team: jam\n');
  await button('Send again').click();
  const dialog = page.getByRole('dialog', { name: 'Send a request' });
  await expect(dialog.getByRole('combobox', { name: 'Path' })).toHaveValue('/a?b=1');
  await expect(dialog.getByRole('combobox', { name: /^Name of field/ }).first()).toBeVisible();
  await expect(dialog).not.toContainText('cannot be sent');
});

test('the details fit any window, and are sized by the keyboard', async ({ launch, origin }) => {
  const { app, page, proxyUrl } = await launch({ flags: ['--port', '0', '--origin', origin.url] });
  await fetchInTime(`${await proxyUrl()}/a`);
  await liveRows(page, '/a').click();
  const resize = (width: number, height: number) =>
    app.evaluate(
      ({ BrowserWindow }, size) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setMinimumSize(300, 300);
        window?.setContentSize(size.width, size.height);
      },
      { width, height },
    );
  const sizeOf = async () => (await details(page).boundingBox()) ?? { width: 0, height: 0 };

  await resize(1200, 780);
  const width = page.getByRole('separator', { name: 'Width of the details' });
  await width.focus();
  const before = (await sizeOf()).width;
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await sizeOf()).width).toBeGreaterThan(before);

  await resize(800, 600);
  const height = page.getByRole('separator', { name: 'Height of the details' });
  await height.focus();
  await page.keyboard.press('Home');
  const lowest = (await sizeOf()).height;
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await sizeOf()).height).toBeGreaterThan(lowest);

  await resize(600, 390);
  await expect(height).toHaveCount(0);
  await expect(details(page).getByRole('button', { name: 'Close details' })).toBeInViewport();
  await details(page).getByRole('button', { name: 'Close details' }).press('Escape');
  await expect(liveRows(page, '/a')).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Live log' })).toBeFocused();
});
