import { describe, expect, it } from 'vitest';
import type { ExchangeSummary, NotStoredReason, ReasonCode } from './exchange-summary';
import { reasonParts, reasonSentence, reasonShort } from './reason-text';

const STARTED_AT = new Date(2026, 6, 3, 14, 2, 31).getTime();

function exchange(patch: Partial<ExchangeSummary>): ExchangeSummary {
  return {
    id: 1,
    startedAt: STARTED_AT,
    method: 'GET',
    target: '/a',
    status: 200,
    outcome: 'MISS',
    reason: 'no-stored-response',
    facts: {},
    forward: 'uri-miss',
    stored: false,
    notStored: null,
    collapsed: false,
    ttlSeconds: null,
    ageSeconds: null,
    contentType: null,
    bodyBytes: 0,
    durationMs: 1,
    savedMs: null,
    entryId: null,
    error: null,
    ...patch,
  };
}

const ALL_REASONS: Readonly<Record<ReasonCode, true>> = {
  fresh: true,
  revalidated: true,
  'stale-while-revalidate': true,
  'stale-if-error': true,
  'max-stale': true,
  'not-modified': true,
  collapsed: true,
  'no-stored-response': true,
  invalidated: true,
  'vary-differs': true,
  'credentials-differ': true,
  expired: true,
  'must-validate': true,
  reload: true,
  changed: true,
  'method-not-cached': true,
  'request-no-store': true,
  'partial-stored': true,
  'conditional-request': true,
  'request-body': true,
  'unkeyed-input': true,
  upgrade: true,
  'only-if-cached': true,
  'store-unavailable': true,
  'origin-error': true,
  'request-error': true,
  'client-left': true,
};

const ALL_NOT_STORED: Readonly<Record<NotStoredReason, true>> = {
  'status-not-stored': true,
  'response-no-store': true,
  'response-private': true,
  authorization: true,
  'vary-star': true,
  'no-freshness': true,
  'ttl-zero': true,
  endless: true,
  'too-large': true,
  'memory-busy': true,
  incomplete: true,
  'request-no-store': true,
  'partial-content': true,
  'invalidated-meanwhile': true,
  'method-not-cached': true,
  'store-unavailable': true,
};

describe('reasonShort', () => {
  it.each([
    [{ reason: 'fresh', ttlSeconds: 252 }, 'fresh for 4 min 12 s'],
    [{ reason: 'fresh', ttlSeconds: 10, facts: { forThisUser: true } }, 'fresh for 10 s, for this user'],
    [{ reason: 'no-stored-response' }, 'no stored response'],
    [{ reason: 'expired', facts: { expiredForSeconds: 12 } }, 'expired 12 s ago'],
    [{ reason: 'stale-while-revalidate', ttlSeconds: -9 }, 'expired 9 s ago, revalidating'],
    [{ reason: 'vary-differs', facts: { varyFields: ['accept-language'] } }, 'vary: accept-language differs'],
    [{ reason: 'vary-differs', facts: { varyFields: ['accept', 'x'] } }, 'vary: accept, x differ'],
    [{ reason: 'invalidated', facts: { invalidatedBy: 'POST /cart' } }, 'invalidated by POST /cart'],
    [{ reason: 'method-not-cached', method: 'POST' }, 'method not cached'],
    [{ reason: 'upgrade', facts: { protocol: 'websocket' } }, 'WebSocket'],
    [{ reason: 'unkeyed-input', facts: { requestFields: ['X-User'] } }, 'not in the key: X-User'],
    [{ status: 401, notStored: 'status-not-stored' }, 'errors are not stored'],
    [{ status: 302, notStored: 'status-not-stored' }, 'not stored: status 302'],
    [{ notStored: 'response-no-store' }, 'not stored: no-store'],
    [{ reason: 'expired', facts: { expiredForSeconds: 1 }, notStored: 'endless' }, 'expired 1 s ago'],
    [
      { reason: 'origin-error', error: { code: 'origin_timeout', message: 'x' } },
      'origin did not answer in time',
    ],
    [{ reason: 'request-error', error: { code: 'bad_request', message: 'x' } }, 'bad request'],
    [{ reason: 'origin-error' }, 'origin failed'],
  ] as const satisfies readonly (readonly [Partial<ExchangeSummary>, string])[])(
    '%o is "%s"',
    (patch, text) => {
      expect(reasonShort(exchange(patch))).toBe(text);
    },
  );
});

describe('reasonSentence', () => {
  it('says how old and how fresh a hit is', () => {
    expect(reasonSentence(exchange({ reason: 'fresh', ageSeconds: 48, ttlSeconds: 252 }))).toBe(
      'Answered from the store. It was stored 48 s ago and stays fresh for another 4 min 12 s.',
    );
  });

  it('names the field and the nearest stored response where Vary differs', () => {
    const facts = { varyFields: ['accept-language'], nearestStoredAt: STARTED_AT - 41_000 };
    expect(reasonSentence(exchange({ reason: 'vary-differs', facts }))).toBe(
      'Nothing stored matches the accept-language of this request. ' +
        'The nearest stored response was stored 41 s ago, at 14:01:50.',
    );
  });

  it('adds why the response was not stored', () => {
    expect(reasonSentence(exchange({ status: 404, notStored: 'status-not-stored' }))).toBe(
      'Nothing was stored for this request, so it went to the origin. It was not stored: ' +
        'responses with status 404 are not kept, so that the next request sees what has changed.',
    );
  });

  it('does not say the same twice', () => {
    const patch = { reason: 'method-not-cached', method: 'POST', notStored: 'method-not-cached' } as const;
    expect(reasonSentence(exchange(patch))).not.toContain('It was not stored');
  });

  it('passes on what an error says', () => {
    const error = { code: 'origin_unreachable', message: 'Nothing listens on 127.0.0.1:9' } as const;
    expect(reasonSentence(exchange({ reason: 'origin-error', error }))).toBe(
      'Nothing listens on 127.0.0.1:9.',
    );
  });

  it('tells the facts from the words around them', () => {
    const parts = reasonParts(exchange({ reason: 'expired', facts: { expiredForSeconds: 12 } }));
    expect(parts).toEqual([
      { text: 'What was stored ', fact: false },
      { text: 'expired 12 s ago', fact: true },
      { text: ', so the request went to the origin.', fact: false },
    ]);
  });

  it('keeps to its parts whatever a client calls its method', () => {
    const given = exchange({ reason: 'method-not-cached', method: 'A\uE001B\uE000C' });
    expect(reasonParts(given)[0]).toEqual({ text: 'ABC', fact: true });
  });

  it('has words for every reason, with and without facts', () => {
    for (const reason of Object.keys(ALL_REASONS) as ReasonCode[]) {
      for (const notStored of [null, ...(Object.keys(ALL_NOT_STORED) as NotStoredReason[])]) {
        const given = exchange({ reason, notStored });
        expect(reasonShort(given)).toMatch(/^[\w][^.]*$/);
        expect(reasonSentence(given)).toMatch(/^[A-Z].*\.$/);
        expect(`${reasonShort(given)} ${reasonSentence(given)}`).not.toMatch(
          /undefined|null|NaN|[\uE000\uE001]/,
        );
        const parts = reasonParts(given).map(({ text }) => text);
        expect(parts.join('')).toBe(reasonSentence(given));
      }
    }
  });
});
