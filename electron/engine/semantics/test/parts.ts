/** Parts of a representation, as fast-check makes them, and what a plain array of bytes says of them. */
import fc from 'fast-check';
import type { Part } from '../partial-content';
import type { ByteRange } from '../range';

/** A byte at each position, or a hole. */
export type Bytes = readonly (number | undefined)[];

/** Runs of bytes without a hole. */
export function rangesOf(bytes: Bytes): ByteRange[] {
  const ranges: ByteRange[] = [];
  bytes.forEach((byte, at) => {
    if (byte === undefined) return;
    const before = ranges.at(-1);
    if (before !== undefined && before.last === at - 1) ranges[ranges.length - 1] = { ...before, last: at };
    else ranges.push({ first: at, last: at });
  });
  return ranges;
}

/** The part that holds those bytes; there is at least one. */
export function partOf(bytes: Bytes, completeLength: number | null): Part {
  const body = Uint8Array.from(bytes.filter((byte) => byte !== undefined));
  return { content: { ranges: rangesOf(bytes), completeLength }, body };
}

/** The bytes that the part holds, by its ranges. */
export function bytesOf({ content, body }: Part): Bytes {
  const bytes: (number | undefined)[] = [];
  let offset = 0;
  for (const { first, last } of content.ranges)
    for (let at = first; at <= last; at += 1) bytes[at] = body[offset++];
  return Array.from(bytes);
}

/** The byte at each position of `whole` that `held` has. */
export function heldOf(whole: Uint8Array, held: readonly boolean[]): Bytes {
  return Array.from(whole, (byte, at) => (held[at] === true ? byte : undefined));
}

/** Which positions of a body of that length are held: at least one. */
export function anyHeld(length: number): fc.Arbitrary<readonly boolean[]> {
  const some = fc.array(fc.boolean(), { minLength: length, maxLength: length });
  const alternating = fc.constant(Array.from({ length }, (_, at) => at % 2 === 0));
  const runs = fc
    .array(fc.tuple(fc.nat(length - 1), fc.nat(9)), { minLength: 1, maxLength: 3 })
    .map((list) =>
      Array.from({ length }, (_, at) => list.some(([first, more]) => at >= first && at <= first + more)),
    );
  return fc
    .oneof(some, alternating, { arbitrary: runs, weight: 4 })
    .map((held) => (held.includes(true) ? held : held.map(() => true)));
}
