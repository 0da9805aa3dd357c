/**
 * The store in a Redis that many may share. On the request's path: what is near
 * answers at once; otherwise a lookup is one round trip, which mostly brings the body
 * along, with a deadline; while Redis is not well it fails at once. Writes, lists and
 * clears go over a connection of their own. docs/redis.md describes what lies in Redis.
 */
import { randomBytes } from 'node:crypto';
import { LarderError } from '../../../../shared/error-codes';
import type { StoreHealth } from '../../../../shared/engine-status';
import type { RedisSettings } from '../../../../shared/settings';
import { MEBIBYTE } from '../../../../shared/settings';
import type { EntryPage, EntryQuery, StoredEntryDetails } from '../../../../shared/stored-entry';
import type { Milliseconds } from '../../../../shared/units';
import type { StoredResponse } from '../../semantics/stored-response';
import type { StoredRecord } from '../codec';
import { encodeBody } from '../codec';
import { toDetails } from '../entry-view';
import { HitCounts } from './hit-counts';
import { RedisCleared } from './redis-cleared';
import type { NearRead } from './near-cache';
import type { RunRedis } from './redis-connection';
import { RedisConnection } from './redis-connection';
import { RedisCount } from './redis-count';
import type { RedisLayout } from './redis-layout';
import { keepMs } from '../keep-time';
import { createLayout } from './redis-layout';
import { RedisNear } from './redis-near';
import { RedisRemovals } from './redis-removals';
import { RedisResponses } from './redis-responses';
import { RedisScan } from './redis-scan';
import { shareSecret } from './redis-secret';
import { redisTarget } from './redis-target';
import { RedisTeam } from './redis-team';
import type { MaybePromise, ResponseStore, StoreStats } from '../response-store';
import { SECRET_BYTES } from '../response-store';
import type { PutTicket } from './write-fence';
import { WriteFence } from './write-fence';

/** Bodies of puts under way. */
const MAX_HELD_BYTES = 128 * MEBIBYTE;
/** Puts under way may end before the connections are closed, for as long as this. */
const CLOSE_GRACE_MS = 1000;

export interface RedisStoreOptions {
  readonly redis: RedisSettings;
  readonly password: string | null;
  readonly now: () => number;
  /** Of gzip, 1 to 9; 0: bodies are kept as they came. */
  readonly compressionLevel: number;
}

export interface RedisStore extends ResponseStore {
  readonly kind: 'redis';
  /** For bodies that are put from now on. */
  setCompressionLevel(level: number): void;
  /** 0: nothing is kept near, and Redis is not asked to tell its changes. */
  setNearCacheBudget(bytes: number): void;
}

/** Connects in the background; see health(). Throws LarderError `settings_invalid` where the URL is malformed. */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  return new SharedStore(options);
}

/** What a response came with, for as long as someone holds it. */
interface Known {
  readonly record: StoredRecord;
  /** Null: not from a reading of its family. */
  readonly read: NearRead | null;
}

class SharedStore implements RedisStore {
  readonly kind = 'redis';
  private readonly now: () => number;
  private compressionLevel: number;
  private readonly layout: RedisLayout;
  private readonly connection: RedisConnection;
  private readonly responses: RedisResponses;
  private readonly scan: RedisScan;
  private readonly counted: RedisCount;
  private readonly fence = new WriteFence(MAX_HELD_BYTES);
  private readonly hits = new HitCounts();
  private readonly team: RedisTeam;
  private readonly near: RedisNear;
  private readonly cleared: RedisCleared;
  private readonly removals: RedisRemovals;
  private readonly known = new WeakMap<StoredResponse, Known>();
  private secret: Uint8Array = new Uint8Array(randomBytes(SECRET_BYTES));

  constructor({ redis, password, now, compressionLevel }: RedisStoreOptions) {
    this.now = now;
    this.compressionLevel = compressionLevel;
    this.layout = createLayout(redis.keyPrefix);
    this.connection = new RedisConnection({
      target: redisTarget(redis, password),
      settings: redis,
      now,
      onBack: (run) => this.catchUp(run),
    });
    const { connection, layout, fence } = this;
    const { run } = connection;
    this.responses = new RedisResponses({ run, layout, isCluster: redis.mode === 'cluster', now });
    this.scan = new RedisScan(connection.run, layout, this.responses, () => connection.nodes());
    this.counted = new RedisCount(() => this.scan.count());
    this.team = new RedisTeam({
      run: connection.run,
      channel: layout.changesChannel,
      fence,
      takeBack: (record) => this.removals.takeBack(record),
    });
    this.near = new RedisNear({
      nodes: connection,
      layout,
      team: this.team,
      budgetBytes: redis.nearCacheBytes,
      now,
    });
    const { responses, scan } = this;
    this.cleared = new RedisCleared({ run, layout, responses, scan, now });
    this.team.onInvalidated((keys) => {
      if (keys === null) void this.cleared.overtake();
    });
    this.removals = new RedisRemovals({
      run,
      responses,
      scan,
      cleared: this.cleared,
      fence,
      near: this.near,
      team: this.team,
    });
  }

  keySecret(): Uint8Array {
    return this.secret;
  }

  lookup(key: string): MaybePromise<readonly StoredResponse[]> {
    const near = this.connection.health.isOk ? this.near.lookup(key) : null;
    return near ?? this.lookupInRedis(key);
  }

