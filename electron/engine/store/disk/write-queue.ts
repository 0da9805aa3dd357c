/** What waits to be written to the disk cache, in order. Bounded by the caller, who asks for `bytes`. */
import type { DiskEntry } from './disk-index';

export type QueuedWrite =
  | { readonly kind: 'response'; readonly id: string; readonly entry: DiskEntry; readonly bytes: number }
  | { readonly kind: 'remove'; readonly ids: readonly string[]; readonly bytes: number }
  | { readonly kind: 'clear' | 'hide' | 'unhide'; readonly bytes: number };

type QueuedResponse = Extract<QueuedWrite, { kind: 'response' }>;

const BYTES_PER_ID = 64;

export class WriteQueue {
  private items: QueuedWrite[] = [];
  /** Taken and not yet written. */
  private taken: QueuedWrite[] = [];
  /** Estimate of all that waits or is being written. */
  bytes = 0;

  get isEmpty(): boolean {
    return this.items.length + this.taken.length === 0;
  }

  push(item: QueuedWrite): void {
    this.items.push(item);
    this.bytes += item.bytes;
  }

  remove(ids: readonly string[]): void {
    if (ids.length > 0) this.push({ kind: 'remove', ids, bytes: ids.length * BYTES_PER_ID });
  }

  /** Nothing that waits matters after it. */
  clear(): void {
    this.items = [];
    this.bytes = bytesOf(this.taken);
    this.push({ kind: 'clear', bytes: BYTES_PER_ID });
  }

  /** Responses that wait are not written. Returns them, for the case that they come back. */
  hide(): readonly QueuedResponse[] {
    const responses = this.items.flatMap((item) => (item.kind === 'response' ? [item] : []));
    this.items = this.items.filter(({ kind }) => kind !== 'response');
    this.bytes -= bytesOf(responses);
    this.push({ kind: 'hide', bytes: BYTES_PER_ID });
    return responses;
  }

  unhide(): void {
    this.push({ kind: 'unhide', bytes: BYTES_PER_ID });
  }

  /** Whether it is not written yet what is hidden. */
  get hasMark(): boolean {
    return [...this.taken, ...this.items].some(({ kind }) => kind === 'hide' || kind === 'unhide');
  }

  /** The next to be written together; what begins a segment goes alone. Until `done` or `keepRemovals`. */
  take(maxBytes: number, maxItems: number): readonly QueuedWrite[] {
    let count = 0;
    let bytes = 0;
    for (const item of this.items) {
      const isFull = count >= maxItems || bytes + item.bytes > maxBytes;
      if (count > 0 && (isFull || beginsSegment(item) || beginsSegment(this.items[0]))) break;
      bytes += item.bytes;
      count += 1;
    }
    this.taken = this.items.splice(0, count);
    return this.taken;
  }

  done(): void {
    this.bytes -= bytesOf(this.taken);
    this.taken = [];
  }

  /** Keeps of all that was taken or waits only what was removed; the responses' ids are among it. Returns them. */
  keepRemovals(): string[] {
    const all = [...this.taken, ...this.items];
    const cleared = all.map((item) => item.kind).lastIndexOf('clear');
    const rest = all.slice(cleared + 1);
    const refused = rest.flatMap((item) => (item.kind === 'response' ? [item.id] : []));
    const removed = rest.flatMap((item) => (item.kind === 'remove' ? item.ids : []));
    this.forget();
    if (cleared >= 0) this.clear();
    this.remove([...new Set([...removed, ...refused])]);
    return refused;
  }

  forget(): void {
    this.items = [];
    this.taken = [];
    this.bytes = 0;
  }
}

function beginsSegment(item: QueuedWrite | undefined): boolean {
  return item?.kind === 'clear' || item?.kind === 'hide';
}

function bytesOf(items: readonly QueuedWrite[]): number {
  return items.reduce((sum, item) => sum + item.bytes, 0);
}
