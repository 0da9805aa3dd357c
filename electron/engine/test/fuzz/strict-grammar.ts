/**
 * The grammar of HTTP/1.1 messages (RFC 9112) at its strictest, for both sides of the fuzzing: lines, field lines and
 * chunks in a text of latin1 bytes. Written for the tests alone, so that no fault of the engine's parsers is repeated here.
 */

/** `cut`: what there is may go on to be sound. */
export type Read<T> =
  | { readonly kind: 'read'; readonly value: T; readonly end: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'invalid'; readonly why: string };

/** Name, value, name, value: values without the white space around them. */
export type Fields = readonly string[];

export interface Chunks {
  readonly body: string;
  readonly trailers: Fields;
}

export const CUT = { kind: 'cut' } as const;
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// eslint-disable-next-line no-control-regex -- they are what it looks for
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const CHUNK_SIZE =
  /^([0-9A-Fa-f]{1,12})(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t\x20-\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)*$/;
const LENGTH = /^[0-9]{1,15}$/;

export function invalid(why: string): { readonly kind: 'invalid'; readonly why: string } {
  return { kind: 'invalid', why };
}

/** One line that ends with CRLF; a CR or LF anywhere else makes it invalid. */
export function readLine(bytes: string, start: number): Read<string> {
  const feed = bytes.indexOf('\n', start);
  const line = bytes.slice(start, feed < 0 ? bytes.length : feed);
  const carriage = line.indexOf('\r');
  if (carriage >= 0 && carriage !== line.length - 1) return invalid('a bare CR');
  if (feed < 0) return CUT;
  if (carriage < 0) return invalid('a bare LF');
  return { kind: 'read', value: line.slice(0, -1), end: feed + 1 };
}

/** Field lines up to and with the empty line. */
export function readFields(bytes: string, start: number): Read<Fields> {
  const fields: string[] = [];
  for (let at = start; ;) {
    const line = readLine(bytes, at);
    if (line.kind !== 'read') return line;
    at = line.end;
    if (line.value === '') return { kind: 'read', value: fields, end: at };
    const colon = line.value.indexOf(':');
    const name = line.value.slice(0, Math.max(colon, 0));
    const value = line.value.slice(colon + 1);
    if (!TOKEN.test(name)) return invalid(`no field name in ${JSON.stringify(line.value.slice(0, 40))}`);
    if (!FIELD_VALUE.test(value)) return invalid(`control characters in ${name}`);
    fields.push(name, value.replace(/^[ \t]+|[ \t]+$/g, ''));
  }
}

/** A chunked body with its trailers. */
export function readChunks(bytes: string, start: number): Read<Chunks> {
  let body = '';
  for (let at = start; ;) {
    const line = readLine(bytes, at);
    if (line.kind !== 'read') return line;
    const size = CHUNK_SIZE.exec(line.value)?.[1];
    if (size === undefined) return invalid(`no chunk size in ${JSON.stringify(line.value.slice(0, 40))}`);
    at = line.end;
    const length = Number.parseInt(size, 16);
    if (length === 0) {
      const trailers = readFields(bytes, at);
      return trailers.kind === 'read' ? { ...trailers, value: { body, trailers: trailers.value } } : trailers;
    }
    const after = bytes.slice(at + length, at + length + 2);
    if (!'\r\n'.startsWith(after)) return invalid('no CRLF after the data of a chunk');
    if (after.length < 2) return CUT;
    body += bytes.slice(at, at + length);
    at += length + 2;
  }
}

export function valuesOf(fields: Fields, lowerName: string): string[] {
  return fields.filter((_, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === lowerName);
}

/** Fields that have no place in trailers: who finds them there may refuse the message. */
export function namesFraming(fields: Fields): boolean {
  return ['content-length', 'transfer-encoding', 'host', 'upgrade', 'connection'].some(
    (name) => valuesOf(fields, name).length > 0,
  );
}

/** Members of the Connection field, in lower case. */
export function connectionOptions(fields: Fields): readonly string[] {
  return valuesOf(fields, 'connection')
    .join(',')
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
}

export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' };

/** What the fields say of the body's length, where they say it without doubt; else why not. */
export function framingOf(fields: Fields): Framing | { readonly kind: 'invalid'; readonly why: string } {
  const lengths = valuesOf(fields, 'content-length');
  const codings = valuesOf(fields, 'transfer-encoding');
  if (lengths.length > 0 && codings.length > 0) return invalid('Content-Length and Transfer-Encoding');
  if (lengths.length > 1 || codings.length > 1) return invalid('framing fields twice');
  const [length] = lengths;
  const [coding] = codings;
  if (coding !== undefined) {
    return coding.toLowerCase() === 'chunked' ? { kind: 'chunked' } : invalid('an unknown transfer coding');
  }
  if (length === undefined) return { kind: 'none' };
  return LENGTH.test(length) ? { kind: 'length', length: Number(length) } : invalid('a malformed length');
}
