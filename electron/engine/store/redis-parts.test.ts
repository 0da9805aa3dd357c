import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { HitCounts } from './hit-counts';
import { RedisCount } from './redis-count';
import { HealthKeeper } from './redis-health';
import { decodeIdRecord, encodeIdRecord } from './redis-layout';
import { OwedInvalidations } from './redis-owed';
import { ListPlaces } from './redis-places';
import { redisErrorCode, redisProblem } from './redis-problem';
import { redisTarget } from './redis-target';

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
    const counts: ((count: { entries: number; bytes: number }) => void)[] = [];
    const counted = new RedisCount(() => new Promise((resolve) => counts.push(resolve)));
    counted.latest();
    counted.reset();
    counts[0]?.({ entries: 5, bytes: 500 });
    await Promise.resolve();
    expect(counted.latest()).toEqual({ entries: 0, bytes: 0 });
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

describe('health', () => {
  it('keeps since when a state is when only the message changes, and says each thing once', () => {
    let now = 1;
    const keeper = new HealthKeeper(() => now, 'first');
    const told: unknown[] = [];
    keeper.onChange((health) => told.push(health));
    now = 2;
    keeper.set('unavailable', 'a');
    now = 3;
    keeper.set('unavailable', 'b');
    keeper.set('unavailable', 'b');
    expect(told).toEqual([
      { state: 'unavailable', since: 2, message: 'a' },
      { state: 'unavailable', since: 2, message: 'b' },
    ]);
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
  const left = { start: '7', items: ['a', 'b'], next: '9' };

  it('are found again, also twice', () => {
    const places = new ListPlaces();
    const cursor = places.keep(left);
    expect(places.find(cursor)).toEqual({ start: '7', left });
    expect(places.find(cursor)).toEqual({ start: '7', left });
    expect(places.find(undefined)).toEqual({ start: '0', left: null });
  });

  it('are bounded: of an old one, and of another process, only the batch is known', () => {
    const places = new ListPlaces();
    const cursors = Array.from({ length: 65 }, () => places.keep(left));
    expect(places.find(cursors[0])).toEqual({ start: '7', left: null });
    expect(places.find(cursors[1])).toEqual({ start: '7', left });
    expect(new ListPlaces().find(cursors[1])).toEqual({ start: '7', left: null });
  });
});

describe('id keys', () => {
  it('come back as they were, and are null where they are not ours', () => {
    const record = { family: 'a'.repeat(32), version: 'Ab_-9', bytes: 123 };
    expect(decodeIdRecord(encodeIdRecord(record))).toEqual(record);
    for (const value of [
      null,
      '',
      'x',
      `${'a'.repeat(32)} v`,
      `${'a'.repeat(31)} v 1`,
      `${'a'.repeat(32)} v -1`,
    ]) {
      expect(decodeIdRecord(value)).toBeNull();
    }
  });
});

describe('words for what is wrong with Redis', () => {
  it.each([
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'refused the connection'],
    [new Error('WRONGPASS invalid username-password pair'), 'refused the user name or password'],
    [new Error('Command timed out'), 'did not answer in time'],
    [new Error('Connection is closed.'), 'closed the connection'],
    [new Error('OOM command not allowed'), 'is full'],
    [new Error("ERR unknown command 'HELLO', with args beginning with: 's3cret'"), 'failed (ERR)'],
    [new Error('s3cret'), 'failed (UNKNOWN)'],
    ['s3cret', 'failed (UNKNOWN)'],
    [
      Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'failed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
  ])('%s', (error, words) => {
    const problem = redisProblem('host:1', redisErrorCode(error));
    expect(problem).toContain(`Redis at host:1 ${words}`);
    expect(problem).not.toContain('s3cret');
  });
});

describe('where a Redis is', () => {
  const settings = { ...DEFAULT_SETTINGS.redis, host: 'h', port: 1 };

  it.each([
    [null, null, 'h:1', { host: 'h', port: 1, db: 0 }],
    [null, 'p', 'h:1', { host: 'h', port: 1, db: 0, password: 'p' }],
    ['redis://other', null, 'other:6379', { host: 'other', port: 6379, db: 0 }],
    [
      'redis://u:p%40@other:7/3',
      null,
      'other:7',
      { host: 'other', port: 7, db: 3, username: 'u', password: 'p@' },
    ],
    [
      'redis://u:p@other',
      'wins',
      'other:6379',
      { host: 'other', port: 6379, db: 0, username: 'u', password: 'wins' },
    ],
    ['rediss://[::1]:7/', null, '[::1]:7', { host: '::1', port: 7, db: 0, tls: {} }],
  ])('%j with password %j is %s', (url, password, where, options) => {
    expect(redisTarget({ ...settings, url }, password)).toEqual({ where, options });
  });
});
