import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deltaSeconds,
  isUnqualified,
  MAX_DELTA_SECONDS,
  parseCacheControl,
  parseDeltaSeconds,
  qualifyingFields,
  requestCacheControl,
  responseCacheControl,
} from './cache-control';

describe('RFC 9111 §5.2: parseCacheControl', () => {
  it.each<[string | undefined, [string, string | null][]]>([
    [undefined, []],
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
  ])('reads %j', (value, directives) => {
    expect([...parseCacheControl(value)]).toEqual(directives);
  });

  it('lets no unterminated quoted string hide a directive', () => {
    expect(parseCacheControl('private="x, no-store').has('no-store')).toBe(true);
  });

  it('knows no directive by inheritance', () => {
    expect(parseCacheControl('a').has('toString')).toBe(false);
  });

  it('never throws, and has only names in lower case', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        for (const name of parseCacheControl(value).keys()) expect(name).toBe(name.toLowerCase());
      }),
    );
  });

  it('finds no-store wherever it stands outside quotes', () => {
    const member = fc.stringMatching(/^[a-z]+(=([a-z0-9]+|"[a-z, =]*"))?$/);
    fc.assert(
      fc.property(fc.array(member), fc.array(member), (before, after) => {
        const value = [...before, 'no-store', ...after].join(', ');
        expect(parseCacheControl(value).has('no-store')).toBe(true);
      }),
    );
  });
});

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
    ['ext=1, ext=2', 'ext', '1'],
  ])('%s', (value, name, argument) => {
    expect(parseCacheControl(value).get(name)).toBe(argument);
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

  it('says nothing with other words, and nothing in responses', () => {
    expect(requestCacheControl(['Pragma', 'foo']).size).toBe(0);
    expect(requestCacheControl([]).size).toBe(0);
    expect(responseCacheControl(['Pragma', 'no-cache']).size).toBe(0);
  });

  it('reads several lines of Cache-Control as one', () => {
    const control = responseCacheControl(['Cache-Control', 'no-cache="a"', 'cache-control', 'max-age=3']);
    expect([...control.keys()]).toEqual(['no-cache', 'max-age']);
  });
});
