/**
 * The store in memory: least recently used goes first, within a budget of bytes that counts everything. All of it is
 * packed outside V8's heap (cold-responses); what was looked up of late is there as objects too (hot-responses), so
 * that a hit on the request's path is one Map access for `lookup` and one for `body`, and allocates nothing.
 */
import { randomBytes } from 'node:crypto';
import type { StoreHealth } from '../../../../shared/engine-status';
import type { EntryPage, EntryQuery, StoredEntryDetails } from '../../../../shared/stored-entry';
import type { Milliseconds } from '../../../../shared/units';
import type { StoredResponse } from '../../semantics/stored-response';
import { BodyEncoding, type EncodedBody } from './body-encoding';
import { ClearedResponses } from './cleared-responses';
import { isCompressible } from '../codec';
import { ColdResponses, identityFacts, pack } from './cold-responses';
import { NO_ROW } from './columns';
import { toDetails } from '../entry-view';
import { urlMatchesGlob } from '../glob';
import { heldIn, HotResponses, type HeldResponse } from './hot-responses';
import { keptFacts, listPage } from './memory-list';
import type { Counted, MemoryStore, MemoryStoreOptions } from './memory-store-contract';
import { MemoryOnDisk, NOT_PERSISTED } from './memory-on-disk';
import type { Persistence } from '../persistence';
import type { MaybePromise, StoreStats } from '../response-store';
import { MAX_VARIANTS, SECRET_BYTES } from '../response-store';
import { walkNewestFirst } from './walk-newest-first';
import { Warming } from './warming';

const DEFAULT_LEVEL = 6;
/** What is hot may use all the room there is; this share of the budget is not taken from it for others. */
const HOT_SHARE = 1 / 8;
/** What the persistence's index takes for a response: 270 bytes of V8's heap, and its headroom. */
const DISK_INDEX_BYTES = 400;
/** How long closing waits for bodies on their way to disk. */
const CLOSE_WAIT_MS = 3000;

export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  return new PackedMemoryStore(options);
}

class PackedMemoryStore implements MemoryStore {
  readonly kind = 'memory';
  private secret: Uint8Array = new Uint8Array(randomBytes(SECRET_BYTES));
  private readonly startHealth: StoreHealth;
  private readonly now: () => number;
  private cold = new ColdResponses();
  private hot = new HotResponses();
  /** Null: there is no clear that could be undone. */
  private cleared: ClearedResponses | null = null;
  private disk: MemoryOnDisk | null = null;
  private restored: Promise<void> = Promise.resolve();
  private readonly encoding = new BodyEncoding({
    cold: () => this.cold,
    level: () => this.level,
    started: () => this.evict(),
    done: (row, encoded) => this.keepEncoded(row, encoded),
  });
  private readonly warming = new Warming({
    cold: () => this.cold,
    hot: () => this.hot,
    disk: () => this.disk,
    grown: () => this.evict(),
    lost: (row) => this.removeRow(row),
  });
  private budgetBytes: number;
  private level: number;

  constructor(options: MemoryStoreOptions) {
    this.budgetBytes = options.budgetBytes;
    this.level = options.compressionLevel ?? DEFAULT_LEVEL;
    this.now = options.now;
    this.startHealth = { state: 'ok', since: options.now(), message: null };
  }

  keySecret(): Uint8Array {
    return this.secret;
  }

  lookup(key: string): readonly StoredResponse[] {
    const known = this.hot.variants(key);
    if (known !== undefined) return known;
    const variants = this.warming.variants(key);
    // Looking is no use: nothing else goes for it.
    this.hot.trim(this.budgetBytes - this.bytesBesideHot);
    return variants;
  }

  lookupNow(key: string): readonly StoredResponse[] {
    return this.hot.variants(key) ?? this.warming.only(key) ?? this.lookup(key);
  }

  bodyNow(stored: StoredResponse, found: readonly StoredResponse[]): Uint8Array | null {
    const held = heldIn(found) ?? this.hot.heldBy(stored);
    if (held === undefined || !this.isCurrent(held)) return null;
    const body = held.body ?? this.warming.bodyNow(stored, held);
    if (body === null) return null;
    this.cold.countHit(held.row);
    this.hot.touch(held);
    return body;
  }

  body(stored: StoredResponse): MaybePromise<Uint8Array | null> {
    const held = this.hot.heldBy(stored);
    if (held === undefined || !this.isCurrent(held)) return null;
    this.cold.countHit(held.row);
    if (held.body === null) return this.warming.body(stored, held.row);
    this.hot.touch(held);
    return held.body;
  }

