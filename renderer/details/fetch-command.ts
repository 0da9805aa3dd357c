/** A request as a call of `fetch` for a browser's console or Node. */
import type { CurlRequest } from './curl-command';

/** Fields that `fetch` writes itself, or that it may not set. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'accept-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** `await fetch("http://localhost:3000/a", { … })`. Lines of one name are kept as pairs; the body is not known. */
export function fetchCommand({ method, url, fields }: CurlRequest): string {
  const headers = fields.filter(([name]) => !LEFT_OUT.has(name.toLowerCase()));
  const options = [
    ...(method === 'GET' ? [] : [`  method: ${JSON.stringify(method)},`]),
    ...(headers.length === 0 ? [] : [`  headers: ${headersText(headers)},`]),
  ];
  const first = `await fetch(${JSON.stringify(url)}`;
  return options.length === 0 ? `${first});` : [`${first}, {`, ...options, '});'].join('\n');
}

function headersText(headers: CurlRequest['fields']): string {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const repeats = names.size < headers.length;
  const lines = headers.map(([name, value]) =>
    repeats
      ? `    [${JSON.stringify(name)}, ${JSON.stringify(value)}],`
      : `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  const [open, close] = repeats ? ['[', ']'] : ['{', '}'];
  return [open, ...lines, `  ${close}`].join('\n');
}
