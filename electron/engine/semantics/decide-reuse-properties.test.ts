/** What holds for every response, request, policy and clock, held against the directives as they were meant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldValue } from '../http/raw-fields';
import type { CacheDecision } from './cache-decision';
import { decideReuse } from './decide-reuse';
import { formatHttpDate } from './http-date';
import type { StoredResponse } from './stored-response';
import { anyPolicy, anyStatus, MANY, requestFields, responseFields } from './test/arbitraries';
import { keep } from './test/keeping';
import { NOW, received, RESPECT, stored } from './test/responses';
import { entityTags } from './validator';
import { matchesVary } from './vary';

/** A property that seldom comes to the point proves nothing. */
const ENOUGH = 50;

/** A directive, and how it is written. */
interface Said {
  readonly name: string;
  readonly argument: number | string | null;
}

const anySeconds = fc.oneof(fc.nat(20), fc.constantFrom(0, 5, 10, 3600));
const timed = (...names: string[]) =>
  fc.record<Said>({ name: fc.constantFrom(...names), argument: anySeconds });
const plain = (...names: string[]) =>
  fc.constantFrom(...names).map((name): Said => ({ name, argument: null }));
const listed = fc.record<Said>({
  name: fc.constantFrom('no-cache', 'private'),
  argument: fc.constantFrom('x-a', 'x-a, x-b', '', 'etag'),
});

const saidByOrigin = fc.array(
  fc.oneof(
    { arbitrary: timed('max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'), weight: 6 },
    plain('no-store', 'no-cache', 'private', 'must-revalidate', 'proxy-revalidate'),
    { arbitrary: plain('public', 'immutable'), weight: 2 },
    listed,
  ),
  { maxLength: 4 },
);
const saidByClient = fc.array(
  fc.oneof(
    timed('max-age', 'min-fresh', 'max-stale'),
    plain('no-cache', 'no-store', 'max-stale', 'only-if-cached'),
  ),
  { maxLength: 2 },
);
/** Lower or upper case, one line or several, one space or none. */
const anyHand = fc.record({ upper: fc.boolean(), lines: fc.boolean(), space: fc.boolean() });
type Hand = { readonly upper: boolean; readonly lines: boolean; readonly space: boolean };

function written(said: readonly Said[], { upper, lines, space }: Hand): string[] {
  const members = said.map(({ name, argument }) => {
    const text = upper ? name.toUpperCase() : name;
    if (argument === null) return text;
    return typeof argument === 'number' ? `${text}=${argument}` : `${text}="${argument}"`;
  });
  if (lines) return members.flatMap((member) => ['Cache-Control', member]);
  return members.length === 0 ? [] : ['cache-control', members.join(space ? ' , ' : ',')];
}

const has = (said: readonly Said[], name: string) => said.some((directive) => directive.name === name);
const least = (said: readonly Said[], name: string) =>
  said.reduce<number | null>(
    (lowest, directive) =>
      directive.name === name ? Math.min(lowest ?? Infinity, Number(directive.argument ?? 0)) : lowest,
    null,
  );
/** `private`, or `no-cache`, that applies to the whole response. */
const whole = (said: readonly Said[], name: string) =>
  said.some(
    (directive) =>
      directive.name === name && (directive.argument === null || !/x-/.test(String(directive.argument))),
  );

interface Case {
  readonly said: readonly Said[];
  readonly hand: Hand;
  readonly client: readonly Said[];
  readonly ageField: number;
  readonly dateAgo: number;
  readonly delay: number;
  readonly resident: number;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  said: saidByOrigin,
  hand: anyHand,
  client: saidByClient,
  ageField: fc.oneof(fc.constant(0), anySeconds),
  dateAgo: fc.oneof(fc.constant(0), fc.integer({ min: -20, max: 20 })),
  delay: fc.integer({ min: -2, max: 2 }),
  resident: fc.oneof(fc.integer({ min: -20, max: 60 }), fc.nat(10)),
});

interface Decided {
  readonly decision: CacheDecision;
  /** By the arithmetic of RFC 9111 §4.2.3. */
  readonly age: number;
  /** By §4.2.1; null: nothing was said. */
  readonly lifetime: number | null;
}

/** Null: not stored. */
function decided({ said, hand, client, ageField, dateAgo, delay, resident }: Case): Decided | null {
  const tag = ['ETag', '"a"', 'Date', formatHttpDate(NOW - dateAgo * 1000)];
  const fields = [...written(said, hand), ...tag, 'Age', String(ageField)];
  const response = received(fields, { requestTime: NOW - delay * 1000 });
  const candidate = keep({ response, policy: RESPECT });
  if (candidate === null) return null;
  const request = { method: 'GET', fields: written(client, hand), hasBody: false };
  const now = NOW + resident * 1000;
  const decision = decideReuse({ request, candidates: [candidate], partition: '', policy: RESPECT, now });
  const onReceipt = Math.max(0, dateAgo, ageField + Math.max(0, delay));
  return {
    decision,
    age: onReceipt + Math.max(0, resident),
    lifetime: least(said, 's-maxage') ?? least(said, 'max-age'),
  };
}

