import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUZZED } from './fuzzing';

const seed = fc.readConfigureGlobal().seed ?? 0;

describe("the front's reader of heads", () => {
  it('accepts nothing that node:http reads in another way', async () => {
    const { runs, fuzz } = FUZZED.heads;
    const result = await fuzz({ seed, runs, maxFailures: 3 });
    expect(result.failures.map(({ why, shown }) => `${why}\n${shown}`)).toEqual([]);
    expect(result.runs).toBe(runs);
    expect(result.fast).toBeGreaterThan(runs / 10);
  }, 120_000);
});
