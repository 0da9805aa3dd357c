import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentAge, initialAge } from './age';
import { explicitLifetime, freshnessLifetime, hasExplicitFreshness } from './freshness';
import { formatHttpDate } from './http-date';
import { NOW, NOW_DATE, OVERRIDE, received, RESPECT, stored } from './test/responses';

const inAnHour = formatHttpDate(NOW + 3_600_000);
const anHourAgo = formatHttpDate(NOW - 3_600_000);

describe('RFC 9111 §4.2.1: freshnessLifetime by the origin', () => {
  it.each<[string[], number, string]>([
    [['Cache-Control', 's-maxage=1, max-age=2', 'Expires', inAnHour], 1, 's-maxage'],
    [['Cache-Control', 'max-age=2, s-maxage=0'], 0, 's-maxage'],
    [['Cache-Control', 'max-age=2', 'Expires', inAnHour], 2, 'max-age'],
    [['Cache-Control', 'max-age=x', 'Expires', inAnHour], 0, 'max-age'],
    [['Expires', inAnHour, 'Date', NOW_DATE], 3600, 'expires'],
    [['Expires', inAnHour, 'Date', anHourAgo], 7200, 'expires'],
    [['Expires', inAnHour], 3600, 'expires'],
    [['Expires', inAnHour, 'Date', 'garbage'], 3600, 'expires'],
    [['Expires', anHourAgo], 0, 'expires'],
    [['Expires', '0'], 0, 'expires'],
    [['Expires', ''], 0, 'expires'],
    [['Expires', inAnHour, 'Expires', inAnHour], 3600, 'expires'],
    [['Expires', inAnHour, 'Expires', anHourAgo], 0, 'expires'],
    [['Cache-Control', 'public', 'Last-Modified', anHourAgo], 0, 'none'],
    [[], 0, 'none'],
  ])('%j', (fields, seconds, source) => {
    expect(freshnessLifetime(received(fields), RESPECT)).toEqual({ seconds, source });
  });

  it('takes a TTL only where the origin says nothing', () => {
    const policy = { policy: 'respect', ttlSeconds: 60 } as const;
    expect(freshnessLifetime(received([]), policy)).toEqual({ seconds: 60, source: 'ttl' });
    const said = received(['Cache-Control', 'max-age=5']);
    expect(freshnessLifetime(said, policy)).toEqual({ seconds: 5, source: 'max-age' });
  });

  it('takes no TTL for errors', () => {
    const policy = { policy: 'respect', ttlSeconds: 60 } as const;
    expect(freshnessLifetime(received([], { status: 500 }), policy).source).toBe('none');
  });
});

describe('policy override: freshnessLifetime', () => {
  it('is the TTL, whatever the origin says', () => {
    const response = received(['Cache-Control', 'no-store, max-age=5, s-maxage=7', 'Expires', '0']);
    expect(freshnessLifetime(response, OVERRIDE)).toEqual({ seconds: 300, source: 'ttl' });
    expect(freshnessLifetime(response, { ...OVERRIDE, ttlSeconds: 9 }).seconds).toBe(9);
    expect(freshnessLifetime(response, { ...OVERRIDE, ttlSeconds: 0 })).toEqual({
      seconds: 0,
      source: 'ttl',
    });
  });

  it('counts from when Larder received it, not from the age it came with', () => {
    const response = received(['Age', '5000', 'Date', anHourAgo]);
    const { seconds } = freshnessLifetime(response, OVERRIDE);
    expect(seconds - initialAge(response)).toBe(300);
  });

  it.each([200, 203, 204, 300, 301, 308])('keeps status %i', (status) => {
    expect(freshnessLifetime(received([], { status }), OVERRIDE).seconds).toBe(300);
  });

  it.each([201, 206, 302, 304, 307, 400, 404, 410, 500, 503])('does not keep status %i', (status) => {
    expect(freshnessLifetime(received([], { status }), OVERRIDE).seconds).toBe(0);
  });
});

describe('RFC 9111 §4.2: freshness as a whole', () => {
  const time = fc
    .integer({ min: -10_000, max: 10_000 })
    .map((seconds) => formatHttpDate(NOW + seconds * 1000));
  const field = fc.oneof(
    fc.integer({ min: 0, max: 10_000 }).map((seconds) => ['Cache-Control', `max-age=${seconds}`]),
    fc.integer({ min: 0, max: 10_000 }).map((seconds) => ['Cache-Control', `s-maxage=${seconds}`]),
    fc.integer({ min: 0, max: 10_000 }).map((seconds) => ['Age', String(seconds)]),
    time.map((date) => ['Expires', date]),
    time.map((date) => ['Date', date]),
    fc.string().map((text) => ['Cache-Control', text]),
  );

  it('never keeps a response fresh longer than the smallest lifetime the origin gave, counted from receipt', () => {
    fc.assert(
      fc.property(fc.array(field), fc.integer({ min: 0, max: 20_000 }), (lines, resident) => {
        const response = received(lines.flat());
        const explicit = explicitLifetime(response);
        const lifetimeSeconds = freshnessLifetime(response, RESPECT).seconds;
        expect(lifetimeSeconds).toBeGreaterThanOrEqual(0);
        expect(lifetimeSeconds).toBe(explicit?.seconds ?? 0);
        const kept = stored({ lifetimeSeconds, initialAgeSeconds: initialAge(response) });
        const fresh = lifetimeSeconds > currentAge(kept, NOW + resident * 1000);
        if (fresh) expect(resident).toBeLessThan(lifetimeSeconds);
      }),
    );
  });

  it('knows whether the origin gave any freshness', () => {
    expect(hasExplicitFreshness(['Cache-Control', 'max-age=0'])).toBe(true);
    expect(hasExplicitFreshness(['Expires', 'x'])).toBe(true);
    expect(hasExplicitFreshness(['Cache-Control', 'public'])).toBe(false);
  });
});
