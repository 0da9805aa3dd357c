import { describe, expect, it } from 'vitest';
import { compare, differing, outcomesOf, stableMessage, tally, type RawResults } from './outcomes.mjs';
import type { SuiteTest } from './suite.mjs';

function test(id: string, more: Partial<SuiteTest> = {}): SuiteTest {
  return { id, name: `does ${id}`, kind: 'required', dependsOn: [], ...more };
}

const failure: [string, string] = ['Assertion', 'Response 2 comes from cache'];

describe('outcomesOf', () => {
  it('tells a failed assertion from a failed setup, a retry, and a test that was not run', () => {
    const results: RawResults = {
      passes: true,
      fails: failure,
      setup: ['Setup', 'Response 1 status is 502, not 200'],
      retried: ['Setup', 'retry'],
      broken: ['TypeError', 'fetch failed: ECONNRESET'],
    };
    const tests = ['passes', 'fails', 'setup', 'retried', 'broken', 'absent'].map((id) => test(id));
    expect([...outcomesOf(tests, results).values()]).toEqual([
      'passed',
      'failed',
      'setup',
      'retry',
      'failed',
      'not run',
    ]);
  });

  it('does not count a test that passes but builds, at any remove, on one that does not', () => {
    const tests = [
      test('top', { dependsOn: ['middle'] }),
      test('middle', { dependsOn: ['ground'] }),
      test('ground'),
    ];
    const outcomes = outcomesOf(tests, { top: true, middle: true, ground: failure });
    expect(outcomes.get('top')).toBe('dependency');
    expect(outcomes.get('middle')).toBe('dependency');
  });

  it('does not count a test that builds on one the suite does not have', () => {
    const outcomes = outcomesOf([test('top', { dependsOn: ['gone'] })], { top: true });
    expect(outcomes.get('top')).toBe('dependency');
  });
});

describe('tally', () => {
  it('counts what passed, of each kind', () => {
    const tests = [
      test('a'),
      test('b'),
      test('c', { kind: 'optimal', dependsOn: ['b'] }),
      test('d', { kind: 'optimal' }),
      test('e', { kind: 'check' }),
    ];
    expect(tally(tests, { a: true, b: failure, c: true, d: true, e: failure })).toEqual({
      required: { passed: 1, of: 2 },
      optimal: { passed: 1, of: 2 },
      check: { passed: 0, of: 1 },
    });
  });
});

describe('compare', () => {
  it('finds what no longer passes, also where it is gone, and what passes now', () => {
    const baseline: RawResults = { kept: true, lost: true, gone: true, still: failure, gained: failure };
    const results: RawResults = { kept: true, lost: failure, still: failure, gained: true, added: true };
    expect(compare(baseline, results)).toEqual({
      kept: ['kept'],
      lost: ['lost', 'gone'],
      gained: ['gained', 'added'],
    });
  });
});

describe('differing', () => {
  it('names the tests whose results are not the same, or are there once only', () => {
    const one: RawResults = { a: true, b: failure, c: ['Assertion', 'one'], d: true };
    const other: RawResults = { e: true, c: ['Assertion', 'other'], b: [...failure], a: failure };
    expect(differing(one, other)).toEqual(['a', 'c', 'd', 'e']);
    expect(differing(one, { ...one })).toEqual([]);
  });
});

describe('stableMessage', () => {
  it.each([
    ['Response body is "1b671a64-40d5-491e-99b0-da01ff1f3341", not ""', 'Response body is "UUID", not ""'],
    [
      'Date is "Sat, 22 Nov 2025 22:04:11 GMT", not "Saturday, 22-Nov-25 22:04:11 GMT"',
      'Date is "DATE", not "DATE"',
    ],
    ['Server-Now is 1763849051123', 'Server-Now is TIME'],
    ['connect ECONNREFUSED 127.0.0.1:43191', 'connect ECONNREFUSED 127.0.0.1:PORT'],
    ['Response 2 status is 200, not 304', 'Response 2 status is 200, not 304'],
  ])('%s', (message, stable) => {
    expect(stableMessage(message)).toBe(stable);
  });
});
