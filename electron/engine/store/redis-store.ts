/**
 * The store in a Redis that many may share. On the request's path: a lookup is
 * one round trip, a body another, each with a deadline; while Redis is not well
 * both fail at once. Writes, lists and clears go over a connection of their own.
 * docs/redis.md describes what lies in Redis.
 */
import { randomBytes } from 'node:crypto';
import { LarderError } from '../../../shared/error-codes';
import type { StoreHealth } from '../../../shared/engine-status';
import type { RedisSettings } from '../../../shared/settings';
import { MEBIBYTE } from '../../../shared/settings';
import type { EntryPage, EntryQuery, StoredEntryDetails } from '../../../shared/stored-entry';
import type { StoredResponse } from '../semantics/stored-response';
import type { StoredRecord } from './codec';
import { encodeBody } from './codec';
import { toDetails } from './entry-view';
import { urlMatchesGlob } from './glob';
import { HitCounts } from './hit-counts';
import type { RunRedis } from './redis-connection';
import { RedisConnection } from './redis-connection';
import { RedisCount } from './redis-count';
import type { RedisLayout } from './redis-layout';
import { createLayout, keepMs } from './redis-layout';
import { OwedInvalidations } from './redis-owed';
import { RedisResponses } from './redis-responses';
import { RedisScan } from './redis-scan';
import { shareSecret } from './redis-secret';
import { redisTarget } from './redis-target';
import type { ResponseStore, StoreStats } from './response-store';
import { SECRET_BYTES } from './response-store';
import type { PutTicket } from './write-fence';
import { WriteFence } from './write-fence';

/** Bodies of puts under way. */
const MAX_HELD_BYTES = 128 * MEBIBYTE;
/** Puts under way may end before the connections are closed, for as long as this. */
const CLOSE_GRACE_MS = 1000;
const REMOVE_AT_ONCE = 100;

export interface RedisStoreOptions {
  readonly redis: RedisSettings;
  readonly password: string | null;
  readonly now: () => number;
  /** Of gzip, 1 to 9; 0: bodies are kept as they came. */
  readonly compressionLevel: number;
}

/** Connects in the background; see health(). Throws LarderError `settings_invalid` where the URL is malformed. */
export function createRedisStore(options: RedisStoreOptions): ResponseStore {
  return new RedisStore(options);
}

class RedisStore implements ResponseStore {
  readonly kind = 'redis';
  private readonly now: () => number;
  private readonly compressionLevel: number;
  private readonly layout: RedisLayout;
  private readonly connection: RedisConnection;
  private readonly responses: RedisResponses;
  private readonly scan: RedisScan;
  private readonly counted: RedisCount;
  private readonly fence = new WriteFence(MAX_HELD_BYTES);
  private readonly hits = new HitCounts();
  private readonly owed = new OwedInvalidations();
  /** What each response came with, for as long as someone holds it. */
  private readonly records = new WeakMap<StoredResponse, StoredRecord>();
  private secret: Uint8Array = new Uint8Array(randomBytes(SECRET_BYTES));

  constructor({ redis, password, now, compressionLevel }: RedisStoreOptions) {
    this.now = now;
    this.compressionLevel = compressionLevel;
    this.layout = createLayout(redis.keyPrefix);
    this.connection = new RedisConnection({
      target: redisTarget(redis, password),
      poolSize: redis.poolSize,
      deadlineMs: redis.commandTimeoutMs,
      now,
      onBack: (run) => this.catchUp(run),
    });
    this.responses = new RedisResponses(this.connection.run, this.layout, now);
    this.scan = new RedisScan(this.connection.run, this.layout, this.responses);
    this.counted = new RedisCount(() => this.scan.count());
  }

  keySecret(): Uint8Array {
    return this.secret;
  }

  async lookup(key: string): Promise<readonly StoredResponse[]> {
    const records = await this.responses.family(key);
    return records.map((record) => this.remember(record.stored, record));
  }

  async body(stored: StoredResponse): Promise<Uint8Array | null> {
    const record = this.records.get(stored);
    const body = record === undefined ? null : await this.responses.body(record);
    if (body !== null) this.hits.add(stored.id);
    return body;
  }