  put(stored: StoredResponse, body: Uint8Array): boolean {
    // Even where the new one is too large: the old one is no longer what the origin says.
    this.removeId(stored.id);
    const packed = pack(stored, identityFacts(body), body);
    if (packed.cost > this.budgetBytes) return false;
    const row = this.cold.add(packed);
    const sequence = this.cold.sequence(row);
    this.hot.put(stored, row, sequence);
    if (this.cold.mayHaveMore(row, MAX_VARIANTS)) this.dropLeastRecentVariant(stored.key);
    if (this.disk !== null || (this.level > 0 && isCompressible(stored, body)))
      this.encoding.add(row, sequence);
    this.evict();
    return true;
  }

  freshen(stored: StoredResponse, validated?: StoredResponse): boolean {
    const { cold } = this;
    const row = cold.rowOf(stored.id);
    if (row === NO_ROW || cold.record(row).key() !== stored.key) return false;
    const sequence = cold.sequence(row);
    if (validated !== undefined && this.hot.heldBy(validated)?.sequence !== sequence) return false;
    cold.replaceMetadata(row, stored);
    cold.touch(row);
    this.hot.put(stored, row, sequence);
    if (this.disk?.freshen(cold.record(row)) === false) {
      this.left(row);
      if (cold.sequence(row) === sequence) this.encoding.add(row, sequence);
    }
    this.evict();
    return cold.sequence(row) === sequence;
  }

  invalidate(keys: readonly string[]): number {
    let removed = 0;
    this.disk?.forgetKeys(keys);
    if (this.cleared !== null) for (const key of keys) this.cleared.removeKey(key);
    for (const key of keys) for (const row of this.cold.rowsOf(key)) removed += this.removeRow(row);
    return removed;
  }

  /** What is not restored from disk yet is not kept for an undo, and what is with it: such a clear cannot be undone. */
  clear(keepForMs: Milliseconds = 0): number {
    const { cold, disk } = this;
    this.dropCleared();
    const isKept = keepForMs > 0 && cold.totals.entries > 0 && disk?.isRestoring !== true;
    if (isKept) {
      this.cleared = new ClearedResponses({
        cold,
        waiting: this.encoding.suspend(),
        now: this.now(),
        keepForMs,
        expired: () => this.dropCleared(),
        removed: (id) => this.disk?.remove(id),
      });
    }
    this.forgetAll();
    disk?.clear(isKept);
    return cold.totals.entries;
  }

  undoClear(): number {
    const { cleared } = this;
    if (cleared === null || this.now() >= cleared.until) {
      this.dropCleared();
      return 0;
    }
    this.cleared = null;
    const restored = cleared.entries;
    const keys = cleared.putBefore(this.cold, this.encoding.suspend());
    this.cold = cleared.cold;
    // What is hot is so by its row.
    this.hot = new HotResponses();
    for (const key of keys)
      while (this.cold.rowsOf(key).length > MAX_VARIANTS) this.dropLeastRecentVariant(key);
    this.disk?.undoClear();
    this.encoding.resume(cleared.waiting);
    this.evict();
    return restored;
  }

  list(query: EntryQuery): Promise<EntryPage> {
    return listPage(() => this.cold, query);
  }

  entry(id: string): StoredEntryDetails | null {
    const row = this.cold.rowOf(id);
    return row === NO_ROW ? null : toDetails(this.cold.record(row).stored(), keptFacts(this.cold, row));
  }

  bodyOf(id: string): MaybePromise<Uint8Array | null> {
    const row = this.cold.rowOf(id);
    if (row === NO_ROW) return null;
    return this.hot.held(this.cold.record(row).key(), id)?.body ?? this.warming.read(row);
  }

  delete(ids: readonly string[]): number {
    let removed = 0;
    for (const id of ids) removed += this.removeId(id);
    return removed;
  }

  async deleteMatching(glob: string): Promise<number> {
    let removed = 0;
    await this.restored;
    await walkNewestFirst(
      () => this.cold,
      Infinity,
      (cold, row) => {
        if (urlMatchesGlob(glob, cold.record(row).url())) removed += this.removeRow(row);
        return true;
      },
    );
    await this.cleared?.removeMatching(glob, () => this.cleared?.cold ?? this.cold);
    return removed;
  }

  setBudget(bytes: number): void {
    this.budgetBytes = bytes;
    this.evict();
  }

  setCompressionLevel(level: number): void {
    this.level = level;
  }

  attach(persistence: Persistence): Promise<void> {
    const disk = new MemoryOnDisk(persistence, this.now);
    // Of what is kept for an undo nothing would be on disk.
    this.dropCleared();
    this.disk = disk;
    this.secret = persistence.secret;
    persistence.onDropped((ids) => {
      if (this.disk !== disk) return;
      for (const id of ids) {
        this.cleared?.left(id);
        this.left(this.cold.rowOf(id));
      }
    });
    for (let row = this.cold.order.newest; row !== NO_ROW; row = this.cold.order.olderThan(row))
      this.encoding.add(row, this.cold.sequence(row));
    this.restored = disk.restore(
      () => this.cold,
      () => this.evict(),
    );
    return this.restored;
  }

