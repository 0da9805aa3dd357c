import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mustValidate, storable, storableFields, type StorableInput } from './storable';
import { OVERRIDE, received, RESPECT } from './test/responses';
import type { CachePolicy } from './freshness';

interface Case {
  readonly policy: CachePolicy;
  readonly request?: Partial<StorableInput['request']>;
  readonly fields?: readonly string[];
  readonly status?: number;
  readonly credentials?: boolean;
}

function decide({ policy, request = {}, fields = [], status = 200, credentials = false }: Case) {
  return storable({
    request: { method: 'GET', fields: [], hasBody: false, ...request },
    response: received(fields, { status }),
    policy,
    credentials,
  });
}

/** The lifetime in seconds and whether to validate, or the reason why it is not stored. */
function verdict(input: Case): string {
  const result = decide(input);
  if (!result.store) return result.reason;
  return `${result.lifetime.seconds} ${result.lifetime.source}${result.mustValidate ? ' validate' : ''}`;
}

describe('RFC 9111 §3: what no policy stores', () => {
  const explicit = ['Cache-Control', 'max-age=5'];
  it.each<[string, Omit<Case, 'policy'>, string]>([
    ['POST', { request: { method: 'POST' } }, 'method-not-cached'],
    ['OPTIONS', { request: { method: 'OPTIONS' } }, 'method-not-cached'],
    ['a method in lower case', { request: { method: 'get' } }, 'method-not-cached'],
    ['a GET with a body', { request: { hasBody: true } }, 'method-not-cached'],
    [
      'what was asked for with no-store',
      { request: { fields: ['cache-control', 'No-Store'] } },
      'request-no-store',
    ],
    ['206', { status: 206 }, 'partial-content'],
    ['304', { status: 304 }, 'status-not-stored'],
    ['103', { status: 103 }, 'status-not-stored'],
    ['an event stream', { fields: ['Content-Type', 'Text/Event-Stream; charset=utf-8'] }, 'endless'],
    ['a stream of pictures', { fields: ['content-type', 'multipart/x-mixed-replace;boundary=x'] }, 'endless'],
    ['Vary: *', { fields: ['Vary', 'a, *'] }, 'vary-star'],
  ])('%s', (_what, input, reason) => {
    const fields = [...explicit, ...(input.fields ?? [])];
    expect(verdict({ ...input, fields, policy: OVERRIDE })).toBe(reason);
    expect(verdict({ ...input, fields, policy: RESPECT })).toBe(reason);
  });
});

describe('policy override: storable', () => {
  it.each([200, 203, 204, 300, 301, 308])('stores status %i for the TTL', (status) => {
    expect(verdict({ policy: OVERRIDE, status })).toBe('300 ttl');
    expect(verdict({ policy: OVERRIDE, status, request: { method: 'HEAD' } })).toBe('300 ttl');
  });

  it.each([201, 202, 205, 302, 303, 307, 400, 401, 404, 405, 410, 431, 500, 502, 503, 999])(
    'does not store status %i, fresh or not',
    (status) => {
      expect(verdict({ policy: OVERRIDE, status, fields: ['Cache-Control', 'max-age=60'] })).toBe(
        'status-not-stored',
      );
    },
  );

  it.each(['no-store', 'private', 'no-cache', 'max-age=0', 's-maxage=0, must-revalidate'])(
    'does not obey %s',
    (value) => {
      expect(verdict({ policy: OVERRIDE, fields: ['Cache-Control', value, 'Expires', '0'] })).toBe('300 ttl');
    },
  );

  it('stores nothing with a TTL of 0, not even with a validator', () => {
    const policy = { policy: 'override', ttlSeconds: 0 } as const;
    expect(verdict({ policy, fields: ['ETag', '"a"'] })).toBe('ttl-zero');
  });

  it('stores an answer to Authorization only where its partition has it', () => {
    const request = { fields: ['Authorization', 'Bearer a'] };
    expect(verdict({ policy: OVERRIDE, request })).toBe('authorization');
    expect(verdict({ policy: OVERRIDE, request, credentials: true })).toBe('300 ttl');
  });
});

