/** The settings form: what is set there holds at once, survives a restart, and wrong values are said at the field. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_SETTINGS } from '../shared/settings';
import { fetchInTime } from './fetch-in-time';
import { test, expect, statusLine } from './larder-app';
import { goTo, liveRows, settingsForm } from './larder-window';

async function occupiedPort(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

test('origin, TTL and port set in the form hold at once and after a restart', async ({
  launch,
  origin,
  dataDir,
}) => {
  const port = await origin.freePort();
  const first = await launch();
  const form = settingsForm(first.page);
  await goTo(first.page, 'Settings');
  await form.origin.fill(`${origin.url}/prefix`);
  await form.ttl.fill('42');
  await form.port.fill(String(port));
  await form.save.click();
  await expect(statusLine(first.page)).toContainText(`:${port}`);
  const response = await fetchInTime(`http://127.0.0.1:${port}/thing`);
  expect(response.headers.get('cache-status')).toContain('ttl=42');
  expect(origin.requests).toEqual(['/prefix/thing']);
  await goTo(first.page, 'Live');
  await expect(liveRows(first.page, '/thing')).toHaveText([/MISS/]);
  await first.close();

  const saved: unknown = JSON.parse(await readFile(path.join(dataDir, 'settings.json'), 'utf8'));
  expect(saved).toMatchObject({
    version: 2,
    profiles: [{ settings: { origin: `${origin.url}/prefix`, ttlSeconds: 42, port } }],
  });

  const second = await launch({ flags: [] });
  expect(new URL(await second.proxyUrl()).port).toBe(String(port));
  await goTo(second.page, 'Settings');
  await expect(settingsForm(second.page).origin).toHaveValue(`${origin.url}/prefix`);
  await expect(settingsForm(second.page).ttl).toHaveValue('42');
  await expect(settingsForm(second.page).port).toHaveValue(String(port));
});

test('a wrong origin is said at the field and changes nothing', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  const form = settingsForm(page);
  await goTo(page, 'Settings');
  for (const wrong of ['not a url', 'ftp://example.com', 'https://user:secret@example.com']) {
    await form.origin.fill(wrong);
    await form.save.click();
    await expect(form.origin).toHaveAttribute('aria-invalid', 'true');
    await expect(form.origin).toHaveAccessibleDescription(/URL|http|user name/);
  }
  expect((await fetchInTime(`${proxy}/still`)).status).toBe(200);
  expect(origin.count('/still')).toBe(1);
});

test('a taken port is said at the field, the next free one is offered, and the old one goes on', async ({
  launch,
  origin,
}) => {
  const { server, port } = await occupiedPort();
  try {
    const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
    const proxy = await proxyUrl();
    const form = settingsForm(page);
    await goTo(page, 'Settings');
    await form.port.fill(String(port));
    await form.save.click();
    await expect(form.port).toHaveAccessibleDescription(new RegExp(`${port}.*taken`));
    expect((await fetchInTime(`${proxy}/still`)).status).toBe(200);
    const offer = page.getByRole('button', { name: /\b\d{4,5}\b/ });
    const free = Number(/\d{4,5}/.exec((await offer.textContent()) ?? '')?.[0]);
    expect(free).toBeGreaterThan(port);
    await offer.click();
    await expect(form.port).toHaveValue(String(free));
    if (!(await statusLine(page).textContent())?.includes(`:${free}`)) await form.save.click();
    await expect(statusLine(page)).toContainText(`:${free}`);
    expect((await fetchInTime(`http://127.0.0.1:${free}/moved`)).status).toBe(200);
  } finally {
    server.close();
  }
});

test('a port taken at the start is said in the window, and another one can be chosen', async ({
  launch,
  origin,
}) => {
  const { server, port } = await occupiedPort();
  try {
    const { page } = await launch({ flags: ['--origin', origin.url, '--port', String(port)] });
    await expect(page.getByText(new RegExp(`Port ${port} is taken`)).first()).toBeVisible();
    const free = await origin.freePort();
    await goTo(page, 'Settings');
    await settingsForm(page).port.fill(String(free));
    await settingsForm(page).save.click();
    await expect(statusLine(page)).toContainText(`:${free}`);
    expect((await fetchInTime(`http://127.0.0.1:${free}/x`)).status).toBe(200);
  } finally {
    server.close();
  }
});

test('what a flag gave is not saved with the form', async ({ launch, origin, dataDir }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await proxyUrl();
  await goTo(page, 'Settings');
  await settingsForm(page).ttl.fill('7');
  await settingsForm(page).save.click();
  // Written once the engine has taken the settings: until then there is no file.
  const settings = async () => {
    const text = await readFile(path.join(dataDir, 'settings.json'), 'utf8').catch(() => 'null');
    return JSON.parse(text) as unknown;
  };
  await expect.poll(settings).toMatchObject({
    profiles: [{ settings: { ttlSeconds: 7, origin: null, port: DEFAULT_SETTINGS.port } }],
  });
});

test('a broken settings file is set aside with a notice, and defaults apply', async ({ launch, dataDir }) => {
  await writeFile(path.join(dataDir, 'settings.json'), '{"version":1,"port":"no');
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  await expect(page.getByText(/settings file .* cannot be used/).first()).toBeVisible();
  const files = await readdir(dataDir);
  expect(files.filter((name) => name.startsWith('settings.json.bad-'))).toHaveLength(1);
  expect(files).not.toContain('settings.json');
});

test('Test says how the origin answered, or exactly why it did not', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  await goTo(page, 'Settings');
  const { origin: field } = settingsForm(page);
  const ask = page.getByRole('button', { name: 'Test', exact: true });
  await field.fill(origin.url);
  await ask.click();
  await expect(page.getByText(/Answered 200 in \d+ ms/)).toBeVisible();
  await origin.close();
  await ask.click();
  await expect(page.getByText(/Refused: nothing listens/)).toBeVisible();
  await field.fill('http://nowhere.invalid');
  await ask.click();
  await expect(page.getByText('The name nowhere.invalid cannot be found')).toBeVisible();
});

test('where Redis is, how it is talked to, and what is kept come back as they were saved', async ({
  launch,
  dataDir,
}) => {
  const first = await launch();
  await first.proxyUrl();
  const { page } = first;
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  const number = (name: string) => page.getByRole('spinbutton', { name, exact: true });
  await goTo(page, 'Settings');
  await page.getByRole('checkbox', { name: 'Keep across restarts' }).check();
  await number('Disk budget').fill('512');
  await page.getByRole('radio', { name: 'Small' }).check();
  await settingsForm(page).chooseStore('Redis');
  await page.getByRole('radio', { name: 'Sentinel' }).check();
  await field('Sentinels').fill('127.0.0.1:1\n[::1]:1');
  await field('Master name').fill('cache');
  await field('User name').fill('ada');
  await number('Database').fill('3');
  await page.getByRole('checkbox', { name: 'Connect with TLS' }).check();
  await page.getByRole('checkbox', { name: 'Accept a self-signed certificate' }).check();
  await number('Near cache').fill('8');
  await page.getByRole('button', { name: 'Connection', exact: true }).click();
  await number('Connections').fill('2');
  await number('Time to answer').fill('50');
  await number('Shortest pause').fill('5000');
  await settingsForm(page).save.click();
  await expect(number('Longest pause')).toHaveAccessibleDescription(
    /must be at least as long as the shortest pause/,
  );
  await number('Shortest pause').fill('10');
  await settingsForm(page).save.click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await first.close();

  const saved = JSON.parse(await readFile(path.join(dataDir, 'settings.json'), 'utf8')) as {
    profiles?: { settings: unknown }[];
  };
  expect(saved.profiles?.[0]?.settings).toMatchObject({
    store: 'redis',
    compressionLevel: 9,
    persist: true,
    maxDiskBytes: 512 * 1024 * 1024,
    redis: {
      mode: 'sentinel',
      nodes: ['127.0.0.1:1', '[::1]:1'],
      masterName: 'cache',
      username: 'ada',
      database: 3,
      tls: true,
      acceptSelfSigned: true,
      poolSize: 2,
      commandTimeoutMs: 50,
      retryMinMs: 10,
      nearCacheBytes: 8 * 1024 * 1024,
    },
  });

  const second = await launch({ flags: ['--port', '0'] });
  await goTo(second.page, 'Settings');
  await expect(second.page.getByRole('radio', { name: 'Sentinel' })).toBeChecked();
  await expect(second.page.getByRole('textbox', { name: 'Sentinels' })).toHaveValue('127.0.0.1:1\n[::1]:1');
  await second.page.getByRole('radio', { name: 'Cluster' }).check();
  await expect(second.page.getByRole('textbox', { name: 'Nodes' })).toHaveValue('127.0.0.1:1\n[::1]:1');
  await expect(second.page.getByRole('spinbutton', { name: 'Database' })).toHaveCount(0);
  await settingsForm(second.page).save.click();
  await expect
    .poll(async () => JSON.parse(await readFile(path.join(dataDir, 'settings.json'), 'utf8')) as unknown)
    .toMatchObject({
      profiles: [{ settings: { redis: { mode: 'cluster', database: 0, masterName: 'cache' } } }],
    });
});

test('a wrong node is said at its line, and a Redis URL that hides its password is refused', async ({
  launch,
  dataDir,
}) => {
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  await goTo(page, 'Settings');
  await settingsForm(page).chooseStore('Redis');
  await page.getByRole('radio', { name: 'Cluster' }).check();
  const nodes = page.getByRole('textbox', { name: 'Nodes' });
  await nodes.fill('10.0.0.1:6379\n10.0.0.2');
  await settingsForm(page).save.click();
  await expect(nodes).toHaveAttribute('aria-invalid', 'true');
  await expect(nodes).toHaveAccessibleDescription(/Line 2 must be host:port/);
  await nodes.fill('');
  const url = page.getByRole('textbox', { name: 'Redis URL' });
  await url.fill('redis://ada:can/ary@localhost');
  await settingsForm(page).save.click();
  await expect(url).toHaveAccessibleDescription(/percent-encoded/);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText(/The Redis URL must be redis:/)).toBeVisible();
  expect((await readdir(dataDir)).filter((name) => name === 'settings.json')).toEqual([]);
});
