/** Commands of the menu and their shortcuts; one table for both. */
import { flushSync } from 'react-dom';
import type { WindowCommand } from '../../shared/ipc-contract';
import { liveLog } from '../state/live-log';
import { showPlace, windowStore } from '../state/window-store';
import { clearCache } from './engine-actions';

/** Set on the search box of a place. */
export const FILTER_BOX = 'data-filter-box';

export function runCommand(command: WindowCommand): void {
  switch (command) {
    case 'show-live':
      return showPlace('live');
    case 'show-cache':
      return showPlace('cache');
    case 'show-insights':
      return showPlace('insights');
    case 'show-settings':
      return showPlace('settings');
    case 'focus-filter':
      return focusFilter();
    case 'clear-log':
      return liveLog.clear();
    case 'clear-cache':
      void clearCache();
      return undefined;
    default:
      return command satisfies never;
  }
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

const PLAIN_KEYS: Readonly<Record<string, WindowCommand>> = {
  '1': 'show-live',
  '2': 'show-cache',
  '3': 'show-insights',
  '4': 'show-settings',
  ',': 'show-settings',
  f: 'focus-filter',
  l: 'clear-log',
};

/** The command of a shortcut, or null. */
export function commandOfKey(press: KeyPress, isMac: boolean): WindowCommand | null {
  const modifier = isMac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (!modifier || press.altKey) return null;
  if (press.shiftKey) return press.key === 'Backspace' ? 'clear-cache' : null;
  return PLAIN_KEYS[press.key.toLowerCase()] ?? null;
}

/** Runs shortcuts where they reach the window; what is handled here does not reach the menu. */
export function listenForShortcuts(): () => void {
  const isMac = navigator.userAgent.includes('Mac');
  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOfKey(event, isMac);
    if (command === null) return;
    event.preventDefault();
    runCommand(command);
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}
