/** The icon in the tray, while the settings want one. Where the desktop has no tray, there is none, and no harm done. */
import path from 'node:path';
import { Menu, Tray } from 'electron';
import { trayTemplate, type TrayActions, type TrayState } from './tray-menu';

interface TrayIconOptions {
  /** Folder of the pictures; Electron takes the one with `@2x` by itself where it fits. */
  readonly icons: string;
  readonly actions: TrayActions;
  readonly log: (message: string) => void;
}

export class TrayIcon {
  readonly #options: TrayIconOptions;
  #tray: Tray | null = null;
  #shown = '';

  constructor(options: TrayIconOptions) {
    this.#options = options;
  }

  /** There is one: a closed window need not end the app. */
  get isUp(): boolean {
    return this.#tray !== null;
  }

  /** @param state null: no tray is wanted */
  update(state: TrayState | null): void {
    if (state === null) return this.remove();
    const shown = JSON.stringify(state);
    if (shown === this.#shown && this.isUp) return;
    this.#tray ??= this.#create();
    if (this.#tray === null) return;
    this.#shown = shown;
    this.#tray.setToolTip(`Larder: ${state.address}, ${state.hits}`);
    this.#tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(state, this.#options.actions)));
  }

  remove(): void {
    this.#tray?.destroy();
    this.#tray = null;
    this.#shown = '';
  }

  #create(): Tray | null {
    const { icons, actions, log } = this.#options;
    const file = process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png';
    try {
      const tray = new Tray(path.join(icons, file));
      // A click on macOS opens the menu; elsewhere the window, as people expect there.
      if (process.platform !== 'darwin') tray.on('click', actions.openWindow);
      return tray;
    } catch (error) {
      log(`there is no tray to be in: ${String(error)}`);
      return null;
    }
  }
}
