/** In what form a stored response answers a request: whole, in part, or by saying that the client has it already. */
import { fieldLines, type RawFields } from '../http/raw-fields';
import { holdsRange } from './partial-content';
import { allowsRange, hasOwnConditions, isNotModified } from './preconditions';
import { parseRange, satisfiableRanges, type ByteRange, type RangeSpec } from './range';
import type { StoredResponse } from './stored-response';

export type StoredAnswer =
  | { readonly kind: 'whole' }
  /** 304 (RFC 9111 §4.3.2). */
  | { readonly kind: 'not-modified' }
  /** 206 (RFC 9110 §15.3.7): one range, or several, ascending and apart. */
  | {
      readonly kind: 'ranges';
      readonly ranges: readonly ByteRange[];
      readonly completeLength: number | null;
    }
  /** 416 (RFC 9110 §15.5.17). */
  | { readonly kind: 'unsatisfiable'; readonly completeLength: number };

const WHOLE: StoredAnswer = { kind: 'whole' };
const NOT_MODIFIED: StoredAnswer = { kind: 'not-modified' };

/** Ranges in one answer; who asks for more gets the whole (RFC 9110 §14.2, §17.15). */
const MAX_ANSWERED_RANGES = 16;

/** In the order of RFC 9110 §13.2.2. Null: what is stored is only a part, and not what was asked for (RFC 9111 §3.3). */
export function storedAnswer(
  request: { readonly method: string; readonly fields: RawFields },
  stored: StoredResponse,
): StoredAnswer | null {
  const { fields } = request;
  const answer = contentAnswer(request, stored);
  const isKnown = answer !== null && hasOwnConditions(fields) && isNotModified(fields, stored);
  return isKnown ? NOT_MODIFIED : answer;
}

/** Range is for GET alone, and for what would be 200 (RFC 9110 §14.2). */
function contentAnswer(
  { method, fields }: { readonly method: string; readonly fields: RawFields },
  stored: StoredResponse,
): StoredAnswer | null {
  const [range, ...others] = method === 'GET' ? fieldLines(fields, 'range') : [];
  if (range === undefined || others.length > 0) return stored.partial === null ? WHOLE : null;
  return stored.partial === null ? rangesOfWhole(range, fields, stored) : rangesOfPart(range, fields, stored);
}

/** Whether the request asks for a part. */
export function asksForRange(request: { readonly method: string; readonly fields: RawFields }): boolean {
  return request.method === 'GET' && fieldLines(request.fields, 'range').length > 0;
}

function rangesOfWhole(range: string, fields: RawFields, stored: StoredResponse): StoredAnswer {
  if (stored.status !== 200 || !allowsRange(fields, stored)) return WHOLE;
  const specs = parseRange(range);
  if (specs === null) return WHOLE;
  const completeLength = stored.bodyBytes;
  const ranges = merged(satisfiableRanges(specs, completeLength));
  // A suffix of nothing is satisfiable (RFC 9110 §14.1.2), but no Content-Range can say so.
  if (completeLength === 0 && specs.some(isSuffix)) return WHOLE;
  if (ranges.length === 0) return { kind: 'unsatisfiable', completeLength };
  if (ranges.length > MAX_ANSWERED_RANGES) return WHOLE;
  return { kind: 'ranges', ranges, completeLength };
}

function isSuffix({ first, last }: RangeSpec): boolean {
  return first === null && last !== 0;
}

function rangesOfPart(range: string, fields: RawFields, stored: StoredResponse): StoredAnswer | null {
  const { partial } = stored;
  const specs = parseRange(range);
  if (partial === null || specs === null || !allowsRange(fields, stored)) return null;
  const { completeLength } = partial;
  if (completeLength === null && specs.some(({ first, last }) => first === null || last === null))
    return null;
  const ranges = merged(satisfiableRanges(specs, completeLength ?? Infinity));
  // Where nothing is satisfiable the origin is asked: a part is no proof of where the representation ends.
  if (ranges.length === 0 || ranges.length > MAX_ANSWERED_RANGES) return null;
  return ranges.every((wanted) => holdsRange(partial, wanted))
    ? { kind: 'ranges', ranges, completeLength }
    : null;
}

/** Ascending; what overlaps or touches is one (RFC 9110 §15.3.7.2). */
function merged(ranges: readonly ByteRange[]): readonly ByteRange[] {
  if (ranges.length < 2) return ranges;
  const result: ByteRange[] = [];
  for (const range of [...ranges].sort((left, right) => left.first - right.first)) {
    const before = result.at(-1);
    if (before === undefined || range.first > before.last + 1) result.push(range);
    else result[result.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return result;
}
