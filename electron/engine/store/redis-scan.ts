/**
 * Walks over our keys in Redis in batches short enough not to hold up the server
 * (SCAN, never KEYS). Beside the request's path: lists, counting and clearing.
 */
import type { EntryPage, EntryQuery, StoredEntry } from '../../../shared/stored-entry';
import type { StoredRecord } from './codec';
import { pageLimit, toEntry, urlFilter } from './entry-view';
import type { RunRedis, SendOptions } from './redis-connection';
import type { RedisLayout } from './redis-layout';
import type { Batch } from './redis-places';
import { FIRST, ListPlaces } from './redis-places';
import type { RedisResponses } from './redis-responses';

/** Keys that one SCAN looks at: well below 1 ms of the server's time. */
const KEYS_A_SCAN = '250';
/** Metadata read at once while listing. */
const RECORDS_AT_ONCE = 100;
const BULK: SendOptions = { lane: 'bulk' };

interface Found {
  readonly record: StoredRecord;
  /** In which it was. */
  readonly batch: Batch;
}

export interface StoredCount {
  readonly entries: number;
  readonly bytes: number;
}

export class RedisScan {
  private readonly run: RunRedis;
  private readonly layout: RedisLayout;
  private readonly responses: RedisResponses;
  private readonly places = new ListPlaces();

  constructor(run: RunRedis, layout: RedisLayout, responses: RedisResponses) {
    this.run = run;
    this.layout = layout;
    this.responses = responses;
  }

  /**
   * In no order but SCAN's, and with its promise: what is stored from the first page to the
   * last is on one of them, or on two where Redis made its table smaller meanwhile.
   */
  async page(query: EntryQuery, hitsOf: (id: string) => number): Promise<EntryPage> {
    const limit = pageLimit(query);
    const matches = urlFilter(query);
    const entries = new Map<string, StoredEntry>();
    const { start, left } = this.places.find(query.cursor);
    for await (const { record, batch } of this.records(start, left)) {
      const { id, url } = record.stored;
      if (!matches(url) || entries.has(id)) continue;
      if (entries.size === limit)
        return { entries: [...entries.values()], cursor: this.places.keep(from(batch, id)) };
      entries.set(id, toEntry(record.stored, { storedBytes: record.body.storedBytes, hits: hitsOf(id) }));
    }
    return { entries: [...entries.values()], cursor: null };
  }

  /** Ids of all whose URL is one that `matches`. */
  async matchingIds(matches: (url: string) => boolean): Promise<string[]> {
    const ids: string[] = [];
    for await (const { record } of this.records(FIRST, null)) {
      if (matches(record.stored.url)) ids.push(record.stored.id);
    }
    return ids;
  }

  async count(): Promise<StoredCount> {
    let entries = 0;
    let bytes = 0;
    for await (const batch of this.batches(this.layout.everyIdKey, FIRST)) {
      const places = await this.responses.places(this.idsOf(batch));
      entries += places.length;
      for (const [, place] of places) bytes += place.bytes;
    }
    return { entries, bytes };
  }

  /** Removes all that is ours but the secret. Returns how many responses that were. */
  async clear(): Promise<number> {
    let cleared = 0;
    for await (const batch of this.batches(this.layout.everyKey, FIRST)) {
      const keys = batch.items.filter((key) => key !== this.layout.secretKey);
      const unlinked = await this.run((redis) => Promise.all(keys.map((key) => redis.unlink(key))), BULK);
      for (const [index, key] of keys.entries()) {
        if (this.layout.idOf(key) !== null) cleared += unlinked[index] ?? 0;
      }
    }
    return cleared;
  }

  private async *records(start: string, left: Batch | null): AsyncGenerator<Found> {
    if (left !== null) yield* this.recordsOf(left);
    const next = left === null ? start : left.next;
    if (left !== null && next === FIRST) return;
    for await (const batch of this.batches(this.layout.everyIdKey, next)) {
      yield* this.recordsOf({ ...batch, items: this.idsOf(batch) });
    }
  }

  private async *recordsOf(batch: Batch): AsyncGenerator<Found> {
    const { items: ids } = batch;
    for (let first = 0; first < ids.length; first += RECORDS_AT_ONCE) {
      const records = await this.responses.records(ids.slice(first, first + RECORDS_AT_ONCE));
      for (const record of records) yield { record, batch };
    }
  }

  private async *batches(pattern: string, from: string): AsyncGenerator<Batch> {
    let start = from;
    do {
      const cursor = start;
      const [next, items] = await this.run(
        (redis) => redis.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_A_SCAN),
        BULK,
      );
      yield { start, items, next };
      start = next;
    } while (start !== FIRST);
  }

  private idsOf({ items: keys }: Batch): string[] {
    return keys.map((key) => this.layout.idOf(key)).filter((id) => id !== null);
  }
}

/** What is left of a batch from one id on. */
function from(batch: Batch, id: string): Batch {
  return { ...batch, items: batch.items.slice(batch.items.indexOf(id)) };
}
