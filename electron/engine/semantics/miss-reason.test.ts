import { describe, expect, it } from 'vitest';
import { missReason, nearestFacts } from './miss-reason';
import type { SelectionInput } from './select-stored';
import type { StoredResponse } from './stored-response';
import { NOW, stored } from './test/responses';

function input(candidates: readonly StoredResponse[], changes: Partial<SelectionInput> = {}): SelectionInput {
  return { request: { method: 'GET', fields: [] }, candidates, partition: '', now: NOW + 10_000, ...changes };
}

const reason = (candidates: readonly StoredResponse[], changes: Partial<SelectionInput> = {}) =>
  missReason(input(candidates, changes), undefined).reason;

describe('why nothing stored can answer', () => {
  const german = stored({
    vary: [
      ['accept-language', 'de'],
      ['foo', '1'],
    ],
  });
  const english = stored({
    vary: [
      ['accept-language', 'en'],
      ['foo', null],
    ],
    responseTime: NOW - 5000,
  });
  const french = { request: { method: 'GET', fields: ['Accept-Language', 'fr'] } };

  it('nothing is stored', () => {
    expect(missReason(input([]), undefined)).toEqual({
      reason: 'no-stored-response',
      forward: 'uri-miss',
      facts: { decidedBy: 'RFC 9111 §4' },
    });
  });

  it('something removed it (RFC 9111 §4.4)', () => {
    expect(missReason(input([]), 'POST /v2/cart/items')).toEqual({
      reason: 'invalidated',
      forward: 'uri-miss',
      facts: { invalidatedBy: 'POST /v2/cart/items', decidedBy: 'RFC 9111 §4.4' },
    });
    expect(missReason(input([english], french), 'POST /').reason).toBe('vary-differs');
  });

  it('variants that differ: the nearest of them with its fields, in whatever order they come (§4.1)', () => {
    for (const candidates of [
      [german, english],
      [english, german],
    ]) {
      expect(missReason(input(candidates, french), undefined)).toEqual({
        reason: 'vary-differs',
        forward: 'vary-miss',
        facts: {
          varyFields: ['accept-language'],
          nearestUrl: english.url,
          nearestStoredAt: NOW - 5000,
          nearestAgeSeconds: 15,
          lifetimeSeconds: 300,
          lifetimeSource: 'ttl',
          decidedBy: 'RFC 9111 §4.1',
        },
      });
    }
  });

  it('only a part is stored (§3.3), however many bytes the whole has', () => {
    const ranges = [
      { first: 0, last: 1023 },
      { first: 2048, last: 4095 },
    ];
    const part = stored({ partial: { ranges, completeLength: 8192 } });
    expect(missReason(input([english, part]), undefined)).toMatchObject({
      reason: 'partial-stored',
      forward: 'partial',
      facts: { storedRanges: '0-1023, 2048-4095/8192', nearestUrl: part.url, decidedBy: 'RFC 9111 §3.3' },
    });
    const unknown = stored({ partial: { ranges, completeLength: null } });
    expect(missReason(input([unknown]), undefined).facts.storedRanges).toBe('0-1023, 2048-4095/*');
    const other = stored({ partial: { ranges, completeLength: null }, vary: [['a', '1']] });
    expect(reason([other])).toBe('vary-differs');
  });

  it('another user has it stored, of the same policy', () => {
    const other = stored({ partition: 'you', forOneUser: true });
    expect(missReason(input([other], { partition: 'me' }), undefined)).toMatchObject({
      reason: 'credentials-differ',
      forward: 'miss',
      facts: { decidedBy: 'the setting credentialCookies', forThisUser: true, nearestUrl: other.url },
    });
    expect(reason([stored()], { partition: 'me' })).toBe('credentials-differ');
    expect(reason([stored()], { partition: 'respect' })).toBe('no-stored-response');
    expect(reason([stored({ partition: 'respect' })])).toBe('no-stored-response');
  });

  it("another user's is no matter where its Vary would not match either, or an own variant is stored", () => {
    const other = stored({ partition: 'you' });
    expect(reason([stored({ partition: 'you', vary: [['foo', '1']] })], { partition: 'me' })).toBe(
      'no-stored-response',
    );
    const own = stored({ partition: 'me', vary: [['foo', '1']] });
    expect(reason([other, own], { partition: 'me' })).toBe('vary-differs');
  });

  it('a stored HEAD is nothing for a GET', () => {
    const head = stored({ method: 'HEAD', vary: [['foo', '1']] });
    expect(reason([head])).toBe('no-stored-response');
    expect(reason([head], { request: { method: 'HEAD', fields: [] } })).toBe('vary-differs');
  });
});

describe('facts of the stored response that decided', () => {
  it('say since when it has expired, from the first moment', () => {
    const facts = (seconds: number) => nearestFacts(stored(), 'RFC 9111 §4.2', NOW + seconds * 1000);
    expect(facts(299)).not.toHaveProperty('expiredForSeconds');
    expect(facts(300).expiredForSeconds).toBe(0);
    expect(facts(306)).toEqual({
      decidedBy: 'RFC 9111 §4.2',
      nearestUrl: stored().url,
      nearestStoredAt: NOW,
      nearestAgeSeconds: 306,
      lifetimeSeconds: 300,
      lifetimeSource: 'ttl',
      expiredForSeconds: 6,
    });
  });

  it('say that it is kept for one user', () => {
    expect(nearestFacts(stored({ forOneUser: true }), '', NOW).forThisUser).toBe(true);
    expect(nearestFacts(stored(), '', NOW)).not.toHaveProperty('forThisUser');
  });
});
