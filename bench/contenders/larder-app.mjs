// The desktop app in the real Electron: with its window open and the live log following, and after its window has gone.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { electronExecutable, electronTestArguments } from '../../scripts/electron-runtime.mjs';
import { root } from '../../scripts/run.mjs';
import { atExit } from './at-exit.mjs';
import { statusOf } from './larder.mjs';
import { cleanEnvironment, freePort, temporaryFolder } from './process.mjs';
import { displayMissing, openDisplay } from './xvfb.mjs';

const START_MS = 30_000;

/** @typedef {{ leftOut: number, rows: number, mainBytes: number, windowBytes: number }} Look */
/** `look`: what the window shows, and what main process and window hold resident.
 *  @typedef {import('./contender.mjs').Running & { look: () => Promise<Look> }} RunningApp */

/** @type {import('./contender.mjs').Contender} */
export const windowApp = {
  id: 'app-window',
  name: 'Larder in Electron, window open, log following',
  missing: missingApp,
  start: (originPort) => startApp('app-window', originPort),
};

/** @type {import('./contender.mjs').Contender} */
export const windowlessApp = {
  id: 'app-windowless',
  name: 'Larder in Electron, no window',
  missing: missingApp,
  start: async (originPort) => {
    const { electron, ...running } = await startApp('app-windowless', originPort);
    // As where a tray leads back to the window: the proxy goes on.
    await electron.evaluate(({ app, BrowserWindow }) => {
      app.removeAllListeners('window-all-closed');
      app.on('window-all-closed', () => undefined);
      for (const window of BrowserWindow.getAllWindows()) window.destroy();
    });
    return running;
  },
};

function missingApp() {
  if (!existsSync(join(root, 'out/main/index.cjs'))) return 'there is no out/main; npm run build';
  try {
    electronExecutable();
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  return displayMissing();
}

/** @param {string} id
 *  @param {number} originPort
 *  @returns {Promise<RunningApp & { electron: import('playwright').ElectronApplication }>} */
async function startApp(id, originPort) {
  const folder = temporaryFolder();
  const display = await openDisplay();
  const port = await freePort();
  writeFileSync(join(folder.path, 'larder.json'), JSON.stringify({ persist: false }));
  const ways = ['--origin', `http://127.0.0.1:${originPort}`, '--port', String(port)];
  const store = ['--ttl', '86400', '--max-memory', '2g'];
  const electron = await _electron.launch({
    executablePath: electronExecutable(),
    args: [...electronTestArguments(), join(root, 'e2e/held-app'), ...ways, ...store],
    env: cleanEnvironment({ ...display.env, LARDER_DATA_DIR: folder.path }),
    cwd: folder.path,
    timeout: START_MS,
  });
  const child = electron.process();
  const forget = atExit(() => child.kill('SIGKILL'));
  const page = await electron.firstWindow({ timeout: START_MS });
  const log = page.getByRole('grid', { name: 'Live log' });
  await page
    .getByRole('status')
    .filter({ hasText: /Listening on http/ })
    .waitFor({ timeout: START_MS });
  await log.waitFor({ timeout: START_MS });
  return {
    id,
    port: () => port,
    pid: child.pid ?? 0,
    asksOrigin: true,
    status: () => statusOf(port),
    electron,
    look: () => look(electron, page),
    stop: async () => {
      await electron.close();
      forget();
      await display.stop();
      folder.remove();
    },
  };
}

/** @param {import('playwright').ElectronApplication} electron
 *  @param {import('playwright').Page} page
 *  @returns {Promise<Look>} */
async function look(electron, page) {
  const { windows, processes } = await electron.evaluate(({ app, BrowserWindow }) => ({
    windows: BrowserWindow.getAllWindows().length,
    processes: app.getAppMetrics().map(({ type, memory }) => ({ type, kibibytes: memory.workingSetSize })),
  }));
  const of = (/** @type {string} */ type) =>
    processes.filter((one) => one.type === type).reduce((sum, { kibibytes }) => sum + kibibytes * 1024, 0);
  const memory = { mainBytes: of('Browser'), windowBytes: of('Tab') };
  if (windows === 0) return { leftOut: 0, rows: 0, ...memory };
  const foot = (await page.locator('.live-foot').textContent()) ?? '';
  const rows = await page.getByRole('grid', { name: 'Live log' }).getAttribute('aria-rowcount');
  return {
    leftOut: Number((/([\d,]+) left out/.exec(foot)?.[1] ?? '0').replaceAll(',', '')),
    rows: Number(rows) - 1,
    ...memory,
  };
}
