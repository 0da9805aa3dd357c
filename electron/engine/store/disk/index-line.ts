/**
 * The lines of the disk cache's index: one for each thing that happened to what is stored. Lengths and a checksum
 * stand before the head (what happened, to which id) and apart from the record (the response's metadata), so that
 * damage to a record costs that response only, and damage to a head is always found.
 */
import { crc32 } from './crc32';

/** Where a body lies: the number of a segment, the first byte in its bodies, how many. */
export interface BodyPlace {
  readonly segment: number;
  readonly at: number;
  readonly bytes: number;
}

export type LineHead =
  /** The first line. `previousEnd`: how much of the segment before is good; null: there was none. */
  | { readonly kind: 'begin'; readonly segment: number; readonly previousEnd: number | null }
  /** Stored, freshened or moved: from here on this is what the id stands for. `sequence`: order of storing. */
  | {
      readonly kind: 'response';
      readonly id: string;
      readonly version: string;
      readonly sequence: number;
      readonly body: BodyPlace;
    }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }
  | { readonly kind: 'clear' }
  /** Everything is cleared, but may come back. */
  | { readonly kind: 'hide' }
  /** What was hidden last comes back, but for what was removed or stored since. */
  | { readonly kind: 'unhide' };

export interface IndexLine {
  readonly kind: 'line';
  readonly head: LineHead;
  /** JSON of the StoredRecord of a `response`, empty with others. Null: damaged or cut off. */
  readonly record: Uint8Array | null;
  readonly at: number;
  readonly end: number;
}

/** Something that was not written like this: what it removed is unknown. */
export interface DamagedLine {
  readonly kind: 'damaged';
}

const NEWLINE = 10;
const SPACE = 32;
const NO_RECORD = new Uint8Array(0);
/** Bytes of head and record, and the checksum of the record: what the head's checksum covers besides the head. */
const COVERED = 24;
const SUMS = 32;
const SUMS_FORM = /^[0-9a-f]{32}$/;

/** `{sums} {head} {record}\n` */
export function encodeLine(head: LineHead, record: Uint8Array = NO_RECORD): Buffer {
  const headText = JSON.stringify(headFields(head));
  const headBytes = Buffer.byteLength(headText);
  const line = Buffer.allocUnsafe(SUMS + 1 + headBytes + 1 + record.byteLength + 1);
  const headAt = SUMS + 1;
  line.write(hex(headBytes) + hex(record.byteLength) + hex(crc32(record)), 0, 'latin1');
  line[SUMS] = SPACE;
  line.write(headText, headAt, 'utf8');
  line.write(hex(headSum(line, 0, headAt + headBytes)), COVERED, 'latin1');
  line[headAt + headBytes] = SPACE;
  line.set(record, headAt + headBytes + 1);
  line[line.byteLength - 1] = NEWLINE;
  return line;
}

/** All lines of an index, damage among them. A last line that was cut off with its head is none. */
export function* indexLines(index: Buffer): Generator<IndexLine | DamagedLine> {
  for (let at = 0; at < index.byteLength;) {
    const line = readLine(index, at);
    if (line !== null) {
      yield line;
      at = line.end;
      continue;
    }
    const newline = index.indexOf(NEWLINE, at);
    if (newline < 0) return;
    yield { kind: 'damaged' };
    at = newline + 1;
  }
}

/** The line that begins at `at`. Null: there is none, or its head is damaged. */
export function readLine(index: Buffer, at: number): IndexLine | null {
  const sums = index.toString('latin1', at, at + SUMS);
  if (!SUMS_FORM.test(sums)) return null;
  const headAt = at + SUMS + 1;
  const headEnd = headAt + parseInt(sums.slice(0, 8), 16);
  if (headEnd > index.byteLength) return null;
  if (headSum(index, at, headEnd) !== parseInt(sums.slice(COVERED), 16)) return null;
  const head = parseHead(index.toString('utf8', headAt, headEnd));
  if (head === null) return null;
  const recordEnd = headEnd + 1 + parseInt(sums.slice(8, 16), 16);
  const record = index.subarray(headEnd + 1, recordEnd);
  const isWhole = recordEnd <= index.byteLength && crc32(record) === parseInt(sums.slice(16, COVERED), 16);
  const end = Math.min(recordEnd + 1, index.byteLength);
  return { kind: 'line', head, record: isWhole ? record : null, at, end };
}

function headSum(line: Buffer, at: number, headEnd: number): number {
  return crc32(line.subarray(at + SUMS + 1, headEnd), crc32(line.subarray(at, at + COVERED)));
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function headFields(head: LineHead): readonly unknown[] {
  switch (head.kind) {
    case 'begin':
      return ['begin', head.segment, head.previousEnd];
    case 'response': {
      const { segment, at, bytes } = head.body;
      return ['response', head.id, head.version, head.sequence, segment, at, bytes];
    }
    case 'remove':
      return ['remove', ...head.ids];
    case 'clear':
    case 'hide':
    case 'unhide':
      return [head.kind];
  }
}

function parseHead(text: string): LineHead | null {
  const fields = parseArray(text);
  switch (fields[0]) {
    case 'begin':
      return beginHead(fields);
    case 'response':
      return responseHead(fields);
    case 'remove': {
      const ids = fields.slice(1);
      return ids.every(isString) ? { kind: 'remove', ids } : null;
    }
    case 'clear':
    case 'hide':
    case 'unhide':
      return { kind: fields[0] };
    default:
      return null;
  }
}

function beginHead([, segment, previousEnd]: readonly unknown[]): LineHead | null {
  if (!isCount(segment) || !(previousEnd === null || isCount(previousEnd))) return null;
  return { kind: 'begin', segment, previousEnd };
}

function responseHead(fields: readonly unknown[]): LineHead | null {
  const [, id, version, sequence, segment, at, bytes] = fields;
  if (!isString(id) || !isString(version) || !isCount(sequence)) return null;
  if (!isCount(segment) || !isCount(at) || !isCount(bytes)) return null;
  return { kind: 'response', id, version, sequence, body: { segment, at, bytes } };
}

function parseArray(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    // The checksum held, so this is no damage but another's line; it is as unreadable.
    return [];
  }
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
