import { describe, expect, it } from 'vitest';
import type { RawResults } from './outcomes.mjs';
import { needlessReasons, shortfalls } from './shortfalls.mjs';
import type { Kind, SuiteTest } from './suite.mjs';

function test(id: string, kind: Kind = 'required', dependsOn: string[] = []): SuiteTest {
  return { id, name: `does ${id}`, kind, dependsOn };
}

const failure: [string, string] = ['Assertion', 'Response 2 comes from cache'];
const tests = [
  test('optimal-b', 'optimal'),
  test('optimal-a', 'optimal', ['base']),
  test('check', 'check'),
  test('required'),
  test('base'),
];

describe('shortfalls', () => {
  it('lists required tests first, then by id, and no checks', () => {
    const results: RawResults = { 'optimal-b': failure, check: failure, required: failure, base: failure };
    const ids = shortfalls(tests, results, {}).map((one) => one.test.id);
    expect(ids).toEqual(['base', 'required', 'optimal-a', 'optimal-b']);
  });

  it('gives the suite’s message and the reason, and says where nobody argues', () => {
    const results: RawResults = { 'optimal-b': failure, 'optimal-a': true, required: failure, base: true };
    expect(shortfalls(tests, results, { required: 'RFC 9111 says so.' })).toMatchObject([
      { test: { id: 'required' }, outcome: 'failed', message: failure[1], reason: 'RFC 9111 says so.' },
      { test: { id: 'optimal-b' }, outcome: 'failed', message: failure[1], reason: undefined },
    ]);
  });

  it('takes a test that builds on an argued one as argued, and on another one as not', () => {
    const results: RawResults = { 'optimal-b': true, 'optimal-a': true, required: true, base: failure };
    const reasonOf = (reasons: Record<string, string>) =>
      shortfalls(tests, results, reasons).find((one) => one.test.id === 'optimal-a')?.reason;
    expect(reasonOf({ base: 'argued' })).toBe('Builds on `base`, which does not pass.');
    expect(reasonOf({})).toBeUndefined();
  });
});

describe('needlessReasons', () => {
  it('finds reasons for tests that pass in every run, and for tests that are not there', () => {
    const passing: RawResults = { 'optimal-b': true, 'optimal-a': true, required: true, base: true };
    const failing: RawResults = { ...passing, required: failure };
    const reasons = { required: 'a', base: 'b', 'no-such-test': 'c' };
    expect(needlessReasons(tests, [passing, failing], reasons)).toEqual(['base', 'no-such-test']);
  });
});
