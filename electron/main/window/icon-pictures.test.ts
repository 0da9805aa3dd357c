/** The pictures in resources/ are what their names say, and all that the systems ask for are there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = path.join(import.meta.dirname, '../../../resources');
const read = (name: string) => readFileSync(path.join(FOLDER, name));

/** Width and height of a PNG, which must have an alpha channel. */
function sizeOf(png: Buffer): readonly [number, number] {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  expect(png.readUInt8(25)).toBe(6);
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe('icons', () => {
  it.each([16, 24, 32, 48, 64, 128, 256, 512, 1024])('has one of %i pixels', (size) => {
    expect(sizeOf(read(`icons/${size}x${size}.png`))).toEqual([size, size]);
  });

  it.each([
    ['icon.png', 512],
    ['tray.png', 24],
    ['tray@2x.png', 48],
    ['trayTemplate.png', 16],
    ['trayTemplate@2x.png', 32],
  ])('%s is %i pixels wide and high', (name, size) => {
    expect(sizeOf(read(name))).toEqual([size, size]);
  });

  it('has a Windows icon whose pictures are as large as it says', () => {
    const ico = read('icon.ico');
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1]);
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_none, index) => {
      const at = 6 + 16 * index;
      const start = ico.readUInt32LE(at + 12);
      const png = ico.subarray(start, start + ico.readUInt32LE(at + 8));
      const said = ico.readUInt8(at) || 256;
      expect(sizeOf(png)).toEqual([said, said]);
      return said;
    });
    expect(sizes).toEqual([16, 24, 32, 48, 64, 256]);
  });

  it('has a macOS icon with every size up to 1024', () => {
    const icns = read('icon.icns');
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const sizes = new Map<string, number>();
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const png = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4));
      sizes.set(icns.toString('latin1', at, at + 4), sizeOf(png)[0]);
    }
    expect(Object.fromEntries(sizes)).toMatchObject({ icp4: 16, ic12: 64, ic07: 128, ic14: 512, ic10: 1024 });
  });

  it('packs what the app itself opens', () => {
    const packed = readFileSync(path.join(FOLDER, '../electron-builder.yml'), 'utf8');
    for (const name of [
      'resources/icon.png',
      'resources/tray*.png',
      'resources/icon.icns',
      'resources/icon.ico',
    ]) {
      expect(packed).toContain(name);
      if (!name.includes('*')) expect(existsSync(path.join(FOLDER, '..', name))).toBe(true);
    }
  });
});
