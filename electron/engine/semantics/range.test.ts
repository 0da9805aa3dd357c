import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enclosedRange, parseContentRange, parseRange, satisfiableRanges } from './range';
import { anyText, MANY } from './test/arbitraries';

describe('RFC 9110 §14.2: parseRange', () => {
  it.each([
    ['bytes=0-499', [{ first: 0, last: 499 }]],
    ['BYTES=500-', [{ first: 500, last: null }]],
    ['bytes=-500', [{ first: null, last: 500 }]],
    [
      'bytes=0-0, ,-1',
      [
        { first: 0, last: 0 },
        { first: null, last: 1 },
      ],
    ],
    ['Bytes=\t0-1\t', [{ first: 0, last: 1 }]],
    ['bytes=007-08', [{ first: 7, last: 8 }]],
    ['bytes=5-5', [{ first: 5, last: 5 }]],
    ['bytes=-0', [{ first: null, last: 0 }]],
    ['bytes=0-999999999999999', [{ first: 0, last: 999_999_999_999_999 }]],
  ])('reads %s', (value, specs) => {
    expect(parseRange(value)).toEqual(specs);
  });

  it.each([
    '',
    'bytes',
    'bytes=',
    'bytes=,',
    'bytes=a-b',
    'bytes=2-1',
    'bytes=-',
    'bytes=1-2-3',
    'bytes= 1 - 2',
    'bytes 0-1',
    'items=0-1',
    'bytes=0-1,x',
    'bytes=99999999999999999-',
    'bytes=0-1000000000000000',
    'bytes=--1',
    'bytes=+1-2',
    'bytes=0x1-2',
    'bytes=٠-١',
    'bytes=0-1;2-3',
    'bytes =0-1',
    ' bytes=0-1',
    'bytes=0-1, 3-2',
    'kilobytes=0-1',
    `bytes=${Array.from({ length: 65 }, () => '0-1').join()}`,
    `bytes=${' '.repeat(3000)}0-1`,
  ])('does not obey %s', (value) => {
    expect(parseRange(value)).toBeNull();
  });

  it('obeys 2048 characters, and no more', () => {
    const value = `bytes=0-1${' '.repeat(2039)}`;
    expect(parseRange(value)).toEqual([{ first: 0, last: 1 }]);
    expect(parseRange(`${value} `)).toBeNull();
  });

  it('obeys sixty-four ranges, empty members aside', () => {
    const members = Array.from({ length: 64 }, () => '0-1');
    expect(parseRange(`bytes=,${members.join(',,')}`)).toHaveLength(64);
  });

  it('never throws, and reads only what is in order (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, withUnit) => {
        const specs = parseRange(withUnit ? `bytes=${text}` : text) ?? [];
        return specs.every(
          ({ first, last }) =>
            (first !== null || last !== null) &&
            (first === null || last === null || first <= last) &&
            [first, last].every((end) => end === null || (Number.isSafeInteger(end) && end >= 0)),
        );
      }),
      MANY,
    );
  });
});

