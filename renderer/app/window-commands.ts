/** Carries out commands, from wherever they come: the menu, a shortcut, the palette. */
import { flushSync } from 'react-dom';
import {
  COMMAND_NAMES,
  commandFacts,
  MAIN_COMMANDS,
  type MainCommand,
  type WindowCommand,
} from '../../shared/window-commands';
import type { Appearance } from '../../shared/settings';
import { ask } from '../bridge/larder-api';
import { openManageProfiles } from '../profiles/profiles-store';
import { exportSettings, importSettings } from '../settings/settings-file-actions';
import { openCompose } from '../state/compose-store';
import { dialogStore, openDialog } from '../state/dialog-store';
import { engineStore } from '../state/engine-store';
import { liveLog } from '../state/live-log';
import { showPlace, windowStore } from '../state/window-store';
import { clearCache, copyText, saveChange, startEngine, stopEngine } from './engine-actions';
import { tell, tellProblem } from './toasts';
import { undoClear } from './undo-clear';

/** Set on the search box of a place. */
export const FILTER_BOX = 'data-filter-box';

const ACTIONS: Readonly<Record<Exclude<WindowCommand, MainCommand>, () => unknown>> = {
  'show-live': () => showPlace('live'),
  'show-cache': () => showPlace('cache'),
  'show-insights': () => showPlace('insights'),
  'show-settings': () => showPlace('settings'),
  'focus-filter': focusFilter,
  'send-request': () => openCompose(),
  'clear-log': () => liveLog.clear(),
  'clear-cache': clearCache,
  'undo-clear': undoClear,
  'start-proxy': startEngine,
  'stop-proxy': stopEngine,
  'copy-address': copyAddress,
  connect: () => windowStore.setState({ connectOpen: true }),
  'manage-profiles': openManageProfiles,
  'import-settings': importSettings,
  'export-settings': exportSettings,
  'appearance-system': () => setAppearance('system'),
  'appearance-light': () => setAppearance('light'),
  'appearance-dark': () => setAppearance('dark'),
  'open-palette': () => openDialog('palette'),
  'show-shortcuts': () => openDialog('shortcuts'),
  'show-about': () => openDialog('about'),
};

export function runCommand(command: WindowCommand): void {
  if (isMainCommand(command)) void runInMain(command);
  else ACTIONS[command]();
}

function isMainCommand(command: WindowCommand): command is MainCommand {
  return MAIN_COMMANDS.some((name) => name === command);
}

async function runInMain(command: MainCommand): Promise<void> {
  const answer = await ask('desktop.run', { command });
  if (!answer.ok) tellProblem('That did not work', answer.error.message);
}

/** Commands that would do nothing now are not offered. */
export function isCommandUseful(command: WindowCommand): boolean {
  const { status } = engineStore.getState();
  const running = status?.listen.kind === 'listening';
  switch (command) {
    case 'open-palette':
      return false;
    case 'start-proxy':
      return !running;
    case 'stop-proxy':
    case 'copy-address':
      return running;
    case 'undo-clear':
      return status !== null && status.store.undo !== null;
    default:
      return true;
  }
}

async function copyAddress(): Promise<void> {
  const listen = engineStore.getState().status?.listen;
  if (listen?.kind === 'listening') await copyText(listen.url, 'the address');
  else tell('There is no address to copy: the proxy does not listen');
}

async function setAppearance(appearance: Appearance): Promise<void> {
  await saveChange({ appearance });
}

function focusFilter(): void {
  const { place } = windowStore.getState();
  // At once: what is typed next belongs into the box, however fast it follows.
  if (place !== 'live' && place !== 'cache') flushSync(() => showPlace('live'));
  const box = document.querySelector<HTMLInputElement>(`[${FILTER_BOX}]`);
  box?.focus();
  box?.select();
}

interface KeyPress {
  readonly key: string;
  readonly metaKey: boolean;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Letters and digits by themselves; what shares its key with another sign on some keyboard stands for both. */
const SAME_KEY: Readonly<Record<string, string>> = { '+': 'plus', '=': 'plus', _: '-', '?': '/' };

const BY_KEYS: ReadonlyMap<string, WindowCommand> = new Map(
  COMMAND_NAMES.flatMap((command) => {
    const keys = commandFacts(command).keys?.toLowerCase();
    return keys === undefined ? [] : [[keys, command] as const];
  }),
);

/** The command of a shortcut, or null. */
export function commandOfKey(press: KeyPress, isMac: boolean): WindowCommand | null {
  const modifier = isMac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (!modifier || press.altKey) return null;
  if (press.key === '4' && !press.shiftKey) return 'show-settings';
  const pressed = press.key.toLowerCase();
  const key = SAME_KEY[pressed] ?? pressed;
  // Shift is how many keyboards reach a sign; with a letter it is another shortcut.
  const isSign = /^(?:plus|-|\/)$/.test(key);
  const shift = press.shiftKey && !isSign ? 'shift+' : '';
  return BY_KEYS.get(`mod+${shift}${key}`) ?? null;
}

/** What still works while a dialog is open: the palette, and how large all is drawn. */
const ALWAYS: ReadonlySet<WindowCommand> = new Set(['open-palette', 'zoom-in', 'zoom-out', 'zoom-reset']);
const OPEN_DIALOG = '[role="dialog"][data-open], [role="alertdialog"][data-open]';

export const isMac = (): boolean => navigator.userAgent.includes('Mac');

/** Runs shortcuts where they reach the window; what is handled here does not reach the menu. */
export function listenForShortcuts(): () => void {
  const mac = isMac();
  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOfKey(event, mac) ?? questionMark(event);
    if (command === null || event.defaultPrevented) return;
    event.preventDefault();
    const inDialog = dialogStore.getState().open !== null || document.querySelector(OPEN_DIALOG) !== null;
    if (!inDialog || ALWAYS.has(command)) runCommand(command);
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

/** `?` alone, where nothing is being typed. */
function questionMark(event: KeyboardEvent): WindowCommand | null {
  if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing = target?.isContentEditable === true || target?.matches('input, textarea, select') === true;
  return typing ? null : 'show-shortcuts';
}
