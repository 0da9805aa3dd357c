import { describe, expect, it } from 'vitest';
import { connectSnippets } from './connect-snippets';

const URL_HERE = 'http://127.0.0.1:3000';

describe('connectSnippets', () => {
  it.each(connectSnippets(URL_HERE).map((snippet) => [snippet.title, snippet] as const))(
    'leads to the proxy: %s',
    (_title, { text }) => expect(text).toContain(URL_HERE),
  );

  it('gives JSON where JSON is asked for', () => {
    const textOf = (wanted: string) => connectSnippets(URL_HERE).find(({ title }) => title === wanted)?.text;
    expect(JSON.parse(textOf('Angular') ?? '')).toEqual({ '/api': { target: URL_HERE, secure: false } });
    expect(JSON.parse(`{${textOf('CRA')}}`)).toEqual({ proxy: URL_HERE });
  });
});
