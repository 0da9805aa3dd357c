/** Reads the bytes of a connection as requests, strictly: what the engine owes an answer, and what must be refused. */
import { METHODS } from 'node:http';
import {
  connectionOptions,
  CUT,
  framingOf,
  invalid,
  namesFraming,
  readChunks,
  readFields,
  readLine,
  TOKEN,
  valuesOf,
  type Chunks,
  type Fields,
  type Read,
} from './strict-grammar';

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly fields: Fields;
}

/** `refuse`: an error and the connection closed, nothing upstream. `either`: may be refused or served. */
export type Duty = 'serve' | 'refuse' | 'either';

export interface StrictRequest extends RequestHead {
  readonly body: string;
  readonly duty: Duty;
  /** Nothing after this request is read as one. */
  readonly isLast: boolean;
}

/** What follows the last complete request; `unread`: bytes after one that ends the connection. `head`: where that much of the next one is sound. */
export interface Rest {
  readonly kind: 'nothing' | 'cut' | 'invalid' | 'unread';
  readonly why: string;
  readonly head: RequestHead | null;
}

export interface RequestsRead {
  readonly requests: readonly StrictRequest[];
  readonly rest: Rest;
}

type RequestRead = Read<StrictRequest> & { readonly head?: RequestHead };

/** Several spaces are let pass, as RFC 9112 §3 allows: node:http does not tell that they were there. */
const REQUEST_LINE = /^([^ ]+) +([^ ]+) +HTTP\/([0-9])\.([0-9])$/;
const ORIGIN_FORM = /^\/[\x21\x22\x24-\x7e]*$/;
const HOST = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const COMMON_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
/** Fields every recipient needs: named in Connection they are an attack. */
const NEEDED = [
  'age',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'host',
  'vary',
];
const LOOKALIKES = ['transfer_encoding', 'content_length'];
const MAX_HEAD = 16 * 1024;

export function readRequests(bytes: string): RequestsRead {
  const requests: StrictRequest[] = [];
  for (let at = 0; ;) {
    at = skipEmptyLines(bytes, at);
    if (at === bytes.length) return { requests, rest: { kind: 'nothing', why: '', head: null } };
    const read = readRequest(bytes, at);
    if (read.kind !== 'read') {
      const why = read.kind === 'invalid' ? read.why : 'cut short';
      return { requests, rest: { kind: read.kind, why, head: read.head ?? null } };
    }
    requests.push(read.value);
    at = read.end;
    if (read.value.isLast || read.value.duty === 'refuse') {
      const kind = skipEmptyLines(bytes, at) === bytes.length ? 'nothing' : 'unread';
      return { requests, rest: { kind, why: 'after the last request', head: null } };
    }
  }
}

/** RFC 9112 §2.2: empty lines before a request line are no part of it. */
function skipEmptyLines(bytes: string, start: number): number {
  let at = start;
  while (bytes[at] === '\r' || bytes[at] === '\n') at += 1;
  return at;
}

export function readRequest(bytes: string, start: number): RequestRead {
  const line = readLine(bytes, start);
  if (line.kind !== 'read') return line;
  const [, method = '', target = '', major = '', minor = ''] = REQUEST_LINE.exec(line.value) ?? [];
  if (!TOKEN.test(method)) return invalid('no request line');
  // The parser refuses it before it is a request.
  if (!METHODS.includes(method)) return invalid('an unknown method');
  const fields = readFields(bytes, line.end);
  if (fields.kind !== 'read') return fields;
  const head: RequestHead = { method, target, version: `${major}.${minor}`, fields: fields.value };
  const body = readBody(bytes, fields.end, head);
  if (body.kind !== 'read') return { ...body, head };
  const duty = fields.end - start > MAX_HEAD ? 'refuse' : dutyOf(head, body.value.trailers);
  const value: StrictRequest = { ...head, body: body.value.body, duty, isLast: isLast(head) };
  return { kind: 'read', value, end: body.end };
}

function readBody(bytes: string, start: number, { fields, version }: RequestHead): Read<Chunks> {
  const framing = framingOf(fields);
  if (framing.kind === 'invalid') return framing;
  if (framing.kind === 'chunked') {
    return version === '1.0' ? invalid('a transfer coding in HTTP/1.0') : readChunks(bytes, start);
  }
  const end = start + (framing.kind === 'none' ? 0 : framing.length);
  if (end > bytes.length) return CUT;
  return { kind: 'read', value: { body: bytes.slice(start, end), trailers: [] }, end };
}

function dutyOf(head: RequestHead, trailers: Fields): Duty {
  if (isMisdirected(head) || hasBadFields(head.fields)) return 'refuse';
  const { method, fields } = head;
  const isPlain = COMMON_METHODS.has(method) && valuesOf(fields, 'expect').length < 2;
  const isSmall = fields.length <= 2 * 190;
  return isPlain && isSmall && !isUpgrade(head) && !namesFraming(trailers) ? 'serve' : 'either';
}

/** No server of this protocol, and none for this target. */
function isMisdirected({ method, target, version, fields }: RequestHead): boolean {
  if (method === 'CONNECT' || (version !== '1.1' && version !== '1.0')) return true;
  if (target === '*' ? method !== 'OPTIONS' : !ORIGIN_FORM.test(target)) return true;
  const hosts = valuesOf(fields, 'host');
  if (hosts.length > 1 || (hosts.length === 0 && version === '1.1')) return true;
  return !hosts.every((host) => HOST.test(host));
}

function hasBadFields(fields: Fields): boolean {
  if (valuesOf(fields, 'expect').some((value) => value.toLowerCase() !== '100-continue')) return true;
  if (LOOKALIKES.some((name) => valuesOf(fields, name).length > 0)) return true;
  return connectionOptions(fields).some((option) => NEEDED.includes(option));
}

function isUpgrade({ fields }: RequestHead): boolean {
  return valuesOf(fields, 'upgrade').length > 0 && connectionOptions(fields).includes('upgrade');
}

function isLast(head: RequestHead): boolean {
  const options = connectionOptions(head.fields);
  if (options.includes('close') || head.method === 'CONNECT') return true;
  return isUpgrade(head) || (head.version !== '1.1' && !options.includes('keep-alive'));
}
