/**
 * Parts of a representation: what a 206 holds, and how parts are put together
 * (RFC 9110 §14, §15.3.7; RFC 9111 §3.3, §3.4). The body of a part is its
 * ranges one after another, in order and without overlap.
 */
import type { ByteRange, ContentRange } from './range';

export interface PartialContent {
  /** At least one; ascending, neither overlapping nor adjacent. */
  readonly ranges: readonly ByteRange[];
  /** Bytes of the whole representation; null: unknown. */
  readonly completeLength: number | null;
}

export interface Part {
  readonly content: PartialContent;
  /** As long as all ranges together. */
  readonly body: Uint8Array;
}

/**
 * Fields that speak of the content of one message: a part has its own, and they say nothing of the
 * representation (RFC 9110 §8.6, §14.4; RFC 9530 §2).
 */
export const OF_ONE_CONTENT: ReadonlySet<string> = new Set([
  'content-digest',
  'content-length',
  'content-md5',
  'content-range',
]);

/** More ranges of one representation than this, and the smallest go. */
export const MAX_STORED_RANGES = 16;

/**
 * The range that a complete 206 holds. Where its content is shorter than Content-Range says, the two
 * contradict each other, and the bytes that came are the fact: the range ends with them, and
 * so does the representation where the range was said to reach its end. What came so has another complete
 * length than what is right, and is combined with nothing. Null: more came than Content-Range has room for,
 * or less than the whole that it speaks of.
 */
export function receivedPart(
  { range, completeLength }: ContentRange,
  receivedBytes: number,
): PartialContent | null {
  if (range === null || receivedBytes === 0) return null;
  const { first, last } = range;
  const received = { first, last: first + receivedBytes - 1 };
  if (received.last > last) return null;
  if (received.last === last) return { ranges: [range], completeLength };
  const reachesEnd = completeLength !== null && last === completeLength - 1;
  if (first === 0 && reachesEnd) return null;
  return { ranges: [received], completeLength: reachesEnd ? received.last + 1 : completeLength };
}

/**
 * Both parts in one (RFC 9111 §3.4); where they overlap, `received` counts. The caller has compared the strong
 * validators. Null: they disagree about the length of the whole.
 */
export function combineRanges(held: Part, received: Part): Part | null {
  const completeLength = commonLength(held.content, received.content);
  if (completeLength === undefined) return null;
  const pieces = [...piecesOf(received), ...piecesOf(held).flatMap((piece) => outside(piece, received))];
  pieces.sort((left, right) => left.first - right.first);
  const groups = largest(adjacentGroups(pieces));
  const ranges = groups.map((group) => ({ first: group[0]?.first ?? 0, last: lastOf(group) }));
  const body = Buffer.concat(groups.flatMap((group) => group.map(({ bytes }) => bytes)));
  return { content: { ranges, completeLength }, body };
}

/** Whether every byte is there. */
export function isWhole({ ranges, completeLength }: PartialContent): boolean {
  const [range, ...others] = ranges;
  return others.length === 0 && range?.first === 0 && range.last + 1 === completeLength;
}

export function holdsRange({ ranges }: PartialContent, wanted: ByteRange): boolean {
  return ranges.some(({ first, last }) => first <= wanted.first && wanted.last <= last);
}

/** The bytes of a range that the part holds (`holdsRange`), without a copy. */
export function sliceRange({ content, body }: Part, wanted: ByteRange): Uint8Array {
  let offset = 0;
  for (const { first, last } of content.ranges) {
    if (first <= wanted.first && wanted.last <= last) {
      return body.subarray(offset + wanted.first - first, offset + wanted.last - first + 1);
    }
    offset += last - first + 1;
  }
  return new Uint8Array(0);
}

/** The smallest range with everything that is missing; null: that would be nothing or all, or the length is unknown. */
export function missingRange({ ranges, completeLength }: PartialContent): ByteRange | null {
  const head = ranges[0];
  const tail = ranges.at(-1);
  if (completeLength === null || head === undefined || tail === undefined) return null;
  const first = head.first === 0 ? head.last + 1 : 0;
  const last = tail.last + 1 === completeLength ? tail.first - 1 : completeLength - 1;
  const all = first === 0 && last === completeLength - 1;
  return first > last || all ? null : { first, last };
}

interface Piece extends ByteRange {
  readonly bytes: Uint8Array;
}

/**
 * Undefined: both know it, and differ, or a range lies beyond what the other knows. Where only one knows it,
 * the other does not bear it out: unknown, so that no whole is made of them (see `receivedPart`).
 */
function commonLength(held: PartialContent, received: PartialContent): number | null | undefined {
  const length = received.completeLength ?? held.completeLength;
  if (length === null) return null;
  if ([...held.ranges, ...received.ranges].some(({ last }) => last >= length)) return undefined;
  if (held.completeLength === null || received.completeLength === null) return null;
  return held.completeLength === length ? length : undefined;
}

function piecesOf({ content, body }: Part): Piece[] {
  let offset = 0;
  return content.ranges.map((range) => {
    const start = offset;
    offset += range.last - range.first + 1;
    return { ...range, bytes: body.subarray(start, offset) };
  });
}

/** What of the piece lies in none of the part's ranges. */
function outside(piece: Piece, { content }: Part): Piece[] {
  const rest: Piece[] = [];
  let { first } = piece;
  for (const range of content.ranges) {
    if (range.last < first) continue;
    if (range.first > piece.last) break;
    if (range.first > first) rest.push(cut(piece, first, range.first - 1));
    first = range.last + 1;
  }
  if (first <= piece.last) rest.push(cut(piece, first, piece.last));
  return rest;
}

function cut(piece: Piece, first: number, last: number): Piece {
  return { first, last, bytes: piece.bytes.subarray(first - piece.first, last - piece.first + 1) };
}

function adjacentGroups(sorted: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  for (const piece of sorted) {
    const group = groups.at(-1);
    if (group !== undefined && lastOf(group) + 1 === piece.first) group.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

/** At most `MAX_STORED_RANGES`, still in order. */
function largest(groups: readonly Piece[][]): readonly Piece[][] {
  if (groups.length <= MAX_STORED_RANGES) return groups;
  const length = (group: readonly Piece[]): number => lastOf(group) - (group[0]?.first ?? 0);
  const kept = new Set(
    [...groups].sort((left, right) => length(right) - length(left)).slice(0, MAX_STORED_RANGES),
  );
  return groups.filter((group) => kept.has(group));
}

function lastOf(group: readonly Piece[]): number {
  return group.at(-1)?.last ?? -1;
}
