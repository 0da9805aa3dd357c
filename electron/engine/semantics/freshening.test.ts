import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldLines, fieldValue } from '../http/raw-fields';
import { combinedFields, freshen, freshenByHead } from './freshening';
import { formatHttpDate } from './http-date';
import { storableFields } from './storable';
import { anyPolicy, MANY, responseFields } from './test/arbitraries';
import { NOW, NOW_DATE, OVERRIDE, received, RESPECT, stored } from './test/responses';

const yesterday = formatHttpDate(NOW - 86_400_000);
const later = NOW + 600_000;
const laterDate = formatHttpDate(later);
const update = (fields: readonly string[]) => ({ fields, requestTime: later - 500, responseTime: later });

describe('RFC 9111 §3.2: freshen', () => {
  it('replaces what the update has and keeps what it omits', () => {
    const before = stored({
      fields: ['A', '1', 'B', '2', 'a', '3', 'Date', NOW_DATE, 'Cache-Control', 'max-age=5'],
    });
    const after = freshen(
      before,
      update(['Date', laterDate, 'a', '4', 'Cache-Control', 'max-age=60']),
      RESPECT,
    );
    expect(after.fields).toEqual(['B', '2', 'Date', laterDate, 'a', '4', 'Cache-Control', 'max-age=60']);
    expect(after).toMatchObject({
      lifetimeSeconds: 60,
      lifetimeSource: 'max-age',
      initialAgeSeconds: 0.5,
      requestTime: later - 500,
      responseTime: later,
      bodyBytes: 2,
    });
  });

  it.each([
    'Content-Length',
    'Content-Encoding',
    'Content-Range',
    'Content-MD5',
    'Content-Digest',
    'ETag',
    'Transfer-Encoding',
  ])('leaves %s as it was: it describes the stored body', (name) => {
    const before = stored({ fields: [name, 'one', 'Date', NOW_DATE] });
    const after = freshen(before, update([name, 'two']), RESPECT);
    expect(fieldLines(after.fields, name.toLowerCase())).toEqual(name === 'Transfer-Encoding' ? [] : ['one']);
  });

  it.each(['Content-Length', 'Content-Encoding', 'Content-Range', 'Content-Digest'])(
    'takes no %s',
    (name) => {
      expect(freshen(stored(), update([name, 'two', 'Date', laterDate]), RESPECT).fields).toEqual([
        'Date',
        laterDate,
      ]);
    },
  );

  it.each(['Content-Type', 'Vary', 'Last-Modified', 'Set-Cookie', 'Content-Language', 'Link'])(
    'takes the new %s, all lines of it',
    (name) => {
      const before = stored({ fields: [name, 'one', 'Date', NOW_DATE, name, 'two'] });
      const after = freshen(before, update([name, 'three', name.toUpperCase(), 'four']), RESPECT);
      expect(fieldLines(after.fields, name.toLowerCase())).toEqual(['three', 'four']);
    },
  );

  it('takes an entity tag where it had none', () => {
    expect(fieldValue(freshen(stored(), update(['ETag', '"a"']), RESPECT).fields, 'etag')).toBe('"a"');
  });

  it('takes nothing hop-by-hop, no Age, and with policy override no Set-Cookie', () => {
    const fields = [
      'Connection',
      'x',
      'X',
      '1',
      'Keep-Alive',
      'a',
      'Proxy-Status',
      'a',
      'Age',
      '9',
      'Set-Cookie',
      'a=1',
      'Date',
      laterDate,
    ];
    expect(freshen(stored(), update(fields), OVERRIDE).fields).toEqual(['Date', laterDate]);
    expect(freshen(stored(), update(fields), RESPECT).fields).toEqual([
      'Set-Cookie',
      'a=1',
      'Date',
      laterDate,
    ]);
  });

  it('withholds what the stored Cache-Control withholds, and what the new one does (§5.2.2.7)', () => {
    const before = stored({ fields: ['Cache-Control', 'private="x"'] });
    expect(fieldValue(freshen(before, update(['X', '1']), RESPECT).fields, 'x')).toBeUndefined();
    const held = stored({ fields: ['X', '1'] });
    const after = freshen(held, update(['Cache-Control', 'private="x"']), RESPECT);
    expect(fieldValue(after.fields, 'x')).toBeUndefined();
  });

  it('takes the time of receipt where the update has no Date (RFC 9110 §6.6.1)', () => {
    const before = stored({ fields: ['Date', yesterday, 'Cache-Control', 'max-age=60'] });
    const after = freshen(before, update([]), RESPECT);
    expect(fieldValue(after.fields, 'date')).toBe(laterDate);
    expect(after.initialAgeSeconds).toBe(0.5);
  });

  it("counts the update's Age, and the TTL from its receipt", () => {
    const after = freshen(stored(), update(['Age', '100', 'Date', laterDate]), OVERRIDE);
    expect(after.initialAgeSeconds).toBe(100.5);
    expect(after.lifetimeSeconds - after.initialAgeSeconds).toBe(300);
    expect(after.lifetimeSource).toBe('ttl');
  });

  it('is stale after an update whose Age cannot be read', () => {
    const before = stored({ fields: ['Cache-Control', 'max-age=60'] });
    expect(freshen(before, update(['Age', 'x']), RESPECT).lifetimeSeconds).toBe(0);
  });

  it('counts Expires by the new Date', () => {
    const before = stored({ fields: ['Expires', formatHttpDate(later + 60_000), 'Date', NOW_DATE] });
    expect(freshen(before, update(['Date', laterDate]), RESPECT)).toMatchObject({
      lifetimeSeconds: 60,
      lifetimeSource: 'expires',
    });
  });

  it('learns no-cache, and forgets it (§5.2.2.4)', () => {
    const before = stored({ fields: ['Cache-Control', 'max-age=5'], mustValidate: true });
    expect(freshen(before, update(['Cache-Control', 'no-cache']), RESPECT).mustValidate).toBe(true);
    expect(freshen(before, update(['Cache-Control', 'no-cache']), OVERRIDE).mustValidate).toBe(false);
    expect(freshen(before, update(['Cache-Control', 'max-age=9']), RESPECT).mustValidate).toBe(false);
  });

  it('changes nothing the second time, not even the order, and keeps body and identity (10,000 runs)', () => {
    fc.assert(
      fc.property(responseFields, responseFields, anyPolicy, (fields, fields304, policy) => {
        const before = stored({ fields: storableFields(fields, policy) });
        const once = freshen(before, received(fields304), policy);
        expect(freshen(once, received(fields304), policy)).toEqual(once);
        const { id, key, partition, vary, status, bodyBytes, partial, method } = before;
        expect(once).toMatchObject({ id, key, partition, vary, status, bodyBytes, partial, method });
        expect(once.initialAgeSeconds).toBeGreaterThanOrEqual(0);
        expect(once.lifetimeSeconds).toBeGreaterThanOrEqual(0);
        expect(storableFields(once.fields, policy)).toEqual(once.fields);
      }),
      MANY,
    );
  });
});

