import { describe, expect, it } from 'vitest';
import type { CacheDecision } from './cache-decision';
import { decideReuse, type ReuseInput } from './decide-reuse';
import { formatHttpDate } from './http-date';
import { NOW, OVERRIDE, RESPECT, stored } from './test/responses';

type Changes = Partial<Omit<ReuseInput, 'request'>> & Partial<ReuseInput['request']>;

function decide({ method = 'GET', fields = [], hasBody = false, ...rest }: Changes): CacheDecision {
  const defaults = { candidates: [stored()], partition: '', policy: OVERRIDE, now: NOW + 10_000 };
  return decideReuse({ ...defaults, request: { method, fields, hasBody }, ...rest });
}

const control = (value: string) => ['Cache-Control', value];
const tagged = stored({ fields: ['ETag', '"a"'] });
const expired = stored({ lifetimeSeconds: 4 });
const expiredTagged = stored({ lifetimeSeconds: 4, fields: ['ETag', '"a"'] });

describe('requests that pass', () => {
  const PASS = {
    kind: 'forward',
    pass: true,
    matching: [],
    ifError: null,
    completing: null,
    mayCollapse: false,
  };

  it('ask the origin, whatever is stored', () => {
    expect(decide({ fields: control('no-store') })).toEqual({
      ...PASS,
      mayStore: false,
      reason: 'request-no-store',
      forward: 'request',
      facts: { decidedBy: 'RFC 9111 §5.2.1.5' },
    });
    expect(decide({ method: 'DELETE' })).toMatchObject({
      ...PASS,
      mayStore: false,
      reason: 'method-not-cached',
    });
    expect(decide({ hasBody: true })).toMatchObject({ ...PASS, mayStore: false, reason: 'request-body' });
  });

  it('store the answer to POST where the origin may allow it (RFC 9110 §9.3.3)', () => {
    expect(decide({ method: 'POST', policy: RESPECT })).toMatchObject({ ...PASS, mayStore: true });
    expect(decide({ method: 'POST', policy: OVERRIDE })).toMatchObject({ ...PASS, mayStore: false });
    expect(decide({ method: 'PUT', policy: RESPECT })).toMatchObject({ ...PASS, mayStore: false });
  });
});

