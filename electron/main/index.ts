/**
 * Larder with a window: Electron's main process. Decides whether this start is the first, then hands over to
 * DesktopApp; what ends the app (the last window, a signal, the menu) passes through `before-quit` here.
 */
import { mkdirSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import path from 'node:path';
import { app, Menu } from 'electron';
import { LarderError } from '../../shared/error-codes';
import { dataDirectory } from '../engine/settings/data-directory';
import { flagHelp } from '../engine/settings/flags';
import { resolveSettings, type ResolvedSettings } from '../engine/settings/resolve-settings';
import { DesktopApp, log } from './desktop-app';
import { registerAppScheme } from './window/app-scheme';
import { guardAllContents } from './window/guard-contents';

const WRONG_USAGE = 2;
/** As in electron-builder.yml: Windows groups windows and pins by it. */
const APP_ID = 'dev.larder.app';

function main(): void {
  surviveSurprises();
  const dataDir = dataDirectory(process.env, process.platform, homedir());
  const resolved = resolveOrExit(dataDir);
  if (resolved === null) return;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Another data folder is another Larder: the lock lives in it. Chromium's own files go aside.
  app.setPath('userData', dataDir);
  app.setPath('sessionData', path.join(dataDir, 'chromium'));
  if (!app.requestSingleInstanceLock()) {
    log('it is already running; its window comes to the front');
    app.exit(0);
    return;
  }
  // Who starts it with --no-sandbox (root has to) means it; the two together start no process at all.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.setAppUserModelId(APP_ID);
  app.setAboutPanelOptions({ applicationName: 'Larder', applicationVersion: app.getVersion() });
  registerAppScheme();
  guardAllContents();
  // Ours comes with the app; Electron need not build its own first.
  Menu.setApplicationMenu(null);
  app
    .whenReady()
    .then(() => run(resolved), fail)
    .catch(fail);
}

async function run(resolved: ResolvedSettings): Promise<void> {
  const desktop = new DesktopApp(resolved);
  let closed = false;
  app.on('second-instance', () => desktop.window.open());
  app.on('activate', () => desktop.window.open());
  app.on('window-all-closed', () => {
    // On macOS an app outlives its windows, and the proxy with it; elsewhere where the tray leads back to it.
    if (!desktop.windowClosed() && process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void desktop.close().then(() => {
      closed = true;
      app.exit(0);
    });
  });
  listenForSignals();
  await desktop.start();
}

/** The first asks to finish what is in flight; a second one will not wait. */
function listenForSignals(): void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (asked) app.exit(128 + constants.signals[signal]);
    asked = true;
    app.quit();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

/** Null: the app ends, there was only something to say. */
function resolveOrExit(dataDir: string): ResolvedSettings | null {
  try {
    const argv = process.argv.slice(1);
    const resolved = resolveSettings({
      argv,
      env: process.env,
      cwd: process.cwd(),
      dataDir,
      allowUnknown: true,
    });
    if (resolved.mode === 'run') return resolved;
    return sayAndExit(resolved.mode);
  } catch (error) {
    if (!(error instanceof LarderError)) throw error;
    log(error.message);
    app.exit(WRONG_USAGE);
    return null;
  }
}

function sayAndExit(mode: 'help' | 'version' | 'clear-cache'): null {
  if (mode === 'clear-cache') {
    log('--clear-cache is for the command line: larder --clear-cache');
    app.exit(WRONG_USAGE);
    return null;
  }
  process.stdout.write(
    mode === 'version' ? `${app.getVersion()}\n` : `Usage: larder [FLAGS]\n\n${flagHelp()}\n`,
  );
  app.exit(0);
  return null;
}

/** Whatever goes wrong unseen is said, and the proxy goes on: Electron itself would open a modal dialog. */
function surviveSurprises(): void {
  // Whoever read our output may have left; that is no reason to end, nor to say so.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const say = (error: unknown) =>
    log(`unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.on('uncaughtException', say);
  process.on('unhandledRejection', say);
}

function fail(error: unknown): void {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  app.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
