import { describe, expect, it } from 'vitest';
import { HELP, parseOptions } from './options.mjs';

describe('parseOptions', () => {
  it('runs policy respect with the memory store unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      policy: 'respect',
      store: 'memory',
      suite: undefined,
      only: [],
      check: false,
      report: undefined,
      help: false,
    });
  });

  it('takes every flag', () => {
    const flags = '--policy override --store redis --suite dir --test a --test b --report file --help'.split(
      ' ',
    );
    expect(parseOptions(flags)).toEqual({
      policy: 'override',
      store: 'redis',
      suite: 'dir',
      only: ['a', 'b'],
      check: false,
      report: 'file',
      help: true,
    });
    for (const flag of flags.filter((one) => one.startsWith('--'))) expect(HELP).toContain(flag);
  });

  it('checks the whole package only', () => {
    expect(parseOptions(['--check']).check).toBe(true);
    expect(() => parseOptions(['--check', '--test', 'a'])).toThrow('--check compares the whole package');
    expect(() => parseOptions(['--check', '--suite', 'a'])).toThrow('--check compares the whole package');
  });

  it.each([
    [['--policy', 'strict'], '--policy is respect or override, not "strict"'],
    [['--store', 'disk'], '--store is memory or redis, not "disk"'],
    [['--fast'], "Unknown option '--fast'"],
    [['respect'], "Unexpected argument 'respect'"],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
