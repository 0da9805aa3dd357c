import { describe, expect, it } from 'vitest';
import { differenceWords } from './difference-words';
import type { Difference } from './nearest-stored';

const AT = new Date(2026, 6, 3, 14, 2, 31).getTime();

function told(difference: Difference): string {
  const { what, name, here, there } = differenceWords(difference, AT);
  return `${what}${name === null ? '' : ` ${name}`}: ${here.text} | ${there.text}`;
}

describe('differenceWords', () => {
  it.each<[Difference, string]>([
    [{ kind: 'path', here: '/a/1', there: '/a/2' }, 'Path: /a/1 | /a/2'],
    [{ kind: 'origin', here: 'http://a', there: 'http://b' }, 'Origin: http://a | http://b'],
    [{ kind: 'method', here: 'GET', there: 'HEAD' }, 'Method: GET | HEAD'],
    [{ kind: 'query', name: 'page', here: '2', there: '1' }, 'Parameter page: 2 | 1'],
    [{ kind: 'query', name: 'page', here: null, there: '' }, 'Parameter page: not there | empty'],
    [{ kind: 'query-order', here: 'a&b', there: 'b&a' }, 'Order or spelling of the query: a&b | b&a'],
    [
      { kind: 'field', name: 'accept-language', here: 'de', there: null, secret: false },
      'Field accept-language: de | not there',
    ],
    [
      { kind: 'field', name: 'cookie', here: null, there: null, secret: true },
      'Field cookie: withheld | another, withheld',
    ],
    [{ kind: 'credentials' }, 'Credentials: of one user | of another'],
    [{ kind: 'policy' }, 'Policy: the one in force | the other one'],
    [{ kind: 'expired', since: AT - 12_000 }, 'Freshness: wanted fresh | expired 12 s before'],
    [{ kind: 'expired', since: AT }, 'Freshness: wanted fresh | expired just before'],
    [{ kind: 'must-validate' }, 'Freshness: to be answered at once | to be validated first'],
    [{ kind: 'reload' }, 'Freshness: asks for a new response | stored before'],
    [{ kind: 'part', there: '0-9/90' }, 'Bytes: others, too | 0-9/90'],
    [{ kind: 'stored-later', at: AT + 4000 }, 'Time: came at 14:02:31 | stored later, at 14:02:35'],
  ])('%o', (difference, text) => {
    expect(told(difference)).toBe(text);
  });

  it('tells values of the wire from words of its own', () => {
    const { here, there } = differenceWords({ kind: 'query', name: 'q', here: 'not there', there: null }, AT);
    expect([here.isValue, there.isValue]).toEqual([true, false]);
  });
});
