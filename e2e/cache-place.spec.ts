/** The Cache place: everything that is stored, sorted, selected, grouped, refetched, edited, deleted and put back. */
import type { Page } from '@playwright/test';
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { clearCacheButton, details, goTo, liveRows, storedResponses, storedRow } from './larder-window';
import { content, type RecordingOrigin } from './recording-origin';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';
const AT_ONCE = 12;

async function fetchAll(proxy: string, paths: readonly string[]): Promise<void> {
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const some = paths.slice(from, from + AT_ONCE);
    await Promise.all(some.map(async (path) => (await fetchInTime(proxy + path)).arrayBuffer()));
  }
}

/** An item's body is as long as its number. */
function sizedItems(origin: RecordingOrigin, count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const path = `/items/${number}`;
    origin.answer(path, content('text/plain', '-'.repeat(number)));
    return path;
  });
}

const bodyRows = (page: Page) =>
  storedResponses(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') });
const tree = (page: Page) => page.getByRole('treegrid', { name: 'Stored responses by path' });
const branch = (page: Page, name: string) =>
  tree(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name, exact: true }) });

test('sorts over everything, of which only what is in sight is loaded', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await fetchAll(await proxyUrl(), sizedItems(origin, 300));
  await goTo(page, 'Cache');
  const grid = storedResponses(page);
  await expect(grid).toHaveAttribute('aria-rowcount', '301');
  await grid.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
  await expect(bodyRows(page).first()).toContainText('/items/299');
  await grid.focus();
  await page.keyboard.press('End');
  await expect(page.locator('[role="row"][aria-rowindex="301"]')).toContainText('/items/0');
  await expect(grid).toHaveAttribute('aria-activedescendant', /^entry-row-/);
  await page.keyboard.press('Home');
  await expect(bodyRows(page).first()).toContainText('/items/299');
  await grid.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
  await expect(bodyRows(page).first()).toContainText('/items/0');
  await page.keyboard.press(`${MOD}+f`);
  await page.keyboard.type('/items/29');
  await expect(grid).toHaveAttribute('aria-rowcount', '12');
});

test('many are selected by mouse and by keys, copied, and deleted', async ({ launch, origin }) => {
  const { app, page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await fetchAll(await proxyUrl(), ['/a', '/b', '/c', '/d', '/e', '/f']);
  await goTo(page, 'Cache');
  const grid = storedResponses(page);
  await grid.getByRole('columnheader', { name: 'URL' }).getByRole('button').click();
  await expect(bodyRows(page).first()).toContainText('/a');
  await storedRow(page, '/b').click();
  await storedRow(page, '/d').click({ modifiers: ['Shift'] });
  await expect(page.getByText(/^3 selected · /)).toBeVisible();
  await storedRow(page, '/f').click({ modifiers: ['ControlOrMeta'] });
  await storedRow(page, '/c').click({ modifiers: ['ControlOrMeta'] });
  await expect(grid.getByRole('row', { selected: true })).toHaveText([/\/b/, /\/d/, /\/f/]);
  await page.getByRole('button', { name: 'Copy URLs' }).click();
  await expect
    .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
    .toBe(['/b', '/d', '/f'].map((path) => origin.url + path).join('\n'));
  await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Deleted 3 stored responses')).toBeVisible();
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText(/^2 selected · /)).toBeVisible();
  await page.keyboard.press(`${MOD}+a`);
  await expect(page.getByText(/^3 selected · /)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('toolbar', { name: 'Selection' })).toHaveCount(0);
  await page.keyboard.press('Delete');
  await expect(grid).toHaveAttribute('aria-rowcount', '3');
  // The keys stand on what has the place of what went.
  await expect(grid.getByRole('row', { selected: true })).toHaveText([/\/e/]);
  await page.keyboard.press('Delete');
  await expect(grid).toHaveAttribute('aria-rowcount', '2');
});

