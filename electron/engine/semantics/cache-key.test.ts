import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, originProblem, type Policy } from '../../../shared/settings';
import {
  cacheKey,
  credentialsHash,
  hasCredentials,
  originUrl,
  isSamePolicy,
  partitionOf,
  targetProblem,
} from './cache-key';

const secret = new Uint8Array(32).fill(7);
const cookiePatterns = DEFAULT_SETTINGS.credentialCookies;
const partition = (fields: string[], forwardedHost: string | null = null, policy: Policy = 'override') =>
  partitionOf({ fields, policy, cookiePatterns, secret, forwardedHost });

// Few letters, so that different pairs often join to the same text.
const target = fc.oneof(fc.stringMatching(/^\/[!"$-~]*$/), fc.stringMatching(/^\/[a/.?&;%0]{0,3}$/));
const base = fc
  .tuple(fc.constantFrom('http', 'https'), fc.domain(), fc.constantFrom('', ':8080'), target)
  .map(([scheme, host, port, path]) => `${scheme}://${host}${port}${path.replace(/[?\\.%"<>^`{|}]/g, '')}`);

describe('RFC 9111 §2: cacheKey', () => {
  it.each([
    ['https://api.example.com', '/users?a=1', 'https://api.example.com/users?a=1'],
    ['https://api.example.com/', '/users', 'https://api.example.com/users'],
    ['https://API.Example.com:443/v2/', '/users', 'https://api.example.com/v2/users'],
    ['http://localhost:8080/v2', '/', 'http://localhost:8080/v2/'],
    ['http://[::1]:80', '/a', 'http://[::1]/a'],
    ['https://api.example.com', '//evil/x', 'https://api.example.com//evil/x'],
    ['https://api.example.com', '/\\evil/x', 'https://api.example.com/\\evil/x'],
    ['https://api.example.com', '/@evil', 'https://api.example.com/@evil'],
    ['https://api.example.com', '/a/../b/%2e%2e/c', 'https://api.example.com/a/../b/%2e%2e/c'],
  ])('of %s and %s', (origin, path, key) => {
    expect(cacheKey(origin, path)).toBe(key);
    expect(originUrl(origin, path)).toBe(key);
  });

  it.each([
    ['/?a=1&b=2', '/?a=1;b=2'],
    ['/%2e', '/.'],
    ['/%00', '/%01'],
    ['/%0d%0a', '/%0D%0A'],
    ['/a', '/A'],
    ['/a?', '/a'],
    ['/a', '/a/'],
  ])('tells %s from %s', (left, right) => {
    const origin = 'https://api.example.com';
    expect(cacheKey(origin, left)).not.toBe(cacheKey(origin, right));
  });

  it('is injective for the target (10,000 runs)', () => {
    fc.assert(
      fc.property(base, target, target, (origin, left, right) => {
        expect(cacheKey(origin, left) === cacheKey(origin, right)).toBe(left === right);
      }),
      { numRuns: 10_000 },
    );
  });

  it('lets no target change host or scheme (10,000 runs)', () => {
    fc.assert(
      fc.property(base, target, (origin, path) => {
        fc.pre(originProblem(origin) === null);
        return new URL(cacheKey(origin, path)).origin === new URL(origin).origin;
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('RFC 9112 §3.2.1: targetProblem', () => {
  it.each(['/', '/a?b=c&d', '/%00', '//evil/x', '/\\evil', '/a"b', "/~!$&'()*+,;=:@|{}^`<>"])(
    'takes %s',
    (value) => {
      expect(targetProblem(value)).toBeNull();
    },
  );

  it.each([
    ['', /start with/],
    ['*', /start with/],
    ['users', /start with/],
    ['http://evil/x', /start with/],
    ['/a#b', /fragment/],
    ['/a b', /%20/],
    ['/a\r\nHost: evil', /control/],
    ['/a\u0000', /control/],
    ['/a\u007f', /control/],
    ['/ä', /ASCII/],
  ])('refuses %j', (value, words) => {
    expect(targetProblem(value)).toMatch(words);
  });
});

