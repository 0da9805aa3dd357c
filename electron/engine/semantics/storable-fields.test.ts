import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { responseCacheControl } from './response-directives';
import { mustValidate, storableFields, unvalidatedFields } from './storable';
import { anyPolicy, MANY, responseFields } from './test/arbitraries';
import { keep } from './test/keeping';
import { OVERRIDE, received, RESPECT } from './test/responses';

describe('RFC 9111 §3.1: storableFields', () => {
  it('keeps end-to-end fields as received: order, repetition, case', () => {
    const fields = ['X-b', '1', 'DATE', 'x', 'x-B', ' 2', 'ETag', '"a"', 'Trailer', 'T'];
    expect(storableFields(fields, RESPECT)).toEqual(fields);
    expect(storableFields(fields, OVERRIDE)).toEqual(fields);
  });

  it('leaves out hop-by-hop fields, the ones Connection names, Proxy-* and Age', () => {
    const fields = [
      'Connection',
      'x-hop',
      'X-Hop',
      '1',
      'Proxy-Status',
      'a',
      'Age',
      '5',
      'TE',
      'x',
      'A',
      '1',
    ];
    expect(storableFields(fields, RESPECT)).toEqual(['A', '1']);
  });

  it('does not keep Set-Cookie with policy override', () => {
    const fields = ['Set-Cookie', 'a=1', 'SET-COOKIE2', 'b=2', 'A', '1'];
    expect(storableFields(fields, OVERRIDE)).toEqual(['A', '1']);
    expect(storableFields(fields, RESPECT)).toEqual(fields);
  });

  it('does not keep fields that private names (§5.2.2.7)', () => {
    const fields = [
      'Cache-Control',
      'private="x-a, Set-Cookie, etag"',
      'X-A',
      '1',
      'x-b',
      '2',
      'ETag',
      '"a"',
      'Set-Cookie',
      'a=1',
    ];
    expect(storableFields(fields, RESPECT)).toEqual([fields[0], fields[1], 'x-b', '2', 'ETag', '"a"']);
    expect(storableFields(fields, OVERRIDE)).toEqual(fields.slice(0, -2));
  });

  it('changes nothing the second time (10,000 runs)', () => {
    fc.assert(
      fc.property(responseFields, anyPolicy, (fields, policy) => {
        const once = storableFields(fields, policy);
        expect(storableFields(once, policy)).toEqual(once);
      }),
      MANY,
    );
  });

  it('leaves the directives as they are, of all that is stored (10,000 runs)', () => {
    const name = fc.constantFrom('Cache-Control', 'CDN-Cache-Control', 'Larder-Cache-Control');
    const listed = fc.constantFrom(
      'a',
      'cache-control',
      'cdn-cache-control',
      'larder-cache-control',
      'expires',
    );
    const value = fc
      .tuple(
        fc.constantFrom('private', 'no-cache'),
        listed,
        fc.constantFrom('', ', must-revalidate', ', no-store'),
      )
      .map(([directive, field, rest]) => `${directive}="${field}", max-age=5${rest}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 3 }), (lines) => {
        const fields = lines.flat();
        const kept = keep({ response: received(fields), policy: RESPECT });
        if (kept === null) return;
        expect([...responseCacheControl(kept.fields)]).toEqual([...responseCacheControl(fields)]);
      }),
      MANY,
    );
  });
});

describe('RFC 9111 §5.2.2.4: no-cache', () => {
  it.each<[string, boolean, string[]]>([
    ['max-age=5', false, []],
    ['no-cache', true, []],
    ['no-cache=""', true, []],
    ['no-cache="X-A, set-cookie"', false, ['x-a', 'set-cookie']],
    ['no-cache="x-a", no-cache="x-b"', false, ['x-a', 'x-b']],
    ['no-cache="x-a", no-cache', true, []],
    ['no-cache="not a field"', true, []],
    ['no-cache="x-a, etag"', true, ['x-a']],
    ['no-cache="content-language"', true, []],
    ['no-cache="cdn-cache-control"', true, []],
    ['private="x-a"', false, []],
  ])('%s: validation %s, and unvalidated %j is not sent', (value, whole, names) => {
    const fields = ['Cache-Control', value];
    expect(mustValidate(fields, RESPECT)).toBe(whole);
    expect([...unvalidatedFields(fields, RESPECT)]).toEqual(names);
    expect(mustValidate(fields, OVERRIDE)).toBe(false);
    expect([...unvalidatedFields(fields, OVERRIDE)]).toEqual([]);
  });

  it('of a targeted field counts in place of the other (RFC 9213 §2.2)', () => {
    expect(mustValidate(['CDN-Cache-Control', 'no-cache', 'Cache-Control', 'public'], RESPECT)).toBe(true);
    expect(mustValidate(['CDN-Cache-Control', 'public', 'Cache-Control', 'no-cache'], RESPECT)).toBe(false);
    expect([...unvalidatedFields(['CDN-Cache-Control', 'no-cache="a"'], RESPECT)]).toEqual(['a']);
  });
});
