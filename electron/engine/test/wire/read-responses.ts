/** Reads what came back on a connection as HTTP/1.1 responses, strictly: what a sound server never sends is an error. */

export interface WireResponse {
  readonly status: number;
  readonly reason: string;
  /** As they came, name and value. */
  readonly fields: readonly (readonly [string, string])[];
  /** Value of the field, lines joined by a comma; undefined where there is none. */
  field(name: string): string | undefined;
  /** Decoded from its framing, one character a byte. */
  readonly body: string;
  readonly framing: 'none' | 'length' | 'chunked' | 'close';
  /** 1xx that came before. */
  readonly interim: readonly number[];
  /** The bytes from the first interim response to the last of the body. */
  readonly bytes: string;
}

export interface ReadResponses {
  readonly responses: readonly WireResponse[];
  /** What does not make a whole response (yet). */
  readonly rest: string;
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/;
const FIELD_LINE = /^([!#$%&'*+.^_`|~\dA-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

interface Head {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly end: number;
}

interface Framed {
  readonly body: string;
  readonly framing: WireResponse['framing'];
  readonly end: number;
}

/** @param methods of the requests, in order; GET where none is given
 *  @param closed nothing more comes: what has no length ends here
 *  @throws Error naming what no server may send */
export function readResponses(bytes: string, methods: readonly string[] = [], closed = false): ReadResponses {
  const responses: WireResponse[] = [];
  let at = 0;
  for (;;) {
    const one = readResponse(bytes, at, methods[responses.length] ?? 'GET', closed);
    if (one === null) return { responses, rest: bytes.slice(at) };
    responses.push(one.response);
    at = one.end;
  }
}

function readResponse(
  bytes: string,
  start: number,
  method: string,
  closed: boolean,
): { response: WireResponse; end: number } | null {
  const interim: number[] = [];
  let head = readHead(bytes, start);
  while (head !== null && head.status < 200 && head.status !== 101) {
    interim.push(head.status);
    head = readHead(bytes, head.end);
  }
  if (head === null) return null;
  const { status, reason, fields } = head;
  const framed = readBody(bytes, head, method, closed);
  if (framed === null) return null;
  const { body, framing, end } = framed;
  const response = {
    status,
    reason,
    fields,
    field: (name: string) => valueOf(fields, name),
    body,
    framing,
    interim,
    bytes: bytes.slice(start, end),
  };
  return { response, end };
}

function readHead(bytes: string, start: number): Head | null {
  const end = bytes.indexOf('\r\n\r\n', start);
  if (end === -1) return null;
  const [first = '', ...lines] = bytes.slice(start, end).split('\r\n');
  const statusLine = STATUS_LINE.exec(first);
  if (statusLine === null) throw new Error(`no status line: ${JSON.stringify(first)}`);
  const fields = lines.map((line) => {
    const field = FIELD_LINE.exec(line);
    if (field === null) throw new Error(`no field line: ${JSON.stringify(line)}`);
    return [field[1] ?? '', field[2] ?? ''] as const;
  });
  return { status: Number(statusLine[1]), reason: statusLine[2] ?? '', fields, end: end + 4 };
}

function readBody(bytes: string, head: Head, method: string, closed: boolean): Framed | null {
  const { status, fields, end } = head;
  const coding = valueOf(fields, 'transfer-encoding');
  const length = valueOf(fields, 'content-length');
  if (coding !== undefined && length !== undefined) throw new Error('two framings in one response');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    throw new Error(`Transfer-Encoding: ${coding}`);
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new Error(`Content-Length: ${length}`);
  if (method === 'HEAD' || status === 204 || status === 304 || status === 101)
    return { body: '', framing: 'none', end };
  if (coding !== undefined) return readChunks(bytes, end);
  if (length === undefined) {
    return closed ? { body: bytes.slice(end), framing: 'close', end: bytes.length } : null;
  }
  const last = end + Number(length);
  return bytes.length < last ? null : { body: bytes.slice(end, last), framing: 'length', end: last };
}

function readChunks(bytes: string, start: number): Framed | null {
  let body = '';
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return null;
    const line = bytes.slice(at, lineEnd);
    if (!/^[\dA-Fa-f]{1,12}$/.test(line)) throw new Error(`no chunk size: ${JSON.stringify(line)}`);
    const size = Number.parseInt(line, 16);
    at = lineEnd + 2;
    if (size === 0) return readTrailers(bytes, at, body);
    if (bytes.length < at + size + 2) return null;
    body += bytes.slice(at, at + size);
    if (bytes.slice(at + size, at + size + 2) !== '\r\n') throw new Error('no line end after a chunk');
    at += size + 2;
  }
}

function readTrailers(bytes: string, start: number, body: string): Framed | null {
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return null;
    const line = bytes.slice(at, lineEnd);
    at = lineEnd + 2;
    if (line === '') return { body, framing: 'chunked', end: at };
    if (!FIELD_LINE.test(line)) throw new Error(`no trailer: ${JSON.stringify(line)}`);
  }
}

function valueOf(fields: readonly (readonly [string, string])[], name: string): string | undefined {
  const values = fields.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}