describe('RFC 9111 §3: storable with policy respect', () => {
  it.each<[string[], string]>([
    [[], 'no-freshness'],
    [['ETag', '"a"', 'Last-Modified', 'Sun, 06 Nov 1994 08:49:37 GMT'], 'no-freshness'],
    [['Cache-Control', 'public'], 'no-freshness'],
    [['Cache-Control', 'max-age=5'], '5 max-age'],
    [['Cache-Control', 'max-age=5, s-maxage=7'], '7 s-maxage'],
    [['Cache-Control', 'max-age=0'], '0 max-age'],
    [['Expires', '0'], '0 expires'],
    [['Cache-Control', 'no-store, max-age=5'], 'response-no-store'],
    [['Cache-Control', 'max-age=5', 'Cache-Control', 'NO-STORE'], 'response-no-store'],
    [['Cache-Control', 'private, max-age=5'], 'response-private'],
    [['Cache-Control', 'private="", max-age=5'], 'response-private'],
    [['Cache-Control', 'private="x", private, max-age=5'], 'response-private'],
    [['Cache-Control', 'private="x", max-age=5'], '5 max-age'],
    [['Cache-Control', 'private="x, cache-control", max-age=5'], 'response-private'],
    [['Cache-Control', 'no-cache="etag"', 'ETag', '"a"'], '0 none validate'],
    [['Cache-Control', 'no-cache, max-age=5'], '5 max-age validate'],
    [['Cache-Control', 'no-cache', 'ETag', '"a"'], '0 none validate'],
    [['Cache-Control', 'no-cache'], 'no-freshness'],
    [['Cache-Control', 'no-cache="set-cookie", max-age=5'], '5 max-age'],
    [['Cache-Control', 'no-cache="etag", max-age=5'], '5 max-age validate'],
    [['Cache-Control', 'no-cache="", max-age=5'], '5 max-age validate'],
    [['Cache-Control', 'no-store, must-understand, max-age=5'], '5 max-age'],
    [['Set-Cookie', 'a=1', 'Cache-Control', 'max-age=5'], '5 max-age'],
    [['Content-Range', 'bytes 0-1/2', 'Cache-Control', 'max-age=5'], '5 max-age'],
  ])('%j', (fields, expected) => {
    expect(verdict({ policy: RESPECT, fields })).toBe(expected);
  });

  it.each([201, 302, 404, 410, 500, 503, 599])('stores status %i with explicit freshness', (status) => {
    expect(verdict({ policy: RESPECT, status, fields: ['Cache-Control', 'max-age=5'] })).toBe('5 max-age');
  });

  it.each([299, 306, 418, 425, 599])('does not understand status %i (§5.2.2.3)', (status) => {
    const fields = ['Cache-Control', 'must-understand, max-age=5'];
    expect(verdict({ policy: RESPECT, status, fields })).toBe('response-no-store');
  });

  it.each([205, 303, 416, 421, 426, 505])('understands status %i (§5.2.2.3)', (status) => {
    const fields = ['Cache-Control', 'must-understand, no-store, max-age=5'];
    expect(verdict({ policy: RESPECT, status, fields })).toBe('5 max-age');
  });

  it.each([
    ['max-age=5', 'authorization'],
    ['max-age=5, private="x"', 'authorization'],
    ['max-age=5, public', '5 max-age'],
    ['s-maxage=5', '5 s-maxage'],
    ['max-age=5, must-revalidate', '5 max-age'],
    ['max-age=5, public, no-store', 'response-no-store'],
  ])('answers to Authorization with %s (§3.5)', (value, expected) => {
    const request = { fields: ['Authorization', 'Basic x'] };
    expect(verdict({ policy: RESPECT, request, fields: ['Cache-Control', value] })).toBe(expected);
  });

  it.each<[number | null, string[], number, string]>([
    [60, [], 200, '60 ttl'],
    [60, ['Cache-Control', 'max-age=5'], 200, '5 max-age'],
    [60, ['Cache-Control', 'no-store'], 200, 'response-no-store'],
    [60, ['Cache-Control', 'no-cache'], 200, 'no-freshness'],
    [60, [], 404, 'status-not-stored'],
    [0, [], 200, 'ttl-zero'],
    [null, [], 200, 'no-freshness'],
  ])('a TTL of %s with %j and status %i', (ttlSeconds, fields, status, expected) => {
    expect(verdict({ policy: { policy: 'respect', ttlSeconds }, fields, status })).toBe(expected);
  });

  it('never stores what forbids it, whatever else stands there', () => {
    const directive = fc
      .stringMatching(/^[a-z-]+(=([a-z0-9]+|"[a-z ,]*"))?$/)
      .filter((text) => text !== 'must-understand');
    fc.assert(
      fc.property(
        fc.array(directive),
        fc.array(directive),
        fc.constantFrom('no-store', 'private'),
        (before, after, forbids) => {
          const value = ['max-age=5', ...before, forbids, ...after].join(',');
          expect(decide({ policy: RESPECT, fields: ['Cache-Control', value] }).store).toBe(false);
        },
      ),
    );
  });
});

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

  it('does not keep fields that private or no-cache name (§5.2.2.4, §5.2.2.7)', () => {
    const fields = [
      'Cache-Control',
      'private="x-a", no-cache="x-b, etag"',
      'X-A',
      '1',
      'x-b',
      '2',
      'ETag',
      '"a"',
      'C',
      '3',
    ];
    expect(storableFields(fields, RESPECT)).toEqual([fields[0], fields[1], 'ETag', '"a"', 'C', '3']);
    expect(storableFields(fields, OVERRIDE)).toEqual(fields);
  });

  it('changes nothing the second time', () => {
    const line = fc.tuple(
      fc.constantFrom('A', 'Age', 'Cache-Control', 'Connection', 'Set-Cookie', 'TE'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const once = storableFields(lines.flat(), RESPECT);
        expect(storableFields(once, RESPECT)).toEqual(once);
      }),
    );
  });
});

describe('RFC 9111 §5.2.2.4: mustValidate', () => {
  it('is no matter of policy override', () => {
    expect(mustValidate(['Cache-Control', 'no-cache'], RESPECT)).toBe(true);
    expect(mustValidate(['Cache-Control', 'no-cache'], OVERRIDE)).toBe(false);
  });
});
