/** What a screen reader is told of the traffic: a sum now and then, never a line a request. */
import type { EngineCounters } from '../../shared/engine-status';
import { formatPlural } from '../../shared/format';

const requestsOf = ({ hits, misses, passes, errors }: EngineCounters) => hits + misses + passes + errors;

/** `12 requests, 9 hits, 1 failed`; null where nothing came in between. */
export function trafficWords(before: EngineCounters, now: EngineCounters): string | null {
  const requests = requestsOf(now) - requestsOf(before);
  // The counters start over with the engine.
  if (requests <= 0) return null;
  const hits = now.hits - before.hits;
  const failed = now.errors - before.errors;
  const parts = [formatPlural(requests, 'request'), formatPlural(hits, 'hit')];
  return failed > 0 ? [...parts, `${failed} failed`].join(', ') : parts.join(', ');
}

export interface TrafficTeller {
  /** To be called whenever the counters may have changed. */
  see(counters: EngineCounters): void;
  stop(): void;
}

/** Tells at most every so often, and always what came last. @param say speaks one sentence */
export function createTrafficTeller(say: (words: string) => void, everyMs: number): TrafficTeller {
  let told: EngineCounters | null = null;
  let latest: EngineCounters | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const tell = () => {
    timer = null;
    if (told === null || latest === null) return;
    const words = trafficWords(told, latest);
    told = latest;
    if (words !== null) say(words);
  };
  return {
    see: (counters) => {
      // What was there before the window opened is no news.
      told ??= counters;
      if (requestsOf(counters) < requestsOf(told)) told = counters;
      latest = counters;
      if (requestsOf(counters) > requestsOf(told)) timer ??= setTimeout(tell, everyMs);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