describe('RFC 9110 §14.1.2: satisfiableRanges', () => {
  it.each([
    ['bytes=0-499', 1000, [[0, 499]]],
    ['bytes=500-', 1000, [[500, 999]]],
    ['bytes=-300', 1000, [[700, 999]]],
    ['bytes=-3000', 1000, [[0, 999]]],
    ['bytes=900-2000', 1000, [[900, 999]]],
    ['bytes=1000-', 1000, []],
    ['bytes=-0', 1000, []],
    ['bytes=0-', 0, []],
    ['bytes=-1', 0, []],
    ['bytes=5000-, 1-2', 1000, [[1, 2]]],
  ])('%s of %i', (value, length, expected) => {
    const ranges = satisfiableRanges(parseRange(value) ?? [], length);
    expect(ranges.map(({ first, last }) => [first, last])).toEqual(expected);
  });

  it('always lie within the body (10,000 runs)', () => {
    const position = fc.option(fc.nat(5000));
    const spec = fc.record({ first: position, last: position });
    fc.assert(
      fc.property(fc.array(spec), fc.nat(2000), (specs, length) => {
        const valid = specs.filter(({ first, last }) =>
          first === null ? last !== null : last === null || last >= first,
        );
        for (const { first, last } of satisfiableRanges(valid, length)) {
          expect(first).toBeGreaterThanOrEqual(0);
          expect(last).toBeGreaterThanOrEqual(first);
          expect(last).toBeLessThan(length);
        }
      }),
      MANY,
    );
  });

  it('are the positions that the text asks for (10,000 runs)', () => {
    const position = fc.nat(30);
    const spec = fc.oneof(
      fc.tuple(position, position).map(([first, more]) => `${first}-${first + more}`),
      position.map((first) => `${first}-`),
      position.map((last) => `-${last}`),
    );
    fc.assert(
      fc.property(spec, fc.nat(24), (text, length) => {
        const [first = '', last = ''] = text.split('-');
        const asked = Array.from({ length }, (_, at) => at).filter((at) =>
          first === ''
            ? at >= length - Number(last)
            : at >= Number(first) && (last === '' || at <= Number(last)),
        );
        const [range] = satisfiableRanges(parseRange(`bytes=${text}`) ?? [], length);
        return range === undefined
          ? asked.length === 0
          : asked[0] === range.first &&
              asked.at(-1) === range.last &&
              asked.length === range.last - range.first + 1;
      }),
      MANY,
    );
  });
});

describe('RFC 9110 §14.4: parseContentRange', () => {
  it.each([
    ['bytes 0-499/1000', { range: { first: 0, last: 499 }, completeLength: 1000 }],
    ['bytes 0-499/*', { range: { first: 0, last: 499 }, completeLength: null }],
    ['Bytes */1000', { range: null, completeLength: 1000 }],
    ['bytes */0', { range: null, completeLength: 0 }],
    ['bytes 0-0/1', { range: { first: 0, last: 0 }, completeLength: 1 }],
    ['bytes 007-008/009', { range: { first: 7, last: 8 }, completeLength: 9 }],
  ])('reads %s', (value, expected) => {
    expect(parseContentRange(value)).toEqual(expected);
  });

  it.each([
    '',
    'bytes 5-4/10',
    'bytes 0-10/10',
    'bytes */*',
    'bytes=0-1/2',
    'items 0-1/2',
    'bytes 0-/2',
    'bytes 0-1',
    'bytes  0-1/2',
    'bytes 0 - 1/2',
    'bytes 0-1/ 2',
    ' bytes 0-1/2',
    'bytes 0-1/2 ',
    'bytes -1/2',
    'bytes 0-1/1',
    'bytes 0-1/-2',
    'bytes 0-1/2, bytes 0-1/2',
    'bytes 0-1000000000000000/*',
    'bytes 0-1/1e3',
  ])('takes %j for invalid', (value) => {
    expect(parseContentRange(value)).toBeNull();
  });

  it('never throws, and reads only what is in order (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, withUnit) => {
        const content = parseContentRange(withUnit ? `bytes ${text}` : text);
        if (content === null) return true;
        const { range, completeLength } = content;
        if (range === null) return completeLength !== null;
        return range.first <= range.last && range.last < (completeLength ?? Infinity);
      }),
      MANY,
    );
  });
});

describe('RFC 9110 §15.3.7: the one range that a 206 holds', () => {
  const held = { range: { first: 0, last: 4 }, completeLength: 10 };
  it.each<[string, string[], object | null]>([
    ['as Content-Range says', ['content-range', 'bytes 0-4/10', 'Content-Type', 'text/plain'], held],
    ['none without', [], null],
    ['none with two', ['Content-Range', 'bytes 0-4/10', 'Content-Range', 'bytes 0-4/10'], null],
    ['none that is invalid', ['Content-Range', 'bytes 4-0/10'], null],
    ['none that is unsatisfied', ['Content-Range', 'bytes */10'], null],
    [
      'none of multipart, where it may not be (§15.3.7.2)',
      ['Content-Range', 'bytes 0-4/10', 'Content-Type', 'Multipart/Byteranges; boundary=x'],
      null,
    ],
  ])('%s', (_what, fields, expected) => {
    expect(enclosedRange(fields)).toEqual(expected);
  });
});
