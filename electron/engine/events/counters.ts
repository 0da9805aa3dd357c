/** Sums over the exchanges since the engine was made. */
import type { EngineCounters } from '../../../shared/engine-status';
import type { ExchangeSummary } from '../../../shared/exchange-summary';

export interface Counters {
  count(exchange: ExchangeSummary): void;
  countFastHit(): void;
  countUpstream(): void;
  values(): EngineCounters;
}

export function createCounters(): Counters {
  const sums = {
    hits: 0,
    fastHits: 0,
    misses: 0,
    stale: 0,
    passes: 0,
    errors: 0,
    savedMs: 0,
    savedBytes: 0,
    upstreamRequests: 0,
  };
  return {
    count: ({ outcome, savedMs, bodyBytes }) => {
      switch (outcome) {
        case 'HIT':
        case 'STALE':
          sums.hits += 1;
          if (outcome === 'STALE') sums.stale += 1;
          sums.savedMs += savedMs ?? 0;
          sums.savedBytes += bodyBytes;
          break;
        case 'MISS':
          sums.misses += 1;
          break;
        case 'PASS':
          sums.passes += 1;
          break;
        case 'ERROR':
          sums.errors += 1;
          break;
      }
    },
    countFastHit: () => {
      sums.fastHits += 1;
    },
    countUpstream: () => {
      sums.upstreamRequests += 1;
    },
    values: () => ({ ...sums }),
  };
}
