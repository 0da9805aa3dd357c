import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { cookieSelector } from './cookie-patterns';

describe('cookieSelector', () => {
  it.each([
    ['session', true],
    ['_ga', false],
    ['_ga_ABC123', false],
    ['_GA', false],
    ['_gid', false],
    ['_gidx', true],
    ['__utmz', false],
    ['_hjSession_1', false],
    ['', true],
  ])('with the default patterns: %s is %s', (name, selected) => {
    expect(cookieSelector(DEFAULT_SETTINGS.credentialCookies)(name)).toBe(selected);
  });

  it.each<[string[], string, boolean]>([
    [[], 'a', false],
    [['sid'], 'SID', true],
    [['sid'], 'sid2', false],
    [['s?d'], 'sid', true],
    [['s?d'], 'sd', false],
    [['*sess*'], 'my-session', true],
    [['*sess*id'], 'sess-ion-id', true],
    [['*sess*id'], 'sess-ion-idx', false],
    [['a*b*c'], 'abbbc', true],
    [['a*'], 'b', false],
    [['a**'], 'a', true],
    [['*', '!x*', 'xy'], 'xy', true],
    [['*', '!x*', 'xy'], 'xz', false],
    [['!x'], 'y', false],
    [['a.c'], 'abc', false],
    [['!'], '', false],
  ])('%j on %s is %s: the last that matches decides', (patterns, name, selected) => {
    expect(cookieSelector(patterns)(name)).toBe(selected);
  });

  it('compiles a list of patterns once', () => {
    const patterns = ['a*'];
    expect(cookieSelector(patterns)).toBe(cookieSelector(patterns));
  });

  it('takes no long time over patterns with many stars', () => {
    const selects = cookieSelector([`${'a*'.repeat(60)}b`]);
    expect(selects('a'.repeat(2000))).toBe(false);
  });

  it('agrees with a regular expression', () => {
    const letters = fc.stringMatching(/^[ab]{0,8}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*?]{1,6}$/), letters, (glob, name) => {
        const expression = new RegExp(`^${glob.replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
        expect(cookieSelector([glob])(name)).toBe(expression.test(name));
      }),
      { numRuns: 2000 },
    );
  });
});
