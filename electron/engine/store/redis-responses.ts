/**
 * Stored responses as they lie in Redis: reads, writes and removes one or one
 * family of them. Below the Redis store, above the connections. What turns out
 * damaged or foreign is a miss, and is taken away so that the next put repairs it.
 */
import type { ChainableCommander, Redis } from 'ioredis';
import type { BodyRecord, StoredRecord } from './codec';
import { decodeBody, decodeMetadata, encodeMetadata } from './codec';
import type { RunRedis, SendOptions } from './redis-connection';
import type { IdRecord, RedisLayout } from './redis-layout';
import { decodeIdRecord, encodeIdRecord, keepMs } from './redis-layout';
import {
  FORGET_ID_SCRIPT,
  FRESHEN_SCRIPT,
  STORE_SCRIPT,
  TAKE_ALL_SCRIPT,
  TAKE_ONE_SCRIPT,
  runScript,
} from './redis-scripts';
import { MAX_VARIANTS } from './response-store';

/** Larger bodies take the bulk lane, so that small ones need not wait behind them. */
const BULKY_BYTES = 64 * 1024;
/** A body that a client waits for may take the deadline and this much longer per byte (10 MB/s). */
const MS_PER_BYTE = 1 / 10_000;
const EMPTY_BODY = new Uint8Array(0);
const BULK: SendOptions = { lane: 'bulk' };

/** One version of one variant, taken out of its family. */
interface Taken {
  readonly family: string;
  readonly id: string;
  readonly version: string;
}

export class RedisResponses {
  private readonly run: RunRedis;
  private readonly layout: RedisLayout;
  private readonly now: () => number;

  constructor(run: RunRedis, layout: RedisLayout, now: () => number) {
    this.run = run;
    this.layout = layout;
    this.now = now;
  }

  /** The same through other means: what is owed to a Redis that is back is sent before anyone else may send. */
  through(run: RunRedis): RedisResponses {
    return new RedisResponses(run, this.layout, this.now);
  }

  /** All variants under a primary key, most recent first. */
  async family(key: string): Promise<StoredRecord[]> {
    const family = this.layout.family(key);
    const metadataKey = this.layout.metadataKey(family);
    const all = await this.run((redis) => redis.hgetallBuffer(metadataKey).catch(nullIfWrongType));
    if (all === null) this.repair((redis) => redis.unlink(metadataKey));
    const records: StoredRecord[] = [];
    for (const [id, value] of Object.entries(all ?? {})) {
      const record = this.decode(id, value);
      if (record === null) this.repair((redis) => redis.hdel(metadataKey, id));
      else if (record.stored.key === key && record.keepUntil > this.now()) records.push(record);
    }
    return records.sort((one, other) => other.stored.responseTime - one.stored.responseTime);
  }

  /** Null: gone or damaged; then the response goes too. */
  async body({ stored, body }: StoredRecord): Promise<Uint8Array | null> {
    const family = this.layout.family(stored.key);
    if (body.bytes === 0) return EMPTY_BODY;
    const bodyKey = this.layout.bodyKey(family, stored.id, body.version);
    const kept = await this.run((redis) => redis.getBuffer(bodyKey).catch(nullIfWrongType), bodyLane(body));
    const decoded = kept === null ? null : await decodeBody(body, kept);
    if (decoded === null) {
      const taken = { family, id: stored.id, version: body.version };
      this.repair((redis) => this.takeOne(redis, taken));
    }
    return decoded;
  }

  /** Body first, metadata last: whoever finds the metadata finds the body. */
  async put(record: StoredRecord, kept: Uint8Array): Promise<void> {
    const { id, key } = record.stored;
    const { version } = record.body;
    const family = this.layout.family(key);
    const metadata = encodeMetadata(record);
    const ttl = this.ttl(record);
    const idRecord = encodeIdRecord({ family, version, bytes: metadata.byteLength + kept.byteLength });
    await this.all((pipeline) => {
      pipeline.set(this.layout.bodyKey(family, id, version), asBuffer(kept), 'PX', ttl);
      pipeline.set(this.layout.idKey(id), idRecord, 'PX', ttl);
    });
    const keys = [this.layout.metadataKey(family)];
    const args = [id, metadata, ttl, MAX_VARIANTS];
    const gone = await this.run((redis) => runScript(redis, STORE_SCRIPT, keys, args), BULK);
    await this.forget(takenFrom(family, gone));
  }

  /** False: that version is no longer stored. */
  async freshen(record: StoredRecord): Promise<boolean> {
    const { id, key } = record.stored;
    const { version } = record.body;
    const family = this.layout.family(key);
    const ttl = this.ttl(record);
    const keys = [this.layout.metadataKey(family), this.layout.bodyKey(family, id, version)];
    const args = [id, version, encodeMetadata(record), ttl];
    const done = await this.run((redis) => runScript(redis, FRESHEN_SCRIPT, keys, args), BULK);
    if (done === 1) await this.run((redis) => redis.pexpire(this.layout.idKey(id), ttl), BULK);
    return done === 1;
  }

