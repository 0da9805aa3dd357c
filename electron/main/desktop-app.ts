/** Puts the parts together once the app is ready, and takes them apart when it ends. */
import path from 'node:path';
import { app, clipboard, Menu, nativeTheme, session, shell } from 'electron';
import { LarderError } from '../../shared/error-codes';
import { demoHint, readyJson, readyLine } from '../../shared/ready-line';
import type { Secrets, Settings } from '../../shared/settings';
import { createEngine } from '../engine/create-engine';
import type { LarderEngine } from '../engine/larder-engine';
import { cacheFolderIn } from '../engine/settings/data-directory';
import type { ResolvedSettings } from '../engine/settings/resolve-settings';
import { writeSettingsFile } from '../engine/settings/settings-file';
import { createHandlers } from './ipc/handlers';
import { createDispatcher } from './ipc/ipc-dispatcher';
import { registerIpc } from './ipc/register-ipc';
import { SecretVault } from './settings/secret-vault';
import { SettingsKeeper } from './settings/settings-keeper';
import { menuTemplate } from './window/application-menu';
import { serveAppScheme } from './window/app-scheme';
import { guardSession } from './window/guard-contents';
import { MainWindow } from './window/main-window';
import { feedWindow } from './window/window-feed';

const RENDERER_FOLDER = path.join(__dirname, '../renderer');
const ICON_FILE = path.join(__dirname, '../../resources/icon.png');
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
  readonly #stopFeed: () => void;
  #menuShowsListening: boolean | null = null;
  #closing: Promise<void> | null = null;

  constructor(resolved: ResolvedSettings) {
    this.#resolved = resolved;
    this.#notices = [...resolved.notices];
    for (const notice of resolved.notices) log(notice);
    const vault = new SecretVault(resolved.dataDir);
    const secrets = secretsFrom(resolved, vault);
    const { settings } = resolved;
    const cacheFolder = cacheFolderIn(resolved.dataDir);
    this.#engine = createEngine({ settings, secrets, version: app.getVersion(), cacheFolder });
    this.#keeper = new SettingsKeeper({
      engine: this.#engine,
      resolved,
      secrets,
      vault,
      write: (wanted) => writeSettingsFile(resolved.dataDir, wanted),
      onChange: (wanted) => this.#settingsChanged(wanted),
    });
    this.window = new MainWindow({
      stateFile: path.join(resolved.dataDir, 'window-state.json'),
      preload: PRELOAD_FILE,
      icon: ICON_FILE,
      log,
    });
    this.#stopFeed = feedWindow({
      engine: this.#engine,
      send: this.window.send,
      onNotice: (message) => this.#notice(message),
      onStatus: () => this.#updateMenu(),
    });
    this.#openDoor(vault);
  }

  /** Opens the window and the proxy's port, side by side. A port that is taken is for the person to see and change. */
  async start(): Promise<void> {
    nativeTheme.themeSource = this.#keeper.settings.appearance;
    guardSession(session.defaultSession);
    serveAppScheme(RENDERER_FOLDER);
    this.#updateMenu();
    const listening = this.#startEngine();
    this.window.open();
    await listening;
  }

  /** Finishes the requests in flight. Never rejects, always ends. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopFeed();
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
    this.#updateMenu();
  }

  #settingsChanged(settings: Settings): void {
    nativeTheme.themeSource = settings.appearance;
    this.window.send('events.settings', settings);
    this.window.send('events.status', this.#engine.status());
  }

  #notice(message: string): void {
    log(message);
    this.#notices.push(message);
    if (this.#notices.length > MOST_NOTICES) this.#notices.shift();
  }

  async #copyAddress(): Promise<void> {
    const { listen } = this.#engine.status();
    if (listen.kind !== 'listening') return;
    try {
      await clipboard.writeText(listen.url);
    } catch (error) {
      log(`the address cannot be copied: ${messageOf(error)}`);
    }
  }

  /** Built anew only when `Start` becomes `Stop` or the other way round. */
  #updateMenu(): void {
    const listening = this.#engine.status().listen.kind === 'listening';
    if (listening === this.#menuShowsListening) return;
    this.#menuShowsListening = listening;
    const template = menuTemplate(
      { platform: process.platform, listening, development: !app.isPackaged },
      {
        command: (command) => {
          this.window.open();
          this.window.send('events.command', { command });
        },
        start: () => void this.#startEngine(),
        stop: () => void this.#engine.stop().catch((error: unknown) => log(messageOf(error))),
        copyAddress: () => void this.#copyAddress(),
        openDataFolder: () => void shell.openPath(this.#resolved.dataDir),
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}

/** What the environment gives wins over what the keychain holds. */
function secretsFrom(resolved: ResolvedSettings, vault: SecretVault): Secrets {
  return { redisPassword: resolved.secrets.redisPassword ?? vault.redisPassword() };
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
