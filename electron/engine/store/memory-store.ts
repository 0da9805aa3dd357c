/**
 * The store in memory: least recently used goes first, within a budget of bytes
 * that counts everything. Synchronous, so that a hit on the request's path is
 * one Map access for `lookup` and one for `body`, and allocates nothing.
 */
import { randomBytes } from 'node:crypto';
import type { StoreHealth } from '../../../shared/engine-status';
import type { EntryPage, EntryQuery, StoredEntryDetails } from '../../../shared/stored-entry';
import type { StoredResponse } from '../semantics/stored-response';
import { pageLimit, toDetails, toEntry, unknownCursor, urlFilter } from './entry-view';
import { urlMatchesGlob } from './glob';
import { accountedBytes } from './memory-accounting';
import { RecencyList } from './recency-list';
import type { ResponseStore, StoreStats } from './response-store';
import { MAX_VARIANTS, SECRET_BYTES } from './response-store';

const NONE: readonly StoredResponse[] = Object.freeze([]);
const EMPTY_BODY = new Uint8Array(0);

export interface MemoryStoreOptions {
  readonly budgetBytes: number;
  readonly now: () => number;
}

/** Nothing here is asynchronous: the contract's MaybePromise is the plain value. */
export interface MemoryStore extends ResponseStore {
  readonly kind: 'memory';
  lookup(key: string): readonly StoredResponse[];
  body(stored: StoredResponse): Uint8Array | null;
  put(stored: StoredResponse, body: Uint8Array): boolean;
  freshen(stored: StoredResponse, validated?: StoredResponse): boolean;
  invalidate(keys: readonly string[]): number;
  clear(): number;
  list(query: EntryQuery): EntryPage;
  entry(id: string): StoredEntryDetails | null;
  bodyOf(id: string): Uint8Array | null;
  delete(ids: readonly string[]): number;
  deleteMatching(glob: string): number;
  /** Evicts at once where the new budget is smaller. */
  setBudget(bytes: number): void;
}

export function createMemoryStore(options: MemoryStoreOptions): MemoryStore {
  return new LruMemoryStore(options);
}

interface Slot {
  stored: StoredResponse;
  readonly body: Uint8Array;
  /** Counts up with each put; lists go by it. */
  readonly sequence: number;
  /** What `stored` was before it was freshened: whoever still holds it may have this body. */
  former: WeakSet<StoredResponse> | null;
  hits: number;
  bytes: number;
  older: Slot | null;
  newer: Slot | null;
}

class LruMemoryStore implements MemoryStore {
  readonly kind = 'memory';
  private readonly secret = new Uint8Array(randomBytes(SECRET_BYTES));
  private readonly startHealth: StoreHealth;
  /** Variants by primary key. Arrays are replaced, never changed: a caller may hold one. */
  private readonly byKey = new Map<string, readonly StoredResponse[]>();
  /** In the order in which they were stored. */
  private readonly byId = new Map<string, Slot>();
  private readonly recency = new RecencyList<Slot>();
  private budgetBytes: number;
  private bytes = 0;
  private lastSequence = 0;

  constructor(options: MemoryStoreOptions) {
    this.budgetBytes = options.budgetBytes;
    this.startHealth = { state: 'ok', since: options.now(), message: null };
  }

  keySecret(): Uint8Array {
    return this.secret;
  }

  lookup(key: string): readonly StoredResponse[] {
    return this.byKey.get(key) ?? NONE;
  }

  body(stored: StoredResponse): Uint8Array | null {
    const slot = this.byId.get(stored.id);
    if (slot === undefined || !isSameResponse(slot, stored)) return null;
    slot.hits += 1;
    this.recency.touch(slot);
    return slot.body;
  }

  put(stored: StoredResponse, body: Uint8Array): boolean {
    // Even where the new one is too large: the old one is no longer what the origin says.
    this.removeId(stored.id);
    const bytes = accountedBytes(stored, body.byteLength);
    if (bytes > this.budgetBytes) return false;
    this.add(stored, aloneInMemory(body), bytes);
    this.evict();
    return true;
  }

  freshen(stored: StoredResponse, validated?: StoredResponse): boolean {
    const slot = this.byId.get(stored.id);
    if (slot === undefined || slot.stored.key !== stored.key) return false;
    if (validated !== undefined && !isSameResponse(slot, validated)) return false;
    this.removeVariant(slot.stored);
    if (slot.stored !== stored) (slot.former ??= new WeakSet()).add(slot.stored);
    slot.stored = stored;
    this.addVariant(stored);
    this.recount(slot);
    this.recency.touch(slot);
    this.evict();
    return this.byId.get(stored.id) === slot;
  }

  invalidate(keys: readonly string[]): number {
    let removed = 0;
    for (const key of keys) {
      for (const stored of this.lookup(key)) removed += this.removeId(stored.id);
    }
    return removed;
  }

  clear(): number {
    const removed = this.byId.size;
    this.byKey.clear();
    this.byId.clear();
    this.recency.clear();
    this.bytes = 0;
    return removed;
  }

