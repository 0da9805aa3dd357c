/** Reads what came on a client's connection as responses, strictly: framing that a next hop could misread is a failure. */
import {
  connectionOptions,
  CUT,
  framingOf,
  invalid,
  readChunks,
  readFields,
  readLine,
  valuesOf,
  type Fields,
  type Read,
} from './strict-grammar';

export interface StrictResponse {
  readonly status: number;
  readonly reason: string;
  readonly fields: Fields;
  readonly body: string;
  readonly trailers: Fields;
  /** The connection ends with it. */
  readonly closes: boolean;
  /** Ends only with the connection: complete where that was closed in order. */
  readonly untilClose: boolean;
}

// eslint-disable-next-line no-control-regex -- they are what it looks for
const STATUS_LINE = /^HTTP\/1\.[01] ([1-5][0-9]{2}|[6-9][0-9]{2}) ([\t\x20-\x7e\x80-\xff]*)$/;
const INTERIM_LIMIT = 1100;

/** The final response of Larder to a request of that method; interim ones before it are read and left. */
export function readResponse(bytes: string, start: number, method: string): Read<StrictResponse> {
  if (!'HTTP/1.1 '.startsWith(bytes.slice(start, start + 9))) return invalid('no HTTP/1.1');
  const read = readOriginResponse(bytes, start, method);
  const isEndless = read.kind === 'read' && read.value.untilClose && !read.value.closes;
  return isEndless ? invalid(`a ${read.value.status} whose end nobody can tell`) : read;
}

/** As any server may send it: without a length it goes on until the connection is closed. */
export function readOriginResponse(bytes: string, start: number, method: string): Read<StrictResponse> {
  let at = start;
  for (let count = 0; count < INTERIM_LIMIT; count += 1) {
    const line = readLine(bytes, at);
    if (line.kind !== 'read') return line;
    const [, status, reason] = STATUS_LINE.exec(line.value) ?? [];
    if (status === undefined || reason === undefined) {
      return invalid(`no status line: ${JSON.stringify(line.value.slice(0, 60))}`);
    }
    const fields = readFields(bytes, line.end);
    if (fields.kind !== 'read') return fields;
    const code = Number(status);
    if (code >= 200 || code === 101) {
      return readContent({ bytes, at: fields.end, method }, { status: code, reason, fields: fields.value });
    }
    if (framingOf(fields.value).kind !== 'none') return invalid('an interim response with a length');
    at = fields.end;
  }
  return invalid('interim responses without end');
}

interface Place {
  readonly bytes: string;
  readonly at: number;
  readonly method: string;
}

function readContent(
  { bytes, at, method }: Place,
  head: Pick<StrictResponse, 'status' | 'reason' | 'fields'>,
): Read<StrictResponse> {
  const framing = framingOf(head.fields);
  if (framing.kind === 'invalid') return framing;
  const closes = connectionOptions(head.fields).includes('close') || head.status === 101;
  const empty = { ...head, body: '', trailers: [], closes, untilClose: false };
  if (head.status === 204 && framing.kind !== 'none') return invalid('a 204 with a length');
  if (method === 'HEAD' || head.status === 204 || head.status === 304 || head.status === 101) {
    return { kind: 'read', value: empty, end: at };
  }
  if (framing.kind === 'chunked') {
    const chunks = readChunks(bytes, at);
    return chunks.kind === 'read' ? { ...chunks, value: { ...empty, ...chunks.value } } : chunks;
  }
  if (framing.kind === 'length') {
    const end = at + framing.length;
    if (end > bytes.length) return CUT;
    return { kind: 'read', value: { ...empty, body: bytes.slice(at, end) }, end };
  }
  return { kind: 'read', value: { ...empty, body: bytes.slice(at), untilClose: true }, end: bytes.length };
}

/** The request target that an origin's response is for; null: the answer is Larder's own. */
export function answeredTarget({ fields }: StrictResponse): string | null {
  return valuesOf(fields, 'x-for')[0] ?? null;
}
