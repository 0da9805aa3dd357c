import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasField } from '../http/raw-fields';
import { requestCacheControl } from './cache-control';
import type { CachePolicy } from './freshness';
import { formatHttpDate } from './http-date';
import { responseCacheControl } from './response-directives';
import { storable, type StorableInput } from './storable';
import { anyStatus, MANY, requestFields, responseFields } from './test/arbitraries';
import { NOW, OVERRIDE, received, RESPECT } from './test/responses';

const URL = 'https://api.example.com/users?a=1';
const anHourAgo = formatHttpDate(NOW - 3_600_000);

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
    url: URL,
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
    [
      'what was asked for with no-store among others',
      { request: { fields: ['Cache-Control', 'a, no-store'] } },
      'request-no-store',
    ],
    ['304', { status: 304 }, 'status-not-stored'],
    ['412, which says nothing of other requests', { status: 412 }, 'status-not-stored'],
    ['416, which says nothing of other ranges', { status: 416 }, 'status-not-stored'],
    ['103', { status: 103 }, 'status-not-stored'],
    ['an event stream', { fields: ['Content-Type', 'Text/Event-Stream; charset=utf-8'] }, 'endless'],
    ['a stream of pictures', { fields: ['content-type', 'multipart/x-mixed-replace;boundary=x'] }, 'endless'],
    [
      'one of several types that is endless',
      { fields: ['Content-Type', 'a/b', 'Content-Type', ' text/event-stream '] },
      'endless',
    ],
    ['Vary: * (§4.1)', { fields: ['Vary', 'a, *'] }, 'vary-star'],
  ])('%s', (_what, input, reason) => {
    const fields = [...explicit, ...(input.fields ?? [])];
    expect(verdict({ ...input, fields, policy: OVERRIDE })).toBe(reason);
    expect(verdict({ ...input, fields, policy: RESPECT })).toBe(reason);
  });
});

describe('RFC 9111 §3.3: storing parts', () => {
  const part = ['Cache-Control', 'max-age=5', 'Content-Range', 'bytes 0-4/10'];
  const range = { fields: ['Range', 'bytes=0-4'] };

  it.each<[string, Omit<Case, 'policy'>, boolean]>([
    ['one range that was asked for', { fields: part, request: range }, true],
    [
      'of unknown length',
      { fields: ['Content-Range', 'bytes 0-4/*', 'Cache-Control', 'max-age=5'], request: range },
      true,
    ],
    ['nothing that was not asked for', { fields: part }, false],
    ['nothing of HEAD', { fields: part, request: { ...range, method: 'HEAD' } }, false],
    ['nothing without Content-Range', { fields: ['Cache-Control', 'max-age=5'], request: range }, false],
    ['nothing with two', { fields: [...part, 'Content-Range', 'bytes 0-4/10'], request: range }, false],
    [
      'nothing with one that is invalid',
      { fields: ['Content-Range', 'bytes 4-0/10'], request: range },
      false,
    ],
    ['nothing of another unit', { fields: ['Content-Range', 'rows 0-4/10'], request: range }, false],
    [
      'no several ranges',
      { fields: ['Content-Type', 'multipart/byteranges; boundary=x'], request: range },
      false,
    ],
  ])('%s', (_what, input, stores) => {
    for (const policy of [OVERRIDE, RESPECT]) {
      const result = decide({ ...input, status: 206, policy });
      if (stores) expect(result.store).toBe(true);
      else expect(result).toEqual({ store: false, reason: 'partial-content' });
    }
  });

  it('is for 206 alone', () => {
    expect(verdict({ policy: RESPECT, fields: part, request: range })).toBe('5 max-age');
  });
});

