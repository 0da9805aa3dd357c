import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CacheDecision } from './cache-decision';
import { decideReuse, selectVariant, type ReuseInput } from './decide-reuse';
import { formatHttpDate } from './http-date';
import { NOW, OVERRIDE, RESPECT, stored } from './test/responses';

type Changes = Partial<Omit<ReuseInput, 'request'>> & Partial<ReuseInput['request']>;

function decide({ method = 'GET', fields = [], hasBody = false, ...rest }: Changes): CacheDecision {
  const defaults = { candidates: [stored()], partition: '', policy: OVERRIDE, now: NOW + 10_000 };
  return decideReuse({ ...defaults, request: { method, fields, hasBody }, ...rest });
}

const requestControl = (value: string) => ['Cache-Control', value];
const responseControl = (value: string) => ['Cache-Control', value];
const tagged = stored({ fields: ['ETag', '"a"'] });
const expired = stored({ lifetimeSeconds: 4 });
const expiredTagged = stored({ lifetimeSeconds: 4, fields: ['ETag', '"a"'] });
const PASS = { kind: 'forward', mayStore: false, mayCollapse: false, ifError: null };

describe('requests that pass', () => {
  it.each<[string, Changes, object]>([
    ['POST', { method: 'POST' }, { reason: 'method-not-cached', forward: 'method' }],
    ['an unknown method', { method: 'get' }, { reason: 'method-not-cached', forward: 'method' }],
    [
      'OPTIONS with only-if-cached',
      { method: 'OPTIONS', fields: requestControl('only-if-cached') },
      { reason: 'method-not-cached' },
    ],
    ['a GET with a body', { hasBody: true }, { reason: 'request-body', forward: 'bypass' }],
    [
      'no-store',
      { fields: requestControl('no-store, max-stale') },
      { reason: 'request-no-store', forward: 'request' },
    ],
    [
      'Range',
      { fields: ['Range', 'bytes=0-1'] },
      { reason: 'range-request', forward: 'bypass', facts: { requestFields: ['range'] } },
    ],
    [
      'Range with If-Range',
      { fields: ['If-Range', '"a"', 'range', 'bytes=0-1'] },
      { reason: 'range-request', facts: { requestFields: ['range', 'if-range'] } },
    ],
    ['If-Match', { fields: ['If-Match', '"a"'] }, { reason: 'conditional-request', forward: 'bypass' }],
    ['If-Unmodified-Since', { fields: ['If-Unmodified-Since', 'x'] }, { reason: 'conditional-request' }],
    ['If-Range', { fields: ['If-Range', '"a"'] }, { reason: 'conditional-request' }],
    [
      'fields that may choose another resource',
      { fields: ['X-HTTP-Method-Override', 'DELETE', 'x-original-url', '/admin'] },
      {
        reason: 'unkeyed-input',
        forward: 'bypass',
        facts: { requestFields: ['x-original-url', 'x-http-method-override'] },
      },
    ],
  ])('%s', (_what, changes, expected) => {
    expect(decide(changes)).toMatchObject({ ...PASS, ...expected });
  });

  it.each([
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method',
    'X-HTTP-Method-Override',
    'X-Method-Override',
  ])('%s bypasses what is stored', (name) => {
    expect(decide({ fields: [name, 'x'] })).toMatchObject({ ...PASS, reason: 'unkeyed-input' });
  });
});

describe('RFC 9111 §4: reuse', () => {
  it('answers with what is fresh, and says for how long it still is', () => {
    expect(decide({})).toEqual({
      kind: 'reuse',
      reason: 'fresh',
      facts: { decidedBy: 'the TTL setting' },
      stored: stored(),
      ageSeconds: 10,
      ttlSeconds: 290,
    });
    expect(decide({ policy: RESPECT }).facts.decidedBy).toBe('RFC 9111 §4.2');
  });

  it('says that a response is kept for this user', () => {
    const own = stored({ partition: 'p', forOneUser: true });
    expect(decide({ candidates: [own], partition: 'p' }).facts.forThisUser).toBe(true);
  });

  it('ends with the last moment of the lifetime', () => {
    const now = NOW + 300_000;
    expect(decide({ now: now - 1 }).kind).toBe('reuse');
    expect(decide({ now })).toMatchObject({ kind: 'forward', reason: 'expired' });
  });

  it('takes no notice of odd Cache-Control and Pragma', () => {
    expect(decide({ fields: ['Pragma', 'foo', 'Cache-Control', 'nothing-to-see-here'] }).kind).toBe('reuse');
  });

  it('is not moved by a clock that went back', () => {
    expect(decide({ now: NOW - 1e9 })).toMatchObject({ kind: 'reuse', ageSeconds: 0, ttlSeconds: 300 });
  });

  it('never takes a response past its lifetime for fresh', () => {
    const seconds = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        seconds,
        seconds,
        fc.integer({ min: -1000, max: 1_000_000 }),
        (lifetimeSeconds, initialAgeSeconds, past) => {
          const candidates = [stored({ lifetimeSeconds, initialAgeSeconds })];
          const decision = decide({ candidates, now: NOW + past });
          if (decision.kind === 'reuse')
            expect(lifetimeSeconds).toBeGreaterThan(initialAgeSeconds + past / 1000);
        },
      ),
    );
  });
});

