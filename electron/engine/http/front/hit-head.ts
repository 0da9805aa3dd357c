/** The head of a hit as node:http would write it, byte for byte, in two parts: what stays, and what the time changes. */
import type { StoredResponse } from '../../semantics/stored-response';
import { fieldLines, type RawFields } from '../raw-fields';
import { isBodiless } from '../response-writer';

/** What node:http takes as a field's value, and writes as it is. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Those that node:http reads itself. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether the response is sent as status line, fields and body, with nothing for node:http to add but Connection. */
export function isPlain(stored: StoredResponse, fields: RawFields): boolean {
  const { status, method, partial, trailers, bodyBytes } = stored;
  if (method !== 'GET' || partial !== null || trailers.length > 0) return false;
  if (status < 200 || status > 999 || isBodiless(status) || !SENDABLE.test(stored.statusText)) return false;
  const lengths = fieldLines(fields, 'content-length');
  if (lengths.length !== 1 || lengths[0] !== String(bodyBytes)) return false;
  return fields.every((text, index) =>
    index % 2 === 0 ? TOKEN.test(text) && !OF_THE_CONNECTION.has(text.toLowerCase()) : SENDABLE.test(text),
  );
}

/** Status line and fields, each character a byte (latin1). */
export function firstPart({ status, statusText }: StoredResponse, fields: RawFields): string {
  return `HTTP/1.1 ${status} ${statusText}\r\n${lines(fields)}`;
}

/** What says how old it is, and what becomes of the connection. `idleSeconds`: how long it may wait; null: it closes. */
export function lastPart(fields: RawFields, idleSeconds: number | null): string {
  const connection =
    idleSeconds === null
      ? 'Connection: close'
      : `Connection: keep-alive\r\nKeep-Alive: timeout=${idleSeconds}`;
  return `${lines(fields)}${connection}\r\n\r\n`;
}

function lines(fields: RawFields): string {
  let text = '';
  for (let index = 0; index + 1 < fields.length; index += 2)
    text += `${fields[index]}: ${fields[index + 1]}\r\n`;
  return text;
}
