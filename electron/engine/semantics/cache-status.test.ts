import fc from 'fast-check';
import { parseList, Token } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { cacheStatus } from './cache-status';
import { anyText, MANY } from './test/arbitraries';

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

  it('is a List of one member that says what was put in, for any parser of RFC 9651 (10,000 runs)', () => {
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value);
    const whole = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
    const forward = fc.constantFrom(
      ...(['bypass', 'method', 'uri-miss', 'vary-miss', 'miss', 'request', 'stale', 'partial'] as const),
    );
    const input = fc.record({
      hit: fc.boolean(),
      forward: maybe(forward),
      forwardStatus: maybe(fc.integer({ min: 100, max: 999 })),
      stored: fc.boolean(),
      ttlSeconds: maybe(whole),
      collapsed: fc.boolean(),
      key: maybe(anyText),
      detail: maybe(fc.oneof(anyText, fc.constantFrom('store-unavailable', '*', 'a:b/c', '3x', ''))),
    });
    fc.assert(
      fc.property(input, (given) => {
        const [member, ...others] = parseList(cacheStatus(given));
        const [name, parameters] = member ?? [];
        expect(others).toEqual([]);
        expect(String(name)).toBe('larder');
        const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');
        const read = [...(parameters ?? [])].map(([key, value]) => [
          key,
          value instanceof Token ? String(value) : value,
        ]);
        expect(read).toEqual([
          ...(given.hit ? [['hit', true]] : []),
          ...(!given.hit && given.forward !== null ? [['fwd', given.forward]] : []),
          ...(given.forwardStatus === null ? [] : [['fwd-status', given.forwardStatus]]),
          ...(given.stored ? [['stored', true]] : []),
          ...(given.ttlSeconds === null ? [] : [['ttl', given.ttlSeconds]]),
          ...(given.collapsed ? [['collapsed', true]] : []),
          ...(given.key === null ? [] : [['key', printable(given.key)]]),
          ...(given.detail === null ? [] : [['detail', printable(given.detail)]]),
        ]);
      }),
      MANY,
    );
  });

  it('never has a number that RFC 9651 has no room for (10,000 runs)', () => {
    fc.assert(
      fc.property(fc.double(), (ttlSeconds) => {
        const parameters = parseList(cacheStatus({ hit: true, ttlSeconds }))[0]?.[1];
        const ttl = parameters?.get('ttl');
        return (
          Number.isInteger(ttl) &&
          (Number.isNaN(ttlSeconds) || Math.abs(ttlSeconds) > 1e14 || Number(ttl) <= ttlSeconds + 1e-6)
        );
      }),
      MANY,
    );
  });
});
