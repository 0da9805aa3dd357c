/**
 * Walks over our keys in Redis, node after node, in batches short enough not to hold
 * up the server (SCAN, never KEYS). Beside the request's path: lists, counting, clearing.
 */
import type { EntryPage, EntryQuery, StoredEntry } from '../../../../shared/stored-entry';
import type { StoredRecord } from '../codec';
import { pageLimit, toEntry, urlFilter } from '../entry-view';
import type { RunRedis, SendOptions } from './redis-connection';
import type { RedisLayout } from './redis-layout';
import { unlinkKeys } from './redis-many-keys';
import type { Batch, Leftover, Place } from './redis-places';
import { FIRST, ListPlaces, nodeMark } from './redis-places';
import type { RedisResponses } from './redis-responses';

/** Keys that one SCAN looks at: well below 1 ms of the server's time. */
const KEYS_A_SCAN = '250';
/** Metadata read at once. How many variants a family has is only known afterwards: hence few families at first. */
const RECORDS_AT_ONCE = 100;
const FAMILIES_AT_FIRST = 10;
const BULK: SendOptions = { lane: 'bulk' };

interface ScanReply {
  readonly nodeMark: string;
  readonly start: string;
  readonly keys: readonly string[];
  readonly next: string;
}

interface Found {
  readonly record: StoredRecord;
  readonly family: string;
}

export interface StoredCount {
  readonly entries: number;
  /** Metadata and bodies as they are kept. */
  readonly bytes: number;
  readonly bodyBytes: number;
  readonly storedBodyBytes: number;
}

export class RedisScan {
  private readonly run: RunRedis;
  private readonly layout: RedisLayout;
  private readonly responses: RedisResponses;
  private readonly nodes: () => readonly string[];
  private readonly places = new ListPlaces();

  /** `nodes`: the names of those that hold keys, for SendOptions.node. */
  constructor(run: RunRedis, layout: RedisLayout, responses: RedisResponses, nodes: () => readonly string[]) {
    this.run = run;
    this.layout = layout;
    this.responses = responses;
    this.nodes = nodes;
  }

  /**
   * In no order but SCAN's, and with its promise: what is stored from the first page to the
   * last is on one of them, or on two where Redis made its table smaller meanwhile.
   */
  async page(query: EntryQuery, hitsOf: (id: string) => number): Promise<EntryPage> {
    const limit = pageLimit(query);
    const matches = urlFilter(query);
    const entries = new Map<string, StoredEntry>();
    const place = query.cursor === undefined ? null : this.places.find(query.cursor);
    let current = place?.left?.families[0];
    let shown = [...(place?.left?.shown ?? [])];
    for await (const { record, family, batch } of this.listed(place)) {
      const { id, url } = record.stored;
      if (family !== current) [current, shown] = [family, []];
      if (!matches(url) || entries.has(id) || shown.includes(id)) continue;
      if (entries.size === limit) {
        const cursor = this.places.keep(leftFrom(batch, family, shown));
        return { entries: [...entries.values()], cursor };
      }
      entries.set(id, toEntry(record.stored, { storedBytes: record.body.storedBytes, hits: hitsOf(id) }));
      this.responses.listed(record);
      shown.push(id);
    }
    return { entries: [...entries.values()], cursor: null };
  }

  /** Removes all whose URL is one that `matches`, as they are found. Returns how many. */
  async removeMatching(matches: (url: string) => boolean): Promise<number> {
    let removed = 0;
    for await (const { keys } of this.scan(this.layout.everyMetadataKey, null)) {
      for await (const found of this.read(this.familiesOf(keys))) {
        const some = found.filter(({ record }) => matches(record.stored.url));
        const gone = await Promise.all(some.map(({ record }) => this.responses.removeRecord(record)));
        removed += gone.filter(Boolean).length;
      }
    }
    return removed;
  }

  /** Reads the id keys only. */
  async count(): Promise<StoredCount> {
    const count = { entries: 0, bytes: 0, bodyBytes: 0, storedBodyBytes: 0 };
    for await (const { keys } of this.scan(this.layout.everyIdKey, null)) {
      for (const place of await this.responses.places(keys)) {
        if (place === null) continue;
        count.entries += 1;
        count.bytes += place.bytes;
        count.bodyBytes += place.bodyBytes;
        count.storedBodyBytes += place.storedBodyBytes;
      }
    }
    return count;
  }