describe('RFC 9110 §9.3.3: storing the answer to POST', () => {
  const answer = ['Cache-Control', 'max-age=5', 'Content-Location', '/users?a=1'];
  const post = { method: 'POST', hasBody: true };

  it.each<[string, Omit<Case, 'policy'>, string]>([
    ['with freshness and the target as Content-Location', { fields: answer }, '5 max-age'],
    ['with an absolute Content-Location', { fields: ['Expires', 'x', 'Content-Location', URL] }, '0 expires'],
    [
      'not without freshness',
      { fields: ['Content-Location', URL, 'Last-Modified', anHourAgo] },
      'method-not-cached',
    ],
    ['not without Content-Location', { fields: ['Cache-Control', 'max-age=5'] }, 'method-not-cached'],
    [
      'not with another',
      { fields: ['Cache-Control', 'max-age=5', 'Content-Location', '/users'] },
      'method-not-cached',
    ],
    ['not with two', { fields: [...answer, 'Content-Location', URL] }, 'method-not-cached'],
    ['not with another status', { fields: answer, status: 201 }, 'method-not-cached'],
    ['not where it says no-store', { fields: [...answer, 'Cache-Control', 'no-store'] }, 'response-no-store'],
    ['not of another method', { fields: answer, request: { method: 'PUT' } }, 'method-not-cached'],
  ])('%s', (_what, { request = post, ...input }, expected) => {
    expect(verdict({ ...input, request: { ...post, ...request }, policy: RESPECT })).toBe(expected);
    expect(verdict({ ...input, request: { ...post, ...request }, policy: OVERRIDE })).toBe(
      'method-not-cached',
    );
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

  it('stores errors for a TTL of their own, if one is set', () => {
    const policy = { policy: 'override', ttlSeconds: 60, errorTtlSeconds: 5 } as const;
    for (const status of [400, 404, 500, 599]) expect(verdict({ policy, status })).toBe('5 ttl');
    expect(verdict({ policy: { ...policy, errorTtlSeconds: 0 }, status: 404 })).toBe('ttl-zero');
    for (const status of [302, 412, 416]) expect(verdict({ policy, status })).toBe('status-not-stored');
  });

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
    [['ETag', '"a"'], '0 none'],
    [['ETag', '*'], 'no-freshness'],
    [['Last-Modified', anHourAgo], '360 heuristic'],
    [['Last-Modified', formatHttpDate(NOW)], '0 heuristic'],
    [['Last-Modified', 'x'], 'no-freshness'],
    [['Cache-Control', 'public'], 'no-freshness'],
    [['Cache-Control', 'public', 'ETag', 'W/"a"'], '0 none'],
    [['Cache-Control', 'must-revalidate'], 'no-freshness'],
    [['Cache-Control', 'max-age=5', 'Age', 'x'], '0 max-age'],
    [['Larder-Cache-Control', 'max-age=5', 'Cache-Control', 'no-store'], '5 max-age'],
    [['CDN-Cache-Control', 'no-store', 'Cache-Control', 'max-age=5'], 'response-no-store'],
    [['CDN-Cache-Control', 'private', 'Cache-Control', 'max-age=5'], 'response-private'],
    [['CDN-Cache-Control', 'no-cache, max-age=7', 'Cache-Control', 'max-age=5'], '7 max-age validate'],
    [['CDN-Cache-Control', 'public', 'Expires', formatHttpDate(NOW + 9000)], 'no-freshness'],
    [['CDN-Cache-Control', 'No-Store', 'Cache-Control', 'max-age=5'], '5 max-age'],
    [['CDN-Cache-Control', 'private="cdn-cache-control", max-age=5'], 'response-private'],
    [['CDN-Cache-Control', 'no-cache="larder-cache-control", max-age=5'], '5 max-age validate'],
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
    [['Cache-Control', 'private="content-type", max-age=5'], 'response-private'],
    [['Cache-Control', 'private="x, private, max-age=5'], 'response-private'],
  ])('%j', (fields, expected) => {
    expect(verdict({ policy: RESPECT, fields })).toBe(expected);
  });

  it.each([201, 302, 404, 410, 500, 503, 599])('stores status %i with explicit freshness', (status) => {
    expect(verdict({ policy: RESPECT, status, fields: ['Cache-Control', 'max-age=5'] })).toBe('5 max-age');
  });

  it.each([204, 300, 301, 308, 404, 405, 410, 414, 501])(
    'stores status %i, cacheable by default, where it can be validated or its freshness guessed',
    (status) => {
      expect(verdict({ policy: RESPECT, status, fields: ['ETag', '"a"'] })).toBe('0 none');
      expect(verdict({ policy: RESPECT, status, fields: ['Last-Modified', anHourAgo] })).toBe(
        '360 heuristic',
      );
      expect(verdict({ policy: RESPECT, status })).toBe('no-freshness');
    },
  );

  it.each([201, 302, 307, 400, 403, 500, 503, 599])(
    'stores status %i, not cacheable by default, only by explicit freshness or public (§3, last clause)',
    (status) => {
      for (const value of ['no-cache', 'must-revalidate', 'x', 'no-cache="a"']) {
        const fields = ['ETag', '"a"', 'Last-Modified', anHourAgo, 'Cache-Control', value];
        expect(verdict({ policy: RESPECT, status, fields })).toBe('no-freshness');
      }
      const fields = ['ETag', '"a"', 'Cache-Control', 'public'];
      expect(verdict({ policy: RESPECT, status, fields })).toBe('0 none');
      expect(
        verdict({ policy: RESPECT, status, fields: ['Cache-Control', 'public, no-cache', 'ETag', '"a"'] }),
      ).toBe('0 none validate');
    },
  );

  it.each([299, 306, 418, 425, 599])('does not understand status %i (§5.2.2.3)', (status) => {
    const fields = ['Cache-Control', 'must-understand, max-age=5'];
    expect(verdict({ policy: RESPECT, status, fields })).toBe('response-no-store');
  });

  it.each([205, 206, 303, 308, 404, 417, 421, 422, 426, 505])(
    'understands status %i (§5.2.2.3)',
    (status) => {
      const fields = [
        'Cache-Control',
        'must-understand, no-store, max-age=5',
        'Content-Range',
        'bytes 0-1/2',
      ];
      const request = { fields: ['Range', 'bytes=0-1'] };
      expect(verdict({ policy: RESPECT, status, fields, request })).toBe('5 max-age');
    },
  );

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
    [60, ['Last-Modified', anHourAgo], 200, '360 heuristic'],
    [60, ['ETag', '"a"'], 200, '60 ttl'],
    [60, [], 302, 'status-not-stored'],
    [60, ['Cache-Control', 'private'], 200, 'response-private'],
  ])('a TTL of %s with %j and status %i', (ttlSeconds, fields, status, expected) => {
    expect(verdict({ policy: { policy: 'respect', ttlSeconds }, fields, status })).toBe(expected);
  });

  it('never stores what forbids it, whatever else stands there (10,000 runs)', () => {
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
          return !decide({ policy: RESPECT, fields: ['Cache-Control', value] }).store;
        },
      ),
      MANY,
    );
  });

  it('stores nothing that a clause of §3 forbids, whatever comes (10,000 runs)', () => {
    fc.assert(
      fc.property(requestFields, responseFields, anyStatus, (request, fields, status) => {
        const result = decide({ policy: RESPECT, request: { fields: request }, fields, status });
        if (!result.store) return true;
        const control = responseCacheControl(fields);
        const isDefault = [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501].includes(status);
        const said = ['public', 'max-age', 's-maxage'].some((name) => control.has(name));
        return (
          !requestCacheControl(request).has('no-store') &&
          (!control.has('no-store') || control.has('must-understand')) &&
          (isDefault || said || /expires/i.test(fields.join())) &&
          (!hasField(request, 'authorization') ||
            ['public', 's-maxage', 'must-revalidate'].some((name) => control.has(name)))
        );
      }),
      MANY,
    );
  });
});