describe('RFC 9111 §4: reuse', () => {
  it('answers with what is fresh, and says for how long it still is', () => {
    expect(decide({})).toEqual({
      kind: 'reuse',
      reason: 'fresh',
      facts: { decidedBy: 'the TTL setting', lifetimeSeconds: 300, lifetimeSource: 'ttl' },
      stored: stored(),
      answer: { kind: 'whole' },
      background: null,
      ageSeconds: 10,
      ttlSeconds: 290,
    });
  });

  it.each([
    ['s-maxage', 's-maxage (RFC 9111 §5.2.2.10)'],
    ['max-age', 'max-age (RFC 9111 §5.2.2.1)'],
    ['expires', 'Expires (RFC 9111 §5.3)'],
    ['heuristic', 'heuristic freshness (RFC 9111 §4.2.2)'],
    ['ttl', 'the TTL setting'],
    ['none', 'RFC 9111 §4.2'],
  ] as const)('by %s: %s decided', (lifetimeSource, decidedBy) => {
    const { facts } = decide({ candidates: [stored({ lifetimeSource })], policy: RESPECT });
    expect(facts).toEqual({ decidedBy, lifetimeSource, lifetimeSeconds: 300 });
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

  it('is not moved by a clock that went back a little', () => {
    expect(decide({ now: NOW - 60_000 })).toMatchObject({ kind: 'reuse', ageSeconds: 0, ttlSeconds: 300 });
  });

  it('is over where the clock was wrong: nothing stays fresh until that time comes', () => {
    expect(decide({ now: NOW - 60_001 })).toMatchObject({ kind: 'forward', reason: 'expired' });
    expect(decide({ now: NOW - 1e12, candidates: [tagged] })).toMatchObject({ kind: 'validate' });
  });
});

describe('RFC 9111 §4.3.2: conditions of the client', () => {
  it.each([
    [['If-None-Match', '"a"'], 'not-modified', 'not-modified'],
    [['If-None-Match', '"b"'], 'fresh', 'whole'],
    [['If-Modified-Since', formatHttpDate(NOW)], 'not-modified', 'not-modified'],
  ])('%j are answered from the store: %s', (fields, reason, kind) => {
    expect(decide({ fields, candidates: [tagged] })).toMatchObject({
      kind: 'reuse',
      reason,
      answer: { kind },
    });
  });

  it('of what is stale but acceptable, the reason is that it is accepted', () => {
    const fields = ['If-None-Match', '"a"', ...control('max-stale')];
    expect(decide({ fields, candidates: [expiredTagged] })).toMatchObject({
      kind: 'reuse',
      reason: 'max-stale',
      answer: { kind: 'not-modified' },
    });
  });

  it('go to the origin where nothing is stored, alone', () => {
    const decision = decide({ fields: ['If-None-Match', '"a"'], candidates: [] });
    expect(decision).toMatchObject({
      kind: 'forward',
      pass: false,
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
  it.each([['no-cache'], ['max-age=0'], ['max-age=garbage'], ['max-age'], ['max-age=9'], ['min-fresh=291']])(
    '%s asks the origin, by validation where that is possible',
    (value) => {
      const fields = control(value);
      expect(decide({ fields, candidates: [tagged] })).toMatchObject({
        kind: 'validate',
        reason: 'reload',
        forward: 'request',
        conditions: ['If-None-Match', '"a"'],
        asked: [tagged],
        facts: { decidedBy: 'RFC 9111 §5.2.1' },
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

  it('Pragma: no-cache reloads (§5.4)', () => {
    expect(decide({ fields: ['Pragma', 'no-cache'] })).toMatchObject({ kind: 'forward', reason: 'reload' });
  });

  it.each([
    ['max-age=10'],
    ['max-age=11'],
    ['min-fresh=290'],
    ['min-fresh=x'],
    ['max-age=99999999999999999999'],
  ])('%s is content with what is stored', (value) => {
    expect(decide({ fields: control(value) }).kind).toBe('reuse');
  });

  it('a reload shares no request in flight, even where nothing is stored', () => {
    for (const value of ['no-cache', 'max-age=0'])
      expect(decide({ fields: control(value), candidates: [] })).toMatchObject({
        kind: 'forward',
        mayCollapse: false,
      });
    expect(decide({ fields: control('max-age=5'), candidates: [] })).toMatchObject({ mayCollapse: true });
  });

  it('a reload serves the stored response if the origin is down only with policy override', () => {
    const fields = control('no-cache');
    expect(decide({ fields, candidates: [tagged] })).toMatchObject({ ifError: tagged });
    expect(decide({ fields, candidates: [tagged], policy: RESPECT })).toMatchObject({ ifError: null });
  });

  it.each([
    ['max-stale', 'reuse'],
    ['max-stale=6', 'reuse'],
    ['max-stale=5', 'forward'],
    ['max-stale=x', 'forward'],
    ['max-age=100, max-stale', 'reuse'],
    ['max-age=9, max-stale', 'forward'],
    ['no-cache, max-stale', 'forward'],
  ])('%s, six seconds past the lifetime: %s', (value, kind) => {
    expect(decide({ fields: control(value), candidates: [expired] }).kind).toBe(kind);
    expect(decide({ fields: control(value), candidates: [expired], policy: RESPECT }).kind).toBe(kind);
  });

  it('max-stale is told as the reason, with the time since', () => {
    const decision = decide({ fields: control('max-stale'), candidates: [expired] });
    expect(decision).toMatchObject({
      reason: 'max-stale',
      ttlSeconds: -6,
      background: null,
      facts: { decidedBy: 'RFC 9111 §5.2.1.2' },
    });
  });

  it.each<[string, Changes, string]>([
    ['nothing is stored', { candidates: [] }, 'uri-miss'],
    ['what is stored has expired', { candidates: [expiredTagged] }, 'stale'],
    ['a reload is asked for', { fields: control('no-cache, only-if-cached') }, 'request'],
    [
      'the request goes past the cache',
      { fields: ['If-Match', '"a"', ...control('only-if-cached')] },
      'bypass',
    ],
    [
      'only another variant is stored',
      { candidates: [stored({ vary: [['a', '1']], fields: ['ETag', '"a"'] })] },
      'vary-miss',
    ],
  ])('only-if-cached is refused where %s (§5.2.1.7)', (_where, changes, forward) => {
    const decision = decide({ fields: control('only-if-cached'), ...changes });
    expect(decision).toMatchObject({ kind: 'refuse', reason: 'only-if-cached', forward });
  });

  it('only-if-cached gets what is fresh, and says nothing of other methods', () => {
    expect(decide({ fields: control('only-if-cached') }).kind).toBe('reuse');
    expect(decide({ fields: control('only-if-cached, max-stale'), candidates: [expired] }).kind).toBe(
      'reuse',
    );
    expect(decide({ method: 'OPTIONS', fields: control('only-if-cached') })).toMatchObject({
      kind: 'forward',
      reason: 'method-not-cached',
    });
  });
});

describe('RFC 9111 §4.3: validation', () => {
  it('asks with the stored validator when the lifetime is over', () => {
    expect(decide({ candidates: [expiredTagged] })).toEqual({
      kind: 'validate',
      reason: 'expired',
      forward: 'stale',
      asked: [expiredTagged],
      matching: [expiredTagged],
      conditions: ['If-None-Match', '"a"'],
      ifError: expiredTagged,
      facts: {
        expiredForSeconds: 6,
        decidedBy: 'RFC 9111 §4.2',
        nearestUrl: expired.url,
        nearestStoredAt: NOW,
        nearestAgeSeconds: 10,
        lifetimeSeconds: 4,
        lifetimeSource: 'ttl',
      },
    });
  });

  it('names the tags of other variants too, whatever they vary on, but not of parts, HEAD or other users (§4.3.1)', () => {
    const candidates = [
      stored({ fields: ['ETag', '"older"'], vary: [['a', '1']], responseTime: NOW - 2 }),
      stored({ fields: ['ETag', '"newer"'], vary: [['a', '2']], responseTime: NOW - 1 }),
      stored({ fields: ['ETag', '"head"'], method: 'HEAD' }),
      stored({ fields: ['ETag', '"part"'], partial: { ranges: [{ first: 0, last: 1 }], completeLength: 9 } }),
      stored({ fields: ['ETag', '"yours"'], partition: 'you' }),
      stored({ vary: [['a', '3']] }),
      expiredTagged,
    ];
    expect(decide({ candidates })).toMatchObject({
      conditions: ['If-None-Match', '"a", "newer", "older"'],
      asked: [expiredTagged, candidates[1], candidates[0]],
    });
  });

  it('asks for the whole where there is no validator', () => {
    const decision = decide({ candidates: [expired] });
    expect(decision).toMatchObject({
      kind: 'forward',
      pass: false,
      reason: 'expired',
      forward: 'stale',
      mayStore: true,
      mayCollapse: true,
      completing: null,
    });
  });

  it('always asks for what came with no-cache, fresh or not (§5.2.2.4)', () => {
    const candidates = [stored({ mustValidate: true, fields: ['ETag', '"a"'] })];
    for (const fields of [[], control('max-stale'), control('max-age=100')])
      expect(decide({ candidates, policy: RESPECT, fields })).toMatchObject({
        kind: 'validate',
        reason: 'must-validate',
        forward: 'stale',
        ifError: null,
        facts: { decidedBy: 'RFC 9111 §5.2.2.4' },
      });
  });

  it('with only another variant stored, asks about that (§4.1)', () => {
    const other = stored({ vary: [['a', '1']], fields: ['ETag', '"o"'] });
    const particular = ['If-None-Match', '"x"'];
    expect(decide({ candidates: [other] })).toMatchObject({
      kind: 'validate',
      reason: 'vary-differs',
      forward: 'vary-miss',
      conditions: ['If-None-Match', '"o"'],
      asked: [other],
      matching: [],
      ifError: null,
    });
    for (const fields of [particular, ['Range', 'bytes=0-1'], control('no-cache')])
      expect(decide({ candidates: [other], fields })).toMatchObject({
        kind: 'forward',
        reason: 'vary-differs',
        mayCollapse: false,
      });
    const untagged = stored({ vary: [['a', '1']] });
    expect(decide({ candidates: [untagged] })).toMatchObject({ kind: 'forward', mayCollapse: true });
  });
});

describe('RFC 5861: stale, but served', () => {
  const fields = [...control('max-age=4, stale-while-revalidate=60'), 'ETag', '"a"'];
  const candidate = stored({ lifetimeSeconds: 4, fields });

  it('at once, while the origin is asked in the background (§3)', () => {
    expect(decide({ candidates: [candidate], policy: RESPECT })).toMatchObject({
      kind: 'reuse',
      reason: 'stale-while-revalidate',
      ttlSeconds: -6,
      facts: { decidedBy: 'RFC 5861 §3' },
      background: { kind: 'validate', reason: 'expired', conditions: ['If-None-Match', '"a"'] },
    });
    const untagged = stored({ lifetimeSeconds: 4, fields: fields.slice(0, 2) });
    expect(decide({ candidates: [untagged], policy: RESPECT })).toMatchObject({
      background: { kind: 'forward', reason: 'expired', mayStore: true },
    });
  });

  it('not where the request wants it validated, nor past its window', () => {
    for (const value of ['no-cache', 'max-age=5', 'max-age=60', 'min-fresh=1'])
      expect(decide({ candidates: [candidate], policy: RESPECT, fields: control(value) }).kind).toBe(
        'validate',
      );
    expect(decide({ candidates: [candidate], policy: RESPECT, now: NOW + 64_001 }).kind).toBe('validate');
    expect(decide({ candidates: [candidate], policy: OVERRIDE }).kind).toBe('validate');
  });

  it('max-stale needs no background', () => {
    expect(decide({ candidates: [candidate], policy: RESPECT, fields: control('max-stale') })).toMatchObject({
      reason: 'max-stale',
      background: null,
    });
  });

  it('if the origin fails, where it does not forbid it (§4)', () => {
    expect(decide({ candidates: [candidate], policy: RESPECT, now: NOW + 90_000 })).toMatchObject({
      kind: 'validate',
      ifError: candidate,
    });
    const strict = stored({ ...candidate, fields: control('must-revalidate') });
    expect(decide({ candidates: [strict], policy: RESPECT })).toMatchObject({ ifError: null });
    expect(decide({ candidates: [strict] })).toMatchObject({ ifError: strict });
  });
});
