import { describe, expect, it } from 'vitest';
import { differingPart } from './differing-part';

describe('differingPart', () => {
  it.each([
    ['/v2/products/42', '/v2/products/7', '/v2/products/', '42', ''],
    ['/v2/orders/42', '/v2/products/42', '/v2/', 'orders', '/42'],
    ['/a', '/a/b', '/a', '', ''],
    ['/a/b', '/a', '/a', '/b', ''],
    ['/a/', '/a', '/a', '/', ''],
    ['https://a:8443', 'http://a:8443', '', 'https', '://a:8443'],
    ['/x/x', '/x', '/x', '/x', ''],
    ['de', 'en', '', 'de', ''],
  ])('%s beside %s', (text, other, before, differs, after) => {
    expect(differingPart(text, other)).toEqual({ before, differs, after });
  });

  it('leaves nothing out', () => {
    const { before, differs, after } = differingPart('/a//b:c/', '/b');
    expect(before + differs + after).toBe('/a//b:c/');
  });
});
