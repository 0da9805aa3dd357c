/**
 * The memory store's persistence on disk, behind the request's path: keeps the index of what is on disk, queues what
 * is to be written, reads bodies on demand.
 */
import type { PersistenceStatus } from '../../../../shared/engine-status';
import type { EpochMs } from '../../../../shared/units';
import type { StoredRecord } from '../codec';
import type { Persistence } from '../persistence';
import type { CacheFolder } from './cache-folder';
import type { DiskEntry } from './disk-index';
import { DiskLog } from './disk-log';
import { inUseSentence, problemSentence } from './disk-problem';
import type { Replayed } from './disk-replay';
import type { WriterTiming } from './disk-writer';
import { DiskWriter } from './disk-writer';
import type { WriteQueue } from './write-queue';

export interface DiskCacheParts {
  readonly folder: CacheFolder;
  readonly secret: Uint8Array;
  readonly budgetBytes: number;
  readonly now: () => EpochMs;
  readonly timing: WriterTiming;
  /** How much may wait to be written. */
  readonly maxWaitingBytes: number;
}

/** Estimate of a response's line, until it is made. */
const LINE_BYTES = 1024;

export class DiskCache implements Persistence {
  readonly secret: Uint8Array;
  private readonly parts: DiskCacheParts;
  private readonly log: DiskLog;
  private readonly writer: DiskWriter;
  private state: PersistenceStatus['state'] = 'on';
  private message: string | null;
  private found: readonly StoredRecord[] = [];
  private lastSequence = 0;
  /** Hidden by a clear before they were written. */
  private unwritten: ReturnType<WriteQueue['hide']> = [];
  private discounting: Promise<void> = Promise.resolve();
  private isClosed = false;
  private readonly droppedListeners = new Set<(ids: readonly string[]) => void>();
  private readonly statusListeners = new Set<(status: PersistenceStatus) => void>();

  constructor(parts: DiskCacheParts) {
    this.parts = parts;
    this.secret = parts.secret;
    this.message = parts.folder.notice;
    const dropped = (ids: readonly string[]) => this.tellDropped(ids);
    const stateChanged = (state: 'on' | 'failing' | 'in-use', error: unknown) =>
      this.changeState(state, error);
    this.log = new DiskLog(parts.folder.path, parts.budgetBytes, dropped);
    const { folder, secret, now, timing } = parts;
    const listener = { stateChanged, dropped };
    this.writer = new DiskWriter({ folder, log: this.log, secret, now, timing, listener });
  }

  /** Takes over what an earlier process left. */
  adopt({ segments, found, leftOut }: Replayed): void {
    this.log.segments.adopt(segments);
    for (const { record, entry } of found) {
      this.log.index.set(record.stored.id, entry);
      this.lastSequence = Math.max(this.lastSequence, entry.sequence);
    }
    this.found = found.map(({ record }) => record);
    this.writer.queue.remove(leftOut);
    this.writer.kick();
  }

  startFailing(error: unknown): void {
    this.writer.startFailing(error);
  }

