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
  private readonly entries = new Map<string, DiskEntry>();
  liveBytes = 0;

  get size(): number {
    return this.entries.size;
  }

  get(id: string): DiskEntry | undefined {
    return this.entries.get(id);
  }

  ids(): string[] {
    return [...this.entries.keys()];
  }

  set(id: string, entry: DiskEntry): void {
    this.delete(id);
    this.entries.set(id, entry);
    this.count(entry, 1);
  }

  delete(id: string): boolean {
    const entry = this.entries.get(id);
    if (entry === undefined) return false;
    this.count(entry, -1);
    return this.entries.delete(id);
  }

  /** The entry has been written, or moved. */
  placed(entry: DiskEntry, place: EntryPlace): void {
    this.count(entry, -1);
    entry.place = place;
    this.count(entry, 1);
  }

  clear(): string[] {
    const ids = this.ids();
    for (const id of ids) this.delete(id);
    return ids;
  }

  /** Entries of which the segment has the body or the last line. */
  async within(segment: Segment): Promise<[string, DiskEntry][]> {
    const found: [string, DiskEntry][] = [];
    let parts = 0;
    let looked = 0;
    for (const [id, entry] of this.entries) {
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
