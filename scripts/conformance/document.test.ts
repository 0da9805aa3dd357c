import { describe, expect, it } from 'vitest';
import { renderDocument } from './document.mjs';
import { serialize, type Run } from './result-files.mjs';
import type { SuiteTest } from './suite.mjs';

const tests: SuiteTest[] = [
  { id: 'age-1', name: 'HTTP cache must add `Age`', kind: 'required', dependsOn: [] },
  { id: 'range-1', name: 'An optimal HTTP cache completes parts', kind: 'optimal', dependsOn: [] },
  { id: 'range-2', name: 'An optimal HTTP cache combines parts', kind: 'optimal', dependsOn: ['range-1'] },
  { id: 'why-1', name: 'Does HTTP cache do this?', kind: 'check', dependsOn: [] },
];
const assertion: [string, string] = ['Assertion', 'Response 2 does not come from cache'];

function run(store: string, results: Run['results'], policy = 'respect'): Run {
  return { suite: 'http-cache-tests', version: '0.4.5', policy, store, results };
}

const memory = run('memory', { 'age-1': true, 'range-1': true, 'range-2': true, 'why-1': assertion });
const redis = run('redis', { 'age-1': true, 'range-1': assertion, 'range-2': true, 'why-1': true });

describe('renderDocument', () => {
  it('has a row for each run with policy respect, before the other caches', () => {
    const rows = renderDocument(tests, [memory, redis], {}).match(/^\| (Larder|Squid).*$/gm);
    expect(rows).toEqual([
      '| Larder (respect, memory) | 1 of 1 | 2 of 2 | 0 of 1 |',
      '| Larder (respect, redis) | 1 of 1 | 0 of 2 | 1 of 1 |',
      '| Squid 5.7 | 121 of 160 | 58 of 105 | – |',
    ]);
  });

  it('lists what does not pass once, with the stores, the result and the reason', () => {
    const text = renderDocument(tests, [memory, redis], { 'range-1': 'First.\n\nSecond.' });
    expect(text).toContain(
      [
        '### range-1',
        '',
        '*optimal, with the store redis only*: An optimal HTTP cache completes parts',
        '',
        'The result: `Response 2 does not come from cache`',
        '',
        'First.',
        '',
        'Second.',
        '',
        '### range-2',
        '',
        '*optimal, with the store redis only*: An optimal HTTP cache combines parts',
        '',
        'The result: `does not count: a test that it builds on does not pass`',
        '',
        'Builds on `range-1`, which does not pass.',
        '',
      ].join('\n'),
    );
  });

  it('lists required tests before optimal ones, whichever run they come from', () => {
    const lacking = run('redis', { ...memory.results, 'age-1': assertion });
    const both = [run('memory', redis.results), lacking];
    const headings = renderDocument(tests, both, {}).match(/^### .*$/gm);
    expect(headings).toEqual(['### age-1', '### range-1', '### range-2']);
  });

  it('says what nobody argues for, and where nothing is missing', () => {
    expect(renderDocument(tests, [redis], {})).toContain('Not argued.');
    expect(renderDocument(tests, [memory], {})).toContain('## What does not pass\n\nNothing.\n');
  });

  it('gives checks as counts only', () => {
    const text = renderDocument(tests, [memory, redis], {});
    expect(text).toContain('| memory | 0 | 1 |\n| redis | 1 | 0 |\n');
    expect(text).not.toContain('why-1');
  });

  it('mentions policy override in a note, and not among what does not pass', () => {
    const override = run('memory', { ...redis.results, 'age-1': assertion }, 'override');
    const text = renderDocument(tests, [memory, override], {});
    expect(text).toMatch(/^With `override` 0 of 1 required and 0 of 2 optimal tests \(memory\) pass\./m);
    expect(text).not.toContain('### age-1');
  });

  it('keeps to lines of 110 characters, but for tables', () => {
    const long = { 'range-1': 'word '.repeat(100) };
    const lines = renderDocument(tests, [memory, redis], long).split('\n');
    expect(lines.filter((line) => !line.startsWith('|') && line.length > 110)).toEqual([]);
  });
});

describe('serialize', () => {
  it('writes JSON in the order of the ids, whatever order they came in', () => {
    const text = serialize(run('memory', { b: assertion, a: true }));
    expect(text).toBe(serialize(run('memory', { a: true, b: assertion })));
    expect(JSON.parse(text)).toEqual(run('memory', { a: true, b: assertion }));
    expect(text).toContain('    "a": true,\n    "b": ["Assertion","Response 2 does not come from cache"]\n');
  });
});
