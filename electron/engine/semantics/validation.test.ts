import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldLines, fieldValue } from '../http/raw-fields';
import { formatHttpDate } from './http-date';
import { storableFields } from './storable';
import { NOW, NOW_DATE, OVERRIDE, received, RESPECT, stored } from './test/responses';
import {
  conditionsFor,
  freshen,
  hasOwnConditions,
  identifies,
  isNotModified,
  withConditions,
} from './validation';
import { entityTag, entityTags, hasValidator, stronglyEqual, weaklyEqual } from './validator';

const yesterday = formatHttpDate(NOW - 86_400_000);
const tomorrow = formatHttpDate(NOW + 86_400_000);

describe('RFC 9110 §8.8.3: entity tags', () => {
  it.each<[string, string[]]>([
    ['"a"', ['"a"']],
    [' "a" , W/"b",, "c,d" ', ['"a"', 'W/"b"', '"c,d"']],
    ['"a\\", "b"', ['"a\\"', '"b"']],
    ['abc, *', ['abc', '*']],
    ['"open, ended', ['"open, ended']],
    ['', []],
  ])('reads %j', (value, tags) => {
    expect(entityTags(value)).toEqual(tags);
  });

  it.each([
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
    ['w/"1"', '"1"', false, false],
    ['abc', 'abc', false, true],
  ])('compares %s with %s (§8.8.3.2)', (left, right, strong, weak) => {
    expect(stronglyEqual(left, right)).toBe(strong);
    expect(weaklyEqual(left, right)).toBe(weak);
  });

  it('takes two lines for none', () => {
    expect(entityTag(['ETag', '"a"', 'ETag', '"b"'])).toBeNull();
    expect(entityTag(['ETag', ''])).toBeNull();
    expect(hasValidator(['Last-Modified', 'garbage'])).toBe(false);
    expect(hasValidator(['Last-Modified', yesterday])).toBe(true);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (value) => entityTags(value).every((tag) => tag.trim() !== '')));
  });
});

describe('RFC 9111 §4.3.1: conditionsFor', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [
      ['etag', 'W/"a"'],
      ['If-None-Match', 'W/"a"'],
    ],
    [
      ['Last-Modified', yesterday],
      ['If-Modified-Since', yesterday],
    ],
    [['Last-Modified', 'garbage'], []],
    [
      ['ETag', '"a"', 'Last-Modified', yesterday],
      ['If-None-Match', '"a"', 'If-Modified-Since', yesterday],
    ],
  ])('of %j', (fields, conditions) => {
    expect(conditionsFor(stored({ fields }))).toEqual(conditions);
  });

  it("take the place of the client's own", () => {
    const request = ['If-None-Match', '"old"', 'Accept', '*/*', 'if-modified-since', yesterday];
    expect(hasOwnConditions(request)).toBe(true);
    const conditional = withConditions(request, ['If-None-Match', '"a"']);
    expect(conditional).toEqual(['Accept', '*/*', 'If-None-Match', '"a"']);
    expect(hasOwnConditions(['Accept', '*/*'])).toBe(false);
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
    [['If-Modified-Since', formatHttpDate(NOW - 2 * 86_400_000)], false],
    [['If-Modified-Since', 'garbage'], false],
    [['If-Modified-Since', yesterday, 'If-Modified-Since', yesterday], false],
  ])('%j', (request, notModified) => {
    expect(isNotModified(request, stored({ fields }))).toBe(notModified);
  });

  it('compares Date where there is no Last-Modified, and the time of receipt where there is no Date', () => {
    const since = (date: string) => ['If-Modified-Since', date];
    expect(isNotModified(since(yesterday), stored({ fields: ['Date', yesterday] }))).toBe(true);
    expect(isNotModified(since(yesterday), stored({ fields: ['Date', NOW_DATE] }))).toBe(false);
    expect(isNotModified(since(NOW_DATE), stored())).toBe(true);
    expect(isNotModified(since(yesterday), stored())).toBe(false);
  });

  it('counts only where the answer would be a success (RFC 9110 §13.2.1)', () => {
    for (const status of [301, 404, 500]) {
      expect(isNotModified(['If-None-Match', '"abc"'], stored({ fields, status }))).toBe(false);
    }
  });

  it('finds no tag in a response without one', () => {
    expect(isNotModified(['If-None-Match', '"abc"'], stored())).toBe(false);
  });
});

describe('RFC 9111 §4.3.4: identifies', () => {
  it.each<[string | null, string | null, boolean]>([
    [null, '"a"', true],
    ['"a"', '"a"', true],
    ['"b"', '"a"', false],
    ['"a"', 'W/"a"', false],
    ['W/"a"', '"a"', true],
    ['W/"b"', '"a"', false],
    ['"a"', null, false],
    ['W/"a"', null, true],
  ])('a 304 with %s, stored %s: %s', (tag, storedTag, same) => {
    const fields = storedTag === null ? [] : ['ETag', storedTag];
    expect(identifies(tag === null ? [] : ['ETag', tag], stored({ fields }))).toBe(same);
  });
});

