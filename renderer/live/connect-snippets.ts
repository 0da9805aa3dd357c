/** What to paste so that a program's requests go through Larder. */

export interface ConnectSnippet {
  /** Of the tab. */
  readonly title: string;
  /** The file it belongs into; null: a terminal, or code. */
  readonly file: string | null;
  readonly text: string;
}

/** @param url where the proxy listens, without a slash at its end */
export function connectSnippets(url: string): readonly ConnectSnippet[] {
  return [
    { title: '.env', file: '.env', text: `API_URL=${url}` },
    {
      title: 'Vite',
      file: 'vite.config.ts',
      text: lines('server: {', '  proxy: {', `    '/api': '${url}',`, '  },', '},'),
    },
    {
      title: 'Next.js',
      file: 'next.config.js',
      text: lines(
        'async rewrites() {',
        `  return [{ source: '/api/:path*', destination: '${url}/:path*' }];`,
        '},',
      ),
    },
    {
      title: 'webpack',
      file: 'webpack.config.js',
      text: lines('devServer: {', `  proxy: [{ context: ['/api'], target: '${url}' }],`, '},'),
    },
    { title: 'CRA', file: 'package.json of Create React App', text: `"proxy": "${url}"` },
    {
      title: 'Angular',
      file: 'proxy.conf.json',
      text: lines('{', `  "/api": { "target": "${url}", "secure": false }`, '}'),
    },
    {
      title: 'Node.js',
      file: null,
      text: lines(
        `const api = process.env.API_URL ?? '${url}';`,
        'const answer = await fetch(`${api}/products`);',
      ),
    },
    { title: 'curl', file: null, text: `curl -i ${url}/products` },
  ];
}

const lines = (...all: readonly string[]) => all.join('\n');
