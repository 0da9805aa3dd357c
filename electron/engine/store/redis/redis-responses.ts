/**
 * Stored responses as they lie in Redis: reads, writes and removes one or one
 * family of them. Below the Redis store, above the connections. What turns out
 * damaged or foreign is a miss, and is taken away so that the next put repairs it.
 */
import type { EpochMs } from '../../../../shared/units';
import type { BodyRecord, StoredRecord } from '../codec';
import {
  decodeBody,
  decodeBodyValue,
  decodeMetadata,
  decodeSmallBody,
  encodeBodyValue,
  encodeMetadata,
} from '../codec';
import type { Family } from './decoded-families';
import { DecodedFamilies } from './decoded-families';
import { RecentMap } from './recent-map';
import type { RedisClient, RunRedis, SendOptions } from './redis-connection';
import type { IdRecord, RedisLayout } from './redis-layout';
import { decodeIdRecord, encodeIdRecord } from './redis-layout';
import { getKeys } from './redis-many-keys';
import type { FamilyNames, MetadataHash } from './redis-reads';
import { RedisReads, bodyAt, hashAt, nullIfWrongType } from './redis-reads';
import {
  FORGET_ID_SCRIPT,
  FRESHEN_ID_SCRIPT,
  FRESHEN_SCRIPT,
  STORE_SCRIPT,
  TAKE_ALL_SCRIPT,
  TAKE_ONE_SCRIPT,
  runScript,
} from './redis-scripts';
import { MAX_VARIANTS } from '../response-store';

/** Larger bodies take the bulk lane, so that small ones need not wait behind them. */
const BULKY_BYTES = 64 * 1024;
/** A body that a client waits for may take the deadline and this much longer per byte (10 MB/s). */
const MS_PER_BYTE = 1 / 10_000;
const MOST_REMEMBERED = 10_000;
const EMPTY_BODY = new Uint8Array(0);
const BULK: SendOptions = { lane: 'bulk' };

/** Of one primary key. */
interface Names extends FamilyNames {
  readonly family: string;
  /** Of the body that `bodyKey` names. */
  readonly version: string | null;
}

/** One version of one variant, taken out of its family. */
interface Taken {
  readonly family: string;
  readonly id: string;
  readonly version: string;
}

/** What the script says that brings it back. */
export interface BroughtBack {
  readonly family: string;
  readonly id: string;
  /** JSON of its BodyRecord. */
  readonly body: string;
  readonly metadataBytes: number;
  /** Milliseconds. */
  readonly keepMs: number;
}

export interface RedisResponsesOptions {
  readonly run: RunRedis;
  readonly layout: RedisLayout;
  readonly isCluster: boolean;
  readonly now: () => EpochMs;
}

export class RedisResponses {
  private readonly run: RunRedis;
  private readonly layout: RedisLayout;
  private readonly isCluster: boolean;
  private readonly now: () => number;
  private readonly reads: RedisReads;
  private readonly decoded = new DecodedFamilies();
  /** The names of keys that were looked up lately, by cache key. */
  private readonly names = new RecentMap<Names>(MOST_REMEMBERED);
  /** By id where a list found it, should its id key be gone: Redis evicts first what is seldom asked for. */
  private readonly listedFamilies = new RecentMap<string>(MOST_REMEMBERED);
  /** Bodies that came along with the metadata; null: gone. Until the end of the turn. */
  private readonly bodiesAhead = new Map<StoredRecord, Buffer | null>();

  constructor({ run, layout, isCluster, now }: RedisResponsesOptions) {
    this.run = run;
    this.layout = layout;
    this.isCluster = isCluster;
    this.now = now;
    this.reads = new RedisReads(run, isCluster);
  }

  /** The same through other means: what is owed to a Redis that is back is sent before anyone else may send. */
  through(run: RunRedis): RedisResponses {
    return new RedisResponses({ run, layout: this.layout, isCluster: this.isCluster, now: this.now });
  }

