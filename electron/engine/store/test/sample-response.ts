/** Stored responses for the stores' tests. */
import { createHash } from 'node:crypto';
import type { StoredResponse } from '../../semantics/stored-response';

export const SAMPLE_TIME = 1_700_000_000_000;

type Identity = Pick<StoredResponse, 'method' | 'key' | 'partition' | 'vary'>;

/** As the pipeline's variantId, but by the tests' own rule. */
function sampleId({ method, key, partition, vary }: Identity): string {
  const parts = JSON.stringify([method, key, partition, vary]);
  return createHash('sha256').update(parts).digest('base64url');
}

export function sampleResponse(overrides: Partial<StoredResponse> = {}): StoredResponse {
  const identity: Identity = {
    method: overrides.method ?? 'GET',
    key: overrides.key ?? 'https://api.example.com/users',
    partition: overrides.partition ?? '',
    vary: overrides.vary ?? [],
  };
  return {
    ...identity,
    id: sampleId(identity),
    url: identity.key,
    status: 200,
    statusText: 'OK',
    fields: ['Content-Type', 'application/json', 'ETag', '"v1"'],
    trailers: [],
    requestTime: SAMPLE_TIME - 80,
    responseTime: SAMPLE_TIME,
    initialAgeSeconds: 0,
    lifetimeSeconds: 300,
    lifetimeSource: 'ttl',
    mustValidate: false,
    forOneUser: false,
    partial: null,
    bodyBytes: 0,
    originMs: 80,
    ...overrides,
  };
}

export function sampleAt(path: string, overrides: Partial<StoredResponse> = {}): StoredResponse {
  return sampleResponse({ key: `https://api.example.com${path}`, ...overrides });
}

export function textBody(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

export function bodyText(body: Uint8Array | null): string | null {
  return body === null ? null : Buffer.from(body).toString();
}
