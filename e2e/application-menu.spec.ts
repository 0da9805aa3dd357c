/** The application menu does what its items say. */
import { fetchInTime } from './fetch-in-time';
import { test, expect, type RunningLarder } from './larder-app';
import { liveRows, settingsForm } from './larder-window';

/** Clicks an item by its label, wherever it stands. */
async function choose(larder: RunningLarder, label: string): Promise<void> {
  await larder.app.evaluate(({ Menu }, wanted) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    const item = items.find((candidate) => candidate.label === wanted);
    if (item === undefined) throw new Error(`no menu item ${wanted}`);
    item.click();
  }, label);
}

test('places, clearing, stopping and starting', async ({ launch, origin }) => {
  const port = String(await origin.freePort());
  const larder = await launch({ flags: ['--origin', origin.url, '--port', port] });
  const { page } = larder;
  const proxy = await larder.proxyUrl();
  await fetchInTime(`${proxy}/x`);
  await choose(larder, 'Settings…');
  await expect(settingsForm(page).save).toBeVisible();
  await choose(larder, 'Live');
  await expect(liveRows(page, '/x')).toHaveCount(1);
  await choose(larder, 'Clear Log');
  await expect(liveRows(page, '/x')).toHaveCount(0);
  await choose(larder, 'Clear Cache');
  await expect(page.getByText(/Cleared 1 stored response/)).toBeVisible();
  await choose(larder, 'Stop Proxy');
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
  await expect
    .poll(() =>
      choose(larder, 'Start Proxy').then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible();
  expect((await fetchInTime(`${proxy}/x`)).headers.get('x-cache')).toBe('MISS');
});
