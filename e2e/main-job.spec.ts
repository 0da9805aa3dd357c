/** The main job in the real window: a request is a miss, then a hit, and one can see why and look into it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { fetchInTime } from './fetch-in-time';
import { test, expect } from './larder-app';
import { clearCacheButton, details, goTo, liveRows, storedResponses, storedRow } from './larder-window';
import { content } from './recording-origin';

const xCache = async (url: string) => (await fetchInTime(url)).headers.get('x-cache');

test('first start: the demo API answers, first as a MISS, then as a HIT', async ({ launch }) => {
  const { page, proxyUrl } = await launch();
  const proxy = await proxyUrl();
  await expect(page.getByText(/demo api/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'GET /products/1' }).click();
  await expect(liveRows(page, '/products/1')).toHaveText([/MISS/]);
  await page.getByRole('button', { name: 'GET /products/1' }).click();
  await expect(liveRows(page, '/products/1')).toHaveText([/HIT/, /MISS/]);
  expect(await xCache(`${proxy}/products/1`)).toBe('HIT');
});

test('a request through the proxy shows as MISS, then as HIT, each with its reason', async ({
  launch,
  origin,
}) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await expect(page.getByRole('banner')).toContainText(origin.url.replace('http://', ''));
  expect(await xCache(`${proxy}/v1/thing?a=1`)).toBe('MISS');
  expect(await xCache(`${proxy}/v1/thing?a=1`)).toBe('HIT');
  expect(origin.count('/v1/thing?a=1')).toBe(1);
  const rows = liveRows(page, '/v1/thing?a=1');
  await expect(rows).toHaveText([/GET.*200.*HIT/, /GET.*200.*MISS/]);
  await rows.first().click();
  for (const name of ['Why', 'Request', 'Response', 'Body']) {
    await expect(details(page).getByRole('heading', { name, exact: true })).toBeVisible();
  }
  await expect(details(page)).toContainText('/v1/thing?a=1');
});

test('the Cache grid shows what is stored, with its body in Details', async ({ launch, origin }) => {
  origin.answer(
    '/v1/poem',
    content('application/json', JSON.stringify({ title: 'Larder', lines: ['butter', 'jam'] })),
  );
  origin.answer('/v1/note', content('text/plain', 'bread and salt'));
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await fetchInTime(`${proxy}/v1/poem`);
  await fetchInTime(`${proxy}/v1/note`);
  await goTo(page, 'Cache');
  await expect(storedRow(page, '/v1/poem')).toHaveCount(1);
  await storedRow(page, '/v1/poem').click();
  await expect(details(page)).toContainText('butter');
  await storedRow(page, '/v1/note').click();
  await expect(details(page)).toContainText('bread and salt');
  await page.getByRole('searchbox', { name: 'Search stored responses' }).fill('poem');
  await expect(storedRow(page, '/v1/note')).toHaveCount(0);
  await storedRow(page, '/v1/poem').click();
  await details(page)
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(storedRow(page, '/v1/poem')).toHaveCount(0);
  await expect.poll(() => xCache(`${proxy}/v1/poem`)).toBe('MISS');
});

test('a stored response is asked for again when its TTL has run out', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0', '--ttl', '1'] });
  const proxy = await proxyUrl();
  expect(await xCache(`${proxy}/v1/short`)).toBe('MISS');
  expect(await xCache(`${proxy}/v1/short`)).toBe('HIT');
  await expect.poll(() => xCache(`${proxy}/v1/short`), { intervals: [100] }).toBe('MISS');
  await expect(liveRows(page, '/v1/short').first()).toContainText(/expired/i);
});

test('Clear cache empties the store at once and says how much went', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  for (const path of ['/a', '/b', '/c']) await fetchInTime(proxy + path);
  await goTo(page, 'Cache');
  await expect(storedResponses(page).getByRole('gridcell', { name: /\/[abc]$/ })).toHaveCount(3);
  await clearCacheButton(page).click();
  await expect(page.getByText(/Cleared 3 stored responses/)).toBeVisible();
  await expect(storedResponses(page).getByRole('gridcell', { name: /\/[abc]$/ })).toHaveCount(0);
  expect(await xCache(`${proxy}/a`)).toBe('MISS');
});

test('Stop refuses requests, Start takes them again, and what was stored is still there', async ({
  launch,
  origin,
}) => {
  const port = String(await origin.freePort());
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', port] });
  const proxy = await proxyUrl();
  await fetchInTime(`${proxy}/kept`);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
  await expect(fetchInTime(`${proxy}/kept`)).rejects.toThrow();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect.poll(() => xCache(`${proxy}/kept`).catch(() => 'refused')).toBe('HIT');
});

test('an origin that went away is said in the window, and hits go on', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  await fetchInTime(`${proxy}/kept`);
  await origin.close();
  expect((await fetchInTime(`${proxy}/other`)).status).toBe(502);
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('status'))
      .filter({ hasText: /unreachable|cannot be reached|not reach/i })
      .first(),
  ).toBeVisible();
  expect(await xCache(`${proxy}/kept`)).toBe('HIT');
  await expect(liveRows(page, '/other')).toHaveText([/502.*ERROR/]);
});

test('a compressed body is shown decoded, and saved whole under a name of its own', async ({
  launch,
  origin,
  dataDir,
}) => {
  const text = JSON.stringify({ kept: 'in a jar'.repeat(1000) });
  origin.answer('/v1/jar', content('application/json', gzipSync(text), { 'content-encoding': 'gzip' }));
  const { app, page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await fetchInTime(`${await proxyUrl()}/v1/jar`);
  await goTo(page, 'Cache');
  await storedRow(page, '/v1/jar').click();
  await expect(details(page)).toContainText('in a jar');
  await app.evaluate(({ dialog }, folder) => {
    // The system's dialog cannot be driven: this stands for a person who accepts the name it offers.
    const accept = (...args: unknown[]) => {
      const { defaultPath } = args.at(-1) as { defaultPath: string };
      return Promise.resolve({ canceled: false, filePath: `${folder}/${defaultPath.split(/[\\/]/).at(-1)}` });
    };
    dialog.showSaveDialog = accept;
  }, dataDir);
  await details(page)
    .getByRole('button', { name: /^Save body/ })
    .click();
  const saved = () => readFile(path.join(dataDir, 'jar.json'), 'utf8').catch(() => null);
  await expect.poll(saved).toBe(text);
});

test('the Cache grid shows what a response is kept as, and what that saves', async ({ launch, origin }) => {
  const text = JSON.stringify({ lines: Array.from({ length: 400 }, () => 'butter and jam') });
  origin.answer('/v1/long', content('application/json', text));
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  expect(await (await fetchInTime(`${await proxyUrl()}/v1/long`)).text()).toBe(text);
  await goTo(page, 'Cache');
  const kept = storedRow(page, '/v1/long').getByTitle(/^Compressed: 9\d % saved$/);
  await expect(kept).toHaveText(/^\d+ B$/);
  await expect(
    page.getByText(/^1 response · 6\.8 kB of bodies, kept as \d+ B \(9\d % saved\)$/),
  ).toBeVisible();
  await storedResponses(page).getByRole('button', { name: 'Kept' }).click();
  await expect(page.getByRole('columnheader', { name: 'Kept' })).toHaveAttribute('aria-sort', 'descending');
  await storedRow(page, '/v1/long').click();
  await expect(details(page)).toContainText(/Keptas \d+ B, compressed: 9\d % saved/);
  await goTo(page, 'Insights');
  await expect(page.getByText(/Bodies of 6\.8 kB, kept as \d+ B: compression saves 9\d %/)).toBeVisible();
});
