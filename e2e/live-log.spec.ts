/** The live log in the real window: columns, filters, the context menu, holding still and following. */
import type { ElectronApplication, Page } from '@playwright/test';
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { details, liveLog, liveRows, storedRow } from './larder-window';

const head = (page: Page, name: string) => liveLog(page).getByRole('columnheader', { name, exact: true });
const filterBox = (page: Page) => page.getByRole('searchbox', { name: 'Filter the log' });
const menuItem = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true });

/** Targets of the rows in sight, from the top. */
const targets = (page: Page) =>
  liveLog(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
    .evaluateAll((rows) =>
      rows
        .sort((one, other) => Number(one.ariaRowIndex) - Number(other.ariaRowIndex))
        .map((row) =>
          [...row.querySelectorAll('[role=gridcell]')].find((cell) => cell.textContent?.startsWith('/')),
        )
        .map((cell) => cell?.textContent ?? ''),
    );

const clipboard = (app: ElectronApplication) => app.evaluate((electron) => electron.clipboard.readText());

test('columns are hidden, drawn to a width and sorted by, and stay so over a restart', async ({
  launch,
  origin,
}) => {
  origin.answer('/long', (_request, response) => void response.end('x'.repeat(5000)));
  const flags = ['--origin', origin.url, '--port', '0'];
  const first = await launch({ flags });
  const proxy = await first.proxyUrl();
  for (const path of ['/a', '/long', '/b']) await fetchInTime(proxy + path);
  await expect.poll(() => targets(first.page)).toEqual(['/b', '/long', '/a']);

  await head(first.page, 'Size').getByRole('button').click();
  await expect(head(first.page, 'Size')).toHaveAttribute('aria-sort', 'descending');
  await expect.poll(() => targets(first.page).then((paths) => paths[0])).toBe('/long');

  const width = () => head(first.page, 'Path').evaluate((cell) => cell.clientWidth);
  const before = await width();
  await head(first.page, 'Path').getByRole('button').press('Shift+ArrowLeft');
  await expect.poll(width).toBe(before - 8);
  const box = await head(first.page, 'Path').boundingBox();
  if (box === null) throw new Error('the head of the paths is not drawn');
  await first.page.mouse.move(box.x + box.width + 5, box.y + 10);
  await first.page.mouse.down();
  await first.page.mouse.move(box.x + 220, box.y + 10, { steps: 3 });
  await first.page.mouse.up();
  await expect.poll(width).toBe(220);

  await head(first.page, 'Took').click({ button: 'right' });
  await first.page.getByRole('menuitemcheckbox', { name: 'Saved' }).click();
  await first.page.keyboard.press('Escape');
  await expect(head(first.page, 'Saved')).toHaveCount(0);
  await expect(liveLog(first.page)).toHaveAttribute('aria-colcount', '8');
  await first.close();

  const { page } = await launch({ flags });
  await expect(head(page, 'Saved')).toHaveCount(0);
  await expect(head(page, 'Size')).toHaveAttribute('aria-sort', 'descending');
  expect(await head(page, 'Path').evaluate((cell) => cell.clientWidth)).toBe(220);
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  await menuItem(page, 'Reset columns').click();
  await expect(head(page, 'Saved')).toBeVisible();
  await expect(head(page, 'Size')).toHaveAttribute('aria-sort', 'none');
});

test('the filter completes terms, says what it does not understand, and counts by outcome', async ({
  launch,
  origin,
}) => {
  origin.answer('/gone', (_request, response) => void response.writeHead(404).end());
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  for (const path of ['/a', '/a', '/b', '/gone']) await fetchInTime(proxy + path);
  await fetchInTime(`${proxy}/a`, { method: 'POST', body: 'x' });
  await expect(liveRows(page, '/gone')).toHaveCount(1);

  await filterBox(page).pressSequentially('stat');
  await expect(page.getByRole('option')).toHaveText(['status:404, 4xx or 200,304']);
  await page.keyboard.press('Tab');
  await expect(filterBox(page)).toHaveValue('status:');
  await filterBox(page).pressSequentially('4');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { selected: true })).toContainText('status:404');
  await page.keyboard.press('Enter');
  await expect(filterBox(page)).toHaveValue('status:404 ');
  await expect.poll(() => targets(page)).toEqual(['/gone']);

  await filterBox(page).fill('is:hit,slow');
  await expect(page.getByText('“slow” is not an outcome')).toBeVisible();
  await expect(filterBox(page)).toHaveAccessibleDescription(/“slow” is not an outcome/);
  await filterBox(page).fill('path:/a');
  await expect(page.getByRole('button', { name: /^HIT/ })).toHaveText('HIT1');
  await expect(page.getByRole('button', { name: /^PASS/ })).toHaveText('PASS1');
  await page.getByRole('button', { name: /^MISS/ }).click();
  await expect.poll(() => targets(page)).toEqual(['/a']);
  await expect(page.getByText('1 of 5 requests')).toBeVisible();

  await page.getByRole('button', { name: 'Method and status' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'POST' }).click();
  await expect(filterBox(page)).toHaveValue('path:/a method:POST');
  await page.keyboard.press('Escape');
  await expect(page.getByText('No request passes the filter')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(() => targets(page)).toHaveLength(5);
});

