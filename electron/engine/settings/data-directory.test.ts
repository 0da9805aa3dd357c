import { sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirectory, variable } from './data-directory';

describe('dataDirectory', () => {
  it.each([
    ['linux', {}, '/home/ada', '/home/ada/.config/Larder'],
    ['linux', { XDG_CONFIG_HOME: '/cfg' }, '/home/ada', '/cfg/Larder'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/ada', '/home/ada/.config/Larder'],
    ['darwin', {}, '/Users/ada', '/Users/ada/Library/Application Support/Larder'],
    ['darwin', { XDG_CONFIG_HOME: '/cfg' }, '/Users/ada', '/Users/ada/Library/Application Support/Larder'],
    [
      'win32',
      { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' },
      'C:\\Users\\ada',
      'C:\\Users\\ada\\AppData\\Roaming\\Larder',
    ],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Roaming\\Larder'],
    ['linux', { LARDER_DATA_DIR: '/tmp/l', XDG_CONFIG_HOME: '/cfg' }, '/home/ada', '/tmp/l'],
  ] as const)("is Electron's userData on %s with %o", (platform, env, home, expected) => {
    expect(dataDirectory(env, platform, home)).toBe(expected);
  });

  it.skipIf(sep === '\\')('makes a relative LARDER_DATA_DIR absolute', () => {
    expect(dataDirectory({ LARDER_DATA_DIR: 'data' }, 'linux', '/home/ada')).toBe(`${process.cwd()}/data`);
  });
});

describe('variable', () => {
  it('counts an empty variable as not set', () => {
    expect(variable({ PROXY_URL: '  ' }, 'PROXY_URL')).toBeUndefined();
    expect(variable({ PROXY_URL: ' http://a ' }, 'PROXY_URL')).toBe('http://a');
  });
});
