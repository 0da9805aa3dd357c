import { describe, expect, it } from 'vitest';
import { bodyText } from './body-text';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf16 = (text: string, mark: string) =>
  new Uint8Array(Uint16Array.from(mark + text, (character) => character.charCodeAt(0)).buffer);

describe('bodyText', () => {
  it.each([
    ['the field', latin1('caf\u00e9'), 'text/plain; charset=ISO-8859-1', 'café', 'windows-1252'],
    ['the field, quoted', utf16('café', ''), 'text/plain; charset="utf-16le"', 'café', 'utf-16le'],
    ['a mark', utf16('café', '\ufeff'), 'text/plain', 'café', 'utf-16le'],
    ['a mark before the field', bytesOf('\ufeffcafé'), 'text/plain; charset=latin1', 'café', 'utf-8'],
    [
      'HTML',
      latin1('<meta charset="windows-1251">\u00ff'),
      'text/html',
      '<meta charset="windows-1251">я',
      'windows-1251',
    ],
    ['XML', latin1('<?xml version="1.0" encoding="latin1"?>\u00e9'), 'text/xml', /é$/, 'windows-1252'],
    ['nothing', bytesOf('café'), null, 'café', 'utf-8'],
    ['nothing, and is no UTF-8', latin1('caf\u00e9'), 'text/plain', 'café', 'windows-1252'],
    ['an unknown name', bytesOf('café'), 'text/plain; charset=no-such', 'café', 'utf-8'],
  ] as const)('reads the charset that %s says', (_name, bytes, contentType, text, charset) => {
    const read = bodyText({ bytes, contentType, truncated: false });
    expect(read.charset).toBe(charset);
    expect(read.text).toMatch(text);
  });

  it('reads what was cut off within a character', () => {
    const bytes = bytesOf('café').subarray(0, 4);
    expect(bodyText({ bytes, contentType: 'text/plain', truncated: true })).toEqual({
      text: 'caf',
      charset: 'utf-8',
    });
  });
});
