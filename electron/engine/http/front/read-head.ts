/**
 * Reads a request's head from the bytes that have arrived, in one pass and by a grammar stricter than any parser's:
 * what it accepts, node:http reads to the same method, target and fields. Anything else is null and nobody's fault:
 * the careful way reads it. A client mostly repeats its fields: what equals the last request's is not parsed again.
 */
import type { RawFields } from '../raw-fields';

/** A head that has arrived whole. */
export interface ReadHead {
  readonly method: 'GET' | 'HEAD';
  /** Origin-form, printable ASCII, without fragment. */
  readonly target: string;
  readonly fields: HeadFields;
  /** From the first byte of the request line to the last of the empty line. */
  readonly byteLength: number;
}

/** The field lines of a head: the same object for every request of this process that has the same ones. */
export interface HeadFields {
  readonly lines: RawFields;
  readonly host: string;
  /** The request says `Connection: close`. */
  readonly closes: boolean;
  /** As they came, with the empty line. */
  readonly bytes: Buffer;
}

export interface HeadLimits {
  readonly headBytes: number;
  readonly targetBytes: number;
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const SLASH = 0x2f;
const TILDE = 0x7e;

const SHORT = 16;
const GET = Buffer.from('GET ');
const HEAD = Buffer.from('HEAD ');
const VERSION = Buffer.from(' HTTP/1.1\r\n');

/** tchar (RFC 9110 §5.6.2) without what a reader behind us could take for something else. */
const NAME = /^[A-Za-z0-9-]+$/;
/** Fields that change what is asked for, how it is framed or who answers: read on the careful way. */
const CAREFUL =
  /^(?:if-.*|content-.*|proxy-.*|transfer-.*|accept-ranges|cache-control|pragma|range|te|trailer|upgrade|expect|via|keep-alive|http2-settings|max-forwards|larder-.*|sec-websocket-.*)$/;

/** One for each connection. */
export class HeadReader {
  readonly #known: KnownFields;
  #last: ReadHead | null = null;
  /** The last head whole, as it came. */
  #lastBytes: Buffer | null = null;

  constructor(known: KnownFields) {
    this.#known = known;
  }

  /** Null: not whole, or not certain to be sound. */
  read(bytes: Buffer, from: number, limits: HeadLimits): ReadHead | null {
    const last = this.#last;
    if (last !== null && this.#lastBytes !== null && isAt(bytes, from, this.#lastBytes)) return last;
    const head = this.#readAnew(bytes, from, limits);
    if (head === null) return null;
    // Kept from the second time on: who asks for something else each time has no use for it.
    this.#lastBytes =
      head.target === last?.target ? Buffer.from(bytes.subarray(from, from + head.byteLength)) : null;
    this.#last = head;
    return head;
  }

  #readAnew(bytes: Buffer, from: number, limits: HeadLimits): ReadHead | null {
    const method = isAt(bytes, from, GET) ? 'GET' : isAt(bytes, from, HEAD) ? 'HEAD' : null;
    if (method === null) return null;
    const targetFrom = from + method.length + 1;
    const targetTo = endOfTarget(bytes, targetFrom, limits.targetBytes);
    if (targetTo < 0 || !isAt(bytes, targetTo, VERSION)) return null;
    const fieldsFrom = targetTo + VERSION.length;
    const fields = this.#fieldsAt(bytes, fieldsFrom, limits.headBytes - (fieldsFrom - from));
    if (fields === null) return null;
    const byteLength = fieldsFrom - from + fields.bytes.length;
    if (byteLength > limits.headBytes) return null;
    return { method, target: bytes.toString('latin1', targetFrom, targetTo), fields, byteLength };
  }

  #fieldsAt(bytes: Buffer, from: number, room: number): HeadFields | null {
    const last = this.#last?.fields;
    if (last !== undefined && isAt(bytes, from, last.bytes)) return last;
    const length = fieldsLength(bytes, from, room);
    return length === 0 ? null : this.#known.fields(bytes.subarray(from, from + length));
  }
}

/** More than these, and those not met of late are read anew. */
const KNOWN_FIELDS = 256;

/** What clients send of late, by its bytes, for all connections. */
export class KnownFields {
  #young = new Map<string, HeadFields>();
  #old = new Map<string, HeadFields>();

  /** @param bytes field lines and the empty line; null where they are not certain to be sound. */
  fields(bytes: Buffer): HeadFields | null {
    const text = bytes.toString('latin1');
    const known = this.#young.get(text) ?? this.#old.get(text);
    const fields = known ?? readFields(text, bytes);
    if (fields === null) return null;
    if (!this.#young.has(text)) {
      if (this.#young.size >= KNOWN_FIELDS / 2) {
        this.#old = this.#young;
        this.#young = new Map();
      }
      this.#young.set(text, fields);
    }
    return fields;
  }
}

function isAt(bytes: Buffer, from: number, expected: Buffer): boolean {
  const { length } = expected;
  if (from + length > bytes.length) return false;
  // A call out of JavaScript costs more than a few bytes.
  if (length > SHORT) return bytes.compare(expected, 0, length, from, from + length) === 0;
  for (let at = 0; at < length; at += 1) if (bytes[from + at] !== expected[at]) return false;
  return true;
}

/** Where the space behind the target is; -1: the target is not in origin-form, too long, or not all there. */
function endOfTarget(bytes: Buffer, from: number, longest: number): number {
  if (bytes[from] !== SLASH) return -1;
  const end = Math.min(bytes.length, from + longest + 1);
  for (let at = from + 1; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE) return at;
    if (byte < SPACE || byte > TILDE || byte === HASH) return -1;
  }
  return -1;
}

/** Up to the empty line, and it; 0 where that is not there. */
function fieldsLength(bytes: Buffer, from: number, room: number): number {
  const end = bytes.indexOf('\r\n\r\n', from, 'latin1');
  return end < 0 || end + 4 - from > room ? 0 : end + 4 - from;
}

/** Lines of `name: value`, one space between, none at the end; visible ASCII and single parts of it only. */
function readFields(text: string, bytes: Buffer): HeadFields | null {
  if (!isPlain(bytes)) return null;
  const lines: string[] = [];
  let host: string | null = null;
  let connection: string | null = null;
  for (const line of text.slice(0, -4).split('\r\n')) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 2);
    if (!NAME.test(name) || value === '' || value.startsWith(' ') || value.endsWith(' ')) return null;
    const lowerName = name.toLowerCase();
    if (CAREFUL.test(lowerName)) return null;
    if (lowerName === 'host') {
      if (host !== null) return null;
      host = value;
    } else if (lowerName === 'connection') {
      if (connection !== null || (value !== 'close' && value !== 'keep-alive')) return null;
      connection = value;
    }
    lines.push(name, value);
  }
  return host === null ? null : { lines, host, closes: connection === 'close', bytes: Buffer.from(bytes) };
}

/** Printable ASCII, and CR only before LF, LF only behind CR. */
function isPlain(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= SPACE && byte <= TILDE) continue;
    if (byte !== CR || bytes[at + 1] !== LF) return false;
    at += 1;
  }
  return bytes.length > 0 && bytes[0] !== CR;
}
