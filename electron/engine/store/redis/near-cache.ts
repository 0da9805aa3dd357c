/**
 * The hottest responses of a Redis also in this process's memory, so that a
 * repeated hit costs no round trip. On the request's path before the Redis store
 * asks Redis. Bounded in bytes; whether it may be used at all is for the watch
 * on Redis to say, and what changes there is dropped here.
 */
import type { EpochMs } from '../../../../shared/units';
import type { StoredResponse } from '../../semantics/stored-response';
import type { StoredRecord } from '../codec';
import { accountedBytes } from '../memory-accounting';
import type { RecencyNode } from '../recency-list';
import { RecencyList } from '../recency-list';

/** A larger body would push out too many others. */
const LARGEST_SHARE = 1 / 8;
/** Changes that are remembered one by one; a read that began before the oldest of them is not kept. */
const MOST_CHANGES = 4096;

/** A reading of a family from Redis, to be noted before it is sent. */
export interface NearRead {
  readonly key: string;
  /** Changes seen when it began. */
  readonly begunAt: number;
  records: readonly StoredRecord[];
}

interface Variant {
  readonly record: StoredRecord;
  body: Uint8Array | null;
}

interface Family extends RecencyNode<Family> {
  readonly key: string;
  readonly metadataKey: string;
  readonly found: readonly StoredResponse[];
  readonly variants: ReadonlyMap<string, Variant>;
  /** Of the variant that is to be forgotten first. */
  readonly keepUntil: EpochMs;
  bytes: number;
  bodies: number;
}

export interface NearCacheOptions {
  readonly budgetBytes: number;
  readonly now: () => EpochMs;
  /** Name in Redis of the metadata of all variants of a cache key; changes are told by it. */
  readonly metadataKeyOf: (key: string) => string;
}

export class NearCache {
  private readonly now: () => EpochMs;
  private readonly metadataKeyOf: (key: string) => string;
  private readonly byKey = new Map<string, Family>();
  private readonly byMetadataKey = new Map<string, Family>();
  private readonly recency = new RecencyList<Family>();
  /** The number of the last change of each family that changed lately. */
  private readonly changes = new Map<string, number>();
  private lastChange = 0;
  /** What was read before this change may be out of date, whatever family it is. */
  private trustedFrom = 0;
  private budget: number;
  private heldBytes = 0;
  private heldBodies = 0;

  constructor({ budgetBytes, now, metadataKeyOf }: NearCacheOptions) {
    this.budget = budgetBytes;
    this.now = now;
    this.metadataKeyOf = metadataKeyOf;
  }

  get budgetBytes(): number {
    return this.budget;
  }

  /** Everything counted, as the memory store counts. */
  get bytes(): number {
    return this.heldBytes;
  }

  /** Responses with their bodies. */
  get entries(): number {
    return this.heldBodies;
  }

  setBudget(bytes: number): void {
    this.budget = bytes;
    this.shrink();
  }

  /** All variants under a key; null: not here. */
  lookup(key: string): readonly StoredResponse[] | null {
    const family = this.byKey.get(key);
    if (family === undefined) return null;
    if (family.keepUntil <= this.now()) {
      this.remove(family);
      return null;
    }
    return family.found;
  }

  /** The body in exactly this version; null: not here. */
  body({ stored, body }: StoredRecord): Uint8Array | null {
    const family = this.byKey.get(stored.key);
    const variant = family?.variants.get(stored.id);
    if (family === undefined || variant?.record.body.version !== body.version) return null;
    this.recency.touch(family);
    return variant.body;
  }

  beginRead(key: string): NearRead {
    return { key, begunAt: this.lastChange, records: [] };
  }

  /** Keeps a body that answered a hit, with all variants as they were read, unless they changed since. */
  admit(read: NearRead, record: StoredRecord, body: Uint8Array): void {
    if (body.byteLength > this.budget * LARGEST_SHARE) return;
    const metadataKey = this.metadataKeyOf(read.key);
    if (this.hasChanged(read, metadataKey)) return;
    const family = this.byKey.get(read.key) ?? this.add(read, metadataKey);
    const variant = family.variants.get(record.stored.id);
    if (variant === undefined || variant.body !== null) return;
    if (variant.record.body.version !== record.body.version) return;
    variant.body = apart(body);
    const bytes = accountedBytes(record.stored, body.byteLength) - accountedBytes(record.stored, 0);
    family.bytes += bytes;
    family.bodies += 1;
    this.heldBytes += bytes;
    this.heldBodies += 1;
    this.recency.touch(family);
    this.shrink();
  }

  /** The family with this name in Redis is another now. */
  change(metadataKey: string): void {
    if (this.budget === 0) return;
    this.lastChange += 1;
    this.changes.delete(metadataKey);
    this.changes.set(metadataKey, this.lastChange);
    if (this.changes.size > MOST_CHANGES) this.forgetOldestChange();
    const family = this.byMetadataKey.get(metadataKey);
    if (family !== undefined) this.remove(family);
  }

  /** As `change`, of cache keys. */
  changeKeys(keys: readonly string[]): void {
    if (this.budget === 0) return;
    for (const key of keys) this.change(this.metadataKeyOf(key));
  }

  /** Any may have changed. */
  changeAll(): void {
    this.lastChange += 1;
    this.trustedFrom = this.lastChange;
    this.changes.clear();
    this.byKey.clear();
    this.byMetadataKey.clear();
    this.recency.clear();
    this.heldBytes = 0;
    this.heldBodies = 0;
  }

  private hasChanged({ begunAt }: NearRead, metadataKey: string): boolean {
    return begunAt < this.trustedFrom || begunAt < (this.changes.get(metadataKey) ?? 0);
  }

  private forgetOldestChange(): void {
    for (const [metadataKey, change] of this.changes) {
      this.changes.delete(metadataKey);
      this.trustedFrom = change;
      return;
    }
  }

  private add({ key, records }: NearRead, metadataKey: string): Family {
    const variants = records.map((record) => [record.stored.id, { record, body: null }] as const);
    const family: Family = {
      key,
      metadataKey,
      found: records.map(({ stored }) => stored),
      variants: new Map(variants),
      keepUntil: Math.min(...records.map(({ keepUntil }) => keepUntil)),
      bytes: records.reduce((sum, { stored }) => sum + accountedBytes(stored, 0), 0),
      bodies: 0,
      older: null,
      newer: null,
    };
    this.byKey.set(key, family);
    this.byMetadataKey.set(metadataKey, family);
    this.recency.add(family);
    this.heldBytes += family.bytes;
    return family;
  }

  private remove(family: Family): void {
    this.byKey.delete(family.key);
    this.byMetadataKey.delete(family.metadataKey);
    this.recency.remove(family);
    this.heldBytes -= family.bytes;
    this.heldBodies -= family.bodies;
  }

  private shrink(): void {
    while (this.heldBytes > this.budget && this.recency.oldest !== null) this.remove(this.recency.oldest);
  }
}

/** A body from Redis is a piece of all that was read from the socket at once, which it would keep alive. */
function apart(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
}
