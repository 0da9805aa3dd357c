/** Byte ranges as messages write them (RFC 9110 §14). */
import { fieldLines, type RawFields } from '../http/raw-fields';

/** first and last as asked for; null: open to that side (`-500` has no first, `500-` no last). */
export interface RangeSpec {
  readonly first: number | null;
  readonly last: number | null;
}

/** Both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface ContentRange {
  /** Null: unsatisfied range, only the length is told. */
  readonly range: ByteRange | null;
  /** Null: unknown (`*`). */
  readonly completeLength: number | null;
}

/** More are ignored, as RFC 9110 §14.2 allows and §17.15 advises. */
const MAX_RANGES = 64;
const MAX_RANGE_LENGTH = 2048;
const RANGE_SPEC = /^(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))$/;
const CONTENT_RANGE = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/i;

/** Null: not to be obeyed (another unit, invalid, too many), so that the whole is sent. */
export function parseRange(value: string): readonly RangeSpec[] | null {
  if (value.length > MAX_RANGE_LENGTH || value.slice(0, 6).toLowerCase() !== 'bytes=') return null;
  const members = value
    .slice(6)
    .split(',')
    .map((member) => member.trim());
  const specs = members.filter((member) => member !== '').map(parseSpec);
  if (specs.length === 0 || specs.length > MAX_RANGES) return null;
  return specs.some((spec) => spec === null) ? null : specs.filter((spec) => spec !== null);
}

/** The ranges that lie within a body of that length; empty: 416 (RFC 9110 §14.1.2). */
export function satisfiableRanges(specs: readonly RangeSpec[], length: number): readonly ByteRange[] {
  return specs.map((spec) => resolveSpec(spec, length)).filter((range) => range !== null);
}

/** Content-Range (RFC 9110 §14.4); null where invalid. */
export function parseContentRange(value: string): ContentRange | null {
  const match = CONTENT_RANGE.exec(value);
  if (match === null) return null;
  const completeLength = match[3] === '*' ? null : Number(match[3]);
  if (match[1] === undefined) return completeLength === null ? null : { range: null, completeLength };
  const range = { first: Number(match[1]), last: Number(match[2]) };
  const valid = range.last >= range.first && (completeLength === null || completeLength > range.last);
  return valid ? { range, completeLength } : null;
}

/** Content-Range of a 206 that holds one range; null: none, several, or not valid. In multipart/byteranges it may not
 *  be (RFC 9110 §15.3.7.2), and would not speak of the content. */
export function enclosedRange(fields: RawFields): (ContentRange & { readonly range: ByteRange }) | null {
  if (/^multipart\/byteranges\b/i.test(fieldLines(fields, 'content-type')[0] ?? '')) return null;
  const [line, ...others] = fieldLines(fields, 'content-range');
  const content = line === undefined || others.length > 0 ? null : parseContentRange(line);
  if (content === null || content.range === null) return null;
  return { range: content.range, completeLength: content.completeLength };
}

function parseSpec(member: string): RangeSpec | null {
  const match = RANGE_SPEC.exec(member);
  if (match === null) return null;
  if (match[3] !== undefined) return { first: null, last: Number(match[3]) };
  const first = Number(match[1]);
  const last = match[2] === undefined ? null : Number(match[2]);
  return last !== null && last < first ? null : { first, last };
}

function resolveSpec({ first, last }: RangeSpec, length: number): ByteRange | null {
  if (first === null) {
    const suffix = Math.min(last ?? 0, length);
    return suffix === 0 ? null : { first: length - suffix, last: length - 1 };
  }
  return first >= length ? null : { first, last: Math.min(last ?? length - 1, length - 1) };
}
