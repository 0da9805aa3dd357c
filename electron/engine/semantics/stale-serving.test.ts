import { describe, expect, it } from 'vitest';
import { parseCacheControl } from './cache-control';
import { isOriginError, mayServeOnError, mayServeStale, mayServeWhileRevalidating } from './stale-serving';
import { OVERRIDE, RESPECT, stored } from './test/responses';

const saying = (control: string) => stored({ fields: ['Cache-Control', control] });
const FORBIDDING = [
  'must-revalidate',
  'proxy-revalidate',
  's-maxage=4',
  's-maxage',
  'no-cache',
  'no-cache="x"',
  'MUST-REVALIDATE',
];

describe('RFC 9111 §5.2.1.2: max-stale', () => {
  it.each<[string, number, boolean]>([
    ['', 1, false],
    ['max-stale', 1e9, true],
    ['max-stale=6', 6, true],
    ['max-stale=6', 6.001, false],
    ['max-stale=0', 0, true],
    ['max-stale=x', 1, false],
    ['max-stale=', 1, false],
    ['max-stale, max-stale=5', 6, false],
  ])('%s, %d seconds past: %s, with either policy', (request, past, allowed) => {
    for (const policy of [OVERRIDE, RESPECT])
      expect(mayServeStale(saying('max-age=1'), parseCacheControl(request), policy, past)).toBe(allowed);
  });

  it.each(FORBIDDING)('does not override %s with policy respect (§4.2.4)', (control) => {
    const request = parseCacheControl('max-stale');
    expect(mayServeStale(saying(control), request, RESPECT, 1)).toBe(false);
    expect(mayServeStale(saying(control), request, OVERRIDE, 1)).toBe(true);
  });

  it('heeds what a targeted field says in place of Cache-Control (RFC 9213 §2.2)', () => {
    const request = parseCacheControl('max-stale');
    const strict = stored({ fields: ['CDN-Cache-Control', 'must-revalidate', 'Cache-Control', 'max-age=1'] });
    const lenient = stored({
      fields: ['CDN-Cache-Control', 'max-age=1', 'Cache-Control', 'must-revalidate'],
    });
    expect(mayServeStale(strict, request, RESPECT, 1)).toBe(false);
    expect(mayServeStale(lenient, request, RESPECT, 1)).toBe(true);
  });
});

describe('RFC 5861 §3: stale-while-revalidate', () => {
  const swr = 'stale-while-revalidate=60';
  const may = (
    control: string,
    past: number,
    request = '',
    policy: typeof OVERRIDE | typeof RESPECT = RESPECT,
  ) => mayServeWhileRevalidating(saying(control), parseCacheControl(request), policy, past);

  it.each<[string, number, boolean]>([
    [swr, 60, true],
    [swr, 60.001, false],
    [swr, 0, true],
    ['stale-while-revalidate=0', 1, false],
    ['stale-while-revalidate', 1, false],
    ['stale-while-revalidate=x', 1, false],
    ['stale-while-revalidate=60, stale-while-revalidate=5', 6, false],
    ['max-age=1', 1, false],
  ])('%s, %d seconds past: %s', (control, past, allowed) => {
    expect(may(control, past)).toBe(allowed);
  });

  it.each(FORBIDDING)('not with %s', (control) => {
    expect(may(`${swr}, ${control}`, 1)).toBe(false);
  });

  it.each(['max-age=5', 'max-age=x', 'min-fresh=1', 'max-stale=5, min-fresh=0'])(
    'not where the request says how fresh it wants it: %s (RFC 9111 §5.2.1.1, §5.2.1.3)',
    (request) => {
      expect(may(swr, 1, request)).toBe(false);
    },
  );

  it('with other directives of the request, but not with policy override', () => {
    expect(may(swr, 1, 'max-stale=0, x')).toBe(true);
    expect(may(swr, 1, '', OVERRIDE)).toBe(false);
  });
});

describe('RFC 5861 §4: answers that count as errors', () => {
  it.each([
    [200, false, false],
    [404, false, false],
    [429, false, false],
    [500, false, true],
    [501, false, false],
    [502, true, true],
    [503, true, true],
    [504, true, true],
    [599, false, false],
  ])('%i: %s; with stale-if-error %s; with policy override as without', (status, plain, with500) => {
    expect(isOriginError(status, saying('max-age=1'), RESPECT)).toBe(plain);
    expect(isOriginError(status, saying('stale-if-error=5'), RESPECT)).toBe(with500);
    expect(isOriginError(status, saying('stale-if-error=5'), OVERRIDE)).toBe(plain);
  });
});

describe('RFC 9111 §4.2.4, RFC 5861 §4: standing in for an origin that fails', () => {
  const may = (control: string, past: number) => mayServeOnError(saying(control), 'expired', RESPECT, past);

  it.each<[string, number, boolean]>([
    ['max-age=4', 1e9, true],
    ['stale-if-error=60', 60, true],
    ['stale-if-error=60', 60.001, false],
    ['stale-if-error=0', 1, false],
    ['stale-if-error=x', 1, false],
    ['stale-if-error=60, stale-if-error=5', 6, false],
  ])('with %s, %d seconds past: %s', (control, past, allowed) => {
    expect(may(control, past)).toBe(allowed);
  });

  it.each(FORBIDDING)('not with %s, whatever stale-if-error says', (control) => {
    expect(may(`stale-if-error=60, ${control}`, 1)).toBe(false);
  });

  it('not on a reload, nor where it must be validated; always with policy override', () => {
    for (const reason of ['reload', 'must-validate'] as const)
      expect(mayServeOnError(saying('max-age=4'), reason, RESPECT, 1)).toBe(false);
    for (const reason of ['reload', 'must-validate', 'expired'] as const)
      expect(mayServeOnError(saying('must-revalidate, stale-if-error=0'), reason, OVERRIDE, 1e9)).toBe(true);
  });

  it('not a stored error, which is no better than the new one', () => {
    for (const status of [500, 502, 503, 504]) {
      const error = stored({ status, fields: ['Cache-Control', 'stale-if-error=60'] });
      expect(mayServeOnError(error, 'expired', RESPECT, 1)).toBe(false);
      expect(mayServeOnError(error, 'expired', OVERRIDE, 1)).toBe(false);
    }
    const missing = stored({ status: 404 });
    expect(mayServeOnError(missing, 'expired', RESPECT, 1)).toBe(true);
  });
});
