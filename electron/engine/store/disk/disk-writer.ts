/**
 * Writes the disk cache behind everybody's back: what waits is written together, one write at a time, and cleaned up
 * after. Where the disk refuses, it says so once, owes what was removed, and tries again until it can be written.
 */
import { performance } from 'node:perf_hooks';
import type { EpochMs, Milliseconds } from '../../../../shared/units';
import type { CacheFolder } from './cache-folder';
import { moveOldest, planCleaning } from './disk-cleaning';
import type { DiskLog, LogWrite } from './disk-log';
import type { DiskEntry } from './disk-index';
import { isDiskFull, isFolderGone } from './disk-problem';
import { writeSecret, readSecret } from './disk-secret';
import { segmentOnDisk } from './segment-list';
import { WriteQueue } from './write-queue';
import type { QueuedWrite } from './write-queue';

export interface WriterTiming {
  /** How long more is waited for, so that a write is of many. */
  readonly gatherMs: Milliseconds;
  /** Pause before a failing disk is tried again; doubled up to the second. */
  readonly retryMinMs: Milliseconds;
  readonly retryMaxMs: Milliseconds;
  /** How often is looked whether the files were deleted under us. */
  readonly existenceCheckMs: Milliseconds;
}

export interface WriterListener {
  /** `error`: null where all is well again. */
  stateChanged(state: 'on' | 'failing' | 'in-use', error: unknown): void;
  dropped(ids: readonly string[]): void;
}

export interface WriterParts {
  readonly folder: CacheFolder;
  readonly log: DiskLog;
  readonly secret: Uint8Array;
  readonly now: () => EpochMs;
  readonly timing: WriterTiming;
  readonly listener: WriterListener;
}

const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const MAX_BATCH_ITEMS = 500;
const PROBE_BYTES = 64 * 1024;
/** A disk that was well for so long fails anew, not again. */
const WELL_MS = 60_000;

export class DiskWriter {
  readonly queue = new WriteQueue();
  private readonly parts: WriterParts;
  private state: 'on' | 'failing' | 'in-use' | 'closed' = 'on';
  private closing: Promise<void> | null = null;
  private running: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private retryMs: Milliseconds;
  private isRetryDue = false;
  /** A full disk takes removals, because something else gives way. */
  private takesRemovals = false;
  /** The segments that lie in the folder are known. */
  private isAdopted = true;
  private wellSince: EpochMs;
  private checkedAt = performance.now();
  private isHurried = false;
  private hurry: (() => void) | null = null;

  constructor(parts: WriterParts) {
    this.parts = parts;
    this.retryMs = parts.timing.retryMinMs;
    this.wellSince = parts.now();
  }

  /** Something waits, or the budget is another. */
  kick(): void {
    if (this.running !== null || !this.mayRun()) return;
    this.running = this.run().finally(() => {
      this.running = null;
      if (!this.queue.isEmpty) this.kick();
    });
  }

  /** Until nothing waits, or the disk refuses. */
  async flushed(): Promise<void> {
    this.isHurried = true;
    this.hurry?.();
    while (this.running !== null) await this.running;
    this.isHurried = false;
  }

  /** It never worked so far. What may lie in the folder counts as removed. */
  startFailing(error: unknown): void {
    this.isAdopted = false;
    this.queue.clear();
    this.fail(error);
  }

  close(): Promise<void> {
    return (this.closing ??= this.finish());
  }

  private async finish(): Promise<void> {
    this.stopRetrying();
    await this.flushed();
    if (!this.queue.isEmpty && !(await this.settled())) await this.deleteAll();
    this.stopRetrying();
    this.state = 'closed';
    await this.parts.log.segments.close();
    await this.parts.folder.leave();
  }

  private mayRun(): boolean {
    if (this.state === 'failing') return this.isRetryDue || this.takesRemovals;
    return this.state === 'on';
  }

  private async run(): Promise<void> {
    if (this.state === 'failing') {
      if (this.isRetryDue) return this.tryAgain();
      this.takesRemovals = await this.settled();
      return;
    }
    try {
      await this.gather();
      await this.writeWaiting();
      await this.clean();
    } catch (error) {
      await this.refused(error);
    }
  }

