/**
 * Everything that the window can be told to do, once: the application menu, the shortcuts, the command palette and
 * the sheet of shortcuts are made from this table.
 */

export const COMMAND_GROUPS = ['Go to', 'Requests', 'Cache', 'Proxy', 'Settings', 'View', 'Help'] as const;
type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface CommandFacts {
  /** A sentence's beginning: `Clear log`. The menu writes it `Clear Log`. */
  readonly title: string;
  /** In the menu, where the title needs no verb there. */
  readonly menuTitle?: string;
  readonly group: CommandGroup;
  /** `Mod` is ⌘ on macOS and Ctrl elsewhere. */
  readonly keys?: string;
  /** What people call it as well, for the palette. */
  readonly alsoKnownAs?: string;
}

export const WINDOW_COMMANDS = {
  'show-live': {
    title: 'Go to Live',
    menuTitle: 'Live',
    group: 'Go to',
    keys: 'Mod+1',
    alsoKnownAs: 'log requests',
  },
  'show-cache': {
    title: 'Go to Cache',
    menuTitle: 'Cache',
    group: 'Go to',
    keys: 'Mod+2',
    alsoKnownAs: 'stored responses',
  },
  'show-insights': {
    title: 'Go to Insights',
    menuTitle: 'Insights',
    group: 'Go to',
    keys: 'Mod+3',
    alsoKnownAs: 'charts statistics hit ratio',
  },
  'show-settings': {
    title: 'Go to Settings',
    menuTitle: 'Settings…',
    group: 'Go to',
    keys: 'Mod+,',
    alsoKnownAs: 'preferences options',
  },
  'focus-filter': { title: 'Filter', group: 'Requests', keys: 'Mod+F', alsoKnownAs: 'search find' },
  'send-request': {
    title: 'Send a request…',
    group: 'Requests',
    keys: 'Mod+N',
    alsoKnownAs: 'compose new try curl',
  },
  'clear-log': { title: 'Clear log', group: 'Requests', keys: 'Mod+L', alsoKnownAs: 'empty' },
  'clear-cache': {
    title: 'Clear cache',
    group: 'Cache',
    keys: 'Mod+Shift+Backspace',
    alsoKnownAs: 'purge empty flush',
  },
  'undo-clear': { title: 'Undo clear', group: 'Cache', alsoKnownAs: 'restore bring back' },
  'start-proxy': { title: 'Start proxy', group: 'Proxy', alsoKnownAs: 'listen run' },
  'stop-proxy': { title: 'Stop proxy', group: 'Proxy', alsoKnownAs: 'pause end' },
  'copy-address': { title: 'Copy proxy address', group: 'Proxy', alsoKnownAs: 'url port' },
  connect: {
    title: 'Connect your app…',
    group: 'Proxy',
    alsoKnownAs: 'origin vite env next.js angular webpack',
  },
  'manage-profiles': {
    title: 'Manage profiles…',
    group: 'Proxy',
    alsoKnownAs: 'rename delete duplicate new',
  },
  'import-settings': { title: 'Import settings…', group: 'Settings', alsoKnownAs: 'larder.json open' },
  'export-settings': { title: 'Export settings…', group: 'Settings', alsoKnownAs: 'larder.json save share' },
  'appearance-system': {
    title: 'Appearance: as the system',
    menuTitle: 'As the System',
    group: 'View',
    alsoKnownAs: 'theme',
  },
  'appearance-light': {
    title: 'Appearance: light',
    menuTitle: 'Light',
    group: 'View',
    alsoKnownAs: 'theme bright',
  },
  'appearance-dark': {
    title: 'Appearance: dark',
    menuTitle: 'Dark',
    group: 'View',
    alsoKnownAs: 'theme night',
  },
  'zoom-in': { title: 'Zoom in', group: 'View', keys: 'Mod+Plus', alsoKnownAs: 'larger bigger' },
  'zoom-out': { title: 'Zoom out', group: 'View', keys: 'Mod+-', alsoKnownAs: 'smaller' },
  'zoom-reset': { title: 'Actual size', group: 'View', keys: 'Mod+0', alsoKnownAs: 'zoom reset 100' },
  'toggle-full-screen': { title: 'Toggle full screen', group: 'View', alsoKnownAs: 'maximise' },
  'open-palette': { title: 'Command palette…', group: 'Help', keys: 'Mod+K' },
  'show-shortcuts': { title: 'Keyboard shortcuts', group: 'Help', keys: 'Mod+/', alsoKnownAs: 'keys help' },
  'open-data-folder': { title: 'Open data folder', group: 'Help', alsoKnownAs: 'settings.json files' },
  'show-about': { title: 'About Larder', group: 'Help', alsoKnownAs: 'version licence' },
} as const satisfies Record<string, CommandFacts>;

export type WindowCommand = keyof typeof WINDOW_COMMANDS;

export const COMMAND_NAMES = Object.keys(WINDOW_COMMANDS) as readonly WindowCommand[];

/** Commands that only the main process can carry out; the window passes them on. */
export const MAIN_COMMANDS = [
  'open-data-folder',
  'zoom-in',
  'zoom-out',
  'zoom-reset',
  'toggle-full-screen',
] as const satisfies readonly WindowCommand[];
export type MainCommand = (typeof MAIN_COMMANDS)[number];

export function commandFacts(command: WindowCommand): CommandFacts {
  return WINDOW_COMMANDS[command];
}

const SMALL_WORDS = new Set(['a', 'the', 'to', 'of', 'as', 'your']);

/** As menus write it: `Send a Request…`. */
export function menuLabel(command: WindowCommand): string {
  const { title, menuTitle } = commandFacts(command);
  if (menuTitle !== undefined) return menuTitle;
  return title
    .split(' ')
    .map((word, index) => (index > 0 && SMALL_WORDS.has(word) ? word : capitalised(word)))
    .join(' ');
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** As Electron writes shortcuts. */
export function acceleratorOf(command: WindowCommand): string | undefined {
  return commandFacts(command).keys?.replace('Mod', 'CommandOrControl');
}

const MAC_SIGNS: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Backspace: '⌫',
  Enter: '↩',
  Plus: '+',
};
const OTHER_SIGNS: Readonly<Record<string, string>> = { Mod: 'Ctrl', Plus: '+' };

/** The keys of a shortcut such as `Mod+Shift+Backspace`, as they are written on the keyboard. */
export function keyCaps(keys: string, isMac: boolean): readonly string[] {
  const signs = isMac ? MAC_SIGNS : OTHER_SIGNS;
  return keys.split('+').map((key) => signs[key] ?? key);
}
