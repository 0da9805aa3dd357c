import { describe, expect, it } from 'vitest';
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { compileFilter, filterProblem, filterValues, withFilterValues } from './log-filter';

const EXCHANGE: ExchangeSummary = {
  id: 1,
  startedAt: 1,
  method: 'GET',
  target: '/items/1',
  status: 200,
  outcome: 'MISS',
  reason: 'no-stored-response',
  facts: {},
  forward: null,
  stored: false,
  notStored: null,
  collapsed: false,
  ttlSeconds: null,
  ageSeconds: null,
  contentType: 'application/json',
  bodyBytes: 10,
  durationMs: 1,
  savedMs: null,
  entryId: null,
  error: null,
};

describe('compileFilter', () => {
  const matches = (text: string, patch: Partial<ExchangeSummary>) =>
    compileFilter(text)?.({ ...EXCHANGE, ...patch }) ?? true;

  it.each([
    ['', {}, true],
    ['ITEMS', {}, true],
    ['items nothing', {}, false],
    ['method:post', { method: 'POST' }, true],
    ['method:get,post', { method: 'PUT' }, false],
    ['post', { method: 'POST' }, true],
    ['status:4xx', { status: 404 }, true],
    ['status:4xx', { status: 204 }, false],
    ['status:404,500', { status: 500 }, true],
    ['status:2', { status: null }, false],
    ['is:hit', { outcome: 'HIT' }, true],
    ['is:mi', { outcome: 'MISS' }, true],
    ['-is:hit', { outcome: 'HIT' }, false],
    ['path:/items', {}, true],
    ['type:json', {}, true],
    ['type:html', {}, false],
    ['"a b"', { target: '/a b' }, true],
    ['-items', {}, false],
    ['next:1', { target: '/x?next:1' }, true],
    ['-', { target: '/a-b' }, true],
    ['status:', {}, true],
  ] as const satisfies readonly (readonly [string, Partial<ExchangeSummary>, boolean])[])(
    '%j with %o is %s',
    (text, patch, expected) => {
      expect(matches(text, patch)).toBe(expected);
    },
  );
});

describe('filterProblem', () => {
  it.each([
    '',
    'items',
    'status:',
    'status:4',
    'status:40',
    'status:4xx,200',
    'is:h',
    '-is:hit',
    'http://x',
    '/a:b',
  ])('has nothing to say about %j', (text) => expect(filterProblem(text)).toBeNull());

  it.each([
    ['status:ok', '“ok” is not a status'],
    ['status:200,9', '“9” is not a status'],
    ['is:slow', '“slow” is not an outcome'],
    ['items host:a', '“host:” is not a term, so it is looked for as text'],
  ])('says what it does not understand in %j', (text, words) => {
    expect(filterProblem(text)).toContain(words);
  });
});

describe('values of a term', () => {
  it('are read from the text, but not where they are turned round', () => {
    expect(filterValues('a status:4xx,500 -status:404 STATUS:2xx', 'status')).toEqual(['4xx', '500', '2xx']);
  });

  it('are put in place of those that were there', () => {
    expect(withFilterValues('cart method:get -method:put', 'method', ['get', 'post'])).toBe(
      'cart -method:put method:get,post',
    );
    expect(withFilterValues('cart method:get', 'method', [])).toBe('cart');
    expect(withFilterValues('', 'path', ['/a b'])).toBe('path:"/a b"');
  });
});
