/** Puts the parts together once the app is ready, and takes them apart when it ends. */
import path from 'node:path';
import { app, nativeTheme, session } from 'electron';
import { LarderError } from '../../shared/error-codes';
import { demoHint, readyJson, readyLine } from '../../shared/ready-line';
import type { Secrets, Settings } from '../../shared/settings';
import { createEngine } from '../engine/create-engine';
import type { LarderEngine } from '../engine/larder-engine';
import { cacheFolderIn } from '../engine/settings/data-directory';
import type { ResolvedSettings } from '../engine/settings/resolve-settings';
import { writeSettingsFile } from '../engine/settings/settings-file';
import { DesktopShell } from './desktop-shell';
import { createHandlers } from './ipc/handlers';
import { createDispatcher } from './ipc/ipc-dispatcher';
import { registerIpc } from './ipc/register-ipc';
import { SecretVault } from './settings/secret-vault';
import { SettingsKeeper } from './settings/settings-keeper';
import { serveAppScheme } from './window/app-scheme';
import { guardSession } from './window/guard-contents';
import { MainWindow } from './window/main-window';
import { feedWindow } from './window/window-feed';

const RENDERER_FOLDER = path.join(__dirname, '../renderer');
const RESOURCES_FOLDER = path.join(__dirname, '../../resources');
const ICON_FILE = path.join(RESOURCES_FOLDER, 'icon.png');
const PRELOAD_FILE = path.join(__dirname, '../preload/index.cjs');
/** Requests in flight get 10 s; what still hangs then must not keep the app from ending. */
const CLOSE_WITHIN_MS = 12_000;
const MOST_NOTICES = 20;

export class DesktopApp {
  readonly window: MainWindow;
  readonly #engine: LarderEngine;
  readonly #keeper: SettingsKeeper;
  readonly #notices: string[];
  readonly #resolved: ResolvedSettings;
  readonly #shell: DesktopShell;
  readonly #stopFeed: () => void;
  #closing: Promise<void> | null = null;

  constructor(resolved: ResolvedSettings) {
    this.#resolved = resolved;
    // First: its process starts and reads the page while the rest is put together here.
    this.window = openFirstWindow(resolved);
    this.#notices = [...resolved.notices];
    for (const notice of resolved.notices) log(notice);
    const vault = new SecretVault(resolved.dataDir);
    const secrets = secretsFrom(resolved, vault);
    const { settings } = resolved;
    const cacheFolder = cacheFolderIn(resolved.dataDir);
    const version = app.getVersion();
    this.#engine = createEngine({ settings, secrets, version, cacheFolder, cache: resolved.profile });
    this.#keeper = new SettingsKeeper({
      engine: this.#engine,
      resolved,
      secrets,
      vault,
      write: (wanted) => writeSettingsFile(resolved.dataDir, wanted),
      onChange: (wanted) => this.#settingsChanged(wanted),
    });
    this.#shell = new DesktopShell({
      engine: this.#engine,
      keeper: this.#keeper,
      window: this.window,
      dataDir: resolved.dataDir,
      icons: RESOURCES_FOLDER,
      startProxy: () => this.#startEngine(),
      notice: (message) => this.#notice(message),
    });
    this.#keeper.onProfiles((list) => {
      this.window.send('events.profiles', list);
      this.#shell.update();
    });
    this.#stopFeed = feedWindow({
      engine: this.#engine,
      send: this.window.send,
      onNotice: (message) => this.#notice(message),
      onStatus: () => this.#shell.update(),
    });
    this.#openDoor(vault);
  }

  /** Opens the proxy's port, while the window loads. A port that is taken is for the person to see and change. */
  async start(): Promise<void> {
    this.#shell.update();
    await this.#startEngine();
  }

  /** The last window was closed. @returns whether Larder goes on without one */
  windowClosed(): boolean {
    this.#shell.windowClosed();
    return this.#shell.outlivesWindow;
  }

  /** Finishes the requests in flight. Never rejects, always ends. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopFeed();
    this.#shell.dispose();
    this.window.dispose();
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS));
    try {
      await Promise.race([this.#engine.close(), late]);
    } catch (error) {
      log(`the proxy did not end cleanly: ${messageOf(error)}`);
    }
  }

  #openDoor(vault: SecretVault): void {
    const handlers = createHandlers({
      engine: this.#engine,
      keeper: this.#keeper,
      canStoreSecrets: () => vault.available,
      startNotices: () => this.#notices,
      window: () => this.window.parent,
      dataDir: this.#resolved.dataDir,
      run: (command) => this.#shell.run(command),
    });
    registerIpc(
      createDispatcher(handlers, (error) => log(stackOf(error))),
      this.window.isTrusted,
    );
  }

  async #startEngine(): Promise<void> {
    try {
      await this.#engine.start();
      const status = this.#engine.status();
      process.stdout.write(`${this.#resolved.json ? readyJson(status) : readyLine(status)}\n`);
      const hint = demoHint(status, this.#resolved.overridden['origin'] !== undefined);
      if (hint !== null) log(hint);
    } catch (error) {
      log(messageOf(error));
    }
    this.#shell.update();
  }

  #settingsChanged(settings: Settings): void {
    nativeTheme.themeSource = settings.appearance;
    this.window.send('events.settings', settings);
    this.window.send('events.status', this.#engine.status());
    this.#shell.update();
  }

  #notice(message: string): void {
    log(message);
    this.#notices.push(message);
    if (this.#notices.length > MOST_NOTICES) this.#notices.shift();
  }
}

function openFirstWindow({ settings, dataDir }: ResolvedSettings): MainWindow {
  nativeTheme.themeSource = settings.appearance;
  // A bundle has its own; run from a folder it would be Electron's.
  if (!app.isPackaged) app.dock?.setIcon(ICON_FILE);
  guardSession(session.defaultSession);
  serveAppScheme(RENDERER_FOLDER);
  const stateFile = path.join(dataDir, 'window-state.json');
  const window = new MainWindow({ stateFile, preload: PRELOAD_FILE, icon: ICON_FILE, log });
  window.open();
  return window;
}

/** What the environment gives wins over what the keychain holds. */
function secretsFrom(resolved: ResolvedSettings, vault: SecretVault): Secrets {
  return { redisPassword: resolved.secrets.redisPassword ?? vault.redisPassword(resolved.profile) };
}

export function log(message: string): void {
  process.stderr.write(`larder: ${message}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof LarderError ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
