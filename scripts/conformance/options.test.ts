import { describe, expect, it } from 'vitest';
import { HELP, parseOptions } from './options.mjs';

describe('parseOptions', () => {
  it('runs policy respect with the memory store on both ways unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      policy: 'respect',
      store: 'memory',
      fastPath: ['on', 'off'],
      suite: undefined,
      only: [],
      check: false,
      report: undefined,
      help: false,
    });
  });

  it('takes every flag', () => {
    const flags =
      '--policy override --store redis --fast-path off --suite dir --test a --test b --report file --help'.split(
        ' ',
      );
    expect(parseOptions(flags)).toEqual({
      policy: 'override',
      store: 'redis',
      fastPath: ['off'],
      suite: 'dir',
      only: ['a', 'b'],
      check: false,
      report: 'file',
      help: true,
    });
    for (const flag of flags.filter((one) => one.startsWith('--'))) expect(HELP).toContain(flag);
  });

  it('checks the whole package on both ways only', () => {
    expect(parseOptions(['--check'])).toMatchObject({ check: true, fastPath: ['on', 'off'] });
    for (const flag of ['--test', '--suite', '--fast-path']) {
      expect(() => parseOptions(['--check', flag, 'on'])).toThrow(
        '--check compares the whole: leave --suite',
      );
    }
  });

  it.each([
    [['--policy', 'strict'], '--policy is respect or override, not "strict"'],
    [['--store', 'disk'], '--store is memory or redis, not "disk"'],
    [['--fast-path', 'never'], '--fast-path is on or off, not "never"'],
    [['--fast'], "Unknown option '--fast'"],
    [['respect'], "Unexpected argument 'respect'"],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
