import { describe, expect, it } from 'vitest';
import { fetchCommand } from './fetch-command';

const URL = 'http://localhost:3000/a?b=1';

describe('fetchCommand', () => {
  it('is short where there is nothing to say', () => {
    expect(fetchCommand({ method: 'GET', url: URL, fields: [['Host', 'localhost:3000']] })).toBe(
      `await fetch("${URL}");`,
    );
  });

  it('gives method and fields, but none that fetch makes itself', () => {
    const text = fetchCommand({
      method: 'HEAD',
      url: URL,
      fields: [
        ['Host', 'localhost'],
        ['Accept', 'text/html'],
        ['Content-Length', '0'],
        ['X-Quote', String.raw`it's "quoted" \ and more`],
      ],
    });
    expect(text.split('\n')).toEqual([
      `await fetch("${URL}", {`,
      '  method: "HEAD",',
      '  headers: {',
      '    "Accept": "text/html",',
      String.raw`    "X-Quote": "it's \"quoted\" \\ and more",`,
      '  },',
      '});',
    ]);
  });

  it('keeps several lines of one name apart', () => {
    const fields = [
      ['Accept', 'text/html'],
      ['accept', 'text/plain'],
    ] as const;
    expect(fetchCommand({ method: 'GET', url: URL, fields }).split('\n')).toEqual([
      `await fetch("${URL}", {`,
      '  headers: [',
      '    ["Accept", "text/html"],',
      '    ["accept", "text/plain"],',
      '  ],',
      '});',
    ]);
  });
});