describe('RFC 9111 §4.3.5: freshenByHead', () => {
  const fields = ['ETag', '"a"', 'Last-Modified', yesterday, 'Cache-Control', 'max-age=60'];
  const get = stored({ fields, bodyBytes: 5, lifetimeSeconds: 60 });
  const lifetimeAfter = (head: readonly string[], before = get) =>
    freshenByHead(before, update(head), RESPECT).lifetimeSeconds;

  it.each<[string, string[]]>([
    ['nothing is said', []],
    ['everything agrees', ['Content-Length', '5', 'ETag', '"a"', 'Last-Modified', yesterday]],
    ['the length agrees', ['Content-Length', '5']],
    ['the tag agrees', ['ETag', '"a"']],
    ['the date agrees', ['Last-Modified', yesterday]],
    ['the date is none', ['Last-Modified', 'x']],
  ])('freshens where %s', (_what, head) => {
    const after = freshenByHead(get, update([...head, 'X', '1', 'Cache-Control', 'max-age=90']), RESPECT);
    expect(after).toMatchObject({ lifetimeSeconds: 90, responseTime: later, bodyBytes: 5 });
    expect(fieldValue(after.fields, 'x')).toBe('1');
  });

  it.each<[string, string[]]>([
    ['length', ['Content-Length', '6']],
    ['length that is none', ['Content-Length', 'x']],
    ['tag', ['ETag', '"b"', 'Content-Length', '5']],
    ['tag in weak form', ['ETag', 'W/"a"']],
    ['date', ['Last-Modified', NOW_DATE, 'ETag', '"a"']],
  ])('makes it stale where it has another %s, and changes nothing else', (_what, head) => {
    expect(freshenByHead(get, update(head), RESPECT)).toEqual({ ...get, lifetimeSeconds: 0 });
  });

  it('makes one without validators stale where HEAD has some', () => {
    expect(lifetimeAfter(['ETag', '"a"'], stored({ fields: [] }))).toBe(0);
    expect(lifetimeAfter(['Last-Modified', yesterday], stored({ fields: [] }))).toBe(0);
  });

  it('compares the length of the whole with what is known of a part', () => {
    const partial = { ranges: [{ first: 0, last: 4 }], completeLength: 10 };
    const part = stored({ fields, bodyBytes: 5, partial });
    expect(lifetimeAfter(['Content-Length', '10'], part)).toBe(60);
    expect(lifetimeAfter(['Content-Length', '5'], part)).toBe(0);
    const unknown = stored({ fields, bodyBytes: 5, partial: { ...partial, completeLength: null } });
    expect(lifetimeAfter(['Content-Length', '5'], unknown)).toBe(60);
  });
});

describe('RFC 9111 §3.4: the fields of two parts put together', () => {
  it('are those that came last, and what they do not name', () => {
    expect(combinedFields(['A', '1', 'B', '2', 'a', '3'], ['b', '4', 'C', '5', 'C', '6'])).toEqual([
      'b',
      '4',
      'C',
      '5',
      'C',
      '6',
      'A',
      '1',
      'a',
      '3',
    ]);
    expect(combinedFields([], ['A', '1'])).toEqual(['A', '1']);
    expect(combinedFields(['A', '1'], [])).toEqual(['A', '1']);
  });

  it('every line of either is there, or replaced by the received ones of its name', () => {
    fc.assert(
      fc.property(responseFields, responseFields, (held, came) => {
        const fields = combinedFields(held, came);
        for (const name of ['a', 'b', 'cache-control', 'etag', 'date']) {
          const received = fieldLines(came, name);
          expect(fieldLines(fields, name)).toEqual(received.length > 0 ? received : fieldLines(held, name));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
