/** Redis chosen in Settings, against a real redis-server on a free port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetchInTime } from './fetch-in-time';
import { test as base, expect } from './larder-app';
import { goTo, settingsForm, storedRow } from './larder-window';

const CANARY = 'canary-4711-password';

interface RedisServer {
  readonly port: number;
  readonly process: ChildProcess;
}

const test = base.extend<{ redis: RedisServer }>({
  redis: async ({ origin }, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'larder-redis-'));
    const port = await origin.freePort();
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--requirepass',
      CANARY,
      '--dir',
      folder,
    ];
    const server = spawn('redis-server', args, { stdio: 'ignore' });
    await expect(() => reachable(port)).toPass();
    await use({ port, process: server });
    if (server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  },
});

async function reachable(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

test('Redis chosen in Settings keeps the responses, and its password is written nowhere', async ({
  launch,
  origin,
  redis,
  dataDir,
}) => {
  const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
  const { page } = larder;
  const form = settingsForm(page);
  await larder.proxyUrl();
  await goTo(page, 'Settings');
  await form.chooseStore('Redis');
  await form.redisHost.fill('127.0.0.1');
  await form.redisPort.fill(String(redis.port));
  await form.redisPassword.fill('wrong');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(
    page
      .getByText(/password/i)
      .filter({ hasText: /wrong|refused|not accept|invalid/i })
      .first(),
  ).toBeVisible();
  await form.redisPassword.fill(CANARY);
  await form.save.click();
  const proxy = await larder.proxyUrl();
  const answer = async () => (await fetchInTime(`${proxy}/in-redis`)).headers.get('x-cache');
  await expect.poll(answer).toBe('HIT');
  await goTo(page, 'Cache');
  await expect(storedRow(page, '/in-redis')).toHaveCount(1);

  const everything = await page.evaluate(async () => {
    const { larder: api } = window as unknown as {
      larder: { invoke(c: string, r?: unknown): Promise<unknown> };
    };
    const answers = ['app.info', 'settings.get', 'engine.status'].map((channel) => api.invoke(channel));
    return JSON.stringify(await Promise.all(answers));
  });
  expect(everything).not.toContain(CANARY);
  for (const name of await readdir(dataDir)) {
    if (name.endsWith('.json'))
      expect(await readFile(path.join(dataDir, name), 'utf8')).not.toContain(CANARY);
  }
});

test('Test connection says which Redis it is, how it runs, and whether it evicts', async ({
  launch,
  redis,
}) => {
  const { page, proxyUrl } = await launch();
  await proxyUrl();
  const form = settingsForm(page);
  await goTo(page, 'Settings');
  await form.chooseStore('Redis');
  await form.redisHost.fill('127.0.0.1');
  await form.redisPort.fill(String(redis.port));
  await form.redisPassword.fill(CANARY);
  const ask = page.getByRole('button', { name: 'Test connection' });
  await ask.click();
  const found = page.getByText(/(Redis|Valkey) \d+\.\d+\.\d+ \(standalone\) answered in \d+\.\d ms/);
  await expect(found).toContainText('evicts no stored responses');
  // Nothing was saved by asking.
  await expect(page.getByText(/unsaved change/)).toBeVisible();
  await page.getByRole('radio', { name: 'Cluster' }).check();
  await expect(found).toHaveCount(0);
  await ask.click();
  await expect(page.getByText(/cluster/i).filter({ hasText: String(redis.port) })).toBeVisible();
});

test('a Redis that goes away is said in the window, and requests go on', async ({
  launch,
  origin,
  redis,
}) => {
  const { page, proxyUrl } = await launch({
    flags: ['--origin', origin.url, '--port', '0', '--store', 'redis'],
    env: { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis.port), REDIS_PASSWORD: CANARY },
  });
  const proxy = await proxyUrl();
  await expect.poll(async () => (await fetchInTime(`${proxy}/x`)).headers.get('x-cache')).toBe('HIT');
  const gone = once(redis.process, 'exit');
  redis.process.kill('SIGKILL');
  await gone;
  // What is near may answer until this process has heard that the connections are gone.
  await expect.poll(async () => (await fetchInTime(`${proxy}/x`)).headers.get('x-cache')).toBe('MISS');
  await expect(
    page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: /Redis/ }).first(),
  ).toBeVisible();
  expect((await fetchInTime(`${proxy}/y`)).status).toBe(200);
});
