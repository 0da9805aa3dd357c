import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltaSeconds, isUnqualified, qualifyingFields } from './cache-control';
import { responseCacheControl, responseDirectives } from './response-directives';
import { anyText, MANY } from './test/arbitraries';

const governing = (fields: readonly string[]) => {
  const { control, target } = responseDirectives(fields);
  return [target, ...control.keys()];
};

describe('RFC 9111 §5.2.2: Cache-Control of a response', () => {
  it('is read as one list, whatever its lines', () => {
    const control = responseCacheControl(['Cache-Control', 'no-cache="a"', 'cache-control', 'max-age=3']);
    expect([...control.keys()]).toEqual(['no-cache', 'max-age']);
  });

  it('Pragma says nothing in responses (§5.4)', () => {
    expect(governing(['Pragma', 'no-cache'])).toEqual([null]);
  });
});

describe('RFC 9213 §2.2: the first targeted field that is valid and not empty governs', () => {
  const larder = ['Larder-Cache-Control', 'max-age=1'];
  const cdn = ['CDN-Cache-Control', 'max-age=2'];
  const general = ['Cache-Control', 'no-store'];

  it.each<[string, string[], (string | null)[]]>([
    ['nothing', [], [null]],
    ['Cache-Control alone', general, [null, 'no-store']],
    ['CDN-Cache-Control before Cache-Control', [...general, ...cdn], ['cdn-cache-control', 'max-age']],
    [
      'Larder-Cache-Control before both',
      [...cdn, ...general, ...larder],
      ['larder-cache-control', 'max-age'],
    ],
    ['upper case', ['CDN-CACHE-CONTROL', 'no-cache', ...general], ['cdn-cache-control', 'no-cache']],
    ['others are not ours', ['Other-Cache-Control', 'no-cache', ...general], [null, 'no-store']],
  ])('%s', (_what, fields, expected) => {
    expect(governing(fields)).toEqual(expected);
  });

  it.each([
    ['empty', ''],
    ['nothing but space', '  '],
    ['a name in upper case, which no key is', 'Max-Age=5'],
    ['a comma at the end', 'max-age=5,'],
    ['a comma at the start', ',max-age=5'],
    ['two commas', 'max-age=5,,no-store'],
    ['space about the equals sign', 'max-age = 5'],
    ['no value', 'max-age='],
    ['an open string', 'private="a'],
    ['an integer of sixteen digits', 'max-age=1234567890123456'],
    ['a decimal of four places', 'max-age=1.2345'],
    ['a semicolon for a comma', 'max-age=5; =3'],
    ['other characters', 'max-age=5, é'],
    ['more than can be read', `max-age=5, x="${'a'.repeat(8192)}"`],
  ])('one that is no Dictionary or empty is ignored as if it were not there (§2.1): %s', (_what, value) => {
    expect(governing(['CDN-Cache-Control', value, ...general])).toEqual([null, 'no-store']);
    expect(governing(['Larder-Cache-Control', value, ...cdn])).toEqual(['cdn-cache-control', 'max-age']);
  });

  it('one of 8192 characters is read, and no longer one', () => {
    const value = `max-age=5, x="${'a'.repeat(8177)}"`;
    expect(governing(['CDN-Cache-Control', value, ...general])).toEqual([
      'cdn-cache-control',
      'max-age',
      'x',
    ]);
    expect(governing(['CDN-Cache-Control', `${value} `, ...general])).toEqual([null, 'no-store']);
  });

  it('one that has a member is not empty, though it says only what does not hold', () => {
    expect(governing(['CDN-Cache-Control', 'no-store=?0', 'Cache-Control', 'max-age=5'])).toEqual([
      'cdn-cache-control',
    ]);
  });
});

describe('RFC 9213 §2.1: the members of a targeted field', () => {
  const control = (value: string) => responseCacheControl(['CDN-Cache-Control', value]);

  it.each<[string, string, string | null | undefined]>([
    ['an Integer', 'max-age=60', '60'],
    ['an Integer below zero', 'max-age=-60', '-60'],
    ['no value', 'no-store', null],
    ['true', 'no-store=?1', null],
    ['false', 'no-store=?0', undefined],
    ['a String', 'private="a, b"', 'a, b'],
    ['an empty String', 'private=""', ''],
    ['a Token', 'private=a', ''],
    ['a Decimal', 'max-age=60.5', ''],
    ['digits in a String', 'max-age="60"', ''],
    ['a Byte Sequence', 'max-age=:NjA=:', ''],
    ['a Date', 'max-age=@60', ''],
    ['a Display String', 'max-age=%"60"', ''],
    ['an Inner List', 'private=("a" "b")', ''],
    ['parameters, which are ignored', 'max-age=60;x=5;y', '60'],
    ['parameters of a member without value', 'no-store;max-age=5', null],
    ['the last of two', 'max-age=5, max-age=9', '9'],
    ['no-store, no-store=?0', 'no-store, no-store=?0', undefined],
  ])('%s', (_what, value, argument) => {
    const [name = ''] = value.split(/[=;,]/);
    expect(control(value).get(name)).toBe(argument);
  });

  it.each([
    'max-age="60"',
    'max-age=60.5',
    'max-age=a',
    'max-age=-1',
    'max-age',
    'max-age=(60)',
    'max-age=?1',
  ])('a lifetime of another type than Integer is none: %s', (value) => {
    expect(deltaSeconds(control(value), 'max-age')).toBe(0);
  });

  it('field names stand in a String, and what is none applies to the whole', () => {
    expect(qualifyingFields(control('private="A, b"'), 'private')).toEqual(['a', 'b']);
    for (const value of ['private', 'private=a', 'private=("a")', 'private=5.5', 'private="5"'])
      expect(isUnqualified(control(value), 'private')).toBe(true);
  });

  it('its lines are one Dictionary (RFC 9651 §4.2)', () => {
    const lines = [
      'CDN-Cache-Control',
      'max-age=5',
      'cdn-cache-control',
      'no-cache',
      'CDN-Cache-Control',
      'a=1',
    ];
    expect([...responseCacheControl(lines)]).toEqual([
      ['max-age', '5'],
      ['no-cache', null],
      ['a', '1'],
    ]);
    const oneInvalid = ['CDN-Cache-Control', 'max-age=5', 'CDN-Cache-Control', 'No-Cache'];
    expect(governing([...oneInvalid, 'Cache-Control', 'public'])).toEqual([null, 'public']);
  });

  it('knows no directive by inheritance', () => {
    expect(control('a').has('toString')).toBe(false);
  });

  it('never throws, and what does not parse changes nothing (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, anyText, (targeted, general) => {
        const { target, control: read } = responseDirectives([
          'CDN-Cache-Control',
          targeted,
          'Cache-Control',
          general,
        ]);
        const alone = responseCacheControl(['Cache-Control', general]);
        return target === null
          ? JSON.stringify([...read]) === JSON.stringify([...alone])
          : [...read.keys()].every((name) => /^[a-z*][a-z0-9_.*-]*$/.test(name));
      }),
      MANY,
    );
  });
});