test('what a pattern matches is shown before it is deleted', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const items = Array.from({ length: 10 }, (_, number) => `/v2/items/${number}`);
  await fetchAll(await proxyUrl(), [...items, '/v2/other']);
  await goTo(page, 'Cache');
  await page.getByRole('button', { name: 'Delete by pattern…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete by pattern' });
  await expect(dialog.getByRole('textbox', { name: 'Pattern' })).toBeFocused();
  await page.keyboard.type('/nothing/*');
  await expect(dialog.getByText('Nothing that is stored matches /nothing/*')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Pattern' }).fill('/v2/items/*');
  await expect(dialog.getByText(/^10 responses · /)).toBeVisible();
  await expect(dialog.getByRole('listitem')).toHaveText([
    ...items.slice(0, 8).map((path) => origin.url + path),
    'and 2 more',
  ]);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Deleted 10 stored responses')).toBeVisible();
  await expect(storedResponses(page)).toHaveAttribute('aria-rowcount', '2');
});

test('one is refetched, and given another TTL', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await fetchInTime(`${proxy}/price`);
  await fetchInTime(`${proxy}/me`, { headers: { authorization: 'Bearer a' } });
  origin.answer('/price', content('text/plain', 'the new price'));
  await goTo(page, 'Cache');
  await storedRow(page, '/price').click();
  await details(page).getByRole('button', { name: 'Refetch' }).click();
  await expect(page.getByText('Asked the origin anew for 1 response')).toBeVisible();
  await expect(details(page)).toContainText('the new price');
  expect(origin.count('/price')).toBe(2);
  await details(page).getByRole('button', { name: 'Edit TTL…' }).click();
  await page.getByRole('button', { name: '1 day' }).click();
  await page.getByRole('button', { name: 'Set TTL' }).click();
  await expect(storedRow(page, '/price')).toContainText(/1 d|23 h/);
  await details(page).getByRole('button', { name: 'Edit TTL…' }).click();
  await page.getByRole('spinbutton', { name: 'Seconds from now' }).fill('0');
  await page.keyboard.press('Enter');
  await expect(storedRow(page, '/price')).toContainText('expired');
  await page.getByRole('button', { name: 'Expired', exact: true }).click();
  await expect(storedResponses(page)).toHaveAttribute('aria-rowcount', '2');
  await page.getByRole('button', { name: 'One user', exact: true }).click();
  await storedRow(page, '/me').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Refetch now' }).click();
  await expect(page.getByText(/whose credentials Larder does not keep/)).toBeVisible();
  await goTo(page, 'Live');
  await expect(liveRows(page, '/price')).toHaveCount(2);
});

test('a clear is undone, by its button and by a key', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await fetchAll(proxy, ['/a', '/b', '/c']);
  await goTo(page, 'Cache');
  const grid = storedResponses(page);
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  await clearCacheButton(page).click();
  await expect(page.getByText('Nothing is stored yet')).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByText('Put back 3 stored responses')).toBeVisible();
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  await page.keyboard.press(`${MOD}+Shift+Backspace`);
  await expect(page.getByText('Nothing is stored yet')).toBeVisible();
  await page.keyboard.press(`${MOD}+z`);
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toHaveCount(0);
  expect((await fetchInTime(`${proxy}/a`)).headers.get('x-cache')).toBe('HIT');
});

test('the tree groups by path, filters the grid, and deletes a branch', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await fetchAll(await proxyUrl(), ['/v2/items/1', '/v2/items/2?x=1', '/v2/users/1', '/img/a.svg']);
  await goTo(page, 'Cache');
  await page.getByText('Tree', { exact: true }).click();
  await expect(branch(page, origin.url)).toContainText('4');
  await expect(branch(page, '/v2')).toHaveAttribute('aria-expanded', 'false');
  await tree(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowRight');
  await expect(branch(page, '/items')).toHaveAttribute('aria-level', '3');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(storedResponses(page)).toHaveAttribute('aria-rowcount', '3');
  await expect(storedRow(page, '/v2/items/2?x=1')).toHaveCount(1);
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog', { name: 'Delete 2 responses?' });
  await dialog.getByRole('button', { name: 'Delete 2 responses' }).click();
  await expect(page.getByText('Deleted 2 stored responses')).toBeVisible();
  await expect(branch(page, '/items')).toHaveCount(0);
  await expect(storedResponses(page)).toHaveAttribute('aria-rowcount', '3');
});