  /** Removes all variants under a primary key. Returns how many there were. */
  async removeFamily(key: string): Promise<number> {
    const family = this.layout.family(key);
    const keys = [this.layout.metadataKey(family)];
    const taken = takenFrom(
      family,
      await this.run((redis) => runScript(redis, TAKE_ALL_SCRIPT, keys, []), BULK),
    );
    await this.forget(taken);
    return taken.length;
  }

  /** Whether there was one. */
  async remove(id: string): Promise<boolean> {
    const place = await this.place(id);
    if (place === null) return false;
    return (
      (await this.run((redis) => this.takeOne(redis, { family: place.family, id, version: '' }), BULK)) !==
      null
    );
  }

  async record(id: string): Promise<StoredRecord | null> {
    const [record] = await this.records([id]);
    return record ?? null;
  }

  /** Metadata of those that are still there; reads no body. */
  async records(ids: readonly string[]): Promise<StoredRecord[]> {
    const places = await this.places(ids);
    const values = await this.run(
      (redis) =>
        Promise.all(
          places.map(([id, { family }]) =>
            redis.hgetBuffer(this.layout.metadataKey(family), id).catch(nullIfWrongType),
          ),
        ),
      BULK,
    );
    return places.flatMap(([id], index) => {
      const value = values[index] ?? null;
      const record = value === null ? null : this.decode(id, value);
      return record === null ? [] : [record];
    });
  }

  /** Where responses are, and how large, by id. */
  async places(ids: readonly string[]): Promise<(readonly [id: string, place: IdRecord])[]> {
    const values = await this.run(
      (redis) => Promise.all(ids.map((id) => redis.get(this.layout.idKey(id)).catch(nullIfWrongType))),
      BULK,
    );
    return ids.flatMap((id, index) => {
      const place = decodeIdRecord(values[index] ?? null);
      return place === null ? [] : [[id, place] as const];
    });
  }

  private async place(id: string): Promise<IdRecord | null> {
    const [found] = await this.places([id]);
    return found?.[1] ?? null;
  }

  private ttl(record: StoredRecord): number {
    return keepMs(record.stored, this.now());
  }

  /** Null also for metadata that was copied here from another id. */
  private decode(id: string, value: Buffer): StoredRecord | null {
    const record = decodeMetadata(value);
    return record?.stored.id === id ? record : null;
  }

  private async takeOne(redis: Redis, { family, id, version }: Taken): Promise<string | null> {
    const took = await runScript(redis, TAKE_ONE_SCRIPT, [this.layout.metadataKey(family)], [id, version]);
    if (typeof took !== 'string') return null;
    await this.forgetThrough(redis, [{ family, id, version: took }]);
    return took;
  }

  private async forget(taken: readonly Taken[]): Promise<void> {
    if (taken.length > 0) await this.run((redis) => this.forgetThrough(redis, taken), BULK);
  }

  /** Body and id key of what its family no longer has. Versions keep this from touching what came since. */
  private async forgetThrough(redis: Redis, taken: readonly Taken[]): Promise<void> {
    await Promise.all(
      taken.flatMap(({ family, id, version }) => [
        redis.unlink(this.layout.bodyKey(family, id, version)),
        runScript(redis, FORGET_ID_SCRIPT, [this.layout.idKey(id)], [version]),
      ]),
    );
  }

  private all(queue: (pipeline: ChainableCommander) => void): Promise<unknown[]> {
    return this.run(async (redis) => {
      const pipeline = redis.pipeline();
      queue(pipeline);
      const replies = (await pipeline.exec()) ?? [];
      return replies.map(([error, reply]) => {
        if (error !== null) throw error;
        return reply;
      });
    }, BULK);
  }

  /** In the background: nobody waits for it, and where it fails the value is found damaged again. */
  private repair(send: (redis: Redis) => Promise<unknown>): void {
    this.run(send, BULK).catch(() => undefined);
  }
}

function bodyLane({ storedBytes }: BodyRecord): SendOptions {
  if (storedBytes <= BULKY_BYTES) return {};
  return { lane: 'bulk', isAwaited: true, extraMs: storedBytes * MS_PER_BYTE };
}

function takenFrom(family: string, reply: unknown): Taken[] {
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  const taken: Taken[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    taken.push({ family, id: flat[index] ?? '', version: flat[index + 1] ?? '' });
  }
  return taken;
}

/** Another kind of value under a name of ours: foreign, so not a response. */
function nullIfWrongType(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
  throw error;
}

/** ioredis sends a Buffer's bytes, but any other array's digits. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
