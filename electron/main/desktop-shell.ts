/** What surrounds the window: the application menu, the tray, notifications, and the commands that need no window. */
import { app, clipboard, Menu, shell } from 'electron';
import type { EngineStatus } from '../../shared/engine-status';
import { LarderError } from '../../shared/error-codes';
import type { MainCommand, WindowCommand } from '../../shared/window-commands';
import type { LarderEngine } from '../engine/larder-engine';
import type { SettingsKeeper } from './settings/settings-keeper';
import { menuTemplate, type MenuState } from './window/application-menu';
import type { MainWindow } from './window/main-window';
import { Notifier } from './window/notifier';
import { TrayIcon } from './window/tray-icon';
import { trayFacts } from './window/tray-menu';

interface DesktopShellOptions {
  readonly engine: LarderEngine;
  readonly keeper: SettingsKeeper;
  readonly window: MainWindow;
  readonly dataDir: string;
  /** Folder of the pictures for the tray. */
  readonly icons: string;
  readonly startProxy: () => Promise<void>;
  /** For a person to read, in the terminal and in the window. */
  readonly notice: (message: string) => void;
}

export class DesktopShell {
  readonly #options: DesktopShellOptions;
  readonly #tray: TrayIcon;
  readonly #notifier: Notifier;
  #menuShown = '';

  constructor(options: DesktopShellOptions) {
    const { engine, window, icons, notice } = options;
    this.#options = options;
    this.#notifier = new Notifier({
      mayNotify: () => options.keeper.settings.desktop.notifications && !window.isInFront,
      open: window.command,
    });
    this.#tray = new TrayIcon({
      icons,
      log: notice,
      actions: {
        openWindow: () => window.open(),
        start: () => void options.startProxy(),
        stop: () => this.#try(engine.stop()),
        clearCache: () => this.#try(engine.clear()),
        switchProfile: this.#switchProfile,
        quit: () => app.quit(),
      },
    });
  }

  /** The tray keeps Larder within reach when its window is closed. */
  get outlivesWindow(): boolean {
    return this.#tray.isUp;
  }

  /** After anything has changed that the menu or the tray shows, or that is worth a notification. */
  update(): void {
    const status = this.#options.engine.status();
    this.#updateMenu(status);
    this.#updateTray(status);
    this.#notifier.status(status);
  }

  /** The window was closed, and Larder goes on: said once. */
  windowClosed(): void {
    if (!this.outlivesWindow || !this.#options.window.tellOfTray()) return;
    const body =
      'The proxy keeps listening. Open the window or quit from the tray; starting Larder again opens it too.';
    this.#notifier.show('Larder goes on in the tray', body, 'show-live');
  }

  dispose(): void {
    this.#tray.remove();
  }

  /** Commands that need the main process. */
  run(command: MainCommand): void {
    const { window, dataDir } = this.#options;
    switch (command) {
      case 'open-data-folder':
        void shell.openPath(dataDir);
        return;
      case 'toggle-full-screen':
        window.toggleFullScreen();
        return;
      default:
        window.zoom(command);
    }
  }

  /** From the menu: what can be done without the window is, the rest goes there. */
  readonly #command = (command: WindowCommand): void => {
    switch (command) {
      case 'start-proxy':
        void this.#options.startProxy();
        return;
      case 'stop-proxy':
        this.#try(this.#options.engine.stop());
        return;
      case 'copy-address':
        void this.#copyAddress();
        return;
      case 'open-data-folder':
      case 'toggle-full-screen':
      case 'zoom-in':
      case 'zoom-out':
      case 'zoom-reset':
        this.run(command);
        return;
      default:
        this.#options.window.command(command);
    }
  };

  readonly #switchProfile = (id: string): void => {
    void this.#options.keeper.switchTo(id).then((result) => {
      if (result.kind !== 'switched') this.#options.notice(result.message);
      // A choice that was not taken is still marked in the menu that was clicked.
      this.#menuShown = '';
      this.update();
    });
  };

  async #copyAddress(): Promise<void> {
    const { listen } = this.#options.engine.status();
    // Electron's type calls it synchronous, newer ones do not.
    if (listen.kind === 'listening') await clipboard.writeText(listen.url);
  }

  #try(action: Promise<unknown>): void {
    action.catch((error: unknown) => {
      this.#options.notice(error instanceof LarderError ? error.message : String(error));
    });
  }

  /** Built anew only when it shows something else. */
  #updateMenu({ listen, store }: EngineStatus): void {
    const { keeper } = this.#options;
    const { active, profiles } = keeper.profiles();
    const state: MenuState = {
      platform: process.platform,
      listening: listen.kind === 'listening',
      development: !app.isPackaged,
      appearance: keeper.settings.appearance,
      canUndoClear: store.undo !== null,
      profiles,
      activeProfile: active,
    };
    const shown = JSON.stringify(state);
    if (shown === this.#menuShown) return;
    this.#menuShown = shown;
    const actions = { command: this.#command, switchProfile: this.#switchProfile };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state, actions)));
  }

  #updateTray(status: EngineStatus): void {
    const { keeper } = this.#options;
    const { active, profiles } = keeper.profiles();
    const state = { ...trayFacts(status), profiles, activeProfile: active };
    this.#tray.update(keeper.settings.desktop.tray ? state : null);
  }
}
