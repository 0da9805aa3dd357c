import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalidatedTargets, invalidates, sameTarget } from './invalidation';
import { anyText, MANY } from './test/arbitraries';

describe('RFC 9111 §4.4: invalidates', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH', 'PROPPATCH', 'get'])(
    '%s that succeeds',
    (method) => {
      for (const status of [200, 201, 204, 302, 399]) expect(invalidates(method, status)).toBe(true);
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY'])(
    'not the safe %s',
    (method) => {
      expect(invalidates(method, 200)).toBe(false);
    },
  );

  it('not where the answer is an error or interim', () => {
    for (const status of [101, 400, 404, 500, 999]) expect(invalidates('POST', status)).toBe(false);
  });
});

describe('RFC 9111 §4.4: invalidatedTargets', () => {
  const url = 'https://api.example.com/v2/items?x=1';

  it.each<[string[], string[]]>([
    [[], []],
    [['Location', '/v2/items/7'], ['https://api.example.com/v2/items/7']],
    [['Location', '7?y#part'], ['https://api.example.com/v2/7?y']],
    [['Content-Location', 'https://api.example.com:443/a'], ['https://api.example.com/a']],
    [
      ['Location', '/a', 'content-location', '/b'],
      ['https://api.example.com/a', 'https://api.example.com/b'],
    ],
    [['Location', 'https://evil.example/v2/items'], []],
    [['Location', '//evil.example/v2/items'], []],
    [['Location', 'http://api.example.com/v2/items'], []],
    [['Location', 'https://api.example.com:8443/'], []],
    [['Location', 'javascript:alert(1)'], []],
    [['Location', 'https://['], []],
    [['Location', url], []],
  ])('the target, and with %j also %j', (fields, others) => {
    expect(invalidatedTargets(url, fields)).toEqual([url, ...others]);
  });

  it('never leaves the origin and never throws (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, (reference) => {
        const fields = ['Location', reference, 'Content-Location', `//${reference}`];
        return invalidatedTargets(url, fields).every(
          (target) => new URL(target).origin === 'https://api.example.com',
        );
      }),
      MANY,
    );
  });
});

describe('RFC 9110 §8.7: whether Content-Location is the target', () => {
  const url = 'https://api.example.com/v2/items?x=1';

  it.each<[string[], boolean]>([
    [[url], true],
    [['/v2/items?x=1'], true],
    [['items?x=1'], true],
    [['?x=1'], true],
    [['https://API.example.com:443/v2/items?x=1#part'], true],
    [[], false],
    [[url, url], false],
    [['/v2/items'], false],
    [['/v2/items?x=2'], false],
    [['/v2/items/?x=1'], false],
    [['https://other.example.com/v2/items?x=1'], false],
    [['https://['], false],
  ])('%j: %s', (contentLocation, same) => {
    expect(sameTarget(contentLocation, url)).toBe(same);
  });

  it('is never so where the target is no URL', () => {
    expect(sameTarget([''], 'not a URL')).toBe(false);
    expect(invalidatedTargets('not a URL', ['Location', '/a'])).toEqual(['not a URL']);
  });

  it('never throws (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, anyText, (reference, target) => {
        sameTarget([reference], target);
        return sameTarget([reference], url) === sameTarget([reference], `${url}#part`);
      }),
      MANY,
    );
  });
});