  /** All variants under a primary key. The same again while nothing of it is another. */
  async family(key: string): Promise<Family> {
    const names = this.namesOf(key);
    const { metadata, body } = await this.reads.read(names);
    const family = this.familyIn(key, names.family, metadata);
    for (const record of family.records) {
      if (record.body.version === names.version) this.comeAlong(record, body);
    }
    return family;
  }

  /** All variants of each family, in no order; reads no body. */
  async families(families: readonly string[]): Promise<StoredRecord[][]> {
    const found = await this.run(
      (redis) => Promise.all(families.map((family) => hashAt(redis, this.layout.metadataKey(family)))),
      BULK,
    );
    return families.map((family, index) =>
      this.decodeFamily(family, found[index] ?? null).filter((record) => this.belongs(record, family)),
    );
  }

  /** What a clear has hidden of the families. */
  async hidden(families: readonly string[]): Promise<StoredRecord[]> {
    const hashes = await this.run(
      (redis) => Promise.all(families.map((family) => hashAt(redis, this.layout.hiddenKey(family)))),
      BULK,
    );
    const values = hashes.flatMap((hash) => Object.entries(hash ?? {}));
    return values.map(([id, value]) => this.decode(id, value)).filter((record) => record !== null);
  }

  /** A small body that came along with the metadata in this turn. Null: it did not, or it is damaged. */
  bodyAhead(record: StoredRecord): Uint8Array | null {
    const value = this.bodiesAhead.get(record);
    const kept = value === undefined || value === null ? null : decodeBodyValue(record.body, value);
    return kept === null ? null : decodeSmallBody(record.body, kept);
  }

  /** Null: gone or damaged; then the response goes too. */
  async body(record: StoredRecord): Promise<Uint8Array | null> {
    const { stored, body } = record;
    if (body.bytes === 0) return EMPTY_BODY;
    const family = this.layout.family(stored.key);
    const value = await this.bodyValue(family, record);
    const kept = value === null ? null : decodeBodyValue(body, value);
    const decoded = kept === null ? null : await decodeBody(body, kept);
    if (decoded === null) this.repair((redis) => this.takeOne(redis, takenAs(family, record)));
    else if (body.storedBytes <= BULKY_BYTES) this.answered(record);
    return decoded;
  }

  /** Body first, metadata last: whoever finds the metadata finds the body. */
  async put(record: StoredRecord, kept: Uint8Array): Promise<void> {
    const { id, key } = record.stored;
    const family = this.layout.family(key);
    const metadata = encodeMetadata(record);
    const body = encodeBodyValue(record.body, kept);
    const idRecord = idRecordOf(family, record.body, metadata.byteLength);
    const ttl = this.ttl(record);
    await this.run(
      (redis) =>
        Promise.all([
          redis.set(this.bodyKey(family, record), body, 'PX', ttl),
          redis.set(this.layout.idKey(id), encodeIdRecord(idRecord), 'PX', ttl),
        ]),
      BULK,
    );
    const keys = this.keysOf(family);
    const args = [id, metadata, ttl, MAX_VARIANTS];
    const gone = await this.run((redis) => runScript(redis, STORE_SCRIPT, keys, args), BULK);
    await this.forget(takenFrom(family, gone));
  }

  /** False: that version is no longer stored. */
  async freshen(record: StoredRecord): Promise<boolean> {
    const { id, key } = record.stored;
    const { version } = record.body;
    const family = this.layout.family(key);
    const metadata = encodeMetadata(record);
    const ttl = this.ttl(record);
    const keys = [this.layout.metadataKey(family), this.bodyKey(family, record)];
    const args = [id, version, metadata, ttl];
    const done = await this.run((redis) => runScript(redis, FRESHEN_SCRIPT, keys, args), BULK);
    if (done !== 1) return false;
    const idRecord = idRecordOf(family, record.body, metadata.byteLength);
    const idArgs = [version, encodeIdRecord(idRecord), ttl];
    await this.run((redis) => runScript(redis, FRESHEN_ID_SCRIPT, [this.layout.idKey(id)], idArgs), BULK);
    return true;
  }