  private async gather(): Promise<void> {
    if (this.isHurried) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.parts.timing.gatherMs);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.hurry = null;
  }

  private async writeWaiting(): Promise<void> {
    await this.checkExistence();
    while (!this.queue.isEmpty) await this.writeBatch();
  }

  private async checkExistence(): Promise<void> {
    const now = performance.now();
    if (now - this.checkedAt < this.parts.timing.existenceCheckMs) return;
    this.checkedAt = now;
    await this.parts.log.segments.mustExist();
  }

  private async writeBatch(): Promise<void> {
    const { log } = this.parts;
    const items = this.queue.take(Math.min(MAX_BATCH_BYTES, log.segmentBytes), MAX_BATCH_ITEMS);
    if (items[0]?.kind === 'clear') await log.clear();
    else if (items[0]?.kind === 'hide') await log.hide();
    else await this.append(items);
    this.queue.done();
  }

  private async append(items: readonly QueuedWrite[]): Promise<void> {
    const writes: LogWrite[] = [];
    const entries = new Set<DiskEntry>();
    for (const item of items) {
      // Stored and freshened in one group: once is enough.
      if (item.kind === 'response' && entries.has(item.entry)) continue;
      if (item.kind === 'response') entries.add(item.entry);
      const write = this.writeOf(item);
      if (write !== null) writes.push(write);
    }
    const waiting = writes.map((write) => (write.kind === 'response' ? write.entry.waiting : null));
    await this.parts.log.append(writes);
    for (const [at, write] of writes.entries()) {
      if (write.kind !== 'response') continue;
      const { entry } = write;
      // Freshened meanwhile: the record waits still, the body is written.
      if (entry.waiting === waiting[at]) entry.waiting = null;
      else if (entry.waiting !== null) entry.waiting = { record: entry.waiting.record, kept: null };
    }
  }

  /** Null: replaced, removed or already written in its latest form. */
  private writeOf(item: QueuedWrite): LogWrite | null {
    if (item.kind === 'remove') return { kind: 'remove', ids: item.ids };
    if (item.kind === 'unhide') return { kind: 'unhide' };
    if (item.kind !== 'response') return null;
    const { id, entry } = item;
    if (this.parts.log.index.get(id) !== entry || entry.waiting === null) return null;
    return { kind: 'response', id, entry, ...entry.waiting };
  }

  private async clean(): Promise<void> {
    const { log } = this.parts;
    for (;;) {
      const plan = planCleaning(log);
      if (plan === 'nothing') return;
      if (plan === 'drop') await log.dropOldest();
      else await moveOldest(log, () => this.writeWaiting());
      await this.writeWaiting();
    }
  }

  /** Something could not be written: its responses are not on disk, and what was removed is owed. */
  private async refused(error: unknown): Promise<void> {
    await this.withdraw(error);
    this.fail(error);
    this.takesRemovals = isDiskFull(error) && (await this.settled());
  }

  private async withdraw(error: unknown): Promise<void> {
    const { log, listener } = this.parts;
    const ids = isFolderGone(error) ? await this.loseAll() : this.keepRemovals();
    await log.segments.finishHead();
    if (ids.length > 0) listener.dropped(ids);
  }

  private keepRemovals(): string[] {
    const { log } = this.parts;
    if (!this.queue.hasMark) return this.queue.keepRemovals().filter((id) => log.index.delete(id));
    // What the disk takes for cleared, and what not, is another thing than what is in the index.
    this.queue.forget();
    this.queue.clear();
    return log.index.clear();
  }

  private async loseAll(): Promise<string[]> {
    const { log } = this.parts;
    this.queue.clear();
    this.queue.keepRemovals();
    await log.segments.forget();
    this.isAdopted = false;
    return log.index.clear();
  }

  private fail(error: unknown): void {
    if (this.state === 'closed') return;
    if (this.state === 'on') this.beginFailing();
    else this.retryMs = Math.min(this.retryMs * 2, this.parts.timing.retryMaxMs);
    this.state = 'failing';
    this.isRetryDue = false;
    this.retry = setTimeout(() => {
      this.isRetryDue = true;
      this.kick();
    }, this.retryMs);
    this.retry.unref();
    this.parts.listener.stateChanged('failing', error);
  }

  private beginFailing(): void {
    const { now, timing } = this.parts;
    const wasWell = now() - this.wellSince >= WELL_MS;
    this.retryMs = wasWell ? timing.retryMinMs : Math.min(this.retryMs * 2, timing.retryMaxMs);
  }

  private stopRetrying(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.isRetryDue = false;
  }

  /** The folder is entered anew, and something of some size written, before what is owed. */
  private async tryAgain(): Promise<void> {
    const { folder, now, listener } = this.parts;
    this.isRetryDue = false;
    try {
      if (!(await folder.enter())) return this.yieldFolder();
      await this.ensureSecret();
      await this.adoptSegments();
      await folder.tryToWrite(PROBE_BYTES);
      while (!this.queue.isEmpty) await this.writeBatch();
      this.state = 'on';
      this.wellSince = now();
      listener.stateChanged('on', null);
    } catch (error) {
      await this.withdraw(error);
      this.fail(error);
    }
  }

  /** Another process has taken it meanwhile. */
  private yieldFolder(): void {
    this.queue.forget();
    this.state = 'in-use';
    this.parts.listener.stateChanged('in-use', null);
  }

  private async ensureSecret(): Promise<void> {
    const { folder, secret } = this.parts;
    const found = await readSecret(folder.path);
    if (found === null || !Buffer.from(found).equals(secret)) await writeSecret(folder.path, secret);
  }

  private async adoptSegments(): Promise<void> {
    const { folder, log } = this.parts;
    if (this.isAdopted) return;
    const numbers = await folder.segmentNumbers();
    log.segments.adopt(await Promise.all(numbers.map((number) => segmentOnDisk(folder.path, number))));
    this.isAdopted = true;
  }

  /** Whether nothing is owed any more. A full disk gets room by dropping what was stored first: removals come before. */
  private async settled(): Promise<boolean> {
    if (!this.isAdopted) return false;
    for (;;) {
      try {
        while (!this.queue.isEmpty) await this.writeBatch();
        return true;
      } catch (error) {
        await this.withdraw(error);
        if (!isDiskFull(error) || !(await this.gaveWay())) return false;
      }
    }
  }

  private async gaveWay(): Promise<boolean> {
    const { log } = this.parts;
    try {
      // With nothing on disk nothing can come back.
      if (!(await log.dropOldest())) this.queue.forget();
      return true;
    } catch {
      // Not even deleting works; the next try tells why.
      return false;
    }
  }

  /** At the end, where what was removed cannot be written: better nothing than what was removed. */
  private async deleteAll(): Promise<void> {
    const { log } = this.parts;
    while (this.isAdopted && (await this.gaveWay()) && log.segments.count > 0);
  }
}