describe('RFC 9111 with policy respect', () => {
  it('what is fresh is younger than its lifetime, and reused as the request wants it (§4.2, §5.2.1; 10,000 runs)', () => {
    let fresh = 0;
    fc.assert(
      fc.property(anyCase, (input) => {
        const made = decided(input);
        if (made === null) return true;
        const { decision, age, lifetime } = made;
        if (decision.kind !== 'reuse') return true;
        expect(decision.ageSeconds).toBeCloseTo(age, 6);
        expect(has(input.client, 'no-cache') || has(input.client, 'no-store')).toBe(false);
        const maxAge = least(input.client, 'max-age');
        if (maxAge !== null) expect(age).toBeLessThanOrEqual(maxAge);
        if (decision.reason === 'fresh') {
          fresh += 1;
          expect(age).toBeLessThan(lifetime ?? 0);
          for (const { name, argument } of input.client)
            if (name === 'min-fresh') expect((lifetime ?? 0) - age).toBeGreaterThanOrEqual(Number(argument));
        }
        return true;
      }),
      MANY,
    );
    expect(fresh).toBeGreaterThan(ENOUGH);
  });

  it('no-store and private are never stored, no-cache is never reused (§5.2.2; 10,000 runs)', () => {
    let validated = 0;
    fc.assert(
      fc.property(anyCase, (input) => {
        const made = decided(input);
        if (made === null) return true;
        expect(has(input.said, 'no-store')).toBe(false);
        expect(whole(input.said, 'private')).toBe(false);
        if (!whole(input.said, 'no-cache')) return true;
        expect(made.decision.kind).not.toBe('reuse');
        validated += 1;
        return true;
      }),
      MANY,
    );
    expect(validated).toBeGreaterThan(ENOUGH);
  });

  it('what is stale is served only within what allows it (§4.2.4, RFC 5861; 10,000 runs)', () => {
    const seen = { 'max-stale': 0, 'stale-while-revalidate': 0, ifError: 0 };
    const forbidding = ['must-revalidate', 'proxy-revalidate', 's-maxage', 'no-cache'];
    fc.assert(
      fc.property(anyCase, (input) => {
        const { said, client } = input;
        const { decision, age, lifetime } = decided(input) ?? {};
        if (decision === undefined || age === undefined) return true;
        const past = age - (lifetime ?? 0);
        const forbidden = forbidding.some((name) => has(said, name));
        if (decision.kind === 'reuse' && past >= 0) {
          expect(forbidden).toBe(false);
          const maxStale = client.filter(({ name }) => name === 'max-stale').map(({ argument }) => argument);
          const accepted =
            maxStale.length > 0 && maxStale.every((limit) => limit === null || past <= Number(limit));
          if (decision.reason === 'max-stale') expect(accepted).toBe(true);
          else {
            expect(decision.reason).toBe('stale-while-revalidate');
            expect(past).toBeLessThanOrEqual(least(said, 'stale-while-revalidate') ?? -1);
            expect(decision.background).not.toBeNull();
          }
          seen[decision.reason as 'max-stale'] += 1;
        }
        if ('ifError' in decision && decision.ifError !== null) {
          seen.ifError += 1;
          expect(forbidden).toBe(false);
          expect(past).toBeLessThanOrEqual(least(said, 'stale-if-error') ?? Infinity);
        }
        return true;
      }),
      MANY,
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(ENOUGH);
  });
});

describe('policy override', () => {
  it('keeps nothing fresh beyond the TTL, counted from receipt, whatever the origin says (10,000 runs)', () => {
    const anyTtl = fc.constantFrom(1, 10, 60);
    const past = fc.integer({ min: -10_000, max: 100_000 });
    fc.assert(
      fc.property(responseFields, requestFields, anyTtl, past, (fields, asked, ttlSeconds, resident) => {
        const policy = { policy: 'override', ttlSeconds } as const;
        const candidate = keep({ response: received(fields), requestFields: asked, policy });
        if (candidate === null) return true;
        const request = { method: 'GET', fields: asked, hasBody: false };
        const now = NOW + resident;
        const decision = decideReuse({ request, candidates: [candidate], partition: '', policy, now });
        return decision.kind !== 'reuse' || decision.ttlSeconds <= 0 || resident < ttlSeconds * 1000;
      }),
      MANY,
    );
  });
});

/** Every stored response that the decision names. */
function usedBy(decision: CacheDecision): StoredResponse[] {
  if (decision.kind === 'refuse') return [];
  if (decision.kind === 'reuse')
    return [decision.stored, ...(decision.background === null ? [] : usedBy(decision.background))];
  const own = decision.kind === 'validate' ? decision.asked : [decision.completing?.stored ?? null];
  return [...own, ...decision.matching, decision.ifError].filter((used) => used !== null);
}

describe('every decision', () => {
  const PART = { ranges: [{ first: 0, last: 1 }], completeLength: 10 };
  const anyStored = fc
    .record({
      response: fc
        .record({ fields: responseFields, status: anyStatus })
        .map(({ fields, status }) => received(fields, { status })),
      asked: requestFields,
      policy: anyPolicy,
      partition: fc.constantFrom('', 'p'),
      method: fc.constantFrom('GET', 'HEAD'),
      partial: fc.constantFrom(null, null, PART),
    })
    .map(({ response, asked, policy, partition, method, partial }): StoredResponse | null => {
      const candidate = keep({ method, requestFields: asked, response, policy });
      const ownTag = ['ETag', `"of ${partition}"`];
      if (candidate === null) return null;
      return {
        ...candidate,
        partition,
        fields: [...candidate.fields, ...ownTag],
        partial: method === 'GET' ? partial : null,
      };
    });
  const anyDecision = fc
    .record({
      all: fc.array(anyStored, { maxLength: 4 }),
      partition: fc.constantFrom('', 'p'),
      method: fc.constantFrom('GET', 'HEAD', 'GET', 'POST'),
      fields: requestFields,
      policy: anyPolicy,
      now: fc.integer({ min: -1e5, max: 1e6 }).map((past) => NOW + past),
    })
    .map(({ all, partition, method, fields, policy, now }) => {
      const candidates = all.filter((candidate) => candidate !== null);
      const request = { method, fields, hasBody: false };
      return { request, candidates, partition, policy, now };
    });

  it('uses and asks about nothing of another partition, and sends none of its tags (10,000 runs)', () => {
    let asked = 0;
    fc.assert(
      fc.property(anyDecision, (input) => {
        const decision = decideReuse(input);
        for (const used of usedBy(decision)) expect(used.partition).toBe(input.partition);
        const asking = decision.kind === 'reuse' ? decision.background : decision;
        if (asking?.kind !== 'validate') return;
        asked += 1;
        for (const tag of entityTags(fieldValue(asking.conditions, 'if-none-match') ?? ''))
          expect(tag).toBe(`"of ${input.partition}"`);
      }),
      MANY,
    );
    expect(asked).toBeGreaterThan(ENOUGH);
  });

  it('gives only what the request chooses, in a form that it asked for (10,000 runs)', () => {
    let reused = 0;
    fc.assert(
      fc.property(anyDecision, (input) => {
        const { request } = input;
        const decision = decideReuse(input);
        if (decision.kind !== 'reuse') return;
        reused += 1;
        const { stored: given, answer, ageSeconds, ttlSeconds } = decision;
        expect(matchesVary(given.vary, request.fields)).toBe(true);
        expect(ageSeconds).toBeGreaterThanOrEqual(given.initialAgeSeconds);
        expect(ttlSeconds).toBe(given.lifetimeSeconds - ageSeconds);
        expect(given.mustValidate).toBe(false);
        expect(decision.reason === 'fresh' && ttlSeconds <= 0).toBe(false);
        expect((decision.background !== null) === (decision.reason === 'stale-while-revalidate')).toBe(true);
        if (request.method === 'GET') expect(given.method).toBe('GET');
        if (answer.kind === 'whole') expect(given.partial).toBeNull();
        if (answer.kind === 'ranges') expect(fieldValue(request.fields, 'range')).toBeDefined();
      }),
      MANY,
    );
    expect(reused).toBeGreaterThan(ENOUGH);
  });

  it('asks the origin never where the request says only-if-cached, and refuses nothing else (§5.2.1.7; 10,000 runs)', () => {
    fc.assert(
      fc.property(anyDecision, fc.boolean(), (input, only) => {
        const others = input.request.fields.map((text) => text.replace(/only-if-cached/gi, 'x'));
        const fields = only ? ['Cache-Control', 'only-if-cached'] : others;
        const { kind } = decideReuse({ ...input, request: { ...input.request, fields } });
        if (!only || input.request.method === 'POST') return kind !== 'refuse';
        return kind === 'refuse' || kind === 'reuse';
      }),
      MANY,
    );
  });

  it('is the same for the same, and changes nothing that it was given', () => {
    fc.assert(
      fc.property(anyDecision, (input) => {
        const before = JSON.stringify(input);
        expect(decideReuse(input)).toEqual(decideReuse(input));
        expect(JSON.stringify(input)).toBe(before);
        expect(decideReuse({ ...input, candidates: [stored({ partition: 'other' })] }).kind).not.toBe(
          'reuse',
        );
      }),
      { numRuns: 1000 },
    );
  });
});
