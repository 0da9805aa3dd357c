/**
 * The application menu. Its labels and shortcuts are those of the table of commands; outside macOS the shortcuts
 * are only displayed here and handled by the window, which knows what has the focus.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { ProfileView } from '../../../shared/profiles';
import type { Appearance } from '../../../shared/settings';
import { acceleratorOf, menuLabel, type WindowCommand } from '../../../shared/window-commands';

export interface MenuActions {
  readonly command: (command: WindowCommand) => void;
  readonly switchProfile: (id: string) => void;
}

export interface MenuState {
  readonly platform: string;
  /** The proxy listens. */
  readonly listening: boolean;
  /** A developer's build: the window can be reloaded. */
  readonly development: boolean;
  readonly appearance: Appearance;
  /** What was cleared can still be brought back. */
  readonly canUndoClear: boolean;
  readonly profiles: readonly ProfileView[];
  readonly activeProfile: string;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };

export function menuTemplate(state: MenuState, actions: MenuActions): Item[] {
  const mac = state.platform === 'darwin';
  const item: CommandItem = (command, more = {}) => {
    const accelerator = acceleratorOf(command);
    return {
      label: menuLabel(command),
      ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
      click: () => actions.command(command),
      ...more,
    };
  };
  return [
    ...(mac ? [macAppMenu(item)] : []),
    { label: '&File', submenu: fileItems(mac, item) },
    { label: '&Edit', submenu: [...editItems(), SEPARATOR, item('focus-filter')] },
    { label: '&View', submenu: viewItems(state, item) },
    { label: '&Proxy', submenu: proxyItems(state, actions, item) },
    { label: '&Cache', submenu: [item('clear-cache'), item('undo-clear', { enabled: state.canUndoClear })] },
    { role: 'windowMenu' },
    { role: 'help', submenu: helpItems(mac, item) },
  ];
}

type CommandItem = (command: WindowCommand, more?: Item) => Item;

/** The system's own About panel is what a Mac user expects under the app's name. */
function macAppMenu(item: CommandItem): Item {
  const rest: Item[] = [
    { role: 'services' },
    SEPARATOR,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
  ];
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      SEPARATOR,
      item('show-settings'),
      SEPARATOR,
      ...rest,
      SEPARATOR,
      { role: 'quit' },
    ],
  };
}

function fileItems(mac: boolean, item: CommandItem): Item[] {
  const files = [item('import-settings'), item('export-settings'), SEPARATOR];
  const last: Item[] = mac ? [{ role: 'close' }] : [item('show-settings'), SEPARATOR, { role: 'quit' }];
  return [item('send-request'), SEPARATOR, ...files, ...last];
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

function viewItems({ appearance, development }: MenuState, item: CommandItem): Item[] {
  const themes = (['system', 'light', 'dark'] as const).map((name) =>
    item(`appearance-${name}`, { type: 'radio', checked: name === appearance }),
  );
  const tools: Item[] = development ? [{ role: 'reload' }, { role: 'toggleDevTools' }] : [];
  return [
    item('open-palette'),
    SEPARATOR,
    item('show-live'),
    item('show-cache'),
    item('show-insights'),
    // File, or the app's menu, calls it by its full name.
    item('show-settings', { label: 'Settings', accelerator: 'CommandOrControl+4' }),
    SEPARATOR,
    item('clear-log'),
    SEPARATOR,
    { label: 'Appearance', submenu: themes },
    item('zoom-in'),
    item('zoom-out'),
    item('zoom-reset'),
    SEPARATOR,
    { role: 'togglefullscreen' },
    ...tools,
  ];
}

function proxyItems(state: MenuState, actions: MenuActions, item: CommandItem): Item[] {
  return [
    item(state.listening ? 'stop-proxy' : 'start-proxy'),
    item('copy-address', { enabled: state.listening }),
    SEPARATOR,
    { label: 'Profile', submenu: profileItems(state, actions, item) },
    item('connect'),
  ];
}

function profileItems(state: MenuState, actions: MenuActions, item: CommandItem): Item[] {
  return [...profileChoices(state, actions.switchProfile), SEPARATOR, item('manage-profiles')];
}

/** One radio item a profile, for the menu and the tray. */
export function profileChoices(
  { profiles, activeProfile }: Pick<MenuState, 'profiles' | 'activeProfile'>,
  switchTo: (id: string) => void,
): Item[] {
  return profiles.map(({ id, name }) => ({
    // An ampersand would mark the next letter as the key to press.
    label: name.replaceAll('&', '&&'),
    type: 'radio',
    checked: id === activeProfile,
    click: () => switchTo(id),
  }));
}

function helpItems(mac: boolean, item: CommandItem): Item[] {
  const items = [item('show-shortcuts'), item('open-data-folder')];
  return mac ? items : [...items, SEPARATOR, item('show-about')];
}
