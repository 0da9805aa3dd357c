/**
 * What the disk cache's log says, read at the start: its index files only, in order, in slices. Where a line cannot
 * be read, what it removed is unknown, so everything before it counts as removed.
 */
import { performance } from 'node:perf_hooks';
import type { EpochMs } from '../../../../shared/units';
import type { StoredRecord } from '../codec';
import { parseRecord } from '../codec';
import type { CacheFolder } from './cache-folder';
import type { DiskEntry } from './disk-index';
import { nextTurn } from './disk-index';
import type { IndexLine, LineHead } from './index-line';
import { indexLines } from './index-line';
import type { Segment } from './segment';
import { segmentOnDisk } from './segment-list';

export interface Found {
  readonly record: StoredRecord;
  readonly entry: DiskEntry;
}

export interface Replayed {
  readonly segments: readonly Segment[];
  /** In the order in which they were stored. */
  readonly found: readonly Found[];
  /** Past their time, or for users whom nobody can tell apart any more: still in the log. */
  readonly leftOut: readonly string[];
}

type ResponseLine = Extract<LineHead, { kind: 'response' }>;

/** How long the event loop is held. */
const SLICE_MS = 5;

export async function replayLog(
  folder: CacheFolder,
  isWanted: (record: StoredRecord) => boolean,
): Promise<Replayed> {
  const replay = new Replay();
  for (const number of await folder.segmentNumbers()) {
    await replay.read(await segmentOnDisk(folder.path, number));
  }
  return replay.result(isWanted);
}

/** Whether it may still be used, by whoever stored it. */
export function isWantedAt(now: EpochMs, secretIsNew: boolean): (record: StoredRecord) => boolean {
  return ({ keepUntil, stored }) => keepUntil > now && !(secretIsNew && stored.partition !== '');
}

class Replay {
  private readonly segments = new Map<number, Segment>();
  private found = new Map<string, Found>();
  /** Cleared, but the clear may be undone further on. */
  private hidden = new Map<string, Found>();
  private last: Segment | null = null;
  private sliceBegan = performance.now();

  async read(segment: Segment): Promise<void> {
    this.segments.set(segment.number, segment);
    const index = await readOrEmpty(segment);
    // A gap, or an index that cannot be read: what was in it is unknown.
    if (index === null || (this.last !== null && segment.number !== this.last.number + 1)) this.forget();
    let end = 0;
    for (const line of indexLines(index ?? Buffer.alloc(0))) {
      if (line.kind === 'damaged') this.forget();
      else {
        this.apply(segment, line);
        ({ end } = line);
      }
      if (performance.now() - this.sliceBegan > SLICE_MS) await this.pause();
    }
    segment.strayBytes = segment.indexBytes - end;
    segment.indexBytes = end;
    this.last = segment;
  }

  result(isWanted: (record: StoredRecord) => boolean): Replayed {
    const inOrder = [...this.found.values()].sort((one, other) => one.entry.sequence - other.entry.sequence);
    const found = inOrder.filter(({ record }) => isWanted(record));
    const leftOut = inOrder.flatMap(({ record }) => (isWanted(record) ? [] : [record.stored.id]));
    return { segments: [...this.segments.values()], found, leftOut };
  }

  private apply(segment: Segment, line: IndexLine): void {
    const { head } = line;
    switch (head.kind) {
      case 'begin':
        return this.applyBegin(segment, head.segment, head.previousEnd);
      case 'clear':
        return this.forget();
      case 'hide':
        this.hidden = this.found;
        this.found = new Map();
        return;
      case 'unhide':
        for (const [id, found] of this.found) this.hidden.set(id, found);
        this.found = this.hidden;
        this.hidden = new Map();
        return;
      case 'remove':
        for (const id of head.ids) this.remove(id);
        return;
      case 'response': {
        this.remove(head.id);
        const found = this.foundIn(head, line, segment);
        if (found !== null) this.found.set(head.id, found);
      }
    }
  }

  private remove(id: string): void {
    this.found.delete(id);
    this.hidden.delete(id);
  }

  private forget(): void {
    this.found.clear();
    this.hidden.clear();
  }

  /** A file under another's name, or one before it that has lost its end, has lines that are unknown. */
  private applyBegin(segment: Segment, number: number, previousEnd: number | null): void {
    const lostEnd = this.last !== null && previousEnd !== null && this.last.indexBytes < previousEnd;
    if (number !== segment.number || lostEnd) this.forget();
  }

  /** Null: the response is lost; its line was damaged, or its body is not there. */
  private foundIn(head: ResponseLine, line: IndexLine, segment: Segment): Found | null {
    const body = this.segments.get(head.body.segment);
    if (body === undefined || head.body.at + head.body.bytes > body.bodyBytes) return null;
    const record = line.record === null ? null : parseRecord(parseJson(line.record));
    if (record === null || record.stored.id !== head.id || record.body.version !== head.version) return null;
    if (record.body.storedBytes !== head.body.bytes) return null;
    const place = {
      body,
      bodyAt: head.body.at,
      line: segment,
      lineAt: line.at,
      lineBytes: line.end - line.at,
    };
    const { version } = record.body;
    const { sequence } = head;
    return { record, entry: { version, sequence, bytes: head.body.bytes, place, waiting: null } };
  }

  private async pause(): Promise<void> {
    await nextTurn();
    this.sliceBegan = performance.now();
  }
}

async function readOrEmpty(segment: Segment): Promise<Buffer | null> {
  try {
    return await segment.readIndex();
  } catch {
    // Unreadable is damaged, whatever the reason; the caller counts it so.
    return null;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as unknown;
  } catch {
    // The checksum held, so this is another's; parseRecord refuses it.
    return undefined;
  }
}
