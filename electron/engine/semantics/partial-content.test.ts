import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  combineRanges,
  holdsRange,
  isWhole,
  MAX_STORED_RANGES,
  missingRange,
  OF_ONE_CONTENT,
  receivedPart,
  sliceRange,
  type Part,
} from './partial-content';
import { parseContentRange } from './range';
import { MANY } from './test/arbitraries';
import { anyHeld, bytesOf, heldOf, partOf, rangesOf } from './test/parts';

const RUNS = { numRuns: 2000 } as const;

/** `'ab..ef'` of 8: a part with bytes 0-1 and 4-5. */
const part = (text: string, completeLength: number | null): Part =>
  partOf(
    Array.from(text, (char) => (char === '.' ? undefined : char.charCodeAt(0))),
    completeLength,
  );

const show = (made: Part | null) =>
  made === null
    ? null
    : [
        Array.from(bytesOf(made), (byte) => (byte === undefined ? '.' : String.fromCharCode(byte))).join(''),
        made.content.completeLength,
      ];

describe('RFC 9110 §14.4, §15.3.7: receivedPart', () => {
  it.each<[string, number, string | null]>([
    ['bytes 0-4/10', 5, '0-4/10'],
    ['bytes 4-9/10', 6, '4-9/10'],
    ['bytes 0-9/10', 10, '0-9/10'],
    ['bytes 0-4/*', 5, '0-4/*'],
    ['bytes 0-4/10', 3, '0-2/10'],
    ['bytes 2-4/*', 1, '2-2/*'],
    ['bytes 4-9/10', 5, '4-8/9'],
    ['bytes 0-9/10', 9, null],
    ['bytes 0-4/10', 6, null],
    ['bytes 0-4/10', 0, null],
    ['bytes */10', 5, null],
  ])('%s with %i bytes holds %s', (contentRange, bytes, expected) => {
    const content = parseContentRange(contentRange);
    if (content === null) throw new Error('no Content-Range');
    const made = receivedPart(content, bytes);
    const [range] = made?.ranges ?? [];
    expect(made && `${range?.first}-${range?.last}/${made.completeLength ?? '*'}`).toBe(expected);
  });

  it('never holds another number of bytes than came, and is whole only where it was said to be (10,000 runs)', () => {
    const position = fc.nat(20);
    fc.assert(
      fc.property(position, position, fc.option(position), fc.nat(25), (first, more, after, came) => {
        const last = first + more;
        const completeLength = after === null ? null : last + 1 + after;
        const made = receivedPart({ range: { first, last }, completeLength }, came);
        if (made === null) return came === 0 || came > more + 1 || (first === 0 && after === 0);
        const [range] = made.ranges;
        if (range?.first !== first || range.last - first + 1 !== came) return false;
        return !isWhole(made) || (first === 0 && came === completeLength);
      }),
      MANY,
    );
  });
});

