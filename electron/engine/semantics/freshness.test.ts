import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentAge, initialAge } from './age';
import {
  explicitLifetime,
  freshnessLifetime,
  heuristicLifetime,
  isCacheableByDefault,
  ttlFor,
} from './freshness';
import { formatHttpDate } from './http-date';
import { anyPolicy, anyStatus, MANY, responseFields } from './test/arbitraries';
import { NOW, NOW_DATE, OVERRIDE, received, RESPECT, stored } from './test/responses';

const inAnHour = formatHttpDate(NOW + 3_600_000);
const anHourAgo = formatHttpDate(NOW - 3_600_000);
const twoHoursAgo = formatHttpDate(NOW - 7_200_000);
const aYearAgo = formatHttpDate(NOW - 365 * 86_400_000);
const control = (value: string) => ['Cache-Control', value];

describe('RFC 9111 §4.2.1: explicitLifetime', () => {
  it.each<[string[], number, string]>([
    [control('s-maxage=1, max-age=2').concat('Expires', inAnHour), 1, 's-maxage'],
    [control('max-age=2, s-maxage=0'), 0, 's-maxage'],
    [control('max-age=2, s-maxage=x'), 0, 's-maxage'],
    [control('max-age=2').concat('Expires', inAnHour), 2, 'max-age'],
    [control('max-age=x').concat('Expires', inAnHour), 0, 'max-age'],
    [control('max-age').concat('Expires', inAnHour), 0, 'max-age'],
    [['Expires', inAnHour, 'Date', NOW_DATE], 3600, 'expires'],
    [['Expires', inAnHour, 'Date', anHourAgo], 7200, 'expires'],
    [['Expires', inAnHour], 3600, 'expires'],
    [['Expires', inAnHour, 'Date', 'garbage'], 3600, 'expires'],
    [['Expires', 'Sunday, 06-Nov-94 09:49:37 GMT'], 3600, 'expires'],
    [['Expires', 'Sun Nov  6 09:49:37 1994'], 3600, 'expires'],
    [['Expires', anHourAgo], 0, 'expires'],
    [['Expires', NOW_DATE], 0, 'expires'],
    [['Expires', '0'], 0, 'expires'],
    [['Expires', ''], 0, 'expires'],
    [['Expires', '-1'], 0, 'expires'],
    [['Expires', inAnHour, 'Expires', inAnHour], 3600, 'expires'],
    [['Expires', inAnHour, 'Expires', anHourAgo], 0, 'expires'],
    [['Expires', `${inAnHour}, ${inAnHour}`], 0, 'expires'],
  ])('%j', (fields, seconds, source) => {
    expect(explicitLifetime(received(fields))).toEqual({ seconds, source });
  });

  it.each([
    [],
    control('public'),
    control('no-cache'),
    control('must-revalidate'),
    ['Last-Modified', anHourAgo],
  ])('is none with %j', (...fields) => {
    expect(explicitLifetime(received(fields))).toBeNull();
  });
});

describe('RFC 9213 §2.2: explicitLifetime by a targeted field', () => {
  it.each<[string, string[], object | null]>([
    [
      'stands in place of Cache-Control',
      ['CDN-Cache-Control', 'max-age=5', ...control('max-age=9')],
      { seconds: 5 },
    ],
    ['knows s-maxage', ['CDN-Cache-Control', 'max-age=5, s-maxage=6'], { seconds: 6, source: 's-maxage' }],
    ['stands in place of Expires', ['CDN-Cache-Control', 'no-cache', 'Expires', inAnHour], null],
    ['gives way where invalid', ['CDN-Cache-Control', 'max-age=5,', 'Expires', inAnHour], { seconds: 3600 }],
    [
      'is no lifetime of another type',
      ['CDN-Cache-Control', 'max-age="5"', ...control('max-age=9')],
      { seconds: 0 },
    ],
  ])('%s', (_what, fields, lifetime) => {
    if (lifetime === null) expect(explicitLifetime(received(fields))).toBeNull();
    else expect(explicitLifetime(received(fields))).toMatchObject(lifetime);
  });
});

describe('RFC 9111 §4.2.2: heuristicLifetime', () => {
  it.each<[string, string[], number | null]>([
    ['a tenth of the time since it was modified', ['Last-Modified', anHourAgo, 'Date', NOW_DATE], 360],
    ['counted from Date', ['Last-Modified', twoHoursAgo, 'Date', anHourAgo], 360],
    ['counted from receipt where there is no Date', ['Last-Modified', anHourAgo], 360],
    ['a week at most', ['Last-Modified', aYearAgo], 604_800],
    ['whole seconds', ['Last-Modified', formatHttpDate(NOW - 19_000)], 1],
    ['nothing where modified after Date', ['Last-Modified', inAnHour], 0],
    ['none without Last-Modified', [], null],
    ['none where it is no date', ['Last-Modified', 'x'], null],
    ['none where there are two', ['Last-Modified', anHourAgo, 'Last-Modified', anHourAgo], null],
  ])('%s', (_what, fields, seconds) => {
    const lifetime = seconds === null ? null : { seconds, source: 'heuristic' };
    expect(heuristicLifetime(received(fields))).toEqual(lifetime);
  });

  it.each([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501])(
    'status %i has one (RFC 9110 §15.1)',
    (status) => {
      expect(isCacheableByDefault(received([], { status }))).toBe(true);
      expect(heuristicLifetime(received(['Last-Modified', anHourAgo], { status }))?.seconds).toBe(360);
    },
  );

  it.each([201, 202, 205, 302, 303, 307, 400, 403, 418, 500, 503, 599])(
    'status %i has one with public alone',
    (status) => {
      const fields = ['Last-Modified', anHourAgo];
      expect(isCacheableByDefault(received([], { status }))).toBe(false);
      expect(heuristicLifetime(received(fields, { status }))).toBeNull();
      expect(heuristicLifetime(received([...fields, ...control('public')], { status }))?.seconds).toBe(360);
      const targeted = [...fields, 'CDN-Cache-Control', 'public', ...control('max-age=1')];
      expect(heuristicLifetime(received(targeted, { status }))?.seconds).toBe(360);
    },
  );
});

