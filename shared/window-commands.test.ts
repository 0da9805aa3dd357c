import { describe, expect, it } from 'vitest';
import { acceleratorOf, COMMAND_NAMES, commandFacts, keyCaps, menuLabel } from './window-commands';

describe('the table of commands', () => {
  it('gives no shortcut twice', () => {
    const keys = COMMAND_NAMES.flatMap((name) => commandFacts(name).keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('writes titles as menus do', () => {
    expect(menuLabel('clear-cache')).toBe('Clear Cache');
    expect(menuLabel('send-request')).toBe('Send a Request…');
    expect(menuLabel('show-live')).toBe('Live');
  });

  it('writes shortcuts as Electron and as keyboards do', () => {
    expect(acceleratorOf('clear-cache')).toBe('CommandOrControl+Shift+Backspace');
    expect(keyCaps('Mod+Shift+Backspace', true)).toEqual(['⌘', '⇧', '⌫']);
    expect(keyCaps('Mod+Plus', false)).toEqual(['Ctrl', '+']);
  });
});
