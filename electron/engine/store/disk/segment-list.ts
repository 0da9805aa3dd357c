/**
 * The disk cache's log: segments in order, of which only the last is written and only the first is dropped, so that
 * no removal is forgotten before what it removed.
 */
import { stat } from 'node:fs/promises';
import type { LineHead } from './index-line';
import { encodeLine } from './index-line';
import { Segment, segmentFiles } from './segment';

export class SegmentList {
  private readonly folder: string;
  private list: Segment[] = [];
  private head: Segment | null = null;

  constructor(folder: string) {
    this.folder = folder;
  }

  get bytes(): number {
    return this.list.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get count(): number {
    return this.list.length;
  }

  get oldest(): Segment | null {
    return this.list[0] ?? null;
  }

  has(segment: Segment): boolean {
    return this.list.includes(segment);
  }

  isHead(segment: Segment): boolean {
    return this.head === segment;
  }

  /** What an earlier process wrote, in order. */
  adopt(segments: readonly Segment[]): void {
    this.list.push(...segments);
  }

  /** Where to write: the last segment while it is smaller than `segmentBytes`, then a new one. */
  async writable(segmentBytes: number): Promise<Segment> {
    if (this.head !== null && this.head.bytes < segmentBytes) return this.head;
    return this.begin([]);
  }

  /** A new segment that begins with these. */
  async begin(heads: readonly LineHead[]): Promise<Segment> {
    await this.finishHead();
    const previous = this.list.at(-1) ?? null;
    const number = (previous?.number ?? 0) + 1;
    const begin: LineHead = { kind: 'begin', segment: number, previousEnd: previous?.indexBytes ?? null };
    const lines = [begin, ...heads].map((head) => encodeLine(head));
    this.head = await Segment.create(this.folder, number, lines);
    this.list.push(this.head);
    return this.head;
  }

  async mustExist(): Promise<void> {
    await this.head?.mustExist();
  }

  /** What comes next is written to a new segment. */
  async finishHead(): Promise<void> {
    const { head } = this;
    this.head = null;
    await head?.finish();
  }

  /** Deletes the first. Its responses must be gone from the index, or moved. */
  async dropOldest(): Promise<void> {
    const { oldest } = this;
    if (oldest === null) return;
    if (oldest === this.head) await this.finishHead();
    await oldest.unlink();
    this.list = this.list.filter((segment) => segment !== oldest);
    await oldest.close();
  }

  /** Deletes all but the last. */
  async dropAllOlder(): Promise<void> {
    while (this.list.length > 1) await this.dropOldest();
  }

  /** The files are gone, or to be looked for again. */
  async forget(): Promise<void> {
    const segments = this.list;
    this.list = [];
    this.head = null;
    for (const segment of segments) await segment.close();
  }

  async close(): Promise<void> {
    await this.head?.sync();
    for (const segment of this.list) await segment.close();
    this.head = null;
  }
}

/** A segment of which nothing is known but its number. */
export async function segmentOnDisk(folder: string, number: number): Promise<Segment> {
  const files = segmentFiles(folder, number);
  const [indexBytes, bodyBytes] = await Promise.all([fileBytes(files.index), fileBytes(files.bodies)]);
  return new Segment(folder, number, { indexBytes, bodyBytes });
}

/** A missing file has none. */
async function fileBytes(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    // What cannot be looked at cannot be read: the same as nothing.
    return 0;
  }
}
