import { describe, expect, it } from 'vitest';
import { formatHttpDate } from './http-date';
import { allowsRange, hasOwnConditions, isNotModified } from './preconditions';
import { NOW, NOW_DATE, stored } from './test/responses';

const yesterday = formatHttpDate(NOW - 86_400_000);
const tomorrow = formatHttpDate(NOW + 86_400_000);

describe('conditions of the client that a cache can judge', () => {
  it.each([
    ['If-None-Match', true],
    ['IF-MODIFIED-SINCE', true],
    ['If-Match', false],
    ['If-Unmodified-Since', false],
    ['If-Range', false],
  ])('%s: %s', (name, own) => {
    expect(hasOwnConditions(['Accept', '*/*', name, ''])).toBe(own);
  });
});

describe('RFC 9111 §4.3.2: isNotModified', () => {
  const fields = ['ETag', '"abc"', 'Last-Modified', yesterday, 'Date', NOW_DATE];

  it.each<[string[], boolean]>([
    [[], false],
    [['If-None-Match', '"abc"'], true],
    [['If-None-Match', 'W/"abc"'], true],
    [['If-None-Match', '"1", "abc", "2"'], true],
    [['If-None-Match', '"1"', 'If-None-Match', '"abc"'], true],
    [['If-None-Match', '*'], true],
    [['If-None-Match', '"*"'], false],
    [['If-None-Match', 'abc'], false],
    [['If-None-Match', '"ABC"'], false],
    [['If-None-Match', ''], false],
    [['If-None-Match', '"other"', 'If-Modified-Since', NOW_DATE], false],
    [['If-None-Match', '"abc"', 'If-Modified-Since', formatHttpDate(0)], true],
    [['If-Modified-Since', yesterday], true],
    [['If-Modified-Since', NOW_DATE], true],
    [['If-Modified-Since', 'Saturday, 05-Nov-94 08:49:37 GMT'], true],
    [['If-Modified-Since', 'Sat Nov  5 08:49:37 1994'], true],
    [['If-Modified-Since', formatHttpDate(NOW - 86_401_000)], false],
    [['If-Modified-Since', 'garbage'], false],
    [['If-Modified-Since', ''], false],
    [['If-Modified-Since', yesterday, 'If-Modified-Since', yesterday], false],
  ])('%j', (request, notModified) => {
    expect(isNotModified(request, stored({ fields }))).toBe(notModified);
  });

  it('compares Date where there is no Last-Modified, and the time of receipt where there is no Date', () => {
    const since = (date: string) => ['If-Modified-Since', date];
    expect(isNotModified(since(yesterday), stored({ fields: ['Date', yesterday] }))).toBe(true);
    expect(isNotModified(since(yesterday), stored({ fields: ['Date', NOW_DATE] }))).toBe(false);
    expect(isNotModified(since(NOW_DATE), stored({ fields: ['Last-Modified', 'x'] }))).toBe(true);
    expect(isNotModified(since(yesterday), stored())).toBe(false);
  });

  it('counts only where the answer would be a success (RFC 9110 §13.2.1)', () => {
    for (const status of [301, 404, 500])
      expect(isNotModified(['If-None-Match', '"abc"'], stored({ fields, status }))).toBe(false);
    for (const status of [200, 203, 206])
      expect(isNotModified(['If-None-Match', '"abc"'], stored({ fields, status }))).toBe(true);
  });

  it('finds no tag in a response without one, but * matches whatever there is (RFC 9110 §13.1.2)', () => {
    expect(isNotModified(['If-None-Match', '"abc"'], stored())).toBe(false);
    expect(isNotModified(['If-None-Match', '*'], stored())).toBe(true);
  });
});

describe('RFC 9110 §13.1.5: If-Range', () => {
  const tagged = ['ETag', '"a"', 'Last-Modified', yesterday, 'Date', NOW_DATE];
  const weak = ['ETag', 'W/"a"', 'Last-Modified', yesterday, 'Date', NOW_DATE];

  it.each<[string, string[], string[], boolean]>([
    ['no condition', [], [], true],
    ['the strong tag', ['If-Range', '"a"'], tagged, true],
    ['another tag', ['If-Range', '"b"'], tagged, false],
    ['its weak form', ['If-Range', 'W/"a"'], tagged, false],
    ['a weak tag that is the stored one', ['If-Range', 'W/"a"'], weak, false],
    ['the strong form of a weak tag', ['If-Range', '"a"'], weak, false],
    ['a tag where none is stored', ['If-Range', '"a"'], [], false],
    ['the date', ['If-Range', yesterday], tagged, true],
    ['the date in another format', ['If-Range', 'Saturday, 05-Nov-94 08:49:37 GMT'], tagged, true],
    ['the date beside a weak tag', ['If-Range', yesterday], weak, true],
    ['an earlier date', ['If-Range', formatHttpDate(0)], tagged, false],
    ['a later date: it has to be the same', ['If-Range', tomorrow], tagged, false],
    [
      'a date that is not strong',
      ['If-Range', NOW_DATE],
      ['Last-Modified', NOW_DATE, 'Date', NOW_DATE],
      false,
    ],
    ['a date without Date beside it', ['If-Range', yesterday], ['Last-Modified', yesterday], false],
    ['a date where none is stored', ['If-Range', yesterday], ['ETag', '"a"'], false],
    ['garbage', ['If-Range', 'a'], ['ETag', 'a'], false],
    ['*', ['If-Range', '*'], tagged, false],
    ['nothing', ['If-Range', ''], tagged, false],
    ['two of them', ['If-Range', '"a"', 'If-Range', '"a"'], tagged, false],
  ])('%s', (_what, request, fields, allowed) => {
    expect(allowsRange(request, stored({ fields }))).toBe(allowed);
  });
});
