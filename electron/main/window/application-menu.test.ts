import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES, menuLabel, type WindowCommand } from '../../../shared/window-commands';
import { menuTemplate, type MenuState } from './application-menu';
import { trayTemplate } from './tray-menu';

const STATE: MenuState = {
  platform: 'linux',
  listening: true,
  development: false,
  appearance: 'dark',
  canUndoClear: false,
  profiles: [
    { id: 'default', name: 'Shop & co', origin: null, port: 3000, store: 'memory' },
    { id: 'other', name: 'Other', origin: null, port: 3001, store: 'redis' },
  ],
  activeProfile: 'other',
};

function flat(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

function menu(change: Partial<MenuState> = {}) {
  const ran: string[] = [];
  const actions = {
    command: (command: WindowCommand) => void ran.push(command),
    switchProfile: (id: string) => void ran.push(`profile ${id}`),
  };
  const items = flat(menuTemplate({ ...STATE, ...change }, actions));
  const find = (label: string) => items.find((item) => item.label === label);
  const click = (label: string) => (find(label)?.click as (() => void) | undefined)?.();
  return { ran, items, find, click };
}

describe('application menu', () => {
  it.each(['linux', 'win32', 'darwin'])('has every command on %s, by the label of the table', (platform) => {
    const labels = new Set(
      [true, false].flatMap((listening) => menu({ platform, listening }).items.map(({ label }) => label)),
    );
    // Full screen is a role of the system; About is one on macOS.
    const elsewhere = new Set<WindowCommand>([
      'toggle-full-screen',
      ...(platform === 'darwin' ? ['show-about' as const] : []),
    ]);
    for (const command of COMMAND_NAMES)
      if (!elsewhere.has(command)) expect(labels).toContain(menuLabel(command));
  });

  it('runs the command that was clicked', () => {
    const { ran, click } = menu();
    click('Send a Request…');
    click('Clear Log');
    expect(ran).toEqual(['send-request', 'clear-log']);
  });

  it('marks the profile and the appearance in force, and switches', () => {
    const { ran, find, click } = menu();
    expect(find('Other')).toMatchObject({ type: 'radio', checked: true });
    expect(find('Shop && co')).toMatchObject({ checked: false });
    expect(find('Dark')).toMatchObject({ type: 'radio', checked: true });
    click('Shop && co');
    expect(ran).toEqual(['profile default']);
  });

  it('offers Undo only while something can be brought back', () => {
    expect(menu().find('Undo Clear')).toMatchObject({ enabled: false });
    expect(menu({ canUndoClear: true }).find('Undo Clear')).toMatchObject({ enabled: true });
  });

  it('has each shortcut once, none of them a key that only the menu would take', () => {
    const shortcuts = menu().items.filter(({ accelerator }) => accelerator !== undefined);
    expect(shortcuts.every(({ registerAccelerator }) => registerAccelerator === false)).toBe(true);
    const keys = shortcuts.map(({ accelerator }) => accelerator);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('tray menu', () => {
  const ran: string[] = [];
  const did = (what: string) => () => void ran.push(what);
  const actions = {
    openWindow: did('open'),
    start: did('start'),
    stop: did('stop'),
    clearCache: did('clear'),
    switchProfile: (id: string) => void ran.push(id),
    quit: did('quit'),
  };
  const state = { ...STATE, address: 'Listening on http://127.0.0.1:3000', hits: '87 % hits' };
  const labels = (listening: boolean) =>
    flat(trayTemplate({ ...state, listening }, actions)).map(({ label }) => label);

  it('tells address and hit ratio, and starts or stops', () => {
    expect(labels(true)).toEqual(expect.arrayContaining([state.address, '87 % hits', 'Stop Proxy', 'Other']));
    expect(labels(false)).toContain('Start Proxy');
    expect(labels(false)).not.toContain('Stop Proxy');
  });

  it('leaves out the choice of profiles where there is one', () => {
    const template = trayTemplate({ ...state, profiles: STATE.profiles.slice(0, 1) }, actions);
    expect(template.map(({ label }) => label)).not.toContain('Profile');
  });
});