  put(stored: StoredResponse, body: Uint8Array): Promise<boolean> {
    return this.fence.put(stored, body.byteLength, (ticket) => this.write(ticket, body));
  }

  async freshen(stored: StoredResponse, validated?: StoredResponse): Promise<boolean> {
    const known = this.records.get(validated ?? stored) ?? (await this.responses.record(stored.id));
    if (known === null || known.stored.key !== stored.key) return false;
    const record = this.toRecord(stored, known.body);
    const done = await this.responses.freshen(record);
    if (done) this.remember(stored, record);
    return done;
  }

  async invalidate(keys: readonly string[]): Promise<number> {
    const wanted = new Set(keys);
    await this.fence.stop((stored) => wanted.has(stored.key));
    return this.owed.settleOrOwe(keys, (key) => this.responses.removeFamily(key));
  }

  async clear(): Promise<number> {
    await this.fence.stop(() => true);
    const cleared = await this.scan.clear();
    this.hits.clear();
    this.counted.reset();
    return cleared;
  }

  async list(query: EntryQuery): Promise<EntryPage> {
    return this.scan.page(query, (id) => this.hits.of(id));
  }

  async entry(id: string): Promise<StoredEntryDetails | null> {
    const record = await this.responses.record(id);
    if (record === null) return null;
    return toDetails(record.stored, { storedBytes: record.body.storedBytes, hits: this.hits.of(id) });
  }

  async bodyOf(id: string): Promise<Uint8Array | null> {
    const record = await this.responses.record(id);
    return record === null ? null : this.responses.body(record);
  }

  async delete(ids: readonly string[]): Promise<number> {
    const wanted = new Set(ids);
    await this.fence.stop((stored) => wanted.has(stored.id));
    let removed = 0;
    for (let first = 0; first < ids.length; first += REMOVE_AT_ONCE) {
      const some = ids.slice(first, first + REMOVE_AT_ONCE);
      const gone = await Promise.all(some.map((id) => this.responses.remove(id)));
      removed += gone.filter(Boolean).length;
    }
    return removed;
  }

  async deleteMatching(glob: string): Promise<number> {
    await this.fence.stop((stored) => urlMatchesGlob(glob, stored.url));
    return this.delete(await this.scan.matchingIds((url) => urlMatchesGlob(glob, url)));
  }

  /** As last counted: about a second old at most, more where there is much to count. */
  stats(): StoreStats {
    const noBodies = { bodyBytes: 0, storedBodyBytes: 0 };
    return { ...this.counted.latest(), ...noBodies, budgetBytes: null, persistence: null, nearCache: null };
  }

  health(): StoreHealth {
    return this.connection.health.current;
  }

  onHealth(listener: (health: StoreHealth) => void): () => void {
    return this.connection.health.onChange(listener);
  }

  onInvalidated(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    const grace = AbortSignal.timeout(CLOSE_GRACE_MS);
    const tooLong = new Promise<void>((resolve) => grace.addEventListener('abort', () => resolve()));
    await Promise.race([this.fence.settled(), tooLong]);
    this.connection.close();
  }

  private async write(ticket: PutTicket, body: Uint8Array): Promise<boolean> {
    if (!this.connection.health.isOk) throw new LarderError('store_unavailable', this.health().message ?? '');
    const { stored } = ticket;
    const { record: bodyRecord, kept } = await encodeBody(stored, body, this.compressionLevel);
    if (ticket.cancelled) return false;
    const record = this.toRecord(stored, bodyRecord);
    await this.responses.put(record, kept);
    this.connection.acceptsWrites();
    this.remember(stored, record);
    this.hits.forget(stored.id);
    return true;
  }

  private toRecord(stored: StoredResponse, body: StoredRecord['body']): StoredRecord {
    const now = this.now();
    return { stored, body, keepUntil: now + keepMs(stored, now) };
  }

  private remember(stored: StoredResponse, record: StoredRecord): StoredResponse {
    this.records.set(stored, record);
    return stored;
  }

  /** Each time Redis is back, before it is used: the secret that all share, and the invalidations it missed. */
  private async catchUp(run: RunRedis): Promise<void> {
    this.secret = await shareSecret(run, this.layout.secretKey, this.secret);
    const responses = this.responses.through(run);
    await this.owed.settle((key) => responses.removeFamily(key));
  }
}
