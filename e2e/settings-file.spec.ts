/** Settings to and from larder.json, back to the defaults, and the way to one field. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, expect, statusLine, type RunningLarder } from './larder-app';
import { goTo, settingsForm } from './larder-window';

/** Answers the system's dialogs, which no test can click. */
const answerDialogs = ({ app }: RunningLarder, file: string) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, file);

const saved = async (dataDir: string): Promise<unknown> =>
  JSON.parse(await readFile(path.join(dataDir, 'settings.json'), 'utf8').catch(() => 'null'));

test('what is exported names its schema, holds no secret, and can be imported again', async ({
  launch,
  origin,
  dataDir,
}) => {
  const file = path.join(dataDir, 'larder.json');
  const larder = await launch({ flags: ['--port', '0', '--origin', origin.url] });
  const { page } = larder;
  await larder.proxyUrl();
  await answerDialogs(larder, file);
  await goTo(page, 'Settings');
  const form = settingsForm(page);
  await form.ttl.fill('90');
  await page.getByRole('button', { name: 'Address', exact: true }).click();
  await page.getByRole('textbox', { name: 'Allowed names' }).fill('larder.test');
  await form.save.click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText(/Exported to .*larder\.json, with larder\.schema\.json/)).toBeVisible();
  const exported: unknown = JSON.parse(await readFile(file, 'utf8'));
  expect(exported).toEqual({
    $schema: './larder.schema.json',
    origin: origin.url,
    port: 0,
    ttl: 90,
    'allowed-hosts': ['larder.test'],
  });
  const schema = await readFile(path.join(dataDir, 'larder.schema.json'), 'utf8');
  expect(JSON.parse(schema)).toMatchObject({ title: 'Larder project file' });

  await writeFile(file, '{"ttl": 30, "max-memory": "64m", "redis": {"poolSize": 2}, "quiet": true}');
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import larder.json' });
  await expect(dialog.getByRole('row')).toHaveText([
    /Setting/,
    /ttl.*90 s.*30 s/,
    /max-memory.*256 MiB.*64 MiB/,
    /redis\.poolSize.*4.*2/,
  ]);
  await expect(dialog).toContainText('For the command line only, and not taken: quiet');
  await dialog.getByRole('button', { name: 'Import 3 changes' }).click();
  await expect(form.ttl).toHaveValue('30');
  await expect
    .poll(() => saved(dataDir))
    .toMatchObject({ profiles: [{ settings: { ttlSeconds: 30, maxMemoryBytes: 64 * 1024 * 1024 } }] });
});

test('every problem of a file is named, and nothing of it is taken', async ({ launch, dataDir }) => {
  const file = path.join(dataDir, 'their.json');
  await writeFile(
    file,
    '{"ttl": 30, "port": "x", "prot": 1, "redis": {"password": "CANARY", "url": "redis://:CANARY@a"}}',
  );
  const larder = await launch();
  const { page } = larder;
  await larder.proxyUrl();
  await answerDialogs(larder, file);
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import their.json' });
  await expect(dialog.getByRole('list', { name: 'Problems' }).getByRole('listitem')).toHaveText([
    'port: "x" must be a whole number from 0 to 65535',
    'unknown key "prot"; did you mean "port"?',
    /^redis: "password" is refused/,
    /^redis\.url \(not shown\) carries a password/,
  ]);
  await expect(dialog).not.toContainText('CANARY');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(settingsForm(page).ttl).toHaveValue('');
  expect(await saved(dataDir)).toBeNull();
});

test('one field, all changes, and all settings can be taken back', async ({ launch, origin, dataDir }) => {
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  await goTo(page, 'Settings');
  const form = settingsForm(page);
  await form.ttl.fill('7');
  await page.getByRole('button', { name: 'Reset TTL to its default' }).click();
  await expect(form.ttl).toHaveValue('');
  await expect(page.getByText(/unsaved change/)).toHaveCount(0);
  await form.origin.fill(origin.url);
  await page.getByRole('radio', { name: 'Respect' }).check();
  await expect(page.getByText('2 unsaved changes')).toBeVisible();
  await goTo(page, 'Live');
  await goTo(page, 'Settings');
  await expect(page.getByText('2 unsaved changes')).toBeVisible();
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await expect(form.origin).toHaveValue('');
  await form.origin.fill(origin.url);
  await form.origin.press('ControlOrMeta+s');
  await expect(statusLine(page)).toBeVisible();
  await expect
    .poll(() => saved(dataDir))
    .toMatchObject({ profiles: [{ settings: { origin: origin.url, policy: 'override' } }] });
  await page.getByRole('button', { name: 'Reset all settings…' }).click();
  const sure = page.getByRole('alertdialog', { name: 'Reset all settings?' });
  await sure.getByRole('button', { name: 'Reset all settings' }).click();
  await expect(form.origin).toHaveValue('');
  await expect.poll(() => saved(dataDir)).toMatchObject({ profiles: [{ settings: { origin: null } }] });
  await expect(sure).toHaveCount(0);
});

test('the address, the budget and where things are kept change without a restart', async ({
  launch,
  origin,
}) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  await proxyUrl();
  await page.getByRole('button', { name: /^TTL / }).click();
  await expect(settingsForm(page).ttl).toBeFocused();
  await page.getByRole('button', { name: 'Address', exact: true }).click();
  await page.getByRole('textbox', { name: 'Listen on' }).fill('127.0.0.2');
  await page.getByRole('checkbox', { name: 'Keep across restarts' }).uncheck();
  await page.getByRole('spinbutton', { name: 'Memory budget' }).fill('32');
  await settingsForm(page).save.click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await expect(statusLine(page)).toContainText('127.0.0.2');
  await page.getByRole('textbox', { name: 'Listen on' }).fill('192.0.2.1');
  await settingsForm(page).save.click();
  await expect(page.getByRole('textbox', { name: 'Listen on' })).toHaveAccessibleDescription(/192\.0\.2\.1/);
  await expect(statusLine(page)).toContainText('127.0.0.2');
});