describe('RFC 9111 §4.3.2: conditions of the client', () => {
  it.each([
    [['If-None-Match', '"a"'], 'not-modified'],
    [['If-None-Match', '"b"'], 'fresh'],
    [['If-Modified-Since', formatHttpDate(NOW)], 'not-modified'],
  ])('%j are answered from the store: %s', (fields, reason) => {
    expect(decide({ fields, candidates: [tagged] })).toMatchObject({ kind: 'reuse', reason });
  });

  it('go to the origin where nothing is stored, alone', () => {
    const decision = decide({ fields: ['If-None-Match', '"a"'], candidates: [] });
    expect(decision).toMatchObject({
      kind: 'forward',
      reason: 'no-stored-response',
      mayStore: true,
      mayCollapse: false,
    });
  });

  it('give way to the stored validator where what is stored has expired', () => {
    const decision = decide({ fields: ['If-None-Match', '"b"'], candidates: [expiredTagged] });
    expect(decision).toMatchObject({ kind: 'validate', conditions: ['If-None-Match', '"a"'] });
  });

  it('go along where what has expired has no validator', () => {
    const decision = decide({ fields: ['If-None-Match', '"b"'], candidates: [expired] });
    expect(decision).toMatchObject({ kind: 'forward', mayStore: true, mayCollapse: false });
  });
});

describe('RFC 9111 §5.2.1: directives of the request', () => {
  it.each([['no-cache'], ['max-age=0'], ['max-age=garbage'], ['max-age=9'], ['min-fresh=291']])(
    '%s asks the origin, by validation where that is possible',
    (value) => {
      const fields = requestControl(value);
      expect(decide({ fields, candidates: [tagged] })).toMatchObject({
        kind: 'validate',
        reason: 'reload',
        forward: 'request',
        conditions: ['If-None-Match', '"a"'],
      });
      expect(decide({ fields })).toMatchObject({
        kind: 'forward',
        reason: 'reload',
        forward: 'request',
        mayStore: true,
        mayCollapse: false,
      });
    },
  );

  it('Pragma: no-cache reloads', () => {
    expect(decide({ fields: ['Pragma', 'no-cache'] })).toMatchObject({ kind: 'forward', reason: 'reload' });
  });

  it.each([['max-age=10'], ['max-age=11'], ['min-fresh=290'], ['min-fresh=x']])(
    '%s is content with what is stored',
    (value) => {
      expect(decide({ fields: requestControl(value) }).kind).toBe('reuse');
    },
  );

  it('a reload shares no request in flight, even where nothing is stored', () => {
    for (const value of ['no-cache', 'max-age=0']) {
      expect(decide({ fields: requestControl(value), candidates: [] })).toMatchObject({
        kind: 'forward',
        mayCollapse: false,
      });
    }
    expect(decide({ fields: requestControl('max-age=5'), candidates: [] })).toMatchObject({
      mayCollapse: true,
    });
  });

  it('a reload serves the stored response if the origin is down only with policy override', () => {
    const fields = requestControl('no-cache');
    expect(decide({ fields, candidates: [tagged] })).toMatchObject({ ifError: tagged });
    expect(decide({ fields, candidates: [tagged], policy: RESPECT })).toMatchObject({ ifError: null });
  });

  it.each([
    ['max-stale', 'reuse'],
    ['max-stale=6', 'reuse'],
    ['max-stale=5', 'forward'],
    ['max-stale=x', 'forward'],
    ['max-age=100, max-stale', 'reuse'],
    ['no-cache, max-stale', 'forward'],
  ])('%s, six seconds past the lifetime: %s', (value, kind) => {
    expect(decide({ fields: requestControl(value), candidates: [expired] }).kind).toBe(kind);
    expect(decide({ fields: requestControl(value), candidates: [expired], policy: RESPECT }).kind).toBe(kind);
  });

  it('max-stale is told as the reason, with the time since', () => {
    const decision = decide({ fields: requestControl('max-stale'), candidates: [expired] });
    expect(decision).toMatchObject({
      reason: 'max-stale',
      ttlSeconds: -6,
      facts: { decidedBy: 'RFC 9111 §5.2.1.2' },
    });
  });

  it.each(['must-revalidate', 'proxy-revalidate', 's-maxage=4', 'no-cache="x"'])(
    'max-stale does not override %s',
    (value) => {
      const candidates = [stored({ lifetimeSeconds: 4, fields: responseControl(value) })];
      expect(decide({ fields: requestControl('max-stale'), candidates, policy: RESPECT }).kind).toBe(
        'forward',
      );
      expect(decide({ fields: requestControl('max-stale'), candidates }).kind).toBe('reuse');
    },
  );

  it.each<[string, Changes, string]>([
    ['nothing is stored', { candidates: [] }, 'uri-miss'],
    ['what is stored has expired', { candidates: [expiredTagged] }, 'stale'],
    ['a reload is asked for', { fields: requestControl('no-cache, only-if-cached') }, 'request'],
    [
      'a range is asked for',
      { fields: ['Range', 'bytes=0-1', ...requestControl('only-if-cached')] },
      'bypass',
    ],
  ])('only-if-cached is refused where %s (§5.2.1.7)', (_where, changes, forward) => {
    const decision = decide({ fields: requestControl('only-if-cached'), ...changes });
    expect(decision).toMatchObject({ kind: 'refuse', reason: 'only-if-cached', forward });
  });

  it('only-if-cached gets what is fresh', () => {
    expect(decide({ fields: requestControl('only-if-cached') }).kind).toBe('reuse');
  });
});

