import { describe, expect, it } from 'vitest';
import { requestCacheControl } from './cache-control';
import { passReason } from './pass-reason';

interface Request {
  readonly method?: string;
  readonly fields?: readonly string[];
  readonly hasBody?: boolean;
}

const passes = ({ method = 'GET', fields = [], hasBody = false }: Request) =>
  passReason({ method, fields, hasBody }, requestCacheControl(fields));

describe('requests that the cache leaves alone', () => {
  it.each<[string, Request, object]>([
    ['POST (RFC 9110 §9.2.3)', { method: 'POST' }, { reason: 'method-not-cached', forward: 'method' }],
    ['an unknown method', { method: 'get' }, { reason: 'method-not-cached', forward: 'method' }],
    ['OPTIONS', { method: 'OPTIONS' }, { reason: 'method-not-cached' }],
    ['a GET with a body (§9.3.1)', { hasBody: true }, { reason: 'request-body', forward: 'bypass' }],
    ['a HEAD with a body', { method: 'HEAD', hasBody: true }, { reason: 'request-body' }],
    [
      'no-store (RFC 9111 §5.2.1.5)',
      { fields: ['Cache-Control', 'max-stale, No-Store'] },
      { reason: 'request-no-store', forward: 'request', facts: { decidedBy: 'RFC 9111 §5.2.1.5' } },
    ],
    [
      'Cache-Control that is too long to be read',
      { fields: ['Cache-Control', 'x'.repeat(9000)] },
      { reason: 'request-no-store' },
    ],
    [
      'If-Match (RFC 9110 §13.1.1)',
      { fields: ['If-Match', '"a"'] },
      { reason: 'conditional-request', forward: 'bypass', facts: { requestFields: ['if-match'] } },
    ],
    [
      'If-Unmodified-Since (§13.1.4)',
      { fields: ['if-unmodified-since', 'x', 'If-Match', '*'] },
      { reason: 'conditional-request', facts: { requestFields: ['if-match', 'if-unmodified-since'] } },
    ],
    [
      'fields that may choose another resource',
      { fields: ['X-HTTP-Method-Override', 'DELETE', 'x-original-url', '/admin'] },
      {
        reason: 'unkeyed-input',
        forward: 'bypass',
        facts: { requestFields: ['x-original-url', 'x-http-method-override'] },
      },
    ],
    ['first of all the method', { method: 'PUT', hasBody: true }, { reason: 'method-not-cached' }],
    [
      'then the body',
      { hasBody: true, fields: ['Cache-Control', 'no-store', 'If-Match', '*'] },
      { reason: 'request-body' },
    ],
  ])('%s', (_what, request, expected) => {
    expect(passes(request)).toMatchObject(expected);
  });

  it.each([
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method',
    'X-HTTP-Method-Override',
    'X-Method-Override',
  ])('%s', (name) => {
    expect(passes({ fields: [name, 'x'] })).toMatchObject({ reason: 'unkeyed-input' });
  });
});

describe('requests for the cache', () => {
  it.each<[string, Request]>([
    ['GET', {}],
    ['HEAD', { method: 'HEAD' }],
    ['a range', { fields: ['Range', 'bytes=0-1', 'If-Range', '"a"'] }],
    ['conditions that a cache can judge', { fields: ['If-None-Match', '"a"', 'If-Modified-Since', 'x'] }],
    ['a reload', { fields: ['Cache-Control', 'no-cache', 'Pragma', 'no-cache'] }],
    ['credentials', { fields: ['Authorization', 'a', 'Cookie', 'b=1'] }],
  ])('%s', (_what, request) => {
    expect(passes(request)).toBeNull();
  });
});
