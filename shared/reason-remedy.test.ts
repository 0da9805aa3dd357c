import { describe, expect, it } from 'vitest';
import type { ExchangeSummary, NotStoredReason, ReasonCode } from './exchange-summary';
import { reasonRemedy, type RemedyContext } from './reason-remedy';
import { DEFAULT_SETTINGS } from './settings';

const OVERRIDE: RemedyContext = { policy: 'override', store: 'memory', hasCookies: true };
const RESPECT: RemedyContext = { policy: 'respect', store: 'redis', hasCookies: true };

function exchange(patch: Partial<ExchangeSummary>): ExchangeSummary {
  return {
    id: 1,
    startedAt: 0,
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

const fieldOf = (patch: Partial<ExchangeSummary>, context = OVERRIDE) =>
  reasonRemedy(exchange(patch), context)?.setting?.field ?? null;

/** Whether the settings have such a field. */
function isSetting(field: string): boolean {
  let value: unknown = DEFAULT_SETTINGS;
  for (const part of field.split('.')) {
    if (typeof value !== 'object' || value === null || !(part in value)) return false;
    value = (value as Record<string, unknown>)[part];
  }
  return true;
}

describe('reasonRemedy', () => {
  it.each([
    [{ reason: 'expired' }, 'ttlSeconds'],
    [{ notStored: 'ttl-zero' }, 'ttlSeconds'],
    [{ reason: 'credentials-differ' }, 'credentialCookies'],
    [{ status: 404, notStored: 'status-not-stored' }, 'errorTtlSeconds'],
    [{ notStored: 'too-large' }, 'maxBodyBytes'],
    [{ reason: 'store-unavailable' }, 'store'],
    [
      { reason: 'origin-error', status: 504, error: { code: 'origin_timeout', message: '' } },
      'upstream.headTimeoutMs',
    ],
    [
      { reason: 'origin-error', status: 200, error: { code: 'origin_timeout', message: '' } },
      'upstream.bodyTimeoutMs',
    ],
    [{ reason: 'origin-error', error: { code: 'origin_tls', message: '' } }, 'upstream.acceptSelfSigned'],
    [
      {
        reason: 'origin-error',
        error: { code: 'origin_unreachable', message: 'http://a did not accept a connection in time' },
      },
      'upstream.connectTimeoutMs',
    ],
    [{ reason: 'origin-error', error: { code: 'origin_unreachable', message: '' } }, 'origin'],
  ] as const satisfies readonly (readonly [Partial<ExchangeSummary>, string])[])(
    '%o leads to %s',
    (patch, field) => {
      expect(fieldOf(patch)).toBe(field);
    },
  );

  it.each([
    [{ reason: 'expired', facts: { lifetimeSource: 'max-age' } }, 'policy'],
    [{ reason: 'expired', facts: { lifetimeSource: 'ttl' } }, 'ttlSeconds'],
    [{ reason: 'must-validate' }, 'policy'],
    [{ notStored: 'response-no-store' }, 'policy'],
    [{ notStored: 'authorization' }, 'policy'],
    [{ notStored: 'no-freshness' }, 'ttlSeconds'],
    [{ status: 404, notStored: 'status-not-stored' }, 'policy'],
  ] as const satisfies readonly (readonly [Partial<ExchangeSummary>, string])[])(
    'where the origin is respected, %o leads to %s',
    (patch, field) => {
      expect(fieldOf(patch, RESPECT)).toBe(field);
    },
  );

  it('says what the client can do where no setting helps', () => {
    const reload = reasonRemedy(exchange({ reason: 'reload', stored: true }), OVERRIDE);
    expect(reload?.setting).toBeNull();
    expect(reload?.sentence).toContain('Disable cache');
    const unkeyed = exchange({ reason: 'unkeyed-input', facts: { requestFields: ['x-original-url'] } });
    expect(reasonRemedy(unkeyed, OVERRIDE)?.sentence).toBe('Leave x-original-url out of the request.');
  });

  it('leads to the cookies that count only where there are cookies', () => {
    const given = exchange({ reason: 'credentials-differ' });
    expect(reasonRemedy(given, { ...OVERRIDE, hasCookies: false })?.setting).toBeNull();
  });

  it('has nothing to say of a hit', () => {
    expect(reasonRemedy(exchange({ reason: 'fresh', outcome: 'HIT' }), OVERRIDE)).toBeNull();
  });

  it('names only settings there are, in full sentences', () => {
    const reasons: readonly ReasonCode[] = [
      'expired',
      'changed',
      'vary-differs',
      'credentials-differ',
      'invalidated',
    ];
    const others: readonly ReasonCode[] = [
      'request-body',
      'conditional-request',
      'only-if-cached',
      'partial-stored',
    ];
    const notStored: readonly (NotStoredReason | null)[] = [
      null,
      'endless',
      'too-large',
      'vary-star',
      'incomplete',
    ];
    for (const context of [OVERRIDE, RESPECT]) {
      for (const reason of [...reasons, ...others]) {
        for (const not of notStored) {
          const remedy = reasonRemedy(exchange({ reason, notStored: not, status: 404 }), context);
          if (remedy === null) continue;
          expect(remedy.sentence).toMatch(/^[A-Z].*\.$/);
          if (remedy.setting !== null) expect(isSetting(remedy.setting.field)).toBe(true);
        }
      }
    }
  });
});
