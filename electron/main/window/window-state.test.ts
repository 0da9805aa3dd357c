import { describe, expect, it } from 'vitest';
import { DEFAULT_WINDOW_STATE, formatWindowState, parseWindowState } from './window-state';

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const saved = (x: number, y: number, width = 1000, height = 700) =>
  formatWindowState({ x, y, width, height }, { maximized: false, zoom: 1, trayToldOf: false });

describe('window state', () => {
  it('comes back as it was saved', () => {
    const rest = { maximized: true, zoom: 1.25, trayToldOf: true };
    const text = formatWindowState({ x: 10, y: 20, width: 1000, height: 700 }, rest);
    const position = { x: 10, y: 20 };
    expect(parseWindowState(text, [display])).toEqual({ position, width: 1000, height: 700, ...rest });
  });

  it('takes a file from before there was a zoom', () => {
    const text = '{"version":1,"x":10,"y":20,"width":1000,"height":700,"maximized":false}';
    expect(parseWindowState(text, [display])).toMatchObject({ width: 1000, zoom: 1, trayToldOf: false });
  });

  it.each([
    ['on a display that is gone', saved(2500, 100)],
    ['above every display, its title bar out of reach', saved(100, -100)],
    ['with only a sliver left to grab', saved(1900, 100)],
  ])('is placed anew when it stood %s', (_where, text) => {
    expect(parseWindowState(text, [display]).position).toBeNull();
    expect(parseWindowState(text, [display]).width).toBe(1000);
  });

  it('stays on a second display to the left', () => {
    const left = { x: -1280, y: 0, width: 1280, height: 1024 };
    expect(parseWindowState(saved(-1200, 40), [display, left]).position).toEqual({ x: -1200, y: 40 });
  });

  it('never opens smaller than the smallest window', () => {
    expect(parseWindowState(saved(0, 0, 10, 10), [display])).toMatchObject({ width: 900, height: 600 });
  });

  it.each(['', '{', 'null', '[]', '{"version":2}', '{"version":1,"x":"0","y":0,"width":1e9,"height":1}'])(
    'is the default for an unusable file: %s',
    (text) => expect(parseWindowState(text, [display])).toEqual(DEFAULT_WINDOW_STATE),
  );
});
