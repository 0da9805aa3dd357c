import { describe, expect, it } from 'vitest';
import { urlNearness } from './url-nearness';

const ORIGIN = 'http://origin';
const HERE = `${ORIGIN}/v2/products/42?locale=de&page=1`;

const differences = (here: string, there: string) => urlNearness(ORIGIN + here, ORIGIN + there)?.differences;

describe('urlNearness', () => {
  it('puts the nearest first', () => {
    const nearestFirst = [
      `${ORIGIN}/v2/products/42?page=1&locale=de`,
      `${ORIGIN}/v2/products/42?locale=de`,
      `${ORIGIN}/v2/products/42?locale=fr&page=2`,
      `${ORIGIN}/v2/products/42/?locale=de&page=1`,
      'https://origin/v2/products/42?locale=de&page=1',
      `${ORIGIN}/v2/products/7?locale=de&page=1`,
      `${ORIGIN}/v2/products/7`,
      `${ORIGIN}/v2/orders/42?locale=de&page=1`,
      `${ORIGIN}/v1/products/42?locale=de&page=1`,
      `${ORIGIN}/v2/products?locale=de&page=1`,
    ];
    const ranks = nearestFirst.map((url) => urlNearness(HERE, url)?.rank ?? Infinity);
    expect(ranks).not.toContain(Infinity);
    expect([...ranks].sort((left, right) => left - right)).toEqual(ranks);
  });

  it.each([
    ['the same URL', HERE],
    ['two segments that differ', `${ORIGIN}/v1/orders/42`],
    ['another origin and another query', 'https://origin/v2/products/42'],
    ['nothing in common', `${ORIGIN}/login`],
  ])('finds nothing near in %s', (_what, url) => {
    expect(urlNearness(HERE, url)).toBeNull();
  });

  it('takes paths of one segment for different things', () => {
    expect(urlNearness('http://origin/products', 'http://origin/users')).toBeNull();
  });

  it('names the parameters that differ, decoded, with both values', () => {
    expect(differences('/a?q=a%20b&page=1&x=1', '/a?q=a+c&x=1&sort')).toEqual([
      { kind: 'query', name: 'q', here: 'a b', there: 'a c' },
      { kind: 'query', name: 'page', here: '1', there: null },
      { kind: 'query', name: 'sort', here: null, there: '' },
    ]);
  });

  it('joins the values of a parameter that is given several times', () => {
    expect(differences('/a?id=1&id=2', '/a?id=1')).toEqual([
      { kind: 'query', name: 'id', here: '1, 2', there: '1' },
    ]);
  });

  it('tells the order of parameters, and how they are encoded, from what they say', () => {
    expect(differences('/a?x=1&y=2', '/a?y=2&x=1')).toEqual([
      { kind: 'query-order', here: 'x=1&y=2', there: 'y=2&x=1' },
    ]);
    expect(differences('/a?x=%41', '/a?x=A')?.[0]?.kind).toBe('query-order');
    expect(differences('/a?x=%zz', '/a?x=1')?.[0]).toEqual({
      kind: 'query',
      name: 'x',
      here: '%zz',
      there: '1',
    });
  });

  it('names the path, and the query beside it', () => {
    expect(differences('/a/1?x=1', '/a/2')).toEqual([
      { kind: 'path', here: '/a/1', there: '/a/2' },
      { kind: 'query', name: 'x', here: '1', there: null },
    ]);
  });
});
