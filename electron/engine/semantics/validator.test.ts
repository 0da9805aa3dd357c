import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate } from './http-date';
import { anyText, MANY } from './test/arbitraries';
import { NOW, NOW_DATE } from './test/responses';
import {
  entityTag,
  entityTags,
  hasValidator,
  isStrongTag,
  lastModified,
  strongValidator,
  stronglyEqual,
  weaklyEqual,
} from './validator';

const yesterday = formatHttpDate(NOW - 86_400_000);

describe('RFC 9110 §8.8.3: the entity tag of a response', () => {
  it.each<[string[], string | null]>([
    [[], null],
    [['ETag', '"a"'], '"a"'],
    [['etag', 'W/"a"'], 'W/"a"'],
    [['ETag', '""'], '""'],
    [['ETag', '"a, b"'], '"a, b"'],
    [['ETag', 'unquoted'], 'unquoted'],
    [['ETag', ''], null],
    [['ETag', '"a"', 'ETag', '"b"'], null],
    [['ETag', '"a"', 'ETag', '"a"'], null],
    [['ETag', '"a", "b"'], null],
    [['ETag', 'a,b'], null],
    [['ETag', '*'], null],
    [['ETag', 'a, *'], null],
    [['ETag', '"*"'], '"*"'],
  ])('of %j is %s', (fields, tag) => {
    expect(entityTag(fields)).toBe(tag);
  });

  it('never makes a condition that matches anything: in a list it is one tag, and not * (§13.1.2; 10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tag = entityTag(['ETag', text]);
        if (tag === null) return true;
        const read = entityTags(`"x", ${tag}, "y"`);
        return read.length === 3 && read[1] === tag.trim() && !read.includes('*');
      }),
      MANY,
    );
  });
});

describe('RFC 9110 §8.8.2: Last-Modified', () => {
  it.each<[string[], string | null]>([
    [[], null],
    [['Last-Modified', yesterday], yesterday],
    [['last-modified', 'Sunday, 06-Nov-94 08:49:37 GMT'], 'Sunday, 06-Nov-94 08:49:37 GMT'],
    [['Last-Modified', 'garbage'], null],
    [['Last-Modified', ''], null],
  ])('of %j is %s', (fields, modified) => {
    expect(lastModified(fields)).toBe(modified);
  });

  it('is a validator, as a tag is', () => {
    expect(hasValidator(['Last-Modified', yesterday])).toBe(true);
    expect(hasValidator(['ETag', 'W/"a"'])).toBe(true);
    expect(hasValidator(['Last-Modified', 'garbage', 'ETag', ''])).toBe(false);
  });
});

describe('RFC 9110 §13.1: lists of entity tags', () => {
  it.each<[string, string[]]>([
    ['"a"', ['"a"']],
    [' "a" , W/"b",, "c,d" ', ['"a"', 'W/"b"', '"c,d"']],
    ['"a\\", "b"', ['"a\\"', '"b"']],
    ['abc, *', ['abc', '*']],
    ['"open, ended', ['"open, ended']],
    ['""', ['""']],
    [', ,', []],
    ['', []],
  ])('%j has %j', (value, tags) => {
    expect(entityTags(value)).toEqual(tags);
  });

  it('never throws, and has no empty tag (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, (value) => entityTags(value).every((tag) => tag.trim() !== '')),
      MANY,
    );
  });
});

describe('RFC 9110 §8.8.3.2: comparison', () => {
  it.each([
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
    ['"1"', '"2"', false, false],
    ['""', '""', true, true],
    ['w/"1"', '"1"', false, false],
    ['abc', 'abc', false, true],
    ['"', '"', false, true],
  ])('of %s with %s: strong %s, weak %s', (left, right, strong, weak) => {
    expect(stronglyEqual(left, right)).toBe(strong);
    expect(stronglyEqual(right, left)).toBe(strong);
    expect(weaklyEqual(left, right)).toBe(weak);
    expect(weaklyEqual(right, left)).toBe(weak);
  });

  it.each([
    ['"a"', true],
    ['""', true],
    ['W/"a"', false],
    ['a', false],
    ['"a', false],
    ['a"', false],
    ['"', false],
  ])('%s is strong: %s', (tag, strong) => {
    expect(isStrongTag(tag)).toBe(strong);
  });

  it('what agrees strongly agrees weakly (10,000 runs)', () => {
    const tag = fc.stringMatching(/^(W\/)?"?[ab]{0,2}"?$/);
    fc.assert(
      fc.property(tag, tag, (left, right) => !stronglyEqual(left, right) || weaklyEqual(left, right)),
      MANY,
    );
  });
});

describe('RFC 9110 §8.8.1, §8.8.2.2: what proves that two parts are of one representation', () => {
  const secondBefore = formatHttpDate(NOW - 1000);
  it.each<[string, string[], string | null]>([
    ['a strong tag', ['ETag', '"a"'], '"a"'],
    ['a strong tag, whatever the dates', ['ETag', '"a"', 'Last-Modified', NOW_DATE, 'Date', NOW_DATE], '"a"'],
    ['not a weak tag', ['ETag', 'W/"a"'], null],
    [
      'not a weak tag, though the date would be strong',
      ['ETag', 'W/"a"', 'Last-Modified', yesterday, 'Date', NOW_DATE],
      null,
    ],
    ['not an unquoted tag', ['ETag', 'a'], null],
    ['a modification a second before Date', ['Last-Modified', secondBefore, 'Date', NOW_DATE], secondBefore],
    ['not one in the second of Date', ['Last-Modified', NOW_DATE, 'Date', NOW_DATE], null],
    ['not one after Date', ['Last-Modified', NOW_DATE, 'Date', yesterday], null],
    ['not one without Date', ['Last-Modified', yesterday], null],
    ['not one with a Date that is none', ['Last-Modified', yesterday, 'Date', 'x'], null],
    ['not one that is no date', ['Last-Modified', 'x', 'Date', NOW_DATE], null],
    ['nothing', [], null],
  ])('%s', (_what, fields, validator) => {
    expect(strongValidator(fields)).toBe(validator);
  });
});