describe('RFC 9111 §4.3: validation', () => {
  it('asks with the stored validator when the lifetime is over', () => {
    expect(decide({ candidates: [expiredTagged] })).toMatchObject({
      kind: 'validate',
      reason: 'expired',
      forward: 'stale',
      stored: expiredTagged,
      conditions: ['If-None-Match', '"a"'],
      ageSeconds: 10,
      ttlSeconds: -6,
      facts: {
        expiredForSeconds: 6,
        decidedBy: 'RFC 9111 §4.2',
        nearestUrl: expired.url,
        nearestStoredAt: NOW,
      },
    });
  });

  it('asks for the whole where there is no validator', () => {
    const decision = decide({ candidates: [expired] });
    expect(decision).toMatchObject({
      kind: 'forward',
      reason: 'expired',
      forward: 'stale',
      mayStore: true,
      mayCollapse: true,
    });
  });

  it('always asks for what came with no-cache, fresh or not', () => {
    const candidates = [stored({ mustValidate: true, fields: ['ETag', '"a"'] })];
    expect(decide({ candidates, policy: RESPECT })).toMatchObject({
      kind: 'validate',
      reason: 'must-validate',
      forward: 'stale',
      ifError: null,
    });
    const withMaxStale = decide({ candidates, policy: RESPECT, fields: requestControl('max-stale') });
    expect(withMaxStale.kind).toBe('validate');
  });
});

describe('RFC 9111 §4.2.4, RFC 5861 §4: what may be served if the origin fails', () => {
  const ifError = (control: string, policy: ReuseInput['policy'], secondsPast: number) => {
    const candidate = stored({ lifetimeSeconds: 4, fields: responseControl(control) });
    const decision = decide({ candidates: [candidate], policy, now: NOW + (4 + secondsPast) * 1000 });
    return decision.kind === 'forward' && decision.ifError === candidate;
  };

  it.each([
    ['max-age=4', 100, true],
    ['stale-if-error=60', 60, true],
    ['stale-if-error=60', 61, false],
    ['stale-if-error=0', 1, false],
    ['stale-if-error=60, must-revalidate', 1, false],
    ['proxy-revalidate', 1, false],
    ['s-maxage=4', 1, false],
    ['no-cache="x"', 1, false],
  ])('with %s, %i seconds past: %s; always with policy override', (control, secondsPast, allowed) => {
    expect(ifError(control, RESPECT, secondsPast)).toBe(allowed);
    expect(ifError(control, OVERRIDE, secondsPast)).toBe(true);
  });
});

