import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stored } from './test/responses';
import { matchesVary, variantId, varyDifferences, varyingFields, varyNames } from './vary';

const agree = (name: string, left: string[], right: string[]) =>
  matchesVary(varyingFields([name], left), right);

describe('RFC 9110 §12.5.5: varyNames', () => {
  it.each<[string[], readonly string[] | '*']>([
    [[], []],
    [['Vary', ''], []],
    [['Vary', 'Accept-Encoding'], ['accept-encoding']],
    [
      ['Vary', 'Foo, BAR,foo'],
      ['bar', 'foo'],
    ],
    [
      ['Vary', 'b', 'vary', 'a'],
      ['a', 'b'],
    ],
    [['Vary', '*'], '*'],
    [['Vary', '*, *'], '*'],
    [['Vary', ', *'], '*'],
    [['Vary', '', 'Vary', '*'], '*'],
    [['Vary', 'Foo, *'], '*'],
    [['Vary', '*, Foo'], '*'],
    [['Vary', 'not a field'], '*'],
    [['Vary', '"foo"'], '*'],
    [['Vary', Array.from({ length: 33 }, (_, index) => `x${index}`).join()], '*'],
  ])('of %j', (fields, names) => {
    expect(varyNames(fields)).toEqual(names);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string()),
        (lines) => varyNames(lines.flatMap((line) => ['Vary', line])) !== null,
      ),
    );
  });
});

describe('RFC 9111 §4.1: selecting fields agree', () => {
  it.each<[string, string[], string[]]>([
    ['foo', [], []],
    ['foo', ['Foo', '1'], ['FOO', '1']],
    ['foo', ['Foo', ' 1 '], ['Foo', '1']],
    ['foo', ['Foo', '1, 2'], ['Foo', '1', 'Foo', '2']],
    ['accept-encoding', ['Accept-Encoding', 'gzip, br'], ['Accept-Encoding', 'BR,gzip']],
    ['accept-encoding', ['Accept-Encoding', 'gzip;q=1.0, br;q=0.50'], ['Accept-Encoding', 'br; q=0.5, gzip']],
    ['accept-language', ['Accept-Language', 'en-GB, de;q=0.80'], ['Accept-Language', 'en-gb,de;q=0.8']],
    ['accept-language', ['Accept-Language', 'en', 'Accept-Language', 'de'], ['Accept-Language', 'en,de']],
    ['accept-encoding', ['Accept-Encoding', ';;;'], ['Accept-Encoding', ';;;']],
    ['cookie', ['Cookie', 'a=1'], ['cookie', 'a=1']],
  ])('%s: %j and %j', (name, left, right) => {
    expect(agree(name, left, right)).toBe(true);
  });

  it.each<[string, string[], string[]]>([
    ['foo', ['Foo', '1'], []],
    ['foo', ['Foo', ''], []],
    ['foo', ['Foo', '1'], ['Foo', '2']],
    ['foo', ['Foo', 'a'], ['Foo', 'A']],
    ['foo', ['Foo', '1, 2'], ['Foo', '2, 1']],
    ['accept-encoding', ['Accept-Encoding', 'gzip'], ['Accept-Encoding', 'gzip;q=0']],
    ['accept-encoding', ['Accept-Encoding', 'gzip'], ['Accept-Encoding', 'gzip, br']],
    ['accept-encoding', ['Accept-Encoding', 'gzip;x=1'], ['Accept-Encoding', 'gzip']],
    ['accept-encoding', ['Accept-Encoding', 'gzip;q=2'], ['Accept-Encoding', 'gzip']],
    ['accept-encoding', ['Accept-Encoding', ''], []],
    ['accept-language', ['Accept-Language', 'en, de'], ['Accept-Language', 'de, en']],
    ['authorization', ['Authorization', 'a'], ['Authorization', 'b']],
  ])('%s: not %j and %j', (name, left, right) => {
    expect(agree(name, left, right)).toBe(false);
  });

  it('keeps credentials as a hash only', () => {
    const kept = varyingFields(
      ['authorization', 'cookie'],
      ['Authorization', 'Bearer secret', 'Cookie', 'sid=secret'],
    );
    expect(JSON.stringify(kept)).not.toContain('secret');
  });

  it('always agrees with the request it was made of, however that is written', () => {
    const names = fc.array(fc.constantFrom('foo', 'accept-encoding', 'accept-language', 'cookie'));
    const lines = fc.array(
      fc.tuple(fc.constantFrom('Foo', 'Accept-Encoding', 'Accept-Language'), fc.string()),
    );
    fc.assert(
      fc.property(names, lines, (vary, fields) => {
        expect(matchesVary(varyingFields(vary, fields.flat()), fields.flat())).toBe(true);
      }),
    );
  });

  it('names the fields that differ', () => {
    const vary = varyingFields(['a', 'b', 'c'], ['A', '1', 'B', '2']);
    expect(varyDifferences(stored({ vary }), ['A', '1', 'B', '3', 'C', ''])).toEqual(['b', 'c']);
  });
});

describe('variantId', () => {
  const variant = { method: 'GET', key: 'https://a/', partition: '', vary: [] } as const;

  it('is URL-safe and the same for the same', () => {
    expect(variantId(variant)).toMatch(/^[\w-]{22}$/);
    expect(variantId({ ...variant })).toBe(variantId(variant));
  });

  it.each([
    [{ method: 'HEAD' }],
    [{ key: 'https://a/b' }],
    [{ partition: 'p' }],
    [{ vary: [['a', null]] }],
    [{ vary: [['a', '']] }],
    [{ vary: [['a', '-']] }],
  ] as const)('differs with %j', (change) => {
    expect(variantId({ ...variant, ...change })).not.toBe(variantId(variant));
  });

  it('is injective (10,000 runs)', () => {
    const text = fc.stringMatching(/^[1:a-]{0,3}$/);
    const vary = fc.array(fc.tuple(text, fc.option(text)), { maxLength: 2 });
    const input = fc.record({
      method: fc.constantFrom('GET' as const, 'HEAD' as const),
      key: text,
      partition: text,
      vary,
    });
    fc.assert(
      fc.property(input, input, (left, right) => {
        expect(variantId(left) === variantId(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
      { numRuns: 10_000 },
    );
  });
});