  /** Removes all variants under a primary key. Returns how many there were. */
  async removeFamily(key: string): Promise<number> {
    const family = this.layout.family(key);
    const keys = this.keysOf(family);
    const taken = takenFrom(
      family,
      await this.run((redis) => runScript(redis, TAKE_ALL_SCRIPT, keys, []), BULK),
    );
    await this.forget(taken);
    return taken.length;
  }

  /** The id keys of responses that were hidden and are back. */
  async nameAgain(back: readonly BroughtBack[]): Promise<void> {
    await this.run(
      (redis) =>
        Promise.all(
          back.map(({ family, id, body, metadataBytes, keepMs }) => {
            const value = encodeIdRecord(idRecordOf(family, JSON.parse(body) as BodyRecord, metadataBytes));
            // Unless it has been stored anew meanwhile.
            return redis.set(this.layout.idKey(id), value, 'PX', keepMs, 'NX');
          }),
        ),
      BULK,
    );
  }

  /** What is not to be back after all; of what has taken its place nothing goes. */
  async takeBack({ family, id, body }: BroughtBack): Promise<void> {
    const { version } = JSON.parse(body) as BodyRecord;
    // Where another has cleared, only the id key may be there.
    if (!(await this.take({ family, id, version }))) await this.forget([{ family, id, version }]);
  }

  /** Whether there was one. */
  async remove(id: string): Promise<boolean> {
    const family = await this.familyOf(id);
    return family !== null && this.take({ family, id, version: '' });
  }

  /** False: that version is no longer stored. */
  async removeRecord(record: StoredRecord): Promise<boolean> {
    return this.take(takenAs(this.layout.family(record.stored.key), record));
  }

  async record(id: string): Promise<StoredRecord | null> {
    const family = await this.familyOf(id);
    if (family === null) return null;
    const metadataKey = this.layout.metadataKey(family);
    const value = await this.run((redis) => redis.hgetBuffer(metadataKey, id).catch(nullIfWrongType), BULK);
    const record = value === null ? null : this.decode(id, value);
    return record !== null && this.belongs(record, family) ? record : null;
  }

  /** It is on a page, so someone may ask for it by its id. */
  listed({ stored }: StoredRecord): void {
    this.listedFamilies.set(stored.id, this.layout.family(stored.key));
  }

  /** What the id keys hold: where responses are, and how large. Null: gone or damaged. */
  async places(idKeys: readonly string[]): Promise<(IdRecord | null)[]> {
    const values = await this.run((redis) => getKeys(redis, idKeys), BULK);
    return values.map((value) => decodeIdRecord(value));
  }

  private namesOf(key: string): Names {
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const family = this.layout.family(key);
    const names = { family, metadataKey: this.layout.metadataKey(family), bodyKey: null, version: null };
    this.names.set(key, names);
    return names;
  }

  /** It is likely to answer again. */
  private answered({ stored: { id, key }, body: { version } }: StoredRecord): void {
    const names = this.namesOf(key);
    if (names.version === version) return;
    this.names.set(key, { ...names, version, bodyKey: this.layout.bodyKey(names.family, id, version) });
  }

  private comeAlong(record: StoredRecord, body: Buffer | null): void {
    if (this.bodiesAhead.size === 0) setImmediate(() => this.bodiesAhead.clear());
    this.bodiesAhead.set(record, body);
  }

  /** What came along with the metadata, or is asked for now. */
  private async bodyValue(family: string, record: StoredRecord): Promise<Buffer | null> {
    const ahead = this.bodiesAhead.get(record);
    if (ahead !== undefined) return ahead;
    return this.run((redis) => bodyAt(redis, this.bodyKey(family, record)), bodyLane(record.body));
  }

  /** What all scripts that store or remove take: its metadata, and what a clear has hidden of it. */
  private keysOf(family: string): string[] {
    return [this.layout.metadataKey(family), this.layout.hiddenKey(family)];
  }

  private bodyKey(family: string, { stored, body }: StoredRecord): string {
    return this.layout.bodyKey(family, stored.id, body.version);
  }

  private async familyOf(id: string): Promise<string | null> {
    const [place = null] = await this.places([this.layout.idKey(id)]);
    return place?.family ?? this.listedFamilies.get(id) ?? null;
  }

