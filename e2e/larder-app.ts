/**
 * Starts the built app in the real Electron, each time with a data folder of its own, and watches its window:
 * an error in the console or an exception in the page fails the test that caused it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { electronExecutable, electronTestArguments } from '../scripts/electron-runtime.mjs';
import { root } from '../scripts/run.mjs';
import { startOrigin, type RecordingOrigin } from './recording-origin';

export interface LaunchOptions {
  /** Flags of Larder; default: a free port. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the folder of the test. */
  readonly dataDir?: string;
}

export interface RunningLarder {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataDir: string;
  /** Where the proxy listens, as the window says. */
  proxyUrl(): Promise<string>;
  /** Ends the app as a person would, and waits for it. */
  close(): Promise<void>;
}

interface Fixtures {
  readonly dataDir: string;
  readonly origin: RecordingOrigin;
  readonly launch: (options?: LaunchOptions) => Promise<RunningLarder>;
}

/** Variables of the machine that would change what Larder does. */
const NOT_INHERITED = /^(PROXY_|REDIS_|LARDER_|https?_proxy$|no_proxy$|all_proxy$|ELECTRON_RUN_AS_NODE$)/i;

export function cleanEnvironment(dataDir: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_INHERITED.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), LARDER_DATA_DIR: dataDir };
}

const START_MS = 20_000;
const HELD_APP = path.join(root, 'e2e/held-app');

export async function launchLarder(
  options: LaunchOptions & { dataDir: string },
  errors: string[],
): Promise<RunningLarder> {
  const { dataDir, flags = ['--port', '0'], env = {} } = options;
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    args: [...electronTestArguments(), HELD_APP, ...flags],
    env: { ...cleanEnvironment(dataDir), ...env },
    cwd: dataDir,
    timeout: START_MS,
  });
  app.on('window', (page) => watch(page, errors));
  const page = await app.firstWindow({ timeout: START_MS });
  watch(page, errors);
  await expect(page.getByRole('button', { name: 'Clear cache', exact: true })).toBeVisible();
  return { app, page, dataDir, proxyUrl: () => proxyUrlOf(page), close: () => app.close() };
}

const watched = new WeakSet<Page>();

function watch(page: Page, errors: string[]): void {
  if (watched.has(page)) return;
  watched.add(page);
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
}

const LISTENING = /Listening on (http:\/\/[^\s/]+)/;

/** The header's line; there may be other live regions. */
export const statusLine = (page: Page) => page.getByRole('status').filter({ hasText: LISTENING });

async function proxyUrlOf(page: Page): Promise<string> {
  await expect(statusLine(page)).toBeVisible();
  const url = LISTENING.exec((await statusLine(page).textContent()) ?? '')?.[1];
  if (url === undefined) throw new Error('the window does not say where the proxy listens');
  return url;
}

/** `consoleErrors` is asserted empty at the end; a test that provokes errors empties it first. */
export const test = base.extend<Fixtures & { consoleErrors: string[] }>({
  consoleErrors: async ({}, use) => {
    const errors: string[] = [];
    await use(errors);
    expect(errors, 'errors in the console of the window').toEqual([]);
  },
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'larder-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  origin: async ({}, use) => {
    const origin = await startOrigin();
    await use(origin);
    await origin.close();
  },
  launch: async ({ dataDir, consoleErrors }, use) => {
    const running: RunningLarder[] = [];
    await use(async (options = {}) => {
      const larder = await launchLarder({ dataDir, ...options }, consoleErrors);
      running.push(larder);
      return larder;
    });
    for (const larder of running) await larder.close().catch(() => {});
  },
});

export { expect };
