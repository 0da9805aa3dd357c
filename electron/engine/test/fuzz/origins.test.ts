import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEBIBYTE } from '../../../../shared/settings';
import { FUZZED } from './fuzzing';

const seed = fc.readConfigureGlobal().seed ?? 0;

describe('origins of all kinds, sound and broken', () => {
  it('what breaks off never comes as whole, and who asks next is answered as if nothing had been', async () => {
    const { runs, fuzz } = FUZZED.origins;
    const result = await fuzz({ seed, runs, maxFailures: 3 });
    expect(result.failures.map(({ why, shown }) => `${why}\n${shown}`)).toEqual([]);
    expect(result.runs).toBe(runs);
    expect(result.grownBytes).toBeLessThan(32 * MEBIBYTE);
  }, 180_000);
});