  private ttl(record: StoredRecord): number {
    return Math.max(Math.ceil(record.keepUntil - this.now()), 1);
  }

  private familyIn(key: string, family: string, hash: MetadataHash | null): Family {
    const known = hash === null ? null : this.decoded.get(key, hash, this.now());
    if (known !== null) return known;
    const records = this.decodeFamily(family, hash).filter(({ stored }) => stored.key === key);
    records.sort((one, other) => other.stored.responseTime - one.stored.responseTime);
    const decoded = { records, found: records.map(({ stored }) => stored) };
    if (hash !== null && records.length > 0 && records.length === Object.keys(hash).length)
      this.decoded.set(key, hash, decoded);
    return decoded;
  }

  private decodeFamily(family: string, found: MetadataHash | null): StoredRecord[] {
    const metadataKey = this.layout.metadataKey(family);
    if (found === null) this.repair((redis) => redis.unlink(metadataKey));
    const records: StoredRecord[] = [];
    for (const [id, value] of Object.entries(found ?? {})) {
      const record = this.decode(id, value);
      if (record === null) this.repair((redis) => redis.hdel(metadataKey, id));
      else if (record.keepUntil > this.now()) records.push(record);
    }
    return records;
  }

  /** Null also for metadata that was copied here from another id. */
  private decode(id: string, value: Buffer): StoredRecord | null {
    const record = decodeMetadata(value);
    return record?.stored.id === id ? record : null;
  }

  /** Not where it was copied from another key. */
  private belongs({ stored }: StoredRecord, family: string): boolean {
    return this.layout.family(stored.key) === family;
  }

  private async take(taken: Taken): Promise<boolean> {
    return (await this.run((redis) => this.takeOne(redis, taken), BULK)) !== null;
  }

  private async takeOne(redis: RedisClient, { family, id, version }: Taken): Promise<string | null> {
    const took = await runScript(redis, TAKE_ONE_SCRIPT, this.keysOf(family), [id, version]);
    if (typeof took !== 'string') return null;
    await this.forgetThrough(redis, [{ family, id, version: took }]);
    return took;
  }

  private async forget(taken: readonly Taken[]): Promise<void> {
    if (taken.length > 0) await this.run((redis) => this.forgetThrough(redis, taken), BULK);
  }

  /** Body and id key of what its family no longer has. Versions keep this from touching what came since. */
  private async forgetThrough(redis: RedisClient, taken: readonly Taken[]): Promise<void> {
    await Promise.all(
      taken.flatMap(({ family, id, version }) => [
        redis.unlink(this.layout.bodyKey(family, id, version)),
        runScript(redis, FORGET_ID_SCRIPT, [this.layout.idKey(id)], [version]),
      ]),
    );
  }

  /** In the background: nobody waits for it, and where it fails the value is found damaged again. */
  private repair(send: (redis: RedisClient) => Promise<unknown>): void {
    this.run(send, BULK).catch(() => undefined);
  }
}

function bodyLane({ storedBytes }: BodyRecord): SendOptions {
  if (storedBytes <= BULKY_BYTES) return { replyBytes: storedBytes };
  return { lane: 'bulk', isAwaited: true, extraMs: storedBytes * MS_PER_BYTE, replyBytes: storedBytes };
}

function takenAs(family: string, { stored, body }: StoredRecord): Taken {
  return { family, id: stored.id, version: body.version };
}

function idRecordOf(family: string, body: BodyRecord, metadataBytes: number): IdRecord {
  const bodyValueBytes = encodeBodyValue(body, EMPTY_BODY).byteLength + body.storedBytes;
  return {
    family,
    version: body.version,
    bytes: metadataBytes + bodyValueBytes,
    bodyBytes: body.bytes,
    storedBodyBytes: body.storedBytes,
  };
}

function takenFrom(family: string, reply: unknown): Taken[] {
  const flat = Array.isArray(reply) ? reply.map(String) : [];
  const taken: Taken[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    taken.push({ family, id: flat[index] ?? '', version: flat[index + 1] ?? '' });
  }
  return taken;
}
