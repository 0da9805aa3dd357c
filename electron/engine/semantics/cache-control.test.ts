import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cacheControlOf,
  deltaSeconds,
  isUnqualified,
  MAX_DELTA_SECONDS,
  parseCacheControl,
  parseDeltaSeconds,
  qualifyingFields,
  requestCacheControl,
} from './cache-control';
import { anyText, MANY } from './test/arbitraries';

describe('RFC 9111 §5.2: parseCacheControl', () => {
  it.each<[string, [string, string | null][]]>([
    ['', []],
    [' , ,', []],
    ['no-store', [['no-store', null]]],
    [
      'No-StOrE, MAX-AGE=5',
      [
        ['no-store', null],
        ['max-age', '5'],
      ],
    ],
    ['max-age="60"', [['max-age', '60']]],
    ["max-age='60'", [['max-age', "'60'"]]],
    [
      'private="a, b", max-age=1',
      [
        ['private', 'a, b'],
        ['max-age', '1'],
      ],
    ],
    ['ext="a\\"b"', [['ext', 'a"b']]],
    [
      'ext="max-age=3600", max-age=1',
      [
        ['ext', 'max-age=3600'],
        ['max-age', '1'],
      ],
    ],
    ['=5, no-store', [['no-store', null]]],
    [
      '__proto__, constructor=1',
      [
        ['__proto__', null],
        ['constructor', '1'],
      ],
    ],
    ['\tno-store\t', [['no-store', null]]],
    ['no-store;x', [['no-store;x', null]]],
    ['max-age=5;x', [['max-age', '5;x']]],
    ['max-age==5', [['max-age', '=5']]],
    ['ext="', [['ext', '"']]],
    ['ext="\\"', [['ext', '\\']]],
    ['ext="\\\\"', [['ext', '\\']]],
    ['ext=""', [['ext', '']]],
    [
      'ext="a\\", no-store", public',
      [
        ['ext', 'a", no-store'],
        ['public', null],
      ],
    ],
  ])('reads %j', (value, directives) => {
    expect([...parseCacheControl(value)]).toEqual(directives);
  });

  it.each(['private="x, no-store', 'ext="a\\", no-store', '", no-store', 'a="b", c=", no-store, d'])(
    'lets no unterminated quoted string hide a directive: %s',
    (value) => {
      expect(parseCacheControl(value).has('no-store')).toBe(true);
    },
  );

  it('reads three lines, joined as RFC 9110 §5.3 has it, as one list', () => {
    const control = cacheControlOf([
      'Cache-Control',
      'max-age=9, private="a, b"',
      'X',
      'no-cache',
      'cache-control',
      'NO-STORE',
      'CACHE-CONTROL',
      'max-age=7, private="c"',
    ]);
    expect([...control]).toEqual([
      ['max-age', '7'],
      ['private', 'a, b,c'],
      ['no-store', null],
    ]);
    expect(cacheControlOf(['X', 'no-cache']).size).toBe(0);
  });

  it.each([
    [['ext="a', 'no-store', 'b"']],
    [['",no-store', '"']],
    [['ext="', 'no-store']],
    [['ext="a, b"', 'x="', 'no-store, y"']],
  ])('lets no string that goes on in the next line hide a directive: %j', (lines) => {
    const fields = lines.flatMap((line) => ['Cache-Control', line]);
    expect(requestCacheControl(fields).has('no-store')).toBe(true);
  });

  it('knows no directive by inheritance', () => {
    expect(parseCacheControl('a').has('toString')).toBe(false);
  });

  it('never throws, and has only names in lower case, without space (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, (value) =>
        [...parseCacheControl(value).keys()].every(
          (name) => name !== '' && name === name.trim().toLowerCase(),
        ),
      ),
      MANY,
    );
  });

  it('finds no-store in whatever line it stands alone, whatever the others hold (10,000 runs)', () => {
    const lines = fc.array(anyText, { maxLength: 3 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const all = [...before, 'no-store', ...after].flatMap((line) => ['Cache-Control', line]);
        return cacheControlOf(all).has('no-store');
      }),
      MANY,
    );
  });

  it('finds no-store wherever it stands outside quotes (10,000 runs)', () => {
    const member = fc.stringMatching(/^[a-z]+(=([a-z0-9]+|"[a-z, =]*"))?$/);
    fc.assert(
      fc.property(fc.array(member), fc.array(member), (before, after) => {
        const value = [...before, 'no-store', ...after].join(', ');
        return parseCacheControl(value).has('no-store');
      }),
      MANY,
    );
  });
});