  restored(): readonly StoredRecord[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  put(record: StoredRecord, kept: Uint8Array): boolean {
    const { id } = record.stored;
    if (!this.takes(kept.byteLength)) {
      this.remove([id]);
      return false;
    }
    const sequence = (this.lastSequence += 1);
    const { version } = record.body;
    const bytes = kept.byteLength;
    this.log.index.set(id, { version, sequence, bytes, place: null, waiting: { record, kept } });
    this.enqueue(id, bytes + LINE_BYTES);
    return true;
  }

  freshen(record: StoredRecord): boolean {
    const { id } = record.stored;
    const entry = this.entryOf(id, record.body.version);
    if (entry === undefined || !this.takes(0)) {
      this.remove([id]);
      return false;
    }
    entry.waiting = { record, kept: entry.waiting?.kept ?? null };
    this.enqueue(id, LINE_BYTES);
    return true;
  }

  remove(ids: readonly string[]): void {
    const removed = ids.filter((id) => this.log.index.delete(id));
    if (removed.length === 0) return;
    this.writer.queue.remove(removed);
    this.writer.kick();
  }

  clear(isKept = false): void {
    if (this.state === 'in-use' || this.isClosed) return;
    const { index } = this.log;
    this.unwritten = [];
    if (isKept) {
      this.discount(index.hide());
      this.unwritten = this.writer.queue.hide();
    } else {
      this.discount(index.forget());
      this.writer.queue.clear();
    }
    this.writer.kick();
  }

  undoClear(): void {
    const { index } = this.log;
    if (this.state === 'in-use' || this.isClosed || !index.hasHidden) return;
    const { unwritten } = this;
    this.unwritten = [];
    index.unhide();
    this.writer.queue.unhide();
    for (const { id, entry, bytes } of unwritten) if (index.get(id) === entry) this.enqueue(id, bytes);
    this.writer.kick();
  }

  dropCleared(): void {
    this.unwritten = [];
    this.discount(this.log.index.dropHidden());
  }

  has(id: string, version: string): boolean {
    return this.entryOf(id, version) !== undefined;
  }

  async body(id: string, version: string): Promise<Uint8Array | null> {
    const entry = this.entryOf(id, version);
    if (entry === undefined || this.isClosed) return null;
    const body = await this.read(entry);
    // Unless it was moved or removed while it was read, it is not there any more.
    if (body === null && this.entryOf(id, version) === entry) {
      this.remove([id]);
      this.tellDropped([id]);
    }
    return body;
  }

  onDropped(listener: (ids: readonly string[]) => void): void {
    this.droppedListeners.add(listener);
  }

  setBudget(bytes: number): void {
    this.log.budgetBytes = bytes;
    this.writer.kick();
  }

  status(): PersistenceStatus {
    const { state, message } = this;
    const bytes = state === 'in-use' ? 0 : this.log.bytes;
    return { state, message, bytes, budgetBytes: this.log.budgetBytes };
  }

  onStatus(listener: (status: PersistenceStatus) => void): void {
    this.statusListeners.add(listener);
  }

  flushed(): Promise<void> {
    return this.writer.flushed();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.discounting;
    await this.writer.close();
  }

  /** Then segments may be in nobody's use any more. */
  private discount(discounted: Promise<void>): void {
    this.discounting = discounted.then(() => this.writer.kick());
  }

  private takes(bodyBytes: number): boolean {
    if (this.state !== 'on' || this.isClosed || bodyBytes + LINE_BYTES > this.log.maxBodyBytes) return false;
    const waiting = this.writer.queue.bytes;
    return waiting === 0 || waiting + bodyBytes <= this.parts.maxWaitingBytes;
  }

  private enqueue(id: string, bytes: number): void {
    const entry = this.log.index.get(id);
    if (entry !== undefined) this.writer.queue.push({ kind: 'response', id, entry, bytes });
    this.writer.kick();
  }

  private entryOf(id: string, version: string): DiskEntry | undefined {
    const entry = this.log.index.get(id);
    return entry?.version === version ? entry : undefined;
  }

  /** Twice, because it may be moved between looking where it is and reading there. */
  private async read(entry: DiskEntry): Promise<Uint8Array | null> {
    const first = await readOnce(entry);
    return first ?? readOnce(entry);
  }

  private changeState(state: 'on' | 'failing' | 'in-use', error: unknown): void {
    const { path } = this.parts.folder;
    const isNew = state !== this.state;
    this.state = state;
    if (state === 'failing') this.message = problemSentence(error, path);
    else this.message = state === 'in-use' ? inUseSentence(path) : null;
    if (!isNew) return;
    for (const listener of this.statusListeners) listener(this.status());
  }

  private tellDropped(ids: readonly string[]): void {
    for (const listener of this.droppedListeners) listener(ids);
  }
}

async function readOnce({ waiting, place, bytes }: DiskEntry): Promise<Uint8Array | null> {
  if (waiting !== null && waiting.kept !== null) return waiting.kept;
  if (place === null) return null;
  try {
    return await place.body.readBodies(place.bodyAt, bytes);
  } catch {
    // Dropped while it was read, or unreadable: the caller looks again, then gives it up.
    return null;
  }
}