describe('credentialsHash', () => {
  const hash = (fields: string[]) => credentialsHash(fields, cookiePatterns, secret);

  it('is null without credentials', () => {
    expect(hash([])).toBeNull();
    expect(hash(['Accept', '*/*', 'Proxy-Authorization', 'Basic x'])).toBeNull();
    expect(hash(['Cookie', '_ga=1; _GID=2; __utma=3'])).toBeNull();
    expect(hash(['Cookie', ' ; ;'])).toBeNull();
  });

  it('is short and URL-safe, and does not show what it hides', () => {
    expect(hash(['Authorization', 'Bearer secret'])).toMatch(/^[\w-]{22}$/);
  });

  it('depends on the secret', () => {
    const fields = ['Authorization', 'Bearer a'];
    expect(credentialsHash(fields, cookiePatterns, new Uint8Array(32))).not.toBe(hash(fields));
  });

  it.each([
    [
      ['Cookie', 'a=1; b=2'],
      ['cookie', 'b=2;a=1'],
    ],
    [
      ['Cookie', 'a=1; b=2'],
      ['Cookie', 'b=2', 'Cookie', 'a=1'],
    ],
    [
      ['Cookie', 'a=1; _ga=x'],
      ['Cookie', 'a=1; _ga=y'],
    ],
    [
      ['Cookie', 'a=1', 'X-Other', '1'],
      ['Cookie', 'a=1'],
    ],
  ])('is the same for %j and %j', (left, right) => {
    expect(hash(left)).toBe(hash(right));
  });

  it.each([
    [
      ['Authorization', 'Bearer a'],
      ['Authorization', 'Bearer b'],
    ],
    [
      ['Authorization', 'a=1'],
      ['Cookie', 'a=1'],
    ],
    [
      ['Cookie', 'a=1'],
      ['Cookie', 'a=2'],
    ],
    [
      ['Cookie', 'a=1'],
      ['Cookie', 'A=1'],
    ],
    [
      ['Cookie', 'a=1; b=2'],
      ['Cookie', 'a=1'],
    ],
    [
      ['Cookie', 'a=1; a=2'],
      ['Cookie', 'a=2; a=1'],
    ],
    [
      ['Cookie', 'a='],
      ['Cookie', 'a'],
    ],
    [
      ['Cookie', 'a=1:b'],
      ['Cookie', 'a=1; b=1'],
    ],
    [
      ['Cookie', 'a1=x; b=123456'],
      ['Cookie', 'a=xcb6:123456'],
    ],
    [
      ['Authorization', 'a', 'Authorization', 'b'],
      ['Authorization', 'ab'],
    ],
  ])('differs for %j and %j', (left, right) => {
    expect(hash(left)).not.toBe(hash(right));
  });
});

describe('partitionOf', () => {
  it.each(['X-Api-Key', 'Api-Key', 'X-Auth-Token', 'X-Access-Token', 'X-Session-Token', 'Private-Token'])(
    'keeps users apart by %s',
    (name) => {
      expect(partition([name, 'ann'])).not.toBe(partition([name, 'bob']));
      expect(partition([name, 'ann'])).not.toBe(partition(['Authorization', 'ann']));
    },
  );

  it('keeps what one policy stored from the other', () => {
    expect(partition([], null, 'respect')).not.toBe(partition([]));
    expect(partition([], 'app.test', 'respect')).not.toBe(partition([], 'app.test'));
    expect(isSamePolicy(partition([], 'app.test', 'respect'), partition([], null, 'respect'))).toBe(true);
    expect(isSamePolicy(partition(['Cookie', 'sid=1']), partition([]))).toBe(true);
    expect(isSamePolicy(partition([]), partition([], null, 'respect'))).toBe(false);
  });

  it('is empty where nothing keeps users apart', () => {
    expect(partition(['Accept', '*/*'])).toBe('');
    expect(partition(['Cookie', '_ga=1'])).toBe('');
  });

  it('keeps users apart', () => {
    expect(partition(['Cookie', 'sid=1'])).not.toBe(partition(['Cookie', 'sid=2']));
    expect(partition(['Authorization', 'a'])).not.toBe('');
  });

  it('leaves credentials to RFC 9111 §3.5 with policy respect', () => {
    expect(partition(['Authorization', 'a', 'Cookie', 'sid=1'], null, 'respect')).toBe(
      partition([], null, 'respect'),
    );
  });

  it('keeps foreign hosts apart, without regard to case, with either policy', () => {
    expect(partition([], 'app.test')).not.toBe('');
    expect(partition([], 'APP.test')).toBe(partition([], 'app.test'));
    expect(partition(['Cookie', 'a=1'], 'app.test')).not.toBe(partition([], 'app.test'));
    expect(partition(['Cookie', 'a=1'], 'app.test')).not.toBe(partition(['Cookie', 'a=1']));
  });

  it('is injective for credentials and host (10,000 runs)', () => {
    // Few letters, so that different parts often join to the same text.
    const text = fc.stringMatching(/^[1:achu-]{0,4}$/);
    const host = fc.option(fc.stringMatching(/^[1:achu]{1,3}$/));
    const input = fc.tuple(
      text,
      fc.stringMatching(/^s[1:a]{0,2}$/),
      fc.stringMatching(/^[1:ac]{0,3}$/),
      host,
    );
    const made = ([authorization, name, value, forwardedHost]: [string, string, string, string | null]) =>
      partition(['Authorization', authorization, 'Cookie', `${name}=${value}`], forwardedHost);
    fc.assert(
      fc.property(input, input, (left, right) => {
        expect(made(left) === made(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
      { numRuns: 10_000 },
    );
  });

  it('says whether a response is for one user', () => {
    const fields = ['Cookie', 'sid=1'];
    expect(hasCredentials({ fields, policy: 'override', cookiePatterns })).toBe(true);
    expect(hasCredentials({ fields, policy: 'respect', cookiePatterns })).toBe(false);
    expect(hasCredentials({ fields: [], policy: 'override', cookiePatterns })).toBe(false);
  });
});