describe('RFC 9111 §3.4: combineRanges', () => {
  it.each<[string, Part, Part, [string, number | null] | null]>([
    ['what touches', part('abc', 10), part('...def', 10), ['abcdef', 10]],
    ['what lies apart', part('abc', 10), part('.....fg', 10), ['abc..fg', 10]],
    ['what fills a gap', part('ab..ef', 6), part('..cd', 6), ['abcdef', 6]],
    ['what overlaps, of which the received counts', part('abcd', 10), part('..CDEF', 10), ['abCDEF', 10]],
    ['what lies within, of which the received counts', part('abcdef', 10), part('..CD', 10), ['abCDef', 10]],
    ['what is covered', part('..cd', 10), part('ABCDEF', 10), ['ABCDEF', 10]],
    ['what covers several', part('ab..ef..ij', 10), part('.BCDEFGHI', 10), ['aBCDEFGHIj', 10]],
    ['what lies before', part('....ef', 10), part('ab', 10), ['ab..ef', 10]],
    ['parts whose length nobody knows', part('ab', null), part('..cd', null), ['abcd', null]],
    [
      'one that knows the length, which the other does not bear out',
      part('ab', 4),
      part('..cd', null),
      ['abcd', null],
    ],
    ['one that does not', part('ab', null), part('..cd', 4), ['abcd', null]],
    ['no two lengths', part('ab', 4), part('..cd', 5), null],
    ['no range beyond what the received one knows', part('abcd', null), part('ab', 3), null],
    ['no range beyond what the held one knows', part('ab', 3), part('..cd', null), null],
  ])('puts together %s', (_what, held, received, expected) => {
    expect(show(combineRanges(held, received))).toEqual(expected);
  });

  it('keeps the sixteen largest of more ranges, in order', () => {
    const apart = Array.from({ length: 16 }, (_, index) => (index === 3 ? 'a.' : 'aa.')).join('');
    const combined = combineRanges(part(apart, 200), part(`${'.'.repeat(100)}bbb`, 200));
    expect(combined?.content.ranges).toHaveLength(MAX_STORED_RANGES);
    expect(combined && holdsRange(combined.content, { first: 9, last: 9 })).toBe(false);
    expect(combined?.content.ranges.at(-1)).toEqual({ first: 100, last: 102 });
  });

  it('agrees with an array of bytes with holes, whatever parts come, and keeps at most sixteen ranges (2000 runs)', () => {
    const length = 48;
    const byte = fc.nat(255);
    const content = fc.uint8Array({ minLength: length, maxLength: length });
    const one = fc
      .tuple(content, anyHeld(length), fc.constantFrom(length, length, null), byte)
      .map(([whole, held, completeLength]) => ({ bytes: heldOf(whole, held), completeLength }));
    fc.assert(
      fc.property(one, fc.array(one, { minLength: 1, maxLength: 6 }), (start, others) => {
        let held = partOf(start.bytes, start.completeLength);
        let known = start.completeLength;
        let model = start.bytes;
        for (const { bytes, completeLength } of others) {
          const combined = combineRanges(held, partOf(bytes, completeLength));
          known = known === completeLength ? known : null;
          model = Array.from({ length }, (_, at) => bytes[at] ?? model[at]);
          expect(combined?.content.completeLength).toBe(known);
          held = combined ?? held;
          const sizes = rangesOf(model).map(({ first, last }) => last - first + 1);
          const largest = sizes.sort((left, right) => right - left).slice(0, MAX_STORED_RANGES);
          expect(held.body.byteLength).toBe(largest.reduce((sum, size) => sum + size, 0));
          const kept = bytesOf(held);
          model = Array.from({ length }, (_, at) => (kept[at] === undefined ? undefined : model[at]));
          expect(Array.from({ length }, (_, at) => kept[at])).toEqual(model);
          expect(held.content.ranges).toEqual(rangesOf(model));
          expect(held.content.ranges.length).toBeLessThanOrEqual(MAX_STORED_RANGES);
        }
      }),
      RUNS,
    );
  });

  it('has the same result in whatever order parts of one representation come (2000 runs)', () => {
    const length = 30;
    const whole = fc.uint8Array({ minLength: length, maxLength: length });
    const parts = fc.array(anyHeld(length), { minLength: 2, maxLength: 5 });
    const order = fc.infiniteStream(fc.nat(1000));
    fc.assert(
      fc.property(whole, parts, order, (bytes, held, stream) => {
        const all = held.map((some) => partOf(heldOf(bytes, some), length));
        const shuffled = all
          .map((one) => ({ one, rank: stream.next().value }))
          .sort((left, right) => left.rank - right.rank)
          .map(({ one }) => one);
        expect(together(shuffled)).toEqual(together(all));
      }),
      RUNS,
    );
  });

  it('changes nothing with what it already holds (2000 runs)', () => {
    const whole = fc.uint8Array({ minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(whole, anyHeld(30), fc.option(fc.constant(30)), (bytes, held, completeLength) => {
        const one = partOf(heldOf(bytes, held), completeLength);
        expect(bytesOf(combineRanges(one, one) ?? one)).toEqual(bytesOf(one));
      }),
      RUNS,
    );
  });
});

function together(parts: readonly Part[]): unknown {
  const [first, ...others] = parts;
  let all = first ?? null;
  for (const other of others) all = all && combineRanges(all, other);
  return all && [all.content, Array.from(all.body)];
}

describe('RFC 9111 §3.3: what a part holds', () => {
  it.each<[string, number | null, boolean]>([
    ['abc', 3, true],
    ['abc', 4, false],
    ['abc', null, false],
    ['.bc', 3, false],
    ['a.c', 3, false],
  ])('%s of %s is the whole: %s', (text, completeLength, whole) => {
    expect(isWhole(part(text, completeLength).content)).toBe(whole);
  });

  it('no ranges are no whole', () => {
    expect(isWhole({ ranges: [], completeLength: 0 })).toBe(false);
  });

  it.each([
    [0, 2, 'abc'],
    [1, 1, 'b'],
    [5, 6, 'fg'],
    [6, 6, 'g'],
    [2, 3, null],
    [3, 4, null],
    [0, 6, null],
    [7, 7, null],
  ])('bytes %i-%i of abc..fg are %s', (first, last, expected) => {
    const held = part('abc..fg', 10);
    expect(holdsRange(held.content, { first, last })).toBe(expected !== null);
    expect(Buffer.from(sliceRange(held, { first, last })).toString()).toBe(expected ?? '');
  });

  it('every slice that is held is the slice of the whole (10,000 runs)', () => {
    const whole = fc.uint8Array({ minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(whole, anyHeld(24), fc.nat(23), fc.nat(23), (bytes, held, first, more) => {
        const last = Math.min(first + more, 23);
        const one = partOf(heldOf(bytes, held), 24);
        const expected = bytes.slice(first, last + 1);
        const isHeld = held.slice(first, last + 1).every(Boolean);
        if (holdsRange(one.content, { first, last }) !== isHeld) return false;
        const slice = sliceRange(one, { first, last });
        return isHeld ? Buffer.compare(slice, expected) === 0 : slice.byteLength === 0;
      }),
      MANY,
    );
  });

  it('fields that speak of one content are known', () => {
    expect([...OF_ONE_CONTENT].sort()).toEqual([
      'content-digest',
      'content-length',
      'content-md5',
      'content-range',
    ]);
  });
});

describe('RFC 9111 §3.4: missingRange', () => {
  it.each<[string, number | null, string | null]>([
    ['abc', 6, '3-5'],
    ['...def', 6, '0-2'],
    ['ab..ef', 6, '2-3'],
    ['a.c.ef', 6, '1-3'],
    ['a.c...', 6, '1-5'],
    ['..c..f', 6, '0-4'],
    ['.b.d..', 6, null],
    ['.bcd..', 6, null],
    ['abcdef', 6, null],
    ['abc', null, null],
  ])('of %s of %s is %s', (text, completeLength, expected) => {
    const missing = missingRange(part(text, completeLength).content);
    expect(missing && `${missing.first}-${missing.last}`).toBe(expected);
  });

  it('of nothing is nothing', () => {
    expect(missingRange({ ranges: [], completeLength: 5 })).toBeNull();
  });

  it('with what is held before and after it, is the whole (10,000 runs)', () => {
    const whole = fc.uint8Array({ minLength: 1, maxLength: 24 });
    const input = whole.chain((bytes) => anyHeld(bytes.length).map((held) => ({ bytes, held })));
    fc.assert(
      fc.property(input, ({ bytes, held }) => {
        const { length } = bytes;
        const one = partOf(heldOf(bytes, held), length);
        const missing = missingRange(one.content);
        const firstHeld = held[0] === true;
        const lastHeld = held[length - 1] === true;
        if (missing === null) return held.every(Boolean) || (!firstHeld && !lastHeld);
        const came = bytes.slice(missing.first, missing.last + 1);
        const before = sliceRange(one, { first: 0, last: missing.first - 1 });
        const after = sliceRange(one, { first: missing.last + 1, last: length - 1 });
        const completed = combineRanges(one, {
          content: { ranges: [missing], completeLength: length },
          body: came,
        });
        return (
          Buffer.compare(Buffer.concat([before, came, after]), bytes) === 0 &&
          completed !== null &&
          isWhole(completed.content) &&
          Buffer.compare(completed.body, bytes) === 0 &&
          held.every((isHeld, at) => isHeld || (at >= missing.first && at <= missing.last))
        );
      }),
      MANY,
    );
  });
});
