import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheStatus } from './cache-status';

describe('RFC 9211: cacheStatus', () => {
  it.each([
    [{}, 'larder'],
    [{ hit: true, ttlSeconds: 287 }, 'larder; hit; ttl=287'],
    [{ hit: true, ttlSeconds: -412.5 }, 'larder; hit; ttl=-413'],
    [
      { forward: 'uri-miss', forwardStatus: 200, stored: true, ttlSeconds: 300 },
      'larder; fwd=uri-miss; fwd-status=200; stored; ttl=300',
    ],
    [{ forward: 'stale', forwardStatus: 304 }, 'larder; fwd=stale; fwd-status=304'],
    [
      { forward: 'uri-miss', forwardStatus: 200, collapsed: true },
      'larder; fwd=uri-miss; fwd-status=200; collapsed',
    ],
    [{ forward: 'bypass', detail: 'range-request' }, 'larder; fwd=bypass; detail=range-request'],
    [{ detail: 'port taken' }, 'larder; detail="port taken"'],
    [{ detail: '3x' }, 'larder; detail="3x"'],
    [{ detail: '' }, 'larder; detail=""'],
    [{ hit: true, key: 'GET "a\\b"\r\nä' }, 'larder; hit; key="GET \\"a\\\\b\\"???"'],
    [{ hit: true, forward: 'stale' }, 'larder; hit'],
    [
      {
        hit: false,
        forward: null,
        forwardStatus: null,
        stored: false,
        ttlSeconds: null,
        key: null,
        detail: null,
      },
      'larder',
    ],
  ] as const)('%j', (input, expected) => {
    expect(cacheStatus(input)).toBe(expected);
  });

  it('rounds down, but not for what sums of fractions lose', () => {
    expect(cacheStatus({ hit: true, ttlSeconds: 0.1 + 300 - 0.1 - 1e-13 })).toBe('larder; hit; ttl=300');
    expect(cacheStatus({ hit: true, ttlSeconds: 299.7 })).toBe('larder; hit; ttl=299');
    expect(cacheStatus({ hit: true, ttlSeconds: -0.2 })).toBe('larder; hit; ttl=-1');
  });

  it('keeps to the integers that RFC 9651 allows', () => {
    expect(cacheStatus({ ttlSeconds: Infinity })).toBe('larder; ttl=999999999999999');
    expect(cacheStatus({ ttlSeconds: -Infinity })).toBe('larder; ttl=-999999999999999');
    expect(cacheStatus({ ttlSeconds: Number.NaN })).toBe('larder; ttl=0');
  });

  it('is one structured item with parameters, whatever is put in', () => {
    const item =
      /^larder(?:; [a-z-]+(?:=(?:-?\d{1,15}|[A-Za-z*][!#$%&'*+\-.^_`|~\w:/]*|"(?:[ !#-[\]-~]|\\["\\])*"))?)*$/;
    const text = fc.option(fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.boolean(), fc.double(), text, text, (hit, ttlSeconds, key, detail) => {
        expect(cacheStatus({ hit, ttlSeconds, key, detail })).toMatch(item);
      }),
    );
  });
});
