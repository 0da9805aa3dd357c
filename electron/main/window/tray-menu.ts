/** What the tray's menu holds: what one wants without opening the window. */
import type { MenuItemConstructorOptions } from 'electron';
import type { EngineStatus } from '../../../shared/engine-status';
import { formatPercent } from '../../../shared/format';
import type { ProfileView } from '../../../shared/profiles';
import { profileChoices } from './application-menu';

export interface TrayState {
  readonly listening: boolean;
  /** `Listening on http://127.0.0.1:3000`, or why not. */
  readonly address: string;
  /** `87 % hits this session` */
  readonly hits: string;
  readonly profiles: readonly ProfileView[];
  readonly activeProfile: string;
}

export interface TrayActions {
  readonly openWindow: () => void;
  readonly start: () => void;
  readonly stop: () => void;
  readonly clearCache: () => void;
  readonly switchProfile: (id: string) => void;
  readonly quit: () => void;
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

/** The facts of the status that the tray shows. */
export function trayFacts({
  listen,
  counters,
}: EngineStatus): Pick<TrayState, 'listening' | 'address' | 'hits'> {
  const listening = listen.kind === 'listening';
  const address = listening ? `Listening on ${listen.url}` : 'Not listening';
  return {
    listening,
    address,
    hits: `${formatPercent(counters.hits, counters.hits + counters.misses)} hits`,
  };
}

export function trayTemplate(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const toggle = state.listening
    ? { label: 'Stop Proxy', click: actions.stop }
    : { label: 'Start Proxy', click: actions.start };
  const profiles = profileChoices(state, actions.switchProfile);
  return [
    { label: state.address, enabled: false },
    { label: state.hits, enabled: false },
    SEPARATOR,
    { label: 'Open Larder', click: actions.openWindow },
    toggle,
    { label: 'Clear Cache', click: actions.clearCache },
    ...(profiles.length > 1 ? [{ label: 'Profile', submenu: profiles }] : []),
    SEPARATOR,
    { label: 'Quit Larder', click: actions.quit },
  ];
}
