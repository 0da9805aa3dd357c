import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContentRange, parseRange, satisfiableRanges } from './range';

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
    `bytes=${Array.from({ length: 65 }, () => '0-1').join()}`,
    `bytes=${' '.repeat(3000)}0-1`,
  ])('does not obey %s', (value) => {
    expect(parseRange(value)).toBeNull();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (value) => parseRange(`bytes=${value}`) !== undefined));
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

  it('always lie within the body', () => {
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
    );
  });
});

describe('RFC 9110 §14.4: parseContentRange', () => {
  it.each([
    ['bytes 0-499/1000', { range: { first: 0, last: 499 }, completeLength: 1000 }],
    ['bytes 0-499/*', { range: { first: 0, last: 499 }, completeLength: null }],
    ['Bytes */1000', { range: null, completeLength: 1000 }],
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
  ])('takes %j for invalid', (value) => {
    expect(parseContentRange(value)).toBeNull();
  });
});