describe('RFC 9111 §3.2: freshen', () => {
  const later = NOW + 600_000;
  const laterDate = formatHttpDate(later);
  const answer = (fields: readonly string[]) => ({ fields, requestTime: later - 500, responseTime: later });

  it('replaces what the 304 has and keeps what it omits', () => {
    const before = stored({
      fields: ['A', '1', 'B', '2', 'a', '3', 'Date', NOW_DATE, 'Cache-Control', 'max-age=5'],
    });
    const after = freshen(
      before,
      answer(['Date', laterDate, 'a', '4', 'Cache-Control', 'max-age=60']),
      RESPECT,
    );
    expect(after.fields).toEqual(['B', '2', 'Date', laterDate, 'a', '4', 'Cache-Control', 'max-age=60']);
    expect(after).toMatchObject({
      lifetimeSeconds: 60,
      initialAgeSeconds: 0.5,
      responseTime: later,
      bodyBytes: 2,
    });
  });

  it.each(['Content-Length', 'Content-Encoding', 'Content-Type', 'Content-Range', 'Vary'])(
    'leaves %s as it was',
    (name) => {
      const before = stored({ fields: [name, 'one', 'Date', NOW_DATE] });
      expect(fieldLines(freshen(before, answer([name, 'two']), RESPECT).fields, name.toLowerCase())).toEqual([
        'one',
      ]);
      const without = freshen(stored(), answer([name, 'two']), RESPECT);
      expect(fieldLines(without.fields, name.toLowerCase())).toEqual([]);
    },
  );

  it('takes nothing hop-by-hop, no Age, and with policy override no Set-Cookie', () => {
    const fields = [
      'Connection',
      'x',
      'X',
      '1',
      'Keep-Alive',
      'a',
      'Age',
      '9',
      'Set-Cookie',
      'a=1',
      'Date',
      laterDate,
    ];
    expect(freshen(stored(), answer(fields), OVERRIDE).fields).toEqual(['Date', laterDate]);
    expect(freshen(stored(), answer(fields), RESPECT).fields).toEqual([
      'Set-Cookie',
      'a=1',
      'Date',
      laterDate,
    ]);
  });

  it('withholds what the stored Cache-Control withholds', () => {
    const before = stored({ fields: ['Cache-Control', 'private="x"'] });
    expect(fieldValue(freshen(before, answer(['X', '1']), RESPECT).fields, 'x')).toBeUndefined();
  });

  it('takes the time of receipt where the 304 has no Date', () => {
    const before = stored({ fields: ['Date', yesterday, 'Cache-Control', 'max-age=60'] });
    const after = freshen(before, answer([]), RESPECT);
    expect(fieldValue(after.fields, 'date')).toBe(laterDate);
    expect(after.initialAgeSeconds).toBe(0.5);
  });

  it("counts the 304's Age, and the TTL from its receipt", () => {
    const after = freshen(stored(), answer(['Age', '100', 'Date', laterDate]), OVERRIDE);
    expect(after.initialAgeSeconds).toBe(100.5);
    expect(after.lifetimeSeconds - after.initialAgeSeconds).toBe(300);
  });

  it('learns no-cache from a 304', () => {
    const before = stored({ fields: ['Cache-Control', 'max-age=5'] });
    expect(freshen(before, answer(['Cache-Control', 'no-cache']), RESPECT).mustValidate).toBe(true);
    expect(freshen(before, answer(['Cache-Control', 'no-cache']), OVERRIDE).mustValidate).toBe(false);
  });

  it('changes nothing the second time, and keeps the identity', () => {
    const name = fc.constantFrom(
      'A',
      'B',
      'Age',
      'Date',
      'Cache-Control',
      'Connection',
      'ETag',
      'Expires',
      'Set-Cookie',
      'Vary',
    );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom(
        NOW_DATE,
        tomorrow,
        'max-age=5',
        'private="a"',
        'no-cache="b, cache-control"',
        'private="cache-control, etag"',
        '7',
      ),
    );
    const lines = fc.array(fc.tuple(name, value), { maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, fc.constantFrom(OVERRIDE, RESPECT), (storedLines, lines304, policy) => {
        const before = stored({ fields: storableFields(storedLines.flat(), policy) });
        const once = freshen(before, received(lines304.flat()), policy);
        expect(freshen(once, received(lines304.flat()), policy)).toEqual(once);
        expect(once).toMatchObject({
          id: before.id,
          key: before.key,
          vary: before.vary,
          status: before.status,
        });
        expect(once.initialAgeSeconds).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });
});
