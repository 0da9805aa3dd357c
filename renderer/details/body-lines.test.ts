import { describe, expect, it } from 'vitest';
import { bodyKind } from './body-kind';
import { hexLine, hexLineCount } from './body-lines';
import { curlCommand } from './curl-command';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('hexLine', () => {
  it('shows place, bytes and what is printable', () => {
    const bytes = bytesOf('Larder\u0000\u0001 jar');
    expect(hexLineCount(bytes.length, 8)).toBe(2);
    expect(hexLine(bytes, 0, 8)).toEqual({
      offset: '000000',
      hex: '4c 61 72 64 65 72 00 01',
      text: 'Larder..',
    });
    expect(hexLine(bytes, 1, 8)).toEqual({ offset: '000008', hex: '20 6a 61 72            ', text: ' jar' });
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
    [null, ' [1]', 'tree'],
    ['text/plain; charset=utf-16le', 'a\u0000b\u0000', 'text'],
  ] as const)('shows %s as %s', (contentType, text, view) => {
    expect(bodyKind({ contentType, bytes: bytesOf(text) }).views[0]).toBe(view);
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

  it.each([
    ['http://a/?ids[]=1', "curl --globoff \\\n  'http://a/?ids[]=1'"],
    ['http://a/{b,c}', "curl --globoff \\\n  'http://a/{b,c}'"],
    ['http://a/b/../c', 'curl --path-as-is \\\n  http://a/b/../c'],
    ['http://a/.?b', "curl --path-as-is \\\n  'http://a/.?b'"],
    ['http://a/.well-known/..b', 'curl http://a/.well-known/..b'],
  ])('has %s sent as it is', (url, command) => {
    expect(curlCommand({ method: 'GET', url, fields: [] })).toBe(command);
  });
});
