import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heaviestPaths, PathRanking, pathOf } from './path-ranking';

describe('a ranking of paths', () => {
  it('holds at most 500 of a million', () => {
    const ranking = new PathRanking();
    for (let number = 0; number < 1_000_000; number += 1) ranking.add(`/${number}`, 1, 'no-stored-response');
    expect(ranking.size).toBeLessThanOrEqual(500);
  });

  it('finds what is heavy among very many that are light, and never says too much of it', () => {
    const ranking = new PathRanking();
    for (let number = 0; number < 100_000; number += 1) {
      ranking.add(`/once/${number}`, 1, 'no-stored-response');
      if (number % 50 === 0) ranking.add('/heavy', 1, 'expired');
    }
    const [heaviest] = heaviestPaths([ranking], 1);
    expect(heaviest?.path).toBe('/heavy');
    expect(heaviest!.weight).toBeGreaterThan(1_900);
    expect(heaviest!.weight).toBeLessThanOrEqual(2_000);
  });

  it('is exact where there are few, however they are spread over rankings', () => {
    const event = fc.record({ path: fc.nat({ max: 200 }), slice: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 400 }), (events) => {
        const slices = [0, 1, 2, 3].map(() => new PathRanking());
        const truth = new Map<string, number>();
        for (const { path, slice } of events) {
          slices[slice]!.add(`/${path}`, 1, 'expired');
          truth.set(`/${path}`, (truth.get(`/${path}`) ?? 0) + 1);
        }
        const all = new PathRanking();
        for (const slice of slices) all.absorb(slice);
        for (const rankings of [slices, [all]]) {
          const told = heaviestPaths(rankings, 1000).map(({ path, weight }) => [path, weight] as const);
          expect(new Map(told)).toEqual(truth);
          expect(told.map(([, weight]) => weight)).toEqual([...truth.values()].sort((a, b) => b - a));
        }
      }),
    );
  });

  it('takes the path of a target, and not more of it than is read', () => {
    expect(pathOf('/a/b?c=/d')).toBe('/a/b');
    expect(pathOf('/a')).toBe('/a');
    expect(pathOf(`/${'x'.repeat(9000)}`)).toHaveLength(256);
  });
});
