import { describe, expect, it } from 'vitest';
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { completeFilter } from './filter-completion';

const seen = (method: string, target: string, status: number, contentType: string | null = null) =>
  ({ method, target, status, contentType, outcome: 'HIT' }) as ExchangeSummary;

const LOG = [
  seen('GET', '/v2/products?page=1', 200, 'application/json; charset=utf-8'),
  seen('GET', '/v2/products?page=2', 200, 'application/json'),
  seen('GET', '/logo.svg', 304, 'image/svg+xml'),
  seen('POST', '/v2/cart', 201),
  seen('PATCH', '/v2/cart', 404, 'text/html'),
];

/** `|` is where one types. */
function offered(text: string): string[] {
  const caret = text.indexOf('|');
  return completeFilter(text.replace('|', ''), caret, LOG).options.map(({ term }) => term);
}

describe('completeFilter', () => {
  it.each([
    ['|', ['method:', 'status:', 'is:', 'path:', 'type:']],
    ['s|', ['status:']],
    ['me|', ['method:']],
    ['po|', ['method:POST']],
    ['hi|', ['is:hit']],
    ['40|', ['status:404']],
    ['json|', ['type:application/json']],
    ['/v2|', []],
    ['method:|', ['method:GET', 'method:POST', 'method:PATCH']],
    ['method:p|', ['method:POST', 'method:PATCH']],
    ['method:get,p|', ['method:get,POST', 'method:get,PATCH']],
    ['method:get,|', ['method:get,POST', 'method:get,PATCH']],
    ['status:2|', ['status:2xx', 'status:200', 'status:201']],
    ['is:|', ['is:hit', 'is:miss', 'is:stale', 'is:pass', 'is:error']],
    ['is:hit|', []],
    ['-is:st|', ['-is:stale']],
    ['path:prod|', ['path:/v2/products']],
    ['path:cart|', ['path:/v2/cart']],
    ['type:svg|', ['type:image/svg+xml']],
    ['cart is:m| -status:404', ['is:miss']],
    ['http:|', []],
    ['"is:|', []],
  ])('offers for %s: %j', (text, terms) => {
    expect(offered(text)).toEqual(terms);
  });

  it('says where the term begins, and how many requests it selects', () => {
    expect(completeFilter('cart path:pro', 13, LOG)).toEqual({
      from: 5,
      options: [{ term: 'path:/v2/products', note: 2, open: false }],
    });
  });

  it('offers no more than can be read', () => {
    const many = Array.from({ length: 50 }, (_, index) => seen('GET', `/p/${index}`, 200));
    expect(completeFilter('path:/p', 7, many).options).toHaveLength(8);
  });
});
