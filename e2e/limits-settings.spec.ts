/** What clients may send and hold, set in the window: in force with the next request, wrong values said at the field. */
import { request } from 'node:http';
import { test, expect } from './larder-app';
import { goTo, settingsForm } from './larder-window';

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';

test('a limit set in the form holds for the next request', async ({ launch, origin }) => {
  const { page, proxyUrl } = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const proxy = await proxyUrl();
  const number = (name: string) => page.getByRole('spinbutton', { name, exact: true });
  const upload = async (bytes: number): Promise<string> => {
    const response = await fetch(`${proxy}/upload`, { method: 'POST', body: 'x'.repeat(bytes) });
    return `${response.status} ${await response.text()}`;
  };
  const uploadInChunks = (bytes: number): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sending = request(`${proxy}/upload`, { method: 'POST' }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      sending.on('error', reject);
      sending.write('x'.repeat(bytes - 1));
      sending.end('x');
    });
  expect(await upload(2000)).toMatch(/^200 /);

  await goTo(page, 'Settings');
  await page.getByRole('link', { name: 'Limits' }).click();
  await expect(number('Request head')).toHaveValue('16');
  await expect(number('Request target')).toHaveValue('8');
  await number('Request target').fill('0.1');
  await number('Request body').fill('0.001');
  await settingsForm(page).save.click();
  await expect(number('Request target')).toHaveAccessibleDescription(
    /must be a number of KiB from 0.25 to 1024/,
  );
  await number('Request target').fill('0.25');
  await settingsForm(page).save.click();
  await expect(page.getByText('Settings saved')).toBeVisible();

  expect(await upload(1000)).toMatch(/^200 /);
  expect(await upload(2000)).toMatch(/^413 .*"body_too_large"/);
  expect(await uploadInChunks(1000)).toBe(200);
  expect(await uploadInChunks(2000)).toBe(413);
  expect((await fetch(`${proxy}/${'a'.repeat(300)}`)).status).toBe(414);
  await page.getByRole('button', { name: 'Reset Request body to its default' }).click();
  await settingsForm(page).save.click();
  await expect(number('Request body')).toHaveValue('64');
  await expect.poll(() => upload(2000)).toMatch(/^200 /);
});

test('how long clients may take is out of sight until it is looked for', async ({ launch }) => {
  const { page } = await launch();
  const pause = page.getByRole('spinbutton', { name: 'Upload pause', exact: true });
  await goTo(page, 'Settings');
  await expect(page.getByRole('button', { name: 'How long clients may take' })).toBeVisible();
  await expect(pause).toHaveCount(0);
  await page.keyboard.press(`${MOD}+k`);
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('upload pause');
  await expect(palette.locator('[role=option][aria-selected=true]')).toHaveText('Setting: Upload pause');
  await page.keyboard.press('Enter');
  await expect(pause).toBeFocused();
  await expect(pause).toHaveValue('10000');
});