  async detach(how: 'clear' | 'keep'): Promise<void> {
    const { disk, cold } = this;
    this.dropCleared();
    this.disk = null;
    let row = cold.order.newest;
    while (row !== NO_ROW) {
      const older = cold.order.olderThan(row);
      this.left(row);
      row = older;
    }
    if (how === 'clear') disk?.clear();
    await disk?.close();
  }

  stats(): StoreStats {
    const persistence = this.disk?.status() ?? NOT_PERSISTED;
    const { bytes, budgetBytes } = this;
    const undo = this.cleared?.status() ?? null;
    return { ...this.cold.totals, bytes, budgetBytes, persistence, nearCache: null, undo };
  }

  recount(): Counted {
    const cold = this.cold.recount();
    const hotBytes = this.hot.recount((row, body) => this.cold.isBeside(row, body));
    const bytes =
      cold.bytes + hotBytes + this.encoding.bytes + this.diskIndexBytes + (this.cleared?.recount() ?? 0);
    return { ...cold, bytes };
  }

  health(): StoreHealth {
    return this.startHealth;
  }

  onHealth(): () => void {
    return () => undefined;
  }

  onInvalidated(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    const { disk } = this;
    this.dropCleared();
    if (disk !== null) await this.encoding.settled(CLOSE_WAIT_MS);
    this.disk = null;
    await disk?.close();
    this.forgetAll();
  }

  private get bytesBesideHot(): number {
    return this.cold.totals.bytes + this.encoding.bytes + this.diskIndexBytes + (this.cleared?.bytes ?? 0);
  }

  private get diskIndexBytes(): number {
    if (this.disk === null) return 0;
    return (this.cold.totals.entries + (this.cleared?.entries ?? 0)) * DISK_INDEX_BYTES;
  }

  private get bytes(): number {
    return this.bytesBesideHot + this.hot.bytes;
  }

  private isCurrent({ row, sequence }: HeldResponse): boolean {
    return this.cold.sequence(row) === sequence;
  }

  private keepEncoded(row: number, { record, kept }: EncodedBody): void {
    const { cold, disk } = this;
    if (disk === null && record.encoding === 'identity') return;
    const packed = cold.record(row);
    const held = this.hot.held(packed.key(), packed.id());
    cold.replaceBody(row, { ...record, onDisk: false, kept: true }, kept);
    if (held?.body) this.hot.setBody(held, held.body, !cold.isBeside(row, held.body));
    if (disk?.put(cold.record(row), record, kept) === true) cold.setOnDisk(row, true);
    this.evict();
  }

  /** No longer on disk. */
  private left(row: number): void {
    if (row === NO_ROW) return;
    const record = this.cold.record(row);
    if (!record.onDisk) return;
    record.setOnDisk(false);
    if (record.kept) this.cold.setOnDisk(row, false);
    else this.removeRow(row);
  }

  private dropLeastRecentVariant(key: string): void {
    const variants = this.hot.variants(key) ?? this.warming.variants(key);
    const last = variants[MAX_VARIANTS];
    if (last !== undefined) this.removeId(last.id);
  }

  private removeId(id: string): number {
    const row = this.cold.rowOf(id);
    if (row !== NO_ROW) return this.removeRow(row);
    this.cleared?.removeId(id);
    this.disk?.forget(id);
    return 0;
  }

  private removeRow(row: number): number {
    const record = this.cold.record(row);
    const id = record.id();
    if (record.onDisk) this.disk?.remove(id);
    this.hot.remove(record.key(), id);
    this.encoding.forget(row);
    this.cold.remove(row);
    return 1;
  }

  private forgetAll(): void {
    this.cold = new ColdResponses(this.cold);
    this.hot = new HotResponses();
    this.encoding.clear();
  }

  private dropCleared(): void {
    if (this.cleared === null) return;
    this.cleared.stop();
    this.cleared = null;
    this.disk?.dropCleared();
  }

  /** First what was cleared, then what is kept in another form too, bodies that are on disk too, whole responses. */
  private evict(): void {
    const { cold, hot } = this;
    const hotShare = this.budgetBytes * HOT_SHARE;
    while (this.bytes > this.budgetBytes && this.cleared?.removeOldest() === true);
    while (this.bytes > this.budgetBytes && cold.recency.oldest !== NO_ROW) {
      if (hot.bytes > hotShare) hot.trim(Math.max(hotShare, this.budgetBytes - this.bytesBesideHot));
      else if (cold.spare.oldest !== NO_ROW) this.dropKept(cold.spare.oldest);
      else this.removeRow(cold.recency.oldest);
    }
  }

  private dropKept(row: number): void {
    const record = this.cold.record(row);
    const held = this.hot.held(record.key(), record.id());
    this.cold.dropKept(row);
    if (held?.body) this.hot.setBody(held, held.body, true);
  }
}
