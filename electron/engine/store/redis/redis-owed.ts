/**
 * Invalidations that Redis could not be told. An unsafe request that succeeded
 * while Redis was gone must not leave the old response to be found when it is
 * back (RFC 9111 §4.4): these are made up for before anyone reads from it again.
 */

/** More keys than these are not remembered; the oldest then wait for their TTL. */
const MOST_OWED = 100_000;
const AT_ONCE = 200;

export class OwedInvalidations {
  private readonly keys = new Set<string>();

  /** Removes each; what fails is owed. Returns how many responses were removed; rejects where any failed. */
  async settleOrOwe(keys: readonly string[], remove: (key: string) => Promise<number>): Promise<number> {
    const results = await Promise.allSettled(keys.map((key) => remove(key)));
    let removed = 0;
    let failure: PromiseRejectedResult | null = null;
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') removed += result.value;
      else {
        this.owe(keys[index] ?? '');
        failure = result;
      }
    }
    if (failure !== null) throw failure.reason;
    return removed;
  }

  /** Makes up for all that is owed. */
  async settle(remove: (key: string) => Promise<number>): Promise<void> {
    while (this.keys.size > 0) {
      const some = [...this.keys].slice(0, AT_ONCE);
      await Promise.all(some.map((key) => remove(key)));
      for (const key of some) this.keys.delete(key);
    }
  }

  private owe(key: string): void {
    this.keys.add(key);
    if (this.keys.size <= MOST_OWED) return;
    const [oldest = key] = this.keys;
    this.keys.delete(oldest);
  }
}