  /** Most recently stored first. The cursor is a place in that order: it stays valid whatever comes or goes. */
  list(query: EntryQuery): EntryPage {
    const limit = pageLimit(query);
    const before = parseCursor(query.cursor);
    const matches = urlFilter(query);
    // One more than the page tells whether there is a next one.
    const newest: Slot[] = [];
    let next = 0;
    for (const slot of this.byId.values()) {
      if (slot.sequence >= before) break;
      if (!matches(slot.stored.url)) continue;
      newest[next] = slot;
      next = (next + 1) % (limit + 1);
    }
    return toPage([...newest.slice(next), ...newest.slice(0, next)], limit);
  }

  entry(id: string): StoredEntryDetails | null {
    const slot = this.byId.get(id);
    return slot === undefined ? null : toDetails(slot.stored, keptFacts(slot));
  }

  bodyOf(id: string): Uint8Array | null {
    return this.byId.get(id)?.body ?? null;
  }

  delete(ids: readonly string[]): number {
    let removed = 0;
    for (const id of ids) removed += this.removeId(id);
    return removed;
  }

  deleteMatching(glob: string): number {
    const ids: string[] = [];
    for (const [id, slot] of this.byId) {
      if (urlMatchesGlob(glob, slot.stored.url)) ids.push(id);
    }
    return this.delete(ids);
  }

  setBudget(bytes: number): void {
    this.budgetBytes = bytes;
    this.evict();
  }

  stats(): StoreStats {
    const noBodies = { bodyBytes: 0, storedBodyBytes: 0 };
    const kept = { entries: this.byId.size, bytes: this.bytes, budgetBytes: this.budgetBytes };
    return { ...kept, ...noBodies, persistence: null, nearCache: null };
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

  close(): Promise<void> {
    this.clear();
    return Promise.resolve();
  }

  private add(stored: StoredResponse, body: Uint8Array, bytes: number): void {
    const sequence = (this.lastSequence += 1);
    const slot: Slot = { stored, body, sequence, former: null, hits: 0, bytes, older: null, newer: null };
    this.byId.set(stored.id, slot);
    this.recency.add(slot);
    this.bytes += bytes;
    const dropped = this.addVariant(stored);
    if (dropped !== undefined) this.removeId(dropped.id);
  }

  /** Returns the variant that is one too many. */
  private addVariant(stored: StoredResponse): StoredResponse | undefined {
    const others = this.lookup(stored.key);
    const variants = others.length === 0 ? [stored] : [stored, ...others].sort(mostRecentFirst);
    this.byKey.set(stored.key, variants);
    return variants[MAX_VARIANTS];
  }

  private removeVariant(stored: StoredResponse): void {
    const rest = this.lookup(stored.key).filter((variant) => variant.id !== stored.id);
    if (rest.length === 0) this.byKey.delete(stored.key);
    else this.byKey.set(stored.key, rest);
  }

  private removeId(id: string): number {
    const slot = this.byId.get(id);
    if (slot === undefined) return 0;
    this.byId.delete(id);
    this.recency.remove(slot);
    this.removeVariant(slot.stored);
    this.bytes -= slot.bytes;
    return 1;
  }

  private recount(slot: Slot): void {
    const bytes = accountedBytes(slot.stored, slot.body.byteLength);
    this.bytes += bytes - slot.bytes;
    slot.bytes = bytes;
  }

  private evict(): void {
    while (this.bytes > this.budgetBytes && this.recency.oldest !== null) {
      this.removeId(this.recency.oldest.stored.id);
    }
  }
}

/** Between lookup and body another response may have taken the same id; its body is not this one's. */
function isSameResponse(slot: Slot, stored: StoredResponse): boolean {
  return slot.stored === stored || (slot.former?.has(stored) ?? false);
}

function mostRecentFirst(one: StoredResponse, other: StoredResponse): number {
  return other.responseTime - one.responseTime;
}

/** The same bytes in memory of exactly their size: a slice of a pool would keep the whole pool alive. */
function aloneInMemory(body: Uint8Array): Uint8Array {
  if (body.byteLength === 0) return EMPTY_BODY;
  if (body.buffer instanceof ArrayBuffer && body.byteLength === body.buffer.byteLength) return body;
  const copy = Buffer.allocUnsafeSlow(body.byteLength);
  copy.set(body);
  return copy;
}

function keptFacts(slot: Slot): { storedBytes: number; hits: number } {
  return { storedBytes: slot.body.byteLength, hits: slot.hits };
}

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Infinity;
  if (!/^\d{1,16}$/.test(cursor)) throw unknownCursor();
  return Number(cursor);
}

/** `newest`: the page in ascending order, preceded by one more where there is a next page. */
function toPage(newest: readonly Slot[], limit: number): EntryPage {
  const page = newest.slice(-limit).reverse();
  const last = page.at(-1);
  return {
    entries: page.map((slot) => toEntry(slot.stored, keptFacts(slot))),
    cursor: newest.length > limit && last !== undefined ? String(last.sequence) : null,
  };
}
