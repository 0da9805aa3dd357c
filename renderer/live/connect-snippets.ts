/** What to paste so that a program's requests go through Larder. */

export interface ConnectSnippet {
  readonly title: string;
  readonly text: string;
}

export function connectSnippets(url: string): readonly ConnectSnippet[] {
  return [
    { title: '.env', text: `API_URL=${url}` },
    {
      title: 'Vite',
      text: ['// vite.config.ts', 'server: {', '  proxy: {', `    '/api': '${url}',`, '  },', '},'].join(
        '\n',
      ),
    },
    { title: 'curl', text: `curl -i ${url}/` },
  ];
}