describe('policy respect: freshnessLifetime', () => {
  it.each<[string, string[], number, string]>([
    ['the origin says so', [...control('max-age=5'), 'Last-Modified', anHourAgo], 5, 'max-age'],
    ['the origin lets guess', ['Last-Modified', anHourAgo], 360, 'heuristic'],
    ['no-cache is no lifetime', [...control('no-cache'), 'Last-Modified', anHourAgo], 360, 'heuristic'],
    ['nothing is known', [], 0, 'none'],
  ])('%s', (_what, fields, seconds, source) => {
    expect(freshnessLifetime(received(fields), RESPECT)).toEqual({ seconds, source });
  });

  it.each<[string, string[], string]>([
    ['max-age', control('max-age=5'), 'max-age'],
    ['Expires', ['Expires', inAnHour], 'expires'],
    ['a guess', ['Last-Modified', anHourAgo], 'heuristic'],
  ])('nothing is fresh by %s where Age cannot be read', (_what, fields, source) => {
    for (const age of [
      ['Age', 'x'],
      ['Age', '1', 'Age', '1'],
      ['Age', '1, 1'],
    ])
      expect(freshnessLifetime(received([...fields, ...age]), RESPECT)).toEqual({ seconds: 0, source });
  });

  it('takes a TTL only where the origin says nothing', () => {
    const policy = { policy: 'respect', ttlSeconds: 60 } as const;
    expect(freshnessLifetime(received([]), policy)).toEqual({ seconds: 60, source: 'ttl' });
    expect(freshnessLifetime(received(control('max-age=5')), policy)).toEqual({
      seconds: 5,
      source: 'max-age',
    });
    const guessed = received(['Last-Modified', anHourAgo]);
    expect(freshnessLifetime(guessed, policy).source).toBe('heuristic');
  });

  it('takes no TTL for errors', () => {
    const policy = { policy: 'respect', ttlSeconds: 60, errorTtlSeconds: 60 } as const;
    expect(freshnessLifetime(received([], { status: 500 }), policy)).toEqual({ seconds: 0, source: 'none' });
  });
});

describe('policy override: freshnessLifetime', () => {
  it('is the TTL, whatever the origin says', () => {
    const response = received([...control('no-store, max-age=5, s-maxage=7'), 'Expires', '0', 'Age', 'x']);
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

  it.each([200, 203, 204, 206, 300, 301, 308])('keeps status %i', (status) => {
    expect(freshnessLifetime(received([], { status }), OVERRIDE).seconds).toBe(300);
  });

  it.each([201, 302, 304, 307, 400, 404, 410, 500, 503])('does not keep status %i', (status) => {
    expect(freshnessLifetime(received([], { status }), OVERRIDE)).toEqual({ seconds: 0, source: 'none' });
  });

  it('has a TTL of its own for errors, if one is set', () => {
    const policy = { policy: 'override', ttlSeconds: 60, errorTtlSeconds: 5 } as const;
    expect([200, 302, 400, 404, 500, 599].map((status) => ttlFor(status, policy))).toEqual([
      60,
      null,
      5,
      5,
      5,
      5,
    ]);
    expect(ttlFor(404, { ...policy, errorTtlSeconds: null })).toBeNull();
    expect(ttlFor(404, { ...policy, errorTtlSeconds: 0 })).toBe(0);
    expect(ttlFor(404, { ...policy, policy: 'respect' })).toBeNull();
    expect(ttlFor(200, RESPECT)).toBeNull();
  });
});

describe('RFC 9111 §4.2: freshness as a whole', () => {
  const time = fc
    .integer({ min: -10_000, max: 10_000 })
    .map((seconds) => formatHttpDate(NOW + seconds * 1000));
  const seconds = fc.integer({ min: 0, max: 10_000 });
  const field = fc.oneof(
    seconds.map((value) => control(`max-age=${value}`)),
    seconds.map((value) => control(`s-maxage=${value}`)),
    seconds.map((value) => ['Age', String(value)]),
    time.map((date) => ['Expires', date]),
    time.map((date) => ['Date', date]),
    fc.string().map((text) => control(text)),
  );

  it('never keeps a response fresh longer than the origin said, counted from receipt (10,000 runs)', () => {
    fc.assert(
      fc.property(fc.array(field), fc.integer({ min: 0, max: 20_000 }), (lines, resident) => {
        const response = received(lines.flat());
        const said = explicitLifetime(response)?.seconds ?? 0;
        const lifetimeSeconds = freshnessLifetime(response, RESPECT).seconds;
        if (lifetimeSeconds !== said && lifetimeSeconds !== 0) return false;
        const kept = stored({ lifetimeSeconds, initialAgeSeconds: initialAge(response) });
        const fresh = lifetimeSeconds > currentAge(kept, NOW + resident * 1000);
        return !fresh || resident < said;
      }),
      MANY,
    );
  });

  it('is a finite number of seconds, not negative, whatever comes (10,000 runs)', () => {
    fc.assert(
      fc.property(responseFields, anyStatus, anyPolicy, (fields, status, policy) => {
        const lifetime = freshnessLifetime(received(fields, { status }), policy);
        return lifetime.seconds >= 0 && Number.isFinite(lifetime.seconds);
      }),
      MANY,
    );
  });
});
