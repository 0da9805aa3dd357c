import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob, urlMatchesGlob } from './glob';

describe('glob', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', '/anything?at=all', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbbcd', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b', 'xxaxxbxx', false],
    ['**', 'x', true],
    ['*.json', '/v1/a.json', true],
    ['/v1/[ab].(x)+', '/v1/[ab].(x)+', true],
    ['/v1/[ab]', '/v1/a', false],
    ['*aab', 'aaab', true],
  ])('%j on %j: %j', (glob, text, matches) => {
    expect(matchesGlob(glob, text)).toBe(matches);
  });

  it('agrees with the textbook recursion on any input', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 10 });
    fc.assert(
      fc.property(glob, text, (pattern, value) => {
        expect(matchesGlob(pattern, value)).toBe(textbookMatch(pattern, value));
      }),
      { numRuns: 5000 },
    );
  });

  it('takes no more than text times pattern on a pattern made to blow up', () => {
    expect(matchesGlob('*a'.repeat(500), `${'a'.repeat(5000)}b`)).toBe(false);
  });
});

describe('glob on URLs', () => {
  it.each([
    ['/v1/*', 'https://api.example.com/v1/users?page=2', true],
    ['*', 'https://api.example.com/', true],
    ['https://api.example.com/*', 'https://api.example.com/v1', true],
    ['*/users*', 'https://api.example.com/v1/users?page=2', true],
    ['/users', 'https://api.example.com/v1/users', false],
    ['/', 'https://api.example.com', true],
    ['/a', '/a', true],
  ])('%j on %j: %j', (glob, url, matches) => {
    expect(urlMatchesGlob(glob, url)).toBe(matches);
  });
});

function textbookMatch(glob: string, text: string): boolean {
  if (glob === '') return text === '';
  if (glob[0] === '*')
    return textbookMatch(glob.slice(1), text) || (text !== '' && textbookMatch(glob, text.slice(1)));
  return (
    text !== '' && (glob[0] === '?' || glob[0] === text[0]) && textbookMatch(glob.slice(1), text.slice(1))
  );
}
