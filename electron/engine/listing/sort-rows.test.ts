import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortRows } from './sort-rows';
import { Turns } from './turns';

describe('sortRows', () => {
  it('sorts as Array.sort does: what is equal stays in its order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 300 }), async (keys) => {
        const compare = (one: number, other: number) => (keys[one] ?? 0) - (keys[other] ?? 0);
        const rows = Uint32Array.from(keys.keys());
        await sortRows(rows, compare, new Turns());
        expect([...rows]).toEqual([...keys.keys()].sort(compare));
      }),
    );
  });

  it('lets others go first while it sorts much', async () => {
    const rows = Uint32Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 200_000);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    await sortRows(rows, (one, other) => one - other, new Turns());
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
    expect(rows.every((row, index) => row === index)).toBe(true);
  });
});
