import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, MANY } from './test/arbitraries';
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
    [['Vary', 'foo\tbar'], '*'],
    [['Vary', 'foo;q=1'], '*'],
    [['Vary', ' , ,foo, '], ['foo']],
    [['Vary', Array.from({ length: 32 }, (_, index) => `x${index + 10}`).join()], numbered(32)],
    [['Vary', Array.from({ length: 33 }, (_, index) => `x${index}`).join()], '*'],
  ])('of %j', (fields, names) => {
    expect(varyNames(fields)).toEqual(names);
  });

  it('never throws, and has each name once, in lower case, in order (10,000 runs)', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 3 }), (lines) => {
        const names = varyNames(lines.flatMap((line) => ['Vary', line]));
        if (names === '*') return true;
        return names.every(
          (name, at) => name === name.toLowerCase() && (at === 0 || name > (names[at - 1] ?? '')),
        );
      }),
      MANY,
    );
  });
});

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `x${index + 10}`);
}

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
    ['accept-encoding', ['Accept-Encoding', 'gzip;q=1.'], ['Accept-Encoding', 'GZIP']],
    ['accept-encoding', ['Accept-Encoding', '*;q=0, identity'], ['Accept-Encoding', 'identity, *;q=0.000']],
    [
      'accept-encoding',
      ['Accept-Encoding', 'gzip', 'Accept-Encoding', 'br'],
      ['Accept-Encoding', 'br, gzip'],
    ],
    ['foo', ['Foo', '1 ,2'], ['Foo', '1,\t2']],
    ['foo', ['Foo', 'a="1, 2" , b'], ['Foo', 'a="1, 2",b']],
    ['foo', ['Foo', '"a\\"b" , c'], ['Foo', '"a\\"b",c']],
    ['foo', ['Foo', '"open , x'], ['Foo', '"open , x']],
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
    ['accept-encoding', ['Accept-Encoding', 'gzip;q=0.5'], ['Accept-Encoding', 'gzip;q=0.51']],
    ['accept-encoding', ['Accept-Encoding', 'gzip;q=0.5005'], ['Accept-Encoding', 'gzip;q=0.5']],
    ['accept-language', ['Accept-Language', 'en;q=0.5, de'], ['Accept-Language', 'de, en;q=0.5']],
    ['foo', ['Foo', 'a="1, 2"'], ['Foo', 'a="1,2"']],
    ['foo', ['Foo', 'a b'], ['Foo', 'a  b']],
    ['foo', ['Foo', '"open , x'], ['Foo', '"open,x']],
    ['cookie', ['Cookie', 'a=1'], ['Cookie', 'a=2']],
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

  it('always agrees with the request it was made of, however that is written (10,000 runs)', () => {
    const names = fc.array(fc.constantFrom('foo', 'accept-encoding', 'accept-language', 'cookie'));
    const lines = fc.array(
      fc.tuple(fc.constantFrom('Foo', 'Accept-Encoding', 'Accept-Language', 'Cookie'), anyText),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(names, lines, (vary, fields) => {
        const kept = varyingFields(vary, fields.flat());
        return (
          matchesVary(kept, fields.flat()) &&
          varyDifferences(stored({ vary: kept }), fields.flat()).length === 0
        );
      }),
      MANY,
    );
  });

  it('agrees only where the lists have the same members, but for what carries no meaning (10,000 runs)', () => {
    const member = fc.constantFrom(
      'gzip',
      'GZIP',
      'gzip;q=1',
      'gzip;q=0.5',
      'br',
      'br;q=0.50',
      'br; q=0.5',
      '*;q=0',
    );
    const list = fc.array(member, { maxLength: 3 });
    // Written out, so that it is no copy of what is tested.
    const meaning: Record<string, string> = {
      gzip: 'gzip 1',
      GZIP: 'gzip 1',
      'gzip;q=1': 'gzip 1',
      'gzip;q=0.5': 'gzip .5',
      br: 'br 1',
      'br;q=0.50': 'br .5',
      'br; q=0.5': 'br .5',
      '*;q=0': '* 0',
    };
    const meant = (members: string[]) => members.map((text) => meaning[text]).join();
    fc.assert(
      fc.property(list, list, fc.constantFrom(',', ' , '), (left, right, comma) => {
        const written = (name: string, members: string[], by: string) => [name, members.join(by)];
        const encodings = agree(
          'accept-encoding',
          written('Accept-Encoding', left, ','),
          written('Accept-Encoding', right, comma),
        );
        const languages = agree(
          'accept-language',
          written('Accept-Language', left, ','),
          written('Accept-Language', right, comma),
        );
        const sorted = (members: string[]) => meant(members).split(',').sort().join();
        return languages === (meant(left) === meant(right)) && encodings === (sorted(left) === sorted(right));
      }),
      MANY,
    );
  });

  it('names the fields that differ', () => {
    const vary = varyingFields(['a', 'b', 'c'], ['A', '1', 'B', '2']);
    expect(varyDifferences(stored({ vary }), ['A', '1', 'B', '3', 'C', ''])).toEqual(['b', 'c']);
  });
});

describe('variantId', () => {
  const variant = { method: 'GET', key: 'https://a/', partition: '', vary: [], partial: null } as const;

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
    [{ partial: { ranges: [{ first: 0, last: 1 }], completeLength: 9 } }],
  ] as const)('differs with %j', (change) => {
    expect(variantId({ ...variant, ...change })).not.toBe(variantId(variant));
  });

  it('of a part is the same whatever it holds', () => {
    const part = (first: number, completeLength: number | null) =>
      variantId({ ...variant, partial: { ranges: [{ first, last: 9 }], completeLength } });
    expect(part(0, 10)).toBe(part(5, null));
  });

  it('is injective (10,000 runs)', () => {
    const text = fc.stringMatching(/^[1:a-]{0,3}$/);
    const vary = fc.array(fc.tuple(text, fc.option(text)), { maxLength: 2 });
    const input = fc
      .record({ method: fc.constantFrom('GET' as const, 'HEAD' as const), key: text, partition: text, vary })
      .chain((whole) => {
        const part = { ...whole, method: 'GET' as const, partial: { ranges: [], completeLength: null } };
        return fc.constantFrom({ ...whole, partial: null }, part);
      });
    fc.assert(
      fc.property(input, input, (left, right) => {
        expect(variantId(left) === variantId(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
      { numRuns: 10_000 },
    );
  });
});