describe('what is too much to read counts as no-store', () => {
  it.each([
    ['8192 characters', 'a'.repeat(8192), ['a'.repeat(8192)]],
    ['8193 characters', 'a'.repeat(8193), ['no-store']],
    ['64 directives', numbered(64), numbered(64).split(',')],
    ['65 directives', numbered(65), ['no-store']],
    ['65 times one directive', Array.from({ length: 65 }, () => 'a').join(), ['a']],
  ])('%s', (_what, value, names) => {
    expect([...parseCacheControl(value).keys()]).toEqual(names);
  });
});

function numbered(count: number): string {
  return Array.from({ length: count }, (_, index) => `x${index}`).join();
}

describe('RFC 9111 §4.2.1: a directive given twice allows the less', () => {
  it.each([
    ['max-age=1800, max-age=1', 'max-age', '1'],
    ['max-age=1, max-age=1800', 'max-age', '1'],
    ['max-age=100, max-age=oops', 'max-age', 'oops'],
    ['max-age=100, max-age', 'max-age', null],
    ['s-maxage=5, s-maxage=3', 's-maxage', '3'],
    ['min-fresh=5, min-fresh=9, min-fresh=2', 'min-fresh', '9'],
    ['max-stale, max-stale=5', 'max-stale', '5'],
    ['max-stale=5, max-stale', 'max-stale', '5'],
    ['max-stale=5, max-stale=3', 'max-stale', '3'],
    ['private, private="x"', 'private', null],
    ['private="x", private', 'private', null],
    ['private="x", private=""', 'private', null],
    ['private="x", private="y"', 'private', 'x,y'],
    ['no-cache="x", no-cache', 'no-cache', null],
    ['private="x", private=","', 'private', null],
    ['private=" ,", private="x"', 'private', null],
    ['stale-while-revalidate=9, stale-while-revalidate=3', 'stale-while-revalidate', '3'],
    ['stale-if-error=3, stale-if-error=9', 'stale-if-error', '3'],
    ['max-stale, max-stale', 'max-stale', null],
    ['min-fresh=5, min-fresh=x', 'min-fresh', '5'],
    ['min-fresh, min-fresh=5', 'min-fresh', '5'],
    ['s-maxage=5, S-MAXAGE', 's-maxage', null],
    ['ext=1, ext=2', 'ext', '1'],
  ])('%s', (value, name, argument) => {
    expect(parseCacheControl(value).get(name)).toBe(argument);
  });

  it('whatever stands beside it: no lifetime is longer, no list shorter, than of one alone (10,000 runs)', () => {
    const name = fc.constantFrom('max-age', 's-maxage', 'stale-if-error', 'stale-while-revalidate');
    const argument = fc.constantFrom('', '=', '=1', '=5', '="7"', '=x', '=99999999999');
    fc.assert(
      fc.property(name, fc.array(argument, { minLength: 1, maxLength: 4 }), (directive, values) => {
        const members = values.map((value) => directive + value);
        const together = deltaSeconds(parseCacheControl(members.join()), directive) ?? Infinity;
        return members.every(
          (member) => together <= (deltaSeconds(parseCacheControl(member), directive) ?? -1),
        );
      }),
      MANY,
    );
  });

  it('no-cache and private apply to the whole where one of them does (10,000 runs)', () => {
    const member = fc.constantFrom(
      '',
      '=""',
      '=","',
      '=a',
      '="a, b"',
      '="a b"',
      '="\\""',
      '="a\\""',
      '=" , "',
    );
    fc.assert(
      fc.property(
        fc.constantFrom('no-cache' as const, 'private' as const),
        fc.array(member, { minLength: 1, maxLength: 3 }),
        (directive, values) => {
          const members = values.map((value) => directive + value);
          const applies = (text: string) => isUnqualified(parseCacheControl(text), directive);
          return !members.some(applies) || applies(members.join(', '));
        },
      ),
      MANY,
    );
  });
});

