/** A request as a curl command for a POSIX shell. */
import type { FieldLines } from '../../shared/exchange-summary';

export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly fields: FieldLines;
}

/** Fields that curl writes itself, or that belong to the connection. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'accept-encoding',
]);

export function curlCommand({ method, url, fields }: CurlRequest): string {
  const parts = ['curl'];
  if (method === 'HEAD') parts.push('--head');
  else if (method !== 'GET') parts.push(`-X ${quote(method)}`);
  // To curl brackets and braces are many URLs, and dots in a path are to be resolved.
  if (/[[\]{}]/.test(url)) parts.push('--globoff');
  if (/\/\.\.?(?:[/?]|$)/.test(url)) parts.push('--path-as-is');
  parts.push(quote(url));
  for (const [name, value] of fields) {
    if (LEFT_OUT.has(name.toLowerCase())) continue;
    parts.push(`-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  if (fields.some(([name]) => name.toLowerCase() === 'accept-encoding')) parts.push('--compressed');
  return parts.join(' \\\n  ').replace(/^curl \\\n {2}/, 'curl ');
}

/** Within single quotes a POSIX shell changes nothing. */
function quote(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
