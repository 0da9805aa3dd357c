import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invalidatedTargets, invalidates } from './invalidation';

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

  it('never leaves the origin and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (reference) => {
        for (const target of invalidatedTargets(url, [
          'Location',
          reference,
          'Content-Location',
          `//${reference}`,
        ])) {
          expect(new URL(target).origin).toBe('https://api.example.com');
        }
      }),
    );
  });
});
