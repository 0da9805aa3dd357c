/** L09: a canary in each secret is not in what the app keeps, says, exports or tells its window. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fetchInTime } from './fetch-in-time';
import { test, expect, type RunningLarder } from './larder-app';
import { details, goTo, liveRows } from './larder-window';

const CANARY = 'CANARY5up3rS3cret';

/** Everything that main pushes to the window from now on, as text. */
const pushedTo = ({ app }: RunningLarder) =>
  app.evaluateHandle(({ BrowserWindow }) => {
    const pushed: string[] = [];
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) throw new Error('there is no window');
    const send = contents.send.bind(contents);
    contents.send = (channel, ...args: unknown[]) => {
      pushed.push(`${channel} ${JSON.stringify(args)}`);
      send(channel, ...args);
    };
    return pushed;
  });

/** What the window gets to know by asking, without naming one exchange or one stored response. */
function answersTo({ page }: RunningLarder): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const { larder } = window as unknown as {
      larder: { invoke(channel: string, request?: unknown): Promise<{ ok: boolean }> };
    };
    const asked: Record<string, unknown> = {
      'app.info': undefined,
      'engine.status': undefined,
      'settings.get': undefined,
      'settings.export': undefined,
      'settings.test-redis': undefined,
      'profiles.list': undefined,
      'desktop.about': undefined,
      'insights.get': { span: '5min' },
      'insights.export': { span: '5min' },
      'exchange.recent': undefined,
    };
    const answers = Object.entries(asked).map(async ([channel, request]) => {
      return [channel, JSON.stringify(await larder.invoke(channel, request))] as const;
    });
    return Object.fromEntries(await Promise.all(answers));
  });
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const found = await Promise.all(
    names.map(async (name) =>
      (await stat(path.join(folder, name))).isFile() ? [path.join(folder, name)] : [],
    ),
  );
  return found.flat();
}

test('L09: secrets reach neither files, nor the terminal, nor the window unasked', async ({
  launch,
  origin,
  dataDir,
}) => {
  const redis = String(await origin.freePort());
  const larder = await launch({
    flags: ['--origin', origin.url, '--port', '0', '--store', 'memory'],
    env: { REDIS_HOST: '127.0.0.1', REDIS_PORT: redis, REDIS_PASSWORD: CANARY },
  });
  const { app, page } = larder;
  let said = '';
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (some: Buffer) => void (said += some.toString()));
  const proxy = await larder.proxyUrl();
  const pushed = await pushedTo(larder);
  await app.evaluate(({ dialog }, folder) => {
    let number = 0;
    const save = () => Promise.resolve({ canceled: false, filePath: `${folder}/exported-${(number += 1)}` });
    dialog.showSaveDialog = save;
  }, dataDir);

  const headers = { Authorization: `Bearer ${CANARY}`, Cookie: `session=${CANARY}`, 'X-Api-Key': CANARY };
  await fetchInTime(`${proxy}/me`, { headers });
  await fetchInTime(`${proxy}/me`, { headers });
  await fetchInTime(`${proxy}/list?token=${CANARY}`);
  await expect(liveRows(page, '/me')).toHaveCount(2);
  // A password that is being typed, and a Redis that is not there.
  await goTo(page, 'Settings');
  await page.getByRole('radio', { name: 'Redis' }).click();
  await page.getByRole('textbox', { name: 'Redis port' }).fill(redis);
  await page.getByRole('textbox', { name: 'Redis password' }).fill(CANARY);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText(/refused the connection|cannot be reached|not answer/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'Save settings' }).click();

  const answers = await answersTo(larder);
  expect(Object.keys(answers)).toContain('settings.get');
  for (const [channel, answer] of Object.entries(answers)) {
    // The log shows targets as they were asked for; no field, and no password.
    const told = channel === 'exchange.recent' ? answer.replaceAll(`token=${CANARY}`, '') : answer;
    expect(told, channel).not.toContain(CANARY);
  }
  const events = await pushed.jsonValue();
  expect(events.some((event) => event.startsWith('events.exchanges'))).toBe(true);
  for (const event of events) expect(event.replaceAll(`token=${CANARY}`, '')).not.toContain(CANARY);

  // Details show that there is a secret, not which.
  await goTo(page, 'Live');
  await liveRows(page, '/me').first().click();
  await expect(details(page).getByRole('button', { name: 'Show authorization' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toContain(`Bearer ${CANARY}`);
  if (process.platform === 'linux') {
    const argv = await readFile(`/proc/${app.process().pid}/cmdline`, 'utf8');
    expect(argv).not.toContain(CANARY);
  }
  await larder.close();
  expect(said).not.toContain(CANARY);
  const files = await filesBelow(dataDir);
  expect(files.map((file) => path.basename(file))).toEqual(
    expect.arrayContaining(['settings.json', 'exported-1', 'exported-2']),
  );
  for (const file of files) {
    // A stored response is found again by its whole URL, which its file therefore has.
    const stored = path.relative(dataDir, file).startsWith('responses');
    const text = await readFile(file, 'latin1');
    expect(stored ? text.replaceAll(`token=${CANARY}`, '') : text, file).not.toContain(CANARY);
  }
});
