import { describe, expect, it } from 'vitest';
import { commandOfKey } from './window-commands';

const press = (
  key: string,
  held: Partial<Record<'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey', boolean>>,
) => ({
  key,
  metaKey: false,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('commandOfKey', () => {
  it('knows the shortcuts, with the modifier of the system', () => {
    expect(commandOfKey(press('f', { ctrlKey: true }), false)).toBe('focus-filter');
    expect(commandOfKey(press('f', { metaKey: true }), true)).toBe('focus-filter');
    expect(commandOfKey(press('2', { ctrlKey: true }), false)).toBe('show-cache');
    expect(commandOfKey(press(',', { ctrlKey: true }), false)).toBe('show-settings');
    expect(commandOfKey(press('L', { ctrlKey: true }), false)).toBe('clear-log');
    expect(commandOfKey(press('k', { ctrlKey: true }), false)).toBe('open-palette');
    expect(commandOfKey(press('n', { ctrlKey: true }), false)).toBe('send-request');
    expect(commandOfKey(press('4', { ctrlKey: true }), false)).toBe('show-settings');
    expect(commandOfKey(press('Backspace', { ctrlKey: true, shiftKey: true }), false)).toBe('clear-cache');
  });

  it.each([
    ['=', false, 'zoom-in'],
    ['+', true, 'zoom-in'],
    ['+', false, 'zoom-in'],
    ['-', false, 'zoom-out'],
    ['_', true, 'zoom-out'],
    ['0', false, 'zoom-reset'],
    ['/', true, 'show-shortcuts'],
    ['?', true, 'show-shortcuts'],
  ])('takes a sign however the keyboard reaches it: %s', (key, shiftKey, command) => {
    expect(commandOfKey(press(key, { ctrlKey: true, shiftKey }), false)).toBe(command);
  });

  it('leaves everything else alone', () => {
    expect(commandOfKey(press('f', {}), false)).toBeNull();
    expect(commandOfKey(press('f', { ctrlKey: true }), true)).toBeNull();
    expect(commandOfKey(press('f', { ctrlKey: true, altKey: true }), false)).toBeNull();
    expect(commandOfKey(press('f', { ctrlKey: true, shiftKey: true }), false)).toBeNull();
    expect(commandOfKey(press('c', { ctrlKey: true }), false)).toBeNull();
  });
});
