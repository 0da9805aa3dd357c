/** The one window: where it opens, what it may load, what reaches it, and how it comes back after a crash. */
import { readFileSync } from 'node:fs';
import { app, BrowserWindow, nativeTheme, screen, type IpcMainInvokeEvent } from 'electron';
import type { IpcEventName, IpcEvents } from '../../../shared/ipc-contract';
import type { WindowCommand } from '../../../shared/window-commands';
import { replaceFileSync } from '../replace-file';
import { APP_URL } from './resolve-asset';
import { isTrustedSender } from './trusted-sender';
import {
  formatWindowState,
  MIN_HEIGHT,
  MIN_WIDTH,
  parseWindowState,
  type Bounds,
  type WindowState,
} from './window-state';
import { zoomedBy, type ZoomStep } from './zoom';

/** The page's own background, so that nothing flashes before the first paint. */
const BACKGROUND = { light: '#f7f6f4', dark: '#141312' } as const;
const SAVE_BOUNDS_AFTER_MS = 500;
const MOST_RELOADS = 3;
const RELOADS_PER_MS = 60_000;

export interface MainWindowOptions {
  readonly stateFile: string;
  readonly preload: string;
  /** For the task bar; macOS takes the bundle's. */
  readonly icon: string;
  readonly log: (message: string) => void;
}

export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | null = null;
  /** Read with the first window. */
  #kept: Pick<WindowState, 'zoom' | 'trayToldOf'> = { zoom: 1, trayToldOf: false };
  /** As it was saved last; a closed window has none of its own. */
  #place: { readonly bounds: Bounds; readonly maximized: boolean } | null = null;
  #commandWhenLoaded: WindowCommand | null = null;
  #reloads: number[] = [];

  constructor(options: MainWindowOptions) {
    this.#options = options;
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(background()));
  }

  /** Opens the window, or brings the open one to the front. */
  open(): void {
    if (this.#window === null) this.#create();
    else this.#focus(this.#window);
  }

  /** Opens the window and has it do this, once it can. */
  readonly command = (command: WindowCommand): void => {
    this.open();
    const contents = this.#window?.webContents;
    if (contents === undefined || contents.isLoadingMainFrame()) this.#commandWhenLoaded = command;
    else this.send('events.command', { command });
  };

  /** A message to the window; lost where there is none, or where it is loading and will ask for itself. */
  readonly send = <E extends IpcEventName>(event: E, payload: IpcEvents[E]): void => {
    const contents = this.#window?.webContents;
    if (contents === undefined || contents.isDestroyed() || contents.isCrashed()) return;
    if (contents.isLoadingMainFrame()) return;
    contents.send(event, payload);
  };

  readonly isTrusted = (event: IpcMainInvokeEvent): boolean =>
    isTrustedSender(event, this.#window?.webContents);

  get parent(): BrowserWindow | null {
    return this.#window;
  }

  /** The person looks at it. */
  get isInFront(): boolean {
    return this.#window?.isFocused() ?? false;
  }

  zoom(step: ZoomStep): void {
    const window = this.#window;
    if (window === null) return;
    const zoom = zoomedBy(this.#kept.zoom, step);
    this.#kept = { ...this.#kept, zoom };
    window.webContents.setZoomFactor(zoom);
    this.#saveState(window);
    this.send('events.zoom', { percent: Math.round(zoom * 100) });
  }

  toggleFullScreen(): void {
    this.#window?.setFullScreen(!this.#window.isFullScreen());
  }

  /** True once in a lifetime: the caller then tells that Larder goes on in the tray. */
  tellOfTray(): boolean {
    if (this.#kept.trayToldOf) return false;
    this.#kept = { ...this.#kept, trayToldOf: true };
    this.#writeState();
    return true;
  }

  /** Takes the window away for good; what it had stored in its own storage is written first. */
  dispose(): void {
    const window = this.#window;
    if (window === null) return;
    this.#saveState(window);
    window.webContents.session.flushStorageData();
    window.destroy();
  }

  #create(): void {
    const state = this.#readState();
    this.#kept = { zoom: state.zoom, trayToldOf: state.trayToldOf || this.#kept.trayToldOf };
    const window = new BrowserWindow({
      ...state.position,
      width: state.width,
      height: state.height,
      minWidth: MIN_WIDTH,
      minHeight: MIN_HEIGHT,
      show: false,
      title: 'Larder',
      icon: this.#options.icon,
      backgroundColor: background(),
      webPreferences: {
        preload: this.#options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        zoomFactor: state.zoom,
      },
    });
    if (state.maximized) window.maximize();
    this.#window = window;
    this.#watch(window);
    window.once('ready-to-show', () => window.show());
    window.loadURL(APP_URL).catch((error: unknown) => {
      this.#options.log(`the window cannot be loaded: ${String(error)}`);
      if (!window.isDestroyed()) window.show();
    });
  }

  #watch(window: BrowserWindow): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const saveSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#saveState(window), SAVE_BOUNDS_AFTER_MS);
    };
    window.on('resize', saveSoon);
    window.on('move', saveSoon);
    window.on('close', () => this.#saveState(window));
    window.on('closed', () => {
      clearTimeout(timer);
      this.#window = null;
    });
    window.webContents.on('dom-ready', () => window.webContents.setZoomFactor(this.#kept.zoom));
    window.webContents.on('did-finish-load', () => {
      const command = this.#commandWhenLoaded;
      this.#commandWhenLoaded = null;
      if (command !== null) this.send('events.command', { command });
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') this.#reloadAfterCrash(window, reason);
    });
  }

  /** The proxy goes on meanwhile. A window that crashes over and over is left as it is. */
  #reloadAfterCrash(window: BrowserWindow, reason: string): void {
    const now = Date.now();
    this.#reloads = this.#reloads.filter((time) => now - time < RELOADS_PER_MS);
    if (window.isDestroyed() || this.#reloads.length >= MOST_RELOADS) {
      this.#options.log(`the window crashed again (${reason}); the proxy goes on without it`);
      return;
    }
    this.#reloads.push(now);
    this.#options.log(`the window crashed (${reason}) and is loaded again`);
    window.webContents.reload();
  }

  #focus(window: BrowserWindow): void {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    app.focus({ steal: true });
  }

  #readState(): WindowState {
    const workAreas = screen.getAllDisplays().map((display) => display.workArea);
    return parseWindowState(textOf(this.#options.stateFile), workAreas);
  }

  #saveState(window: BrowserWindow): void {
    if (window.isDestroyed()) return;
    this.#place = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    this.#writeState();
  }

  #writeState(): void {
    if (this.#place === null) return;
    const { bounds, maximized } = this.#place;
    try {
      replaceFileSync(this.#options.stateFile, formatWindowState(bounds, { ...this.#kept, maximized }));
    } catch (error) {
      this.#options.log(`the window's place cannot be saved: ${String(error)}`);
    }
  }
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The first start, or a file that cannot be read: the default is right for both.
    return '';
  }
}
