/** What the disk cache holds, by id: where body and last line of each response lie, and how much of each segment that is. */
import type { StoredRecord } from '../codec';
import type { Segment } from './segment';

export interface DiskEntry {
  readonly version: string;
  /** Counts up with each put. */
  readonly sequence: number;
  /** Of the body as it is kept. */
  readonly bytes: number;
  place: EntryPlace | null;
  /** Until they are written. A freshened response waits without a body. */
  waiting: { record: StoredRecord; readonly kept: Uint8Array | null } | null;
}

export interface EntryPlace {
  readonly body: Segment;
  readonly bodyAt: number;
  readonly line: Segment;
  readonly lineAt: number;
  readonly lineBytes: number;
}

/** How many entries are looked at before others have their turn. */
const SLICE = 10_000;

export class DiskIndex {
  private entries = new Map<string, DiskEntry>();
  /** What a clear hides until it is undone or dropped; still counted. Null: nothing is hidden. */
  private hidden: Map<string, DiskEntry> | null = null;
  liveBytes = 0;

  get hasHidden(): boolean {
    return this.hidden !== null;
  }

  get size(): number {
    return this.entries.size;
  }

  get(id: string): DiskEntry | undefined {
    return this.entries.get(id);
  }

  /** Whether the id stands for this very entry, hidden or not. */
  holds(id: string, entry: DiskEntry): boolean {
    return this.entries.get(id) === entry || this.hidden?.get(id) === entry;
  }

  set(id: string, entry: DiskEntry): void {
    this.delete(id);
    this.entries.set(id, entry);
    this.count(entry, 1);
  }

  /** Hidden or not. False: there is none. */
  delete(id: string): boolean {
    const entry = this.entries.get(id) ?? this.hidden?.get(id);
    if (entry === undefined) return false;
    this.count(entry, -1);
    return this.entries.delete(id) || this.hidden?.delete(id) === true;
  }

  /** The entry has been written, or moved. */
  placed(entry: DiskEntry, place: EntryPlace): void {
    this.count(entry, -1);
    entry.place = place;
    this.count(entry, 1);
  }

  /** All ids, hidden ones too. */
  clear(): string[] {
    const ids = [...(this.hidden?.keys() ?? []), ...this.entries.keys()];
    for (const id of ids) this.delete(id);
    this.hidden = null;
    return ids;
  }

  /** As `clear`, at once; what it was is no longer counted when the promise resolves. */
  async forget(): Promise<void> {
    const { hidden, entries } = this;
    this.hidden = null;
    this.entries = new Map();
    await this.discount(hidden);
    await this.discount(entries);
  }

  /** Takes the place of what was hidden before. */
  async hide(): Promise<void> {
    const before = this.hidden;
    this.hidden = this.entries;
    this.entries = new Map();
    await this.discount(before);
  }

  unhide(): void {
    if (this.hidden === null) return;
    // What is in the oldest segments stays in front.
    for (const [id, entry] of this.entries) this.hidden.set(id, entry);
    this.entries = this.hidden;
    this.hidden = null;
  }

  async dropHidden(): Promise<void> {
    const { hidden } = this;
    this.hidden = null;
    await this.discount(hidden);
  }

  /** Entries of which the segment has the body or the last line. */
  async within(segment: Segment): Promise<[string, DiskEntry][]> {
    const found: [string, DiskEntry][] = [];
    let parts = 0;
    let looked = 0;
    for (const [id, entry] of this.all()) {
      // What lies in the oldest segment was mostly stored first, so the end comes soon.
      if (parts >= segment.liveParts) break;
      const own = partsIn(entry, segment);
      if (own > 0) found.push([id, entry]);
      parts += own;
      looked += 1;
      if (looked % SLICE === 0) await nextTurn();
    }
    return found;
  }

  private *all(): Generator<[string, DiskEntry]> {
    if (this.hidden !== null) yield* this.hidden;
    yield* this.entries;
  }

  /** In slices: there may be many. */
  private async discount(entries: ReadonlyMap<string, DiskEntry> | null): Promise<void> {
    let done = 0;
    for (const entry of entries?.values() ?? []) {
      this.count(entry, -1);
      done += 1;
      if (done % SLICE === 0) await nextTurn();
    }
  }

  private count({ place, bytes }: DiskEntry, by: 1 | -1): void {
    if (place === null) return;
    place.body.liveBytes += by * bytes;
    place.body.liveParts += by;
    place.line.liveBytes += by * place.lineBytes;
    place.line.liveParts += by;
    this.liveBytes += by * (bytes + place.lineBytes);
  }
}

/** Lets whatever waits for the event loop go first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function partsIn({ place }: DiskEntry, segment: Segment): number {
  return Number(place?.body === segment) + Number(place?.line === segment);
}