test('the menu of a row copies, opens, deletes and filters', async ({ launch, origin }) => {
  const { app, page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await fetchInTime(`${proxy}/a?page=2`, { headers: { 'x-mark': 'seen' } });
  await fetchInTime(`${proxy}/a`, { method: 'POST', body: 'x' });
  await fetchInTime(`${proxy}/b`);
  // The log is still until all of them are in it: a row that moves is not the one that was meant.
  await expect(liveRows(page, '/b')).toHaveCount(1);
  const row = liveRows(page, '/a?page=2');

  await row.click({ button: 'right' });
  await menuItem(page, 'Copy as cURL').click();
  await expect.poll(() => clipboard(app)).toContain(`curl '${proxy}/a?page=2'`);
  expect(await clipboard(app)).toContain('x-mark: seen');
  await row.click({ button: 'right' });
  await menuItem(page, 'Copy as fetch').click();
  await expect.poll(() => clipboard(app)).toContain(`await fetch("${proxy}/a?page=2"`);

  const opened = await app.evaluateHandle((electron) => {
    const urls: string[] = [];
    electron.shell.openExternal = async (url) => void urls.push(url);
    return urls;
  });
  await row.click({ button: 'right' });
  await menuItem(page, 'Open in browser').click();
  await expect.poll(() => opened.jsonValue()).toEqual([`${proxy}/a?page=2`]);

  await liveRows(page, '/a').click({ button: 'right' });
  for (const name of ['Open in browser', 'Open stored response', 'Delete stored response']) {
    await expect(menuItem(page, name)).toBeDisabled();
  }
  await page.keyboard.press('Escape');
  await expect(liveLog(page)).toBeFocused();

  // /b, the POST, then /a?page=2: by keyboard alone.
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu', { name: 'Request' })).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(filterBox(page)).toHaveValue('path:/a');
  await expect(liveRows(page, '/b')).toHaveCount(0);

  await row.click({ button: 'right' });
  await menuItem(page, 'Delete stored response').click();
  await expect(page.getByText('Deleted 1 stored response')).toBeVisible();
  await filterBox(page).fill('');
  await liveRows(page, '/b').click({ button: 'right' });
  await menuItem(page, 'Open stored response').click();
  await expect(storedRow(page, '/b')).toHaveAttribute('aria-selected', 'true');
  await expect(details(page)).toContainText('/b');
});

test('the rows stand still while paused or read, and the newest is followed otherwise', async ({
  launch,
  origin,
}) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await Promise.all(Array.from({ length: 60 }, (_, index) => fetchInTime(`${proxy}/old/${index}`)));
  await expect(liveLog(page)).toHaveAttribute('aria-rowcount', '61');

  await page.getByRole('button', { name: 'Pause' }).click();
  await fetchInTime(`${proxy}/while-paused`);
  await expect(page.getByText('1 request since.')).toBeVisible();
  await expect(liveRows(page, '/while-paused')).toHaveCount(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(liveRows(page, '/while-paused')).toHaveCount(1);

  const follow = page.getByRole('button', { name: 'Follow' });
  await expect(follow).toHaveAttribute('aria-pressed', 'true');
  await liveLog(page).hover();
  await page.mouse.wheel(0, 400);
  await expect(follow).toHaveAttribute('aria-pressed', 'false');
  await fetchInTime(`${proxy}/while-reading`);
  await page.getByRole('button', { name: '1 new request' }).click();
  await expect(liveRows(page, '/while-reading')).toHaveCount(1);
  await expect(follow).toHaveAttribute('aria-pressed', 'true');

  // Oldest first: the newest is at the end, and the view goes with it.
  await head(page, 'Time').getByRole('button').click();
  await expect(liveRows(page, '/while-reading')).toBeInViewport();
  await fetchInTime(`${proxy}/last`);
  await expect(liveRows(page, '/last')).toBeInViewport();
});