  lookupNow(key: string): readonly StoredResponse[] | null {
    return this.connection.health.isOk ? this.near.lookup(key) : null;
  }

  body(stored: StoredResponse): MaybePromise<Uint8Array | null> {
    const known = this.known.get(stored);
    if (known === undefined) return null;
    return this.bodyNow(stored) ?? this.bodyFromRedis(known);
  }

  bodyNow(stored: StoredResponse): Uint8Array | null {
    const known = this.known.get(stored);
    if (known === undefined || !this.connection.health.isOk) return null;
    const body = this.near.body(known.record) ?? this.bodyAhead(known);
    if (body !== null) this.hits.add(stored.id);
    return body;
  }

  put(stored: StoredResponse, body: Uint8Array): Promise<boolean> {
    return this.fence.put(stored, body.byteLength, (ticket) => this.write(ticket, body));
  }

  async freshen(stored: StoredResponse, validated?: StoredResponse): Promise<boolean> {
    const known = this.known.get(validated ?? stored)?.record ?? (await this.responses.record(stored.id));
    if (known === null || known.stored.key !== stored.key) return false;
    const record = this.toRecord(stored, known.body);
    const done = await this.near.changing([stored.key], () => this.responses.freshen(record));
    if (done) this.remember(record, null);
    return done;
  }

  invalidate(keys: readonly string[]): Promise<number> {
    return this.removals.invalidate(keys);
  }

  async clear(keepForMs: Milliseconds = 0): Promise<number> {
    const cleared = await this.removals.clear(keepForMs);
    this.hits.clear();
    this.counted.reset();
    return cleared;
  }

  async undoClear(): Promise<number> {
    const restored = await this.removals.undoClear();
    if (restored === 0) return 0;
    this.hits.undoClear();
    this.counted.outdated();
    return restored;
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

  delete(ids: readonly string[]): Promise<number> {
    return this.removals.delete(ids);
  }

  deleteMatching(glob: string): Promise<number> {
    return this.removals.deleteMatching(glob);
  }

  /** As last counted: about a second old at most, more where there is much to count. */
  stats(): StoreStats {
    return {
      ...this.counted.latest(),
      budgetBytes: null,
      persistence: null,
      nearCache: this.near.status(),
      undo: this.cleared.status(),
    };
  }

  /** Of a Redis that is well it also says what it does not permit. */
  health(): StoreHealth {
    const { current } = this.connection.health;
    if (current.state !== 'ok' || current.message !== null) return current;
    return { ...current, message: this.near.problem() };
  }

  onHealth(listener: (health: StoreHealth) => void): () => void {
    return this.connection.health.onChange(() => listener(this.health()));
  }

  onInvalidated(listener: (keys: readonly string[] | null) => void): () => void {
    return this.team.onInvalidated(listener);
  }

  setCompressionLevel(level: number): void {
    this.compressionLevel = level;
  }

  setNearCacheBudget(bytes: number): void {
    this.near.setBudget(bytes);
  }

  async close(): Promise<void> {
    const grace = AbortSignal.timeout(CLOSE_GRACE_MS);
    const tooLong = new Promise<void>((resolve) => grace.addEventListener('abort', () => resolve()));
    await Promise.race([this.fence.settled(), tooLong]);
    this.cleared.close();
    this.near.close();
    this.connection.close();
  }

  private async lookupInRedis(key: string): Promise<readonly StoredResponse[]> {
    const read = this.near.beginRead(key);
    const { records, found } = await this.responses.family(key);
    read.records = records;
    for (const record of records) this.remember(record, read);
    return found;
  }

  /** What came along with the lookup. */
  private bodyAhead({ record, read }: Known): Uint8Array | null {
    const body = this.responses.bodyAhead(record);
    if (body !== null && read !== null) this.near.keep(read, record, body);
    return body;
  }

  private async bodyFromRedis({ record, read }: Known): Promise<Uint8Array | null> {
    const body = await this.responses.body(record);
    if (body === null) return null;
    this.hits.add(record.stored.id);
    if (read !== null) this.near.keep(read, record, body);
    return body;
  }

  private async write(ticket: PutTicket, body: Uint8Array): Promise<boolean> {
    if (!this.connection.health.isOk) throw new LarderError('store_unavailable', this.health().message ?? '');
    const { stored } = ticket;
    const { record: bodyRecord, kept } = await encodeBody(stored, body, this.compressionLevel);
    if (ticket.cancelled) return false;
    const record = this.toRecord(stored, bodyRecord);
    await this.near.changing([stored.key], () => this.responses.put(record, kept));
    if (ticket.cancelled) {
      await this.removals.takeBack(record);
      return false;
    }
    this.near.wrote(record);
    this.connection.acceptsWrites();
    this.remember(record, null);
    this.hits.forget(stored.id);
    return true;
  }

  private toRecord(stored: StoredResponse, body: StoredRecord['body']): StoredRecord {
    const now = this.now();
    return { stored, body, keepUntil: now + keepMs(stored, now) };
  }

  private remember(record: StoredRecord, read: NearRead | null): StoredResponse {
    this.known.set(record.stored, { record, read });
    return record.stored;
  }

  /** Each time Redis is back, before it is used: the secret that all share, and the invalidations it missed. */
  private async catchUp(run: RunRedis): Promise<void> {
    this.secret = await shareSecret(run, this.layout.secretKey, this.secret);
    await Promise.all([this.near.listening(), this.removals.makeUp(run)]);
  }
}