describe('RFC 9111 §1.2.2: delta-seconds', () => {
  it.each([
    ['max-age=60', 60],
    ['max-age="60"', 60],
    ['max-age=003600', 3600],
    ['max-age=0', 0],
    ['max-age=2147483648', MAX_DELTA_SECONDS],
    ['max-age=99999999999999999999999999', MAX_DELTA_SECONDS],
    ['max-age', 0],
    ['max-age=', 0],
    ['max-age=-1', 0],
    ['max-age=1.5', 0],
    ['max-age=3600a', 0],
    ['max-age=a3600', 0],
    ["max-age='60'", 0],
    ['max-age= 60', 0],
    ['max-age =60', 0],
    ['max-age=1e3', 0],
    ['max-age=+5', 0],
    ['max-age=0x10', 0],
    ['max-age="', 0],
    ['max-age="5', 0],
    ['max-age="5 "', 0],
    ['max-age=60 ', 60],
    ['max-age=2147483647', 2_147_483_647],
    ['max-age\t=60', 0],
    ['public', null],
  ])('%s is %s', (value, seconds) => {
    expect(deltaSeconds(parseCacheControl(value), 'max-age')).toBe(seconds);
  });

  it('takes no sign, no space and no other digits', () => {
    for (const value of ['', ' 1', '1 ', '+1', '٣']) expect(parseDeltaSeconds(value)).toBeNull();
  });
});

describe('RFC 9111 §5.2.2.4, §5.2.2.7: no-cache and private with field names', () => {
  it.each<[string, boolean, string[]]>([
    ['private', true, []],
    ['private=""', true, []],
    ['private=","', true, []],
    ['private="Set-Cookie, X-A"', false, ['set-cookie', 'x-a']],
    ['private=" set-cookie"', false, ['set-cookie']],
    ['private=set-cookie', false, ['set-cookie']],
    ['private="not a field"', true, []],
    ['private, private="x"', true, []],
    ['public', false, []],
    ['private=a, private=b', false, ['a', 'b']],
    ['private="a, not a field"', true, []],
    ['private="A,a"', false, ['a', 'a']],
    ["private='a'", false, ["'a'"]],
  ])('%s', (value, unqualified, names) => {
    const control = parseCacheControl(value);
    expect(isUnqualified(control, 'private')).toBe(unqualified);
    expect(qualifyingFields(control, 'private')).toEqual(names);
  });
});

describe('RFC 9111 §5.4: Pragma', () => {
  it('counts as no-cache where there is no Cache-Control', () => {
    expect(requestCacheControl(['Pragma', 'x, No-Cache']).has('no-cache')).toBe(true);
  });

  it('does not count beside Cache-Control', () => {
    const control = requestCacheControl(['Pragma', 'no-cache', 'Cache-Control', 'nothing-to-see-here']);
    expect(control.has('no-cache')).toBe(false);
  });

  it('does not count beside a Cache-Control that is empty', () => {
    expect(requestCacheControl(['Pragma', 'no-cache', 'Cache-Control', '']).size).toBe(0);
  });

  it.each([['foo'], ['no-cache=1'], ['"no-cache"'], ['']])('says nothing with %j', (value) => {
    expect(requestCacheControl(['Pragma', value]).size).toBe(0);
  });

  it('is not needed', () => {
    expect(requestCacheControl([]).size).toBe(0);
  });
});
