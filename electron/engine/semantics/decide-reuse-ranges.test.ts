import { describe, expect, it } from 'vitest';
import type { CacheDecision } from './cache-decision';
import { decideReuse, type ReuseInput } from './decide-reuse';
import { formatHttpDate } from './http-date';
import { NOW, RESPECT, stored } from './test/responses';

type Changes = Partial<Omit<ReuseInput, 'request'>> & Partial<ReuseInput['request']>;

function decide({ method = 'GET', fields = [], ...rest }: Changes): CacheDecision {
  const defaults = { candidates: [], partition: '', policy: RESPECT, now: NOW + 10_000 };
  return decideReuse({ ...defaults, request: { method, fields, hasBody: false }, ...rest });
}

const HEAD_OF_TEN = { ranges: [{ first: 0, last: 4 }], completeLength: 10 };
const strong = ['ETag', '"a"', 'Date', formatHttpDate(NOW)];
const part = stored({ id: 'part', status: 206, partial: HEAD_OF_TEN, bodyBytes: 5, fields: strong });
const whole = stored({ id: 'whole', bodyBytes: 10, fields: strong });
const range = (value: string) => ['Range', value];

describe('RFC 9110 §14: ranges from the store', () => {
  it.each<[string, Changes, object]>([
    [
      'of a fresh whole',
      { candidates: [whole], fields: range('bytes=2-3') },
      { stored: whole, answer: { kind: 'ranges' } },
    ],
    [
      'of a fresh part',
      { candidates: [part], fields: range('bytes=2-3') },
      { stored: part, answer: { kind: 'ranges' } },
    ],
    [
      'beyond the end of a whole',
      { candidates: [whole], fields: range('bytes=10-') },
      { answer: { kind: 'unsatisfiable' } },
    ],
    ['that is no range', { candidates: [whole], fields: range('x') }, { answer: { kind: 'whole' } }],
  ])('%s', (_what, changes, expected) => {
    expect(decide(changes)).toMatchObject({ kind: 'reuse', reason: 'fresh', ...expected });
  });

  it('of two that are fresh, the more recent one that can answer, in whatever order they come (RFC 9111 §4)', () => {
    const later = ['ETag', '"b"', 'Date', formatHttpDate(NOW + 5000)];
    const laterPart = stored({ ...part, fields: later });
    const laterWhole = stored({ ...whole, fields: later });
    const fields = range('bytes=2-3');
    for (const candidates of [
      [whole, laterPart],
      [laterPart, whole],
    ]) {
      expect(decide({ candidates, fields })).toMatchObject({ stored: laterPart });
      expect(decide({ candidates, fields: range('bytes=8-9') })).toMatchObject({ stored: whole });
      expect(decide({ candidates })).toMatchObject({ stored: whole });
    }
    expect(decide({ candidates: [part, laterWhole], fields })).toMatchObject({ stored: laterWhole });
  });

  it('a fresh part before a stale whole', () => {
    const stale = stored({ ...whole, lifetimeSeconds: 1 });
    expect(decide({ candidates: [stale, part], fields: range('bytes=0-1') })).toMatchObject({
      kind: 'reuse',
      stored: part,
    });
    expect(decide({ candidates: [stale, part] })).toMatchObject({ kind: 'validate', asked: [stale] });
  });

  it('a stale part that could answer is validated; another is not asked about', () => {
    const stale = stored({ ...part, lifetimeSeconds: 1 });
    expect(decide({ candidates: [stale], fields: range('bytes=0-1') })).toMatchObject({
      kind: 'validate',
      reason: 'expired',
      asked: [stale],
      conditions: ['If-None-Match', '"a"'],
    });
    expect(decide({ candidates: [stale], fields: range('bytes=0-6') })).toMatchObject({
      kind: 'forward',
      reason: 'partial-stored',
      completing: null,
    });
  });

  it('that nothing holds go to the origin, alone', () => {
    for (const candidates of [[], [part]])
      expect(decide({ candidates, fields: range('bytes=0-6') })).toMatchObject({
        kind: 'forward',
        pass: false,
        mayStore: true,
        mayCollapse: false,
        completing: null,
      });
  });
});

describe('RFC 9111 §3.4: completing a part', () => {
  const completing = (candidate: typeof part, changes: Changes = {}) => {
    const decision = decide({ candidates: [candidate], ...changes });
    return decision.kind === 'forward' ? decision.completing : decision.kind;
  };

  it('asks for what is missing alone, with a strong validator', () => {
    expect(decide({ candidates: [part] })).toMatchObject({
      kind: 'forward',
      reason: 'partial-stored',
      forward: 'partial',
      mayStore: true,
      mayCollapse: true,
      completing: { stored: part, missing: { first: 5, last: 9 }, validator: '"a"' },
      matching: [part],
    });
    const dated = ['Last-Modified', formatHttpDate(NOW - 60_000), 'Date', formatHttpDate(NOW)];
    expect(completing(stored({ ...part, fields: dated }))).toMatchObject({ validator: dated[1] });
  });

  it('also of a part that is stale: the origin proves that it is of the same', () => {
    expect(completing(stored({ ...part, lifetimeSeconds: 0 }))).toMatchObject({ validator: '"a"' });
  });

  it.each<[string, Partial<typeof part>]>([
    ['a weak validator', { fields: ['ETag', 'W/"a"'] }],
    ['none', { fields: [] }],
    [
      'a date that is not strong',
      { fields: ['Last-Modified', formatHttpDate(NOW), 'Date', formatHttpDate(NOW)] },
    ],
    ['an unknown length', { partial: { ...HEAD_OF_TEN, completeLength: null } }],
    ['neither end', { partial: { ranges: [{ first: 2, last: 4 }], completeLength: 10 } }],
  ])('not with %s', (_what, changes) => {
    expect(completing(stored({ ...part, ...changes }))).toBeNull();
  });

  it('not for HEAD, nor where the request is particular', () => {
    expect(completing(part, { method: 'HEAD' })).toBeNull();
    expect(completing(part, { fields: range('bytes=0-6') })).toBeNull();
    expect(completing(part, { fields: ['If-None-Match', '"b"'] })).toBeNull();
    expect(completing(part, { fields: ['If-None-Match', '"a"'] })).toBeNull();
  });

  it('a reload shares nothing, but may complete', () => {
    const decision = decide({ candidates: [part], fields: ['Cache-Control', 'no-cache'] });
    expect(decision).toMatchObject({ kind: 'forward', mayCollapse: false, completing: { stored: part } });
  });
});
