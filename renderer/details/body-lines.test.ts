import { describe, expect, it } from 'vitest';
import { bodyKind, decodeText } from './body-kind';
import { hexLine, hexLineCount, textLines } from './body-lines';
import { curlCommand } from './curl-command';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('textLines', () => {
  it('splits at every kind of line end and wraps long lines', () => {
    expect(textLines('a\r\nb\rc\n', 80)).toEqual(['a', 'b', 'c']);
    expect(textLines('x'.repeat(45), 20)).toEqual(['x'.repeat(20), 'x'.repeat(20), 'x'.repeat(5)]);
    expect(textLines('', 80)).toEqual(['']);
  });
});

describe('hexLine', () => {
  it('shows place, bytes and what is printable', () => {
    const bytes = bytesOf('Larder\u0000\u0001 jar');
    expect(hexLineCount(bytes.length, 8)).toBe(2);
    expect(hexLine(bytes, 0, 8)).toBe('000000  4c 61 72 64 65 72 00 01  Larder..');
    expect(hexLine(bytes, 1, 8)).toBe('000008  20 6a 61 72               jar');
  });
});

describe('bodyKind', () => {
  it.each([
    ['application/json; charset=utf-8', '{}', 'tree'],
    ['application/problem+json', '{}', 'tree'],
    ['text/html', '<script>alert(1)</script>', 'text'],
    ['image/svg+xml', '<svg/>', 'image'],
    ['image/png', 'x', 'image'],
    ['application/octet-stream', 'plain enough', 'text'],
    ['application/octet-stream', 'a\u0000b', 'hex'],
    ['text/plain', 'a\u0000b', 'hex'],
    [null, 'text', 'text'],
  ] as const)('shows %s as %s', (contentType, text, view) => {
    expect(bodyKind({ contentType, bytes: bytesOf(text) }).views[0]).toBe(view);
  });

  it('reads the charset that is given and survives an unknown one', () => {
    expect(decodeText(new Uint8Array([0xe9]), 'iso-8859-1')).toBe('é');
    expect(decodeText(bytesOf('é'), 'no-such-charset')).toBe('é');
  });
});

describe('curlCommand', () => {
  it('quotes for the shell and leaves out what curl writes itself', () => {
    const fields = [
      ['Host', 'localhost'],
      ['Accept', '*/*'],
      ['X-Note', "it's; $HOME"],
      ['X-Empty', ''],
      ['Accept-Encoding', 'gzip'],
    ] as const;
    expect(curlCommand({ method: 'POST', url: 'http://localhost:3000/a?b=1&c', fields })).toBe(
      [
        'curl -X POST \\',
        "  'http://localhost:3000/a?b=1&c' \\",
        "  -H 'Accept: */*' \\",
        String.raw`  -H 'X-Note: it'\''s; $HOME' \ `.trimEnd(),
        "  -H 'X-Empty;' \\",
        '  --compressed',
      ].join('\n'),
    );
    expect(curlCommand({ method: 'GET', url: 'http://localhost:3000/', fields: [] })).toBe(
      'curl http://localhost:3000/',
    );
    expect(curlCommand({ method: 'HEAD', url: 'http://a/', fields: [] })).toBe('curl --head \\\n  http://a/');
  });
});
