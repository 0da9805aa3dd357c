/**
 * What can be done to the disk cache's log, one thing at a time: append responses and removals, clear, drop the
 * oldest segment. Keeps index and files in step, and the files within the budget.
 */
import type { StoredRecord } from '../codec';
import type { DiskEntry, EntryPlace } from './disk-index';
import { DiskIndex } from './disk-index';
import { encodeLine } from './index-line';
import type { Segment } from './segment';
import { SegmentList } from './segment-list';

const MIN_SEGMENT_BYTES = 4096;
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
const SEGMENTS_IN_BUDGET = 16;
const MAX_IDS_IN_LINE = 500;
/** Secret and format. */
const SMALL_FILES_BYTES = 100;

/** `kept`: null where the body stays where it is. */
export interface ResponseWrite {
  readonly kind: 'response';
  readonly id: string;
  readonly entry: DiskEntry;
  readonly record: StoredRecord | Uint8Array;
  readonly kept: Uint8Array | null;
}

export interface RemovalWrite {
  readonly kind: 'remove';
  readonly ids: readonly string[];
}

/** What is hidden comes back. */
interface UnhideWrite {
  readonly kind: 'unhide';
}

export type LogWrite = ResponseWrite | RemovalWrite | UnhideWrite;

/** Lines with their bodies, made for one segment at its present end. */
interface Group {
  readonly lines: Buffer[];
  readonly bodies: Uint8Array[];
  readonly places: [string, DiskEntry, EntryPlace][];
  bytes: number;
}

export class DiskLog {
  readonly index = new DiskIndex();
  readonly segments: SegmentList;
  budgetBytes: number;
  private readonly dropped: (ids: readonly string[]) => void;

  /** `dropped`: told of ids that had to go. */
  constructor(folder: string, budgetBytes: number, dropped: (ids: readonly string[]) => void) {
    this.segments = new SegmentList(folder);
    this.budgetBytes = budgetBytes;
    this.dropped = dropped;
  }

  /** Of all files. */
  get bytes(): number {
    return this.segments.bytes + SMALL_FILES_BYTES;
  }

  get segmentBytes(): number {
    const share = Math.floor(this.budgetBytes / SEGMENTS_IN_BUDGET);
    return Math.min(Math.max(share, MIN_SEGMENT_BYTES), MAX_SEGMENT_BYTES);
  }

  /** Largest body that has a place beside others. */
  get maxBodyBytes(): number {
    return this.budgetBytes - this.segmentBytes;
  }

  /** Writes them in order, making room where needed. Responses that are not in the index any more are passed over. */
  async append(writes: readonly LogWrite[]): Promise<void> {
    for (;;) {
      const segment = await this.segments.writable(this.segmentBytes);
      const group = this.groupFor(segment, writes);
      if (this.bytes + group.bytes <= this.budgetBytes) return this.write(segment, group);
      if (this.segments.count > 1 || !segment.isFresh) await this.dropOldest();
      else return this.appendRefused(segment, writes);
    }
  }

  /** A new segment begins with it, then the others go: at no moment does the log say anything else. */
  async clear(): Promise<void> {
    await this.segments.begin([{ kind: 'clear' }]);
    await this.segments.dropAllOlder();
  }

  /** A new segment begins with it, so that the others are in nobody's use when it is too late for an undo. */
  async hide(): Promise<void> {
    await this.segments.begin([{ kind: 'hide' }]);
  }

  /** With all that is in it. False: there is none. */
  async dropOldest(): Promise<boolean> {
    const { oldest } = this.segments;
    if (oldest === null) return false;
    const gone = (await this.index.within(oldest)).filter(([id, entry]) => this.isIn(oldest, id, entry));
    for (const [id] of gone) this.index.delete(id);
    if (gone.length > 0) this.dropped(gone.map(([id]) => id));
    await this.segments.dropOldest();
    return true;
  }

  private isIn(segment: Segment, id: string, entry: DiskEntry): boolean {
    const { place } = entry;
    return this.index.holds(id, entry) && (place?.body === segment || place?.line === segment);
  }

  private groupFor(segment: Segment, writes: readonly LogWrite[]): Group {
    const group: Group = { lines: [], bodies: [], places: [], bytes: 0 };
    const end = { index: segment.indexBytes, bodies: segment.bodyBytes };
    for (const write of writes) {
      for (const line of this.linesOf(segment, write, group, end)) {
        group.lines.push(line);
        group.bytes += line.byteLength;
        end.index += line.byteLength;
      }
    }
    return group;
  }

  private linesOf(
    segment: Segment,
    write: LogWrite,
    group: Group,
    end: { readonly index: number; bodies: number },
  ): readonly Buffer[] {
    switch (write.kind) {
      case 'response':
        return this.responseLine(segment, write, group, end);
      case 'remove':
        return removalLines(write.ids);
      case 'unhide':
        return [encodeLine(write)];
    }
  }

  private responseLine(
    segment: Segment,
    { id, entry, record, kept }: ResponseWrite,
    group: Group,
    end: { readonly index: number; bodies: number },
  ): Buffer[] {
    if (!this.index.holds(id, entry)) return [];
    const body = kept === null ? entry.place : { body: segment, bodyAt: end.bodies };
    if (body === null) return [];
    const place = { segment: body.body.number, at: body.bodyAt, bytes: entry.bytes };
    const { version, sequence } = entry;
    const json = record instanceof Uint8Array ? record : Buffer.from(JSON.stringify(record));
    const line = encodeLine({ kind: 'response', id, version, sequence, body: place }, json);
    const lineBytes = line.byteLength;
    const at = { body: body.body, bodyAt: body.bodyAt };
    group.places.push([id, entry, { ...at, line: segment, lineAt: end.index, lineBytes }]);
    if (kept !== null) {
      group.bodies.push(kept);
      group.bytes += kept.byteLength;
      end.bodies += kept.byteLength;
    }
    return [line];
  }

  private async write(segment: Segment, { bodies, lines, places }: Group): Promise<void> {
    if (lines.length === 0) return;
    await segment.append(bodies, lines);
    for (const [id, entry, place] of places) {
      // What was replaced or removed meanwhile has its line behind this one.
      if (this.index.holds(id, entry)) this.index.placed(entry, place);
    }
  }

  /** Nothing is left to be dropped, and there is still no room: no response is written. */
  private async appendRefused(segment: Segment, writes: readonly LogWrite[]): Promise<void> {
    const refused = writes.flatMap((write) => (write.kind === 'response' ? [write] : []));
    const gone = refused.filter(({ id, entry }) => this.index.holds(id, entry)).map(({ id }) => id);
    for (const id of gone) this.index.delete(id);
    if (gone.length > 0) this.dropped(gone);
    const others = writes.filter((write) => write.kind !== 'response');
    await this.write(segment, this.groupFor(segment, [...others, { kind: 'remove', ids: gone }]));
  }
}

function removalLines(ids: readonly string[]): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < ids.length; from += MAX_IDS_IN_LINE) {
    lines.push(encodeLine({ kind: 'remove', ids: ids.slice(from, from + MAX_IDS_IN_LINE) }));
  }
  return lines;
}