  /** Removes all that is ours but the secret. Returns how many responses that were. */
  async clear(): Promise<number> {
    let cleared = 0;
    for await (const { keys } of this.scan(this.layout.everyKey, null)) {
      const ids = keys.filter((key) => this.layout.isIdKey(key));
      const others = keys.filter((key) => !this.layout.isIdKey(key) && key !== this.layout.secretKey);
      const unlink = (some: readonly string[]) => this.run((redis) => unlinkKeys(redis, some), BULK);
      const [unlinked] = await Promise.all([unlink(ids), unlink(others)]);
      cleared += unlinked;
    }
    return cleared;
  }

  /** All keys of a pattern, a batch at a time. */
  async *keys(pattern: string): AsyncGenerator<readonly string[]> {
    for await (const { keys } of this.scan(pattern, null)) yield keys;
  }

  private async *listed(place: Place | null): AsyncGenerator<Found & { readonly batch: Batch }> {
    if (place?.left) yield* this.readBatch(place.left);
    for await (const { keys, ...reply } of this.scan(this.layout.everyMetadataKey, place)) {
      yield* this.readBatch({ ...reply, families: this.familiesOf(keys) });
    }
  }

  private async *readBatch(batch: Batch): AsyncGenerator<Found & { readonly batch: Batch }> {
    for await (const found of this.read(batch.families)) {
      for (const each of found) yield { ...each, batch };
    }
  }

  /** Some families at once, as many as have about a hundred variants where they are like those before. */
  private async *read(families: readonly string[]): AsyncGenerator<readonly Found[]> {
    let atOnce = FAMILIES_AT_FIRST;
    for (let first = 0; first < families.length;) {
      const some = families.slice(first, first + atOnce);
      const variants = await this.responses.families(some);
      const found = variants.flatMap((records, index) =>
        records.map((record) => ({ record, family: some[index] ?? '' })),
      );
      yield found;
      first += some.length;
      atOnce = Math.ceil((RECORDS_AT_ONCE * some.length) / Math.max(found.length, some.length));
    }
  }

  /** Node after node in the order of their marks; those that come meanwhile too, where it permits. */
  private async *scan(pattern: string, from: Place | null): AsyncGenerator<ScanReply> {
    // None are known while Redis is not well: then this rejects.
    if (this.nodes().length === 0) await this.run((redis) => redis.ping(), BULK);
    const walked = new Set<string>();
    for (let node = this.nextNode(walked, from); node !== null; node = this.nextNode(walked, from)) {
      walked.add(node);
      let start: string | null = from !== null && nodeMark(node) === from.nodeMark ? from.start : FIRST;
      while (start !== null) {
        const reply: ScanReply | null = await this.scanOnce(node, start, pattern);
        if (reply !== null) yield reply;
        start = reply === null || reply.next === FIRST ? null : reply.next;
      }
    }
  }

  private nextNode(walked: ReadonlySet<string>, from: Place | null): string | null {
    const first = from?.nodeMark ?? '';
    const nodes = this.nodes().filter((node) => !walked.has(node) && nodeMark(node) >= first);
    return nodes.sort((one, other) => (nodeMark(one) < nodeMark(other) ? -1 : 1))[0] ?? null;
  }

  /** Null: the node has left the cluster; others have its keys. */
  private async scanOnce(node: string, start: string, pattern: string): Promise<ScanReply | null> {
    if (!this.nodes().includes(node)) return null;
    try {
      const [next, keys] = await this.run(
        (redis) => redis.scan(start, 'MATCH', pattern, 'COUNT', KEYS_A_SCAN),
        { ...BULK, node },
      );
      return { nodeMark: nodeMark(node), start, keys, next };
    } catch (error) {
      if (this.nodes().includes(node)) throw error;
      return null;
    }
  }

  private familiesOf(keys: readonly string[]): string[] {
    return keys.map((key) => this.layout.familyOf(key)).filter((family) => family !== null);
  }
}

/** What is left of a batch from one family on. */
function leftFrom(batch: Batch, family: string, shown: readonly string[]): Leftover {
  return { ...batch, families: batch.families.slice(batch.families.indexOf(family)), shown };
}
