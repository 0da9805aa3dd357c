import { afterEach, describe, expect, it } from 'vitest';
import { INSIGHT_SPANS } from '../../../shared/insights';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest | null = null;
afterEach(async () => {
  await larder?.close();
  larder = null;
});

describe("an engine's insights", () => {
  it('count what passes through it, over every span', async () => {
    larder = await startEngineUnderTest();
    const { engine, get, exchanges } = larder;
    for (const target of ['/a', '/a', '/a', '/b?c=1', '/b?c=2', '/.larder/status']) await get(target);
    await get('/a', { method: 'POST' });
    await waitUntil(() => exchanges.length === 6);
    for (const span of INSIGHT_SPANS) {
      const { totals, mostMissed, buckets } = engine.insights(span);
      expect(totals).toMatchObject({ hit: 2, miss: 3, stale: 0, pass: 1, error: 0, originRequests: 4 });
      expect(totals.savedMs).toBe(engine.status().counters.savedMs);
      expect(mostMissed.map(({ path, misses }) => [path, misses])).toEqual([
        ['/b', 2],
        ['/a', 1],
      ]);
      expect(buckets.at(-1)?.storeEntries).toBe(engine.status().store.entries);
    }
  });

  it('know what the store held before it was cleared', async () => {
    larder = await startEngineUnderTest({ startTime: Date.UTC(2026, 6, 30, 14, 0, 0) });
    const { engine, get, clock, stored } = larder;
    await get('/a');
    await stored(1);
    engine.insights('5min');
    clock.advance(2);
    await engine.clear();
    clock.advance(1);
    const held = engine.insights('5min').buckets.map(({ storeEntries }) => storeEntries);
    expect(held).toEqual([1, 1, 0, 0]);
  });
});
