/** Hits by response, for a store that does not count them itself. Counted in this process, bounded, for lists only. */

const MOST_COUNTED = 50_000;

export class HitCounts {
  private counts = new Map<string, number>();
  /** Of what was cleared, for an undo. */
  private cleared = new Map<string, number>();

  of(id: string): number {
    return this.counts.get(id) ?? 0;
  }

  add(id: string): void {
    const hits = this.of(id) + 1;
    // Set anew, so that the first in the map is the one that was hit least recently.
    this.counts.delete(id);
    this.counts.set(id, hits);
    if (this.counts.size > MOST_COUNTED) this.forgetOldest();
  }

  forget(id: string): void {
    this.counts.delete(id);
    this.cleared.delete(id);
  }

  clear(): void {
    this.cleared = this.counts;
    this.counts = new Map();
  }

  undoClear(): void {
    for (const [id, hits] of this.counts) this.cleared.set(id, hits);
    this.counts = this.cleared;
    this.cleared = new Map();
    while (this.counts.size > MOST_COUNTED) this.forgetOldest();
  }

  private forgetOldest(): void {
    for (const id of this.counts.keys()) {
      this.counts.delete(id);
      return;
    }
  }
}
