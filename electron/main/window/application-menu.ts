/**
 * The application menu. Commands that the window carries out go there as `events.command`. Outside macOS their
 * shortcuts are only displayed here and handled by the window, which knows what has the focus.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '../../../shared/ipc-contract';

export interface MenuActions {
  readonly command: (command: WindowCommand) => void;
  readonly start: () => void;
  readonly stop: () => void;
  readonly copyAddress: () => void;
  readonly openDataFolder: () => void;
}

export interface MenuState {
  readonly platform: string;
  /** The proxy listens. */
  readonly listening: boolean;
  /** A developer's build: the window can be reloaded. */
  readonly development: boolean;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };

export function menuTemplate(state: MenuState, actions: MenuActions): Item[] {
  const mac = state.platform === 'darwin';
  const command = (label: string, accelerator: string, name: WindowCommand): Item => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => actions.command(name),
  });
  const settings = command('Settings…', 'CommandOrControl+,', 'show-settings');
  return [
    ...(mac ? [macAppMenu(settings)] : []),
    { label: '&File', submenu: fileItems(state, actions, settings) },
    {
      label: '&Edit',
      submenu: [...editItems(), SEPARATOR, command('Filter', 'CommandOrControl+F', 'focus-filter')],
    },
    {
      label: '&View',
      submenu: [
        command('Live', 'CommandOrControl+1', 'show-live'),
        command('Cache', 'CommandOrControl+2', 'show-cache'),
        command('Insights', 'CommandOrControl+3', 'show-insights'),
        command('Settings', 'CommandOrControl+4', 'show-settings'),
        SEPARATOR,
        command('Clear Log', 'CommandOrControl+L', 'clear-log'),
        command('Clear Cache', 'CommandOrControl+Shift+Backspace', 'clear-cache'),
        SEPARATOR,
        ...viewItems(state),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: helpItems(mac, actions) },
  ];
}

function macAppMenu(settings: Item): Item {
  const rest: Item[] = [
    { role: 'services' },
    SEPARATOR,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
  ];
  return {
    role: 'appMenu',
    submenu: [{ role: 'about' }, SEPARATOR, settings, SEPARATOR, ...rest, SEPARATOR, { role: 'quit' }],
  };
}

function fileItems(state: MenuState, actions: MenuActions, settings: Item): Item[] {
  const toggle: Item = state.listening
    ? { label: 'Stop Proxy', click: () => actions.stop() }
    : { label: 'Start Proxy', click: () => actions.start() };
  const address: Item = {
    label: 'Copy Proxy Address',
    enabled: state.listening,
    click: () => actions.copyAddress(),
  };
  const last: Item[] =
    state.platform === 'darwin' ? [{ role: 'close' }] : [settings, SEPARATOR, { role: 'quit' }];
  return [toggle, address, SEPARATOR, ...last];
}

function editItems(): Item[] {
  return [
    { role: 'undo' },
    { role: 'redo' },
    SEPARATOR,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
}

function viewItems(state: MenuState): Item[] {
  const zoom: Item[] = [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }];
  const tools: Item[] = state.development
    ? [{ role: 'reload' }, { role: 'toggleDevTools' }]
    : [{ role: 'toggleDevTools' }];
  return [...zoom, SEPARATOR, { role: 'togglefullscreen' }, ...tools];
}

function helpItems(mac: boolean, actions: MenuActions): Item[] {
  const folder: Item = { label: 'Open Data Folder', click: () => actions.openDataFolder() };
  return mac ? [folder] : [folder, SEPARATOR, { role: 'about' }];
}
