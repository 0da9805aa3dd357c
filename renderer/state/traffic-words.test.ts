import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineCounters } from '../../shared/engine-status';
import { createTrafficTeller, trafficWords } from './traffic-words';

const counters = (hits: number, misses = 0, errors = 0): EngineCounters => ({
  hits,
  fastHits: 0,
  misses,
  errors,
  stale: 0,
  passes: 0,
  savedMs: 0,
  savedBytes: 0,
  upstreamRequests: 0,
});

describe('trafficWords', () => {
  it('sums up what came in between', () => {
    expect(trafficWords(counters(3, 1), counters(12, 4))).toBe('12 requests, 9 hits');
    expect(trafficWords(counters(0), counters(1))).toBe('1 request, 1 hit');
    expect(trafficWords(counters(0), counters(1, 0, 2))).toBe('3 requests, 1 hit, 2 failed');
  });

  it('says nothing where nothing came, or the counting began anew', () => {
    expect(trafficWords(counters(3), counters(3))).toBeNull();
    expect(trafficWords(counters(30), counters(2))).toBeNull();
  });
});

describe('traffic teller', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('speaks at most once in its interval, and tells all that came', () => {
    const said: string[] = [];
    const teller = createTrafficTeller((words) => said.push(words), 5000);
    teller.see(counters(100));
    for (let hits = 101; hits <= 110; hits += 1) {
      teller.see(counters(hits));
      vi.advanceTimersByTime(400);
    }
    expect(said).toEqual([]);
    vi.advanceTimersByTime(5000);
    expect(said).toEqual(['10 requests, 10 hits']);
    vi.advanceTimersByTime(60_000);
    expect(said).toHaveLength(1);
  });

  it('is silent once stopped', () => {
    const said: string[] = [];
    const teller = createTrafficTeller((words) => said.push(words), 5000);
    teller.see(counters(0));
    teller.see(counters(1));
    teller.stop();
    vi.advanceTimersByTime(60_000);
    expect(said).toEqual([]);
  });
});
