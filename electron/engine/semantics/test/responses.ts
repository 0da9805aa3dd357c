/** Responses for the tests of semantics: everything that a test does not name is harmless. */
import type { DatedResponse } from '../freshness';
import type { StoredResponse } from '../stored-response';

/** Sun, 06 Nov 1994 08:49:37 GMT */
export const NOW = 784_111_777_000;
export const NOW_DATE = 'Sun, 06 Nov 1994 08:49:37 GMT';

export const OVERRIDE = { policy: 'override', ttlSeconds: null } as const;
export const RESPECT = { policy: 'respect', ttlSeconds: null } as const;

export function received(fields: readonly string[], overrides: Partial<DatedResponse> = {}): DatedResponse {
  return { status: 200, fields, requestTime: NOW, responseTime: NOW, ...overrides };
}

export function stored(overrides: Partial<StoredResponse> = {}): StoredResponse {
  return {
    id: 'id',
    key: 'https://api.example.com/users',
    partition: '',
    vary: [],
    method: 'GET',
    url: 'https://api.example.com/users',
    status: 200,
    statusText: 'OK',
    fields: [],
    trailers: [],
    requestTime: NOW,
    responseTime: NOW,
    initialAgeSeconds: 0,
    lifetimeSeconds: 300,
    lifetimeSource: 'ttl',
    mustValidate: false,
    forOneUser: false,
    partial: null,
    bodyBytes: 2,
    originMs: 80,
    ...overrides,
  };
}
