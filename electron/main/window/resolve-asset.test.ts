import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAppUrl, resolveAsset } from './resolve-asset';

const folder = path.resolve('/opt/larder/out/renderer');

describe('resolveAsset', () => {
  it.each([
    ['app://larder/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['app://larder/assets/index-1a2b.js?v=1#x', 'assets/index-1a2b.js', 'text/javascript; charset=utf-8'],
    ['app://larder/assets/a%20b.css', 'assets/a b.css', 'text/css; charset=utf-8'],
  ])('finds the file of %s', (url, file, mimeType) => {
    expect(resolveAsset(url, folder)).toEqual({ file: path.join(folder, file), mimeType });
  });

  it.each([
    'app://larder/',
    'app://larder/..%2f..%2fmain/index.cjs',
    'app://larder/%2e%2e/%2e%2e/secrets.json',
    'app://larder/..%5c..%5csecrets.json',
    'app://larder/C:%2fsecrets.json',
    'app://larder/index.html%00.png',
    'app://larder/%E0%A4%A',
    'app://other/index.html',
    'app://user@larder/index.html',
    'file:///opt/larder/out/renderer/index.html',
    'https://larder/index.html',
    'app://larder/index.cjs',
    'nonsense',
  ])('refuses %s', (url) => {
    const asset = resolveAsset(url, folder);
    if (asset !== null) expect(path.relative(folder, asset.file)).not.toMatch(/^\.\./);
    else expect(asset).toBeNull();
  });

  it('refuses what climbs out of the folder', () => {
    expect(resolveAsset('app://larder/..%2f..%2fmain/index.html', folder)).toBeNull();
  });
});

describe('isAppUrl', () => {
  it('is true for our own window only', () => {
    expect(isAppUrl('app://larder/index.html#live')).toBe(true);
    expect(isAppUrl('app://larder.evil/index.html')).toBe(false);
    expect(isAppUrl('https://larder/')).toBe(false);
    expect(isAppUrl('')).toBe(false);
  });
});
