import { describe, expect, it } from 'vitest';
import { externalUrl } from './external-url';

const LARDER = 'http://127.0.0.1:3000';
const ORIGIN = 'http://api.test:8080/v1';

describe('externalUrl', () => {
  it.each(['https://api.example.com/?q=1', 'http://127.0.0.1:3000/x', 'http://api.test:8080/v2/elsewhere'])(
    'lets %s through',
    (url) => {
      expect(externalUrl(url, [LARDER, ORIGIN, null])).toBe(url);
    },
  );

  it('hands on the normal form, not what was given', () => {
    expect(externalUrl(' HTTPS://Example.com/a b"c')).toBe('https://example.com/a%20b%22c');
  });

  it.each([
    'http://example.com/',
    'http://127.0.0.1:3001/',
    'http://api.test/',
    'http://api.test:8080.evil.test/',
    'http://api.test:8080@evil.test/',
    'http://127.0.0.1:3000.evil.test/',
  ])('refuses plain http to another server: %s', (url) => {
    expect(externalUrl(url, [LARDER, ORIGIN])).toBeNull();
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://host/share',
    'ms-settings:',
    'app://larder/index.html',
    'vscode://file/x',
    'http://user:secret@127.0.0.1:3000/',
    'https://user:secret@example.com/',
    'https://',
    '/relative',
    '',
  ])('refuses %s', (url) => {
    expect(externalUrl(url, [LARDER, 'file:///etc', 'app://larder/', 'not a URL'])).toBeNull();
  });
});