describe('RFC 9111 §4.1: variants', () => {
  const english = stored({
    id: 'en',
    vary: [
      ['accept-language', 'en'],
      ['foo', null],
    ],
    responseTime: NOW - 5000,
  });
  const german = stored({
    id: 'de',
    vary: [
      ['accept-language', 'de'],
      ['foo', '1'],
    ],
  });

  it('are chosen by the request', () => {
    const decision = decide({ candidates: [german, english], fields: ['Accept-Language', 'EN'] });
    expect(decision).toMatchObject({ kind: 'reuse', stored: { id: 'en' } });
  });

  it('that differ most are not the nearest, in whatever order they come', () => {
    for (const candidates of [
      [german, english],
      [english, german],
    ]) {
      const decision = decide({ candidates, fields: ['Accept-Language', 'fr'] });
      expect(decision.facts.varyFields).toEqual(['accept-language']);
    }
  });

  it('that differ are told, the nearest of them with its fields', () => {
    const decision = decide({ candidates: [german, english], fields: ['Accept-Language', 'fr'] });
    expect(decision).toEqual({
      kind: 'forward',
      reason: 'vary-differs',
      forward: 'vary-miss',
      mayStore: true,
      mayCollapse: true,
      ifError: null,
      facts: {
        varyFields: ['accept-language'],
        nearestUrl: english.url,
        nearestStoredAt: NOW - 5000,
        decidedBy: 'RFC 9111 §4.1',
      },
    });
  });

  it('give the most recent of several that match, in whatever order they come', () => {
    const older = stored({ id: 'older', responseTime: NOW - 1 });
    const newer = stored({ id: 'newer', vary: [['foo', null]] });
    for (const candidates of [
      [older, newer],
      [newer, older],
    ]) {
      expect(decide({ candidates })).toMatchObject({ stored: { id: 'newer' } });
    }
  });
});

describe('partitions', () => {
  const own = stored({ id: 'own', partition: 'me', forOneUser: true });
  const other = stored({ id: 'other', partition: 'you', forOneUser: true });

  it("never give one user's answer to another", () => {
    expect(decide({ candidates: [other, own], partition: 'me' })).toMatchObject({
      kind: 'reuse',
      stored: own,
    });
    for (const partition of ['', 'me']) {
      expect(decide({ candidates: [other], partition })).toMatchObject({
        kind: 'forward',
        reason: 'credentials-differ',
        forward: 'miss',
      });
    }
    expect(decide({ candidates: [stored()], partition: 'me' }).reason).toBe('credentials-differ');
  });

  it('never serve another, whatever is stored', () => {
    const text = fc.constantFrom('', 'a', 'b');
    const candidate = fc.record({ partition: text, responseTime: fc.nat(NOW), lifetimeSeconds: fc.nat(1e9) });
    fc.assert(
      fc.property(fc.array(candidate), text, (list, partition) => {
        const decision = decide({ candidates: list.map((changes) => stored(changes)), partition });
        if ('stored' in decision) expect(decision.stored.partition).toBe(partition);
        if ('ifError' in decision && decision.ifError !== null)
          expect(decision.ifError.partition).toBe(partition);
      }),
    );
  });

  it('of others are no matter where their Vary would not match either', () => {
    const candidates = [stored({ partition: 'you', vary: [['foo', '1']] })];
    expect(decide({ candidates, partition: 'me' }).reason).toBe('no-stored-response');
  });

  it('come after the own variants in the explanation', () => {
    const candidates = [other, stored({ partition: 'me', vary: [['foo', '1']] })];
    expect(decide({ candidates, partition: 'me' }).reason).toBe('vary-differs');
  });
});

describe('RFC 9110 §9.3.2: HEAD', () => {
  const head = stored({ id: 'head', method: 'HEAD', responseTime: NOW + 5 });
  const get = stored({ id: 'get' });

  it('is answered from a stored GET first, then from a stored HEAD', () => {
    for (const candidates of [
      [head, get],
      [get, head],
    ]) {
      expect(decide({ method: 'HEAD', candidates })).toMatchObject({ stored: { id: 'get' } });
    }
    expect(decide({ method: 'HEAD', candidates: [head] })).toMatchObject({ stored: { id: 'head' } });
  });

  it('never answers a GET', () => {
    expect(decide({ candidates: [head] })).toMatchObject({ kind: 'forward', reason: 'no-stored-response' });
    const request = { method: 'GET', fields: [], hasBody: false };
    expect(selectVariant({ candidates: [head], partition: '', request })).toBeNull();
  });
});

describe('misses', () => {
  it('where nothing is stored', () => {
    expect(decide({ candidates: [] })).toEqual({
      kind: 'forward',
      reason: 'no-stored-response',
      forward: 'uri-miss',
      facts: {},
      mayStore: true,
      mayCollapse: true,
      ifError: null,
    });
  });

  it('where something removed it', () => {
    const decision = decide({ candidates: [], invalidatedBy: 'POST /v2/cart/items' });
    expect(decision).toMatchObject({
      reason: 'invalidated',
      forward: 'uri-miss',
      facts: { invalidatedBy: 'POST /v2/cart/items', decidedBy: 'RFC 9111 §4.4' },
    });
  });
});
