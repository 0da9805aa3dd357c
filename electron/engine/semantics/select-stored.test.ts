import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate } from './http-date';
import {
  isMoreRecent,
  matchingResponses,
  selectPart,
  selectVariant,
  type SelectionInput,
} from './select-stored';
import type { StoredResponse } from './stored-response';
import { MANY } from './test/arbitraries';
import { NOW, stored } from './test/responses';

const PART = { ranges: [{ first: 0, last: 1 }], completeLength: 9 };

type Changes = Partial<SelectionInput> & Partial<SelectionInput['request']>;

function input(candidates: readonly StoredResponse[], changes: Changes = {}): SelectionInput {
  const { method = 'GET', fields = [], ...rest } = changes;
  return { request: { method, fields }, candidates, partition: '', now: NOW + 10_000, ...rest };
}

const chosen = (candidates: readonly StoredResponse[], changes: Changes = {}) =>
  selectVariant(input(candidates, changes))?.stored.id ?? null;

/** In any order the store may have them. */
function inAnyOrder<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((item, at) =>
    inAnyOrder(list.filter((_, index) => index !== at)).map((others) => [item, ...others]),
  );
}

describe('RFC 9111 §4: selectVariant', () => {
  it('says how old the stored response is, and how long it is still fresh', () => {
    const candidate = stored({ initialAgeSeconds: 5, lifetimeSeconds: 12 });
    expect(selectVariant(input([candidate]))).toEqual({ stored: candidate, ageSeconds: 15, ttlSeconds: -3 });
  });

  it('finds nothing where nothing is stored', () => {
    expect(selectVariant(input([]))).toBeNull();
    expect(selectVariant(input([], { method: 'HEAD' }))).toBeNull();
    expect(selectPart(input([]))).toBeNull();
  });

  it('never takes a part for the whole, nor the whole for a part', () => {
    const part = stored({ id: 'part', status: 206, partial: PART });
    const whole = stored({ id: 'whole' });
    for (const candidates of inAnyOrder([part, whole])) {
      expect(chosen(candidates)).toBe('whole');
      expect(selectPart(input(candidates))?.stored.id).toBe('part');
    }
    expect(chosen([part])).toBeNull();
    expect(chosen([part], { method: 'HEAD' })).toBeNull();
    expect(selectPart(input([whole]))).toBeNull();
  });
});

describe('RFC 9111 §4.1: of several that match', () => {
  const ago = (seconds: number) => ['Date', formatHttpDate(NOW - seconds * 1000)];

  it('the most recent by Date, whenever it was received', () => {
    const newest = stored({ id: 'newest', fields: ago(1), responseTime: NOW - 9000 });
    const others = [stored({ id: 'a', fields: ago(2) }), stored({ id: 'b', fields: ago(3) })];
    for (const candidates of inAnyOrder([newest, ...others])) expect(chosen(candidates)).toBe('newest');
  });

  it('of one second, the one received later', () => {
    const older = stored({ id: 'older', responseTime: NOW - 1, fields: ago(5) });
    const newer = stored({ id: 'newer', vary: [['foo', null]], fields: ago(5) });
    for (const candidates of inAnyOrder([older, newer])) expect(chosen(candidates)).toBe('newer');
    expect(isMoreRecent(newer, older)).toBe(true);
    expect(isMoreRecent(older, newer)).toBe(false);
    expect(isMoreRecent(newer, newer)).toBe(false);
  });

  it('that do not match, none', () => {
    const english = stored({ id: 'en', vary: [['accept-language', 'en']], fields: ago(9) });
    const german = stored({ id: 'de', vary: [['accept-language', 'de']], fields: ago(1) });
    for (const candidates of inAnyOrder([english, german])) {
      expect(chosen(candidates, { fields: ['Accept-Language', 'EN'] })).toBe('en');
      expect(chosen(candidates, { fields: ['Accept-Language', 'fr'] })).toBeNull();
      expect(chosen(candidates)).toBeNull();
    }
  });
});

describe('RFC 9110 §9.3.2: HEAD', () => {
  const get = stored({ id: 'get' });
  const head = stored({ id: 'head', method: 'HEAD', responseTime: NOW + 5 });
  const staleGet = stored({ id: 'stale get', lifetimeSeconds: 10 });
  const staleHead = stored({ id: 'stale head', method: 'HEAD', lifetimeSeconds: 10 });

  it.each<[string, StoredResponse[], string | null]>([
    ['a fresh GET before a newer HEAD', [get, head], 'get'],
    [
      'a GET that is just fresh before a newer HEAD',
      [stored({ id: 'just', lifetimeSeconds: 10.5 }), head],
      'just',
    ],
    ['a fresh HEAD before a stale GET', [staleGet, head], 'head'],
    ['a stale GET before a stale HEAD', [staleGet, staleHead], 'stale get'],
    ['a stale GET where there is no HEAD', [staleGet], 'stale get'],
    ['a HEAD where there is no GET', [head], 'head'],
    ['a stale HEAD where there is no GET', [staleHead], 'stale head'],
  ])('gets %s', (_what, candidates, id) => {
    for (const order of inAnyOrder(candidates)) expect(chosen(order, { method: 'HEAD' })).toBe(id);
  });

  it('never answers a GET', () => {
    expect(chosen([head])).toBeNull();
    expect(chosen([head, staleGet])).toBe('stale get');
  });
});

describe('partitions', () => {
  it("never give one user's answer to another, whatever is stored (10,000 runs)", () => {
    const text = fc.constantFrom('', 'a', 'b');
    const candidate = fc
      .record({
        partition: text,
        method: fc.constantFrom('GET' as const, 'HEAD' as const),
        partial: fc.constantFrom(null, PART),
        responseTime: fc.nat(NOW),
        lifetimeSeconds: fc.nat(1e9),
      })
      .map((changes) => stored(changes));
    const method = fc.constantFrom('GET', 'HEAD');
    fc.assert(
      fc.property(fc.array(candidate), text, method, (candidates, partition, asked) => {
        const selection = input(candidates, { partition, method: asked });
        const given = [
          selectVariant(selection)?.stored,
          selectPart(selection)?.stored,
          ...matchingResponses(selection),
        ];
        return given.every((one) => one === undefined || one.partition === partition);
      }),
      MANY,
    );
  });
});

describe('RFC 9111 §4.3.4: matchingResponses', () => {
  it('are all that the request could get, whole or part, of any method', () => {
    const candidates = [
      stored({ id: 'whole' }),
      stored({ id: 'head', method: 'HEAD' }),
      stored({ id: 'part', partial: PART }),
      stored({ id: 'other user', partition: 'p' }),
      stored({ id: 'other variant', vary: [['a', '1']] }),
      stored({ id: 'this variant', vary: [['a', null]] }),
    ];
    expect(matchingResponses(input(candidates)).map(({ id }) => id)).toEqual([
      'whole',
      'head',
      'part',
      'this variant',
    ]);
  });
});
