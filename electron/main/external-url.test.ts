import { describe, expect, it } from 'vitest';
import { externalUrl } from './external-url';

describe('externalUrl', () => {
  it.each(['http://localhost:3000/x', 'https://api.example.com/?q=1'])('lets %s through', (url) => {
    expect(externalUrl(url)).toBe(url);
  });

  it('hands on the normal form, not what was given', () => {
    expect(externalUrl(' HTTPS://Example.com/a b"c')).toBe('https://example.com/a%20b%22c');
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://host/share',
    'ms-settings:',
    'app://larder/index.html',
    'vscode://file/x',
    'http://user:secret@example.com/',
    'https://',
    '/relative',
    '',
  ])('refuses %s', (url) => {
    expect(externalUrl(url)).toBeNull();
  });
});
