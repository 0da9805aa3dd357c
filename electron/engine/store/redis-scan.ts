/**
 * Walks over our keys in Redis in batches short enough not to hold up the server
 * (SCAN, never KEYS). Beside the request's path: lists, counting and clearing.
 */
import type { EntryPage, EntryQuery, StoredEntry } from '../../../shared/stored-entry';
import type { StoredRecord } from './codec';
import { pageLimit, toEntry, unknownCursor, urlFilter } from './entry-view';
import type { RunRedis, SendOptions } from './redis-connection';
import type { RedisLayout } from './redis-layout';
import type { RedisResponses } from './redis-responses';

/** Keys that one SCAN looks at: well below 1 ms of the server's time. Always the same, as cursors depend on it. */
const KEYS_A_SCAN = '500';
/** Metadata read at once while listing. */
const RECORDS_AT_ONCE = 100;
const FIRST = '0';
const BULK: SendOptions = { lane: 'bulk' };

/** A place in the walk: within the batch that SCAN gives from `start`, behind the id `after`. */
interface Place {
  readonly start: string;
  readonly after: string;
}

interface Batch {
  readonly start: string;
  readonly keys: readonly string[];
}

export interface StoredCount {
  readonly entries: number;
  readonly bytes: number;
}

export class RedisScan {
  private readonly run: RunRedis;
  private readonly layout: RedisLayout;
  private readonly responses: RedisResponses;

  constructor(run: RunRedis, layout: RedisLayout, responses: RedisResponses) {
    this.run = run;
    this.layout = layout;
    this.responses = responses;
  }

  /** In no order but SCAN's. What is stored from the first page to the last is on one of them. */
  async page(query: EntryQuery, hitsOf: (id: string) => number): Promise<EntryPage> {
    const limit = pageLimit(query);
    const matches = urlFilter(query);
    const entries = new Map<string, StoredEntry>();
    let reached = parseCursor(query.cursor);
    for await (const { place, record } of this.records(reached)) {
      const { id, url } = record.stored;
      if (matches(url) && !entries.has(id)) {
        if (entries.size === limit) return toPage(entries, reached);
        const kept = { storedBytes: record.body.storedBytes, hits: hitsOf(id) };
        entries.set(id, toEntry(record.stored, kept));
      }
      reached = place;
    }
    return toPage(entries, null);
  }

  /** Ids of all whose URL is one that `matches`. */
  async matchingIds(matches: (url: string) => boolean): Promise<string[]> {
    const ids: string[] = [];
    for await (const { record } of this.records({ start: FIRST, after: '' })) {
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
      const keys = batch.keys.filter((key) => key !== this.layout.secretKey);
      const unlinked = await this.run((redis) => Promise.all(keys.map((key) => redis.unlink(key))), BULK);
      for (const [index, key] of keys.entries()) {
        if (this.layout.idOf(key) !== null) cleared += unlinked[index] ?? 0;
      }
    }
    return cleared;
  }

  private async *records(
    from: Place,
  ): AsyncGenerator<{ readonly place: Place; readonly record: StoredRecord }> {
    for await (const { start, keys } of this.batches(this.layout.everyIdKey, from.start)) {
      const after = start === from.start ? from.after : '';
      const ids = this.idsOf({ start, keys }).filter((id) => id > after);
      for (let first = 0; first < ids.length; first += RECORDS_AT_ONCE) {
        const records = await this.responses.records(ids.slice(first, first + RECORDS_AT_ONCE));
        for (const record of records) yield { place: { start, after: record.stored.id }, record };
      }
    }
  }

  private async *batches(pattern: string, from: string): AsyncGenerator<Batch> {
    let start = from;
    do {
      const cursor = start;
      const [next, keys] = await this.run(
        (redis) => redis.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_A_SCAN),
        BULK,
      );
      yield { start, keys };
      start = next;
    } while (start !== FIRST);
  }

  /** Each once, in an order that a place can be found in again. */
  private idsOf({ keys }: Batch): string[] {
    const ids = keys.map((key) => this.layout.idOf(key)).filter((id) => id !== null);
    return [...new Set(ids)].sort();
  }
}

function toPage(entries: ReadonlyMap<string, StoredEntry>, reached: Place | null): EntryPage {
  const cursor = reached === null ? null : `${reached.start}.${reached.after}`;
  return { entries: [...entries.values()], cursor };
}

function parseCursor(cursor: string | undefined): Place {
  if (cursor === undefined) return { start: FIRST, after: '' };
  const [, start, after] = /^(\d{1,20})\.([\w-]{0,512})$/.exec(cursor) ?? [];
  if (start === undefined || after === undefined) throw unknownCursor();
  return { start, after };
}
