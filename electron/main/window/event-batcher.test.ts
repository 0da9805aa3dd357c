import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import { EventBatcher, type ExchangeBatch } from './event-batcher';

const exchange = (id: number): ExchangeSummary => ({
  id,
  startedAt: 0,
  method: 'GET',
  target: `/${id}`,
  status: 200,
  outcome: 'MISS',
  reason: 'no-stored-response',
  facts: {},
  forward: 'uri-miss',
  stored: true,
  notStored: null,
  collapsed: false,
  ttlSeconds: 300,
  ageSeconds: null,
  contentType: null,
  bodyBytes: 0,
  durationMs: 1,
  savedMs: null,
  entryId: null,
  error: null,
});

describe('EventBatcher', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('delivers what came within a frame in one batch, in order', () => {
    const batches: ExchangeBatch[] = [];
    const batcher = new EventBatcher({ deliver: (batch) => batches.push(batch) });
    for (let id = 0; id < 5; id += 1) batcher.push(exchange(id));
    expect(batches).toEqual([]);
    vi.advanceTimersByTime(16);
    expect(batches.map((batch) => batch.exchanges.map((one) => one.id))).toEqual([[0, 1, 2, 3, 4]]);
    vi.advanceTimersByTime(160);
    expect(batches).toHaveLength(1);
  });

  it('leaves out the oldest of a burst and counts them', () => {
    const batches: ExchangeBatch[] = [];
    const batcher = new EventBatcher({ deliver: (batch) => batches.push(batch), limit: 10 });
    for (let id = 0; id < 57; id += 1) batcher.push(exchange(id));
    vi.advanceTimersByTime(16);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.dropped).toBe(47);
    expect(batches[0]?.exchanges.map((one) => one.id)).toEqual([47, 48, 49, 50, 51, 52, 53, 54, 55, 56]);
  });

  it('hands over no more than a tenth of the time is enough for, the newest of them', () => {
    let time = 0;
    const sizes: number[] = [];
    const batcher = new EventBatcher({
      now: () => time,
      deliver: ({ exchanges, dropped }) => {
        time += exchanges.length * 0.05;
        sizes.push(exchanges.length);
        expect(exchanges.length + dropped).toBe(1000);
        expect(exchanges.at(-1)?.id).toBe(999);
      },
    });
    for (let batch = 0; batch < 50; batch += 1) {
      for (let id = 0; id < 1000; id += 1) batcher.push(exchange(id));
      vi.advanceTimersByTime(250);
    }
    expect(sizes[0]).toBe(1000);
    // 25 ms of 250, at 0.05 ms each
    expect(sizes.at(-1)).toBe(500);
  });

  it('hands over a flood four times a second, and what is none at every frame', () => {
    const sizes: number[] = [];
    const batcher = new EventBatcher({
      now: () => 0,
      deliver: ({ exchanges }) => sizes.push(exchanges.length),
    });
    const frame = (exchanges: number): number => {
      for (let id = 0; id < exchanges; id += 1) batcher.push(exchange(id));
      vi.advanceTimersByTime(16);
      return sizes.length;
    };
    expect([frame(100), frame(100), frame(101)]).toEqual([1, 2, 3]);
    for (let number = 0; number < 15; number += 1) expect(frame(10)).toBe(3);
    expect(frame(10)).toBe(4);
    expect([frame(10), frame(10)]).toEqual([5, 6]);
  });

  it('hands over some however long it takes', () => {
    let time = 0;
    const sizes: number[] = [];
    const batcher = new EventBatcher({
      now: () => time,
      deliver: ({ exchanges }) => {
        time += 10_000;
        sizes.push(exchanges.length);
      },
    });
    for (let batch = 0; batch < 5; batch += 1) {
      for (let id = 0; id < 1000; id += 1) batcher.push(exchange(id));
      vi.advanceTimersByTime(250);
    }
    expect(sizes.slice(1)).toEqual([100, 100, 100, 100]);
  });

  it('delivers nothing once disposed', () => {
    const deliver = vi.fn();
    const batcher = new EventBatcher({ deliver });
    batcher.push(exchange(1));
    batcher.dispose();
    vi.advanceTimersByTime(160);
    expect(deliver).not.toHaveBeenCalled();
  });
});
