/**
 * How much is stored in Redis. Counted anew in the background when someone asks,
 * because only Redis knows what it has forgotten and what other Larders stored.
 */
import type { StoredCount } from './redis-scan';

const COUNT_AGAIN_MS = 1000;
/** Counting takes at most about a twentieth of the time. */
const REST_FACTOR = 20;
const NOTHING: StoredCount = { entries: 0, bytes: 0, bodyBytes: 0, storedBodyBytes: 0 };

export class RedisCount {
  private readonly count: () => Promise<StoredCount>;
  private last: StoredCount = NOTHING;
  private nextAt = -Infinity;
  private counting = false;
  /** Raised by a reset: a count begun before it is out of date. */
  private resets = 0;

  constructor(count: () => Promise<StoredCount>) {
    this.count = count;
  }

  /** At once what was counted last; a new count begins where that is old. */
  latest(): StoredCount {
    if (!this.counting && performance.now() >= this.nextAt) void this.begin();
    return this.last;
  }

  reset(): void {
    this.last = NOTHING;
    this.resets += 1;
  }

  /** What was counted last stands only until it is counted anew. */
  outdated(): void {
    this.resets += 1;
    this.nextAt = -Infinity;
  }

  private async begin(): Promise<void> {
    const startedAt = performance.now();
    const { resets } = this;
    this.counting = true;
    try {
      const counted = await this.count();
      if (resets === this.resets) this.last = counted;
    } catch {
      // Redis is gone, which its health says; what was counted last stands until it is back.
    } finally {
      const took = performance.now() - startedAt;
      this.nextAt = startedAt + took + Math.max(COUNT_AGAIN_MS, took * REST_FACTOR);
      this.counting = false;
    }
  }
}
