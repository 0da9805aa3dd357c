import { describe, expect, it } from 'vitest';
import type { StoredResponse } from '../../semantics/stored-response';
import { encodeLine } from '../codec';
import { HitCounts } from './hit-counts';
import { RedisCount } from './redis-count';
import { keepMs } from '../keep-time';
import { decodeIdRecord, encodeIdRecord } from './redis-layout';
import { OwedInvalidations } from './redis-owed';
import { ListPlaces } from './redis-places';
import type { StoredCount } from './redis-scan';
import { SAMPLE_TIME, sampleResponse } from '../test/sample-response';

describe('hit counts', () => {
  it('forget the least recently hit when there are too many', () => {
    const counts = new HitCounts();
    for (let index = 0; index <= 50_000; index += 1) {
      counts.add(`id-${index}`);
      counts.add('kept');
    }
    expect(counts.of('kept')).toBe(50_001);
    expect(counts.of('id-0')).toBe(0);
    expect(counts.of('id-50000')).toBe(1);
  });
});

describe('count of what is stored', () => {
  it('is not taken from a count that was begun before a clear', async () => {
    const nothing = { entries: 0, bytes: 0, bodyBytes: 0, storedBodyBytes: 0 };
    const counts: ((count: StoredCount) => void)[] = [];
    const counted = new RedisCount(() => new Promise((resolve) => counts.push(resolve)));
    counted.latest();
    counted.reset();
    counts[0]?.({ entries: 5, bytes: 500, bodyBytes: 50, storedBodyBytes: 40 });
    await Promise.resolve();
    expect(counted.latest()).toEqual(nothing);
  });

  it('asks for no second count while one is under way', () => {
    let asked = 0;
    const counted = new RedisCount(() => {
      asked += 1;
      return new Promise(() => undefined);
    });
    for (let index = 0; index < 5; index += 1) counted.latest();
    expect(asked).toBe(1);
  });
});

describe('owed invalidations', () => {
  it('are kept until they are made up for, each once', async () => {
    const owed = new OwedInvalidations();
    const fails = () => Promise.reject(new Error('gone'));
    await expect(owed.settleOrOwe(['a', 'b', 'a'], fails)).rejects.toThrow('gone');
    await expect(owed.settle(fails)).rejects.toThrow('gone');
    const removed: string[] = [];
    const remove = (key: string) => Promise.resolve(removed.push(key));
    await owed.settle(remove);
    await owed.settle(remove);
    expect(removed).toEqual(['a', 'b']);
  });

  it('are bounded', async () => {
    const owed = new OwedInvalidations();
    const keys = Array.from({ length: 100_001 }, (_, index) => String(index));
    await expect(owed.settleOrOwe(keys, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    const removed = new Set<string>();
    await owed.settle((key) => Promise.resolve(removed.add(key).size));
    expect(removed.size).toBe(100_000);
    expect(removed.has('0')).toBe(false);
  });
});

describe('places in a list', () => {
  const left = { nodeMark: '0123abcd', start: '7', families: ['a', 'b'], next: '9', shown: ['x'] };

  it('are found again, also twice', () => {
    const places = new ListPlaces();
    const cursor = places.keep(left);
    expect(places.find(cursor)).toEqual({ nodeMark: '0123abcd', start: '9', left });
    expect(places.find(cursor)).toEqual({ nodeMark: '0123abcd', start: '9', left });
  });

  it('tell the last batch of a node from the first', () => {
    const places = new ListPlaces();
    expect(places.find(places.keep({ ...left, next: '0' })).start).toBeNull();
  });

  it('are bounded: of an old one, and of another process, only the batch is known', () => {
    const places = new ListPlaces();
    const cursors = Array.from({ length: 65 }, () => places.keep(left));
    const batch = { nodeMark: '0123abcd', start: '7', left: null };
    expect(places.find(cursors[0] ?? '')).toEqual(batch);
    expect(places.find(cursors[1] ?? '')).toEqual({ nodeMark: '0123abcd', start: '9', left });
    expect(new ListPlaces().find(cursors[1] ?? '')).toEqual(batch);
  });
});

describe('id keys', () => {
  const record = {
    family: 'a'.repeat(32),
    version: 'Ab_-9',
    bytes: 1234,
    bodyBytes: 1000,
    storedBodyBytes: 500,
  };
  const value = encodeIdRecord(record);

  it('come back as they were', () => {
    expect(value).toMatch(/^larder3 a{32} Ab_-9 1234 1000 500 [0-9a-f]{16}$/);
    expect(decodeIdRecord(value)).toEqual(record);
  });

  it('are null where they are corrupt, foreign or of another version', () => {
    for (let index = 0; index < value.length; index += 1) {
      expect(decodeIdRecord(value.slice(0, index))).toBeNull();
      expect(decodeIdRecord(`${value.slice(0, index)}~${value.slice(index + 1)}`)).toBeNull();
    }
    for (const other of [null, '', 'x', ' ', `${value} `, `${record.family} Ab_-9 1234`, encodeLine('a b')]) {
      expect(decodeIdRecord(other)).toBeNull();
    }
  });
});

describe('how long Redis keeps a response', () => {
  const hours = (stored: Partial<StoredResponse>) =>
    keepMs(sampleResponse({ lifetimeSeconds: 60, ...stored }), SAMPLE_TIME) / 3_600_000;
  const control = (value: string): Pick<StoredResponse, 'fields'> => ({ fields: ['Cache-Control', value] });

  it('is as long as the origin lets it be served stale, a week at most', () => {
    expect(hours({ lifetimeSeconds: 0 })).toBe(1);
    expect(hours({ lifetimeSeconds: 0, ...control('stale-while-revalidate=7200') })).toBe(2);
    expect(hours({ lifetimeSeconds: 0, ...control('stale-if-error=10800, stale-while-revalidate=1') })).toBe(
      3,
    );
    expect(hours({ lifetimeSeconds: 7200, ...control('stale-if-error=3600') })).toBe(4);
    expect(hours({ lifetimeSeconds: 0, ...control('stale-if-error=99999999') })).toBe(7 * 24);
    expect(hours({ lifetimeSeconds: 0, ...control('stale-if-error') })).toBe(1);
  });
});
