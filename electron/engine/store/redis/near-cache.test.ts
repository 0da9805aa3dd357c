import type { Redis } from 'ioredis';
import { describe, expect, it, vi } from 'vitest';
import { NearCache } from './near-cache';
import { createLayout } from './redis-layout';
import type { RedisStore } from './redis-store';
import { choosingRelay } from './test/choosing-relay';
import {
  BUDGET,
  SOON,
  forgotten,
  hitAtOnce,
  keptNear,
  near,
  nearStore,
  trackingClients,
  warm,
} from './test/near-under-test';
import {
  hit,
  lookInto,
  ownServer,
  ready,
  server,
  settings,
  storeFor,
  withRedisServer,
} from './test/redis-under-test';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from '../test/sample-response';

withRedisServer();

describe('near cache', () => {
  it('answers a repeated hit at once, without a command to Redis', async () => {
    const { store } = await warm('/a', 'body');
    const look = lookInto();
    await vi.waitFor(async () => {
      const before = await commandsOf(look);
      let answered = 0;
      for (let turn = 0; turn < 100; turn += 1) if (hitAtOnce(store, '/a') === 'body') answered += 1;
      expect(answered).toBe(100);
      expect(await commandsOf(look)).toEqual(before);
    }, SOON);
  });

  it('counts its hits as any other', async () => {
    const { store } = await warm('/a', 'body');
    const id = sampleAt('/a').id;
    const before = (await store.entry(id))?.hits ?? 0;
    await vi.waitFor(() => expect(hitAtOnce(store, '/a')).toBe('body'), SOON);
    expect((await store.entry(id))?.hits).toBeGreaterThan(before);
  });

  it('keeps what answered a hit, not what was put or looked up only', async () => {
    const { store } = await nearStore();
    await store.put(sampleAt('/a'), textBody('body'));
    await store.lookup(sampleAt('/a').key);
    expect(store.stats().nearCache).toMatchObject({ state: 'on', entries: 0, bytes: 0 });
    await vi.waitFor(async () => {
      await hit(store, '/a');
      expect(store.stats().nearCache).toMatchObject({ entries: 1, budgetBytes: BUDGET });
    }, SOON);
    expect(store.stats().nearCache?.bytes).toBeGreaterThan(0);
  });

  it('does not give what is past its time', async () => {
    let now = SAMPLE_TIME;
    const { store } = await warm('/a', 'body', {}, () => now);
    now += 400 * 86_400_000;
    expect(await store.lookup(sampleAt('/a').key)).toEqual([]);
  });

  it('forgets the least recently used where its budget ends, and keeps no body larger than an eighth of it', async () => {
    const { store } = await nearStore({ nearCacheBytes: 200_000 });
    for (let index = 0; index < 20; index += 1) await store.put(sampleAt(`/${index}`), Buffer.alloc(15_000));
    await store.put(sampleAt('/large'), Buffer.alloc(26_000));
    await keptNear(store, '/0');
    for (let index = 1; index < 20; index += 1) {
      await keptNear(store, `/${index}`);
      await vi.waitFor(() => expect(hitAtOnce(store, '/0')).not.toBeNull(), SOON);
    }
    expect(hitAtOnce(store, '/1')).toBeNull();
    const { bytes, entries } = store.stats().nearCache ?? { bytes: 0, entries: 0 };
    expect(bytes).toBeLessThanOrEqual(200_000);
    expect(entries).toBeGreaterThan(5);
    await hit(store, '/large');
    expect(store.stats().nearCache).toMatchObject({ bytes, entries });
  });

  it.each([
    ['put', (store: RedisStore) => store.put(sampleAt('/a'), textBody('new')), 'new'],
    ['invalidated', (store: RedisStore) => store.invalidate([sampleAt('/a').key]), null],
    ['deleted', (store: RedisStore) => store.delete([sampleAt('/a').id]), null],
    ['deleted by pattern', (store: RedisStore) => store.deleteMatching('/a'), null],
    ['cleared', (store: RedisStore) => store.clear(), null],
  ])('knows at once what this Larder itself has %s', async (_how, change, expected) => {
    const relay = await choosingRelay(server.port);
    const { store } = await warm('/a', 'old', { port: relay.port });
    await vi.waitFor(() => expect(hitAtOnce(store, '/a')).toBe('old'), SOON);
    // It need not be told by Redis.
    await relay.hold('__redis__:invalidate');
    await change(store);
    expect(await hit(store, '/a')).toBe(expected);
  });

  it('gives the new metadata once this Larder has freshened it', async () => {
    const { store } = await warm('/a', 'body');
    const fresh = sampleAt('/a', { bodyBytes: 4, lifetimeSeconds: 900 });
    expect(await store.freshen(fresh)).toBe(true);
    expect(await store.lookup(fresh.key)).toEqual([fresh]);
  });

  it.each([
    ['put by another', (other: RedisStore) => other.put(sampleAt('/a'), textBody('new')), 'new'],
    ['invalidated by another', (other: RedisStore) => other.invalidate([sampleAt('/a').key]), null],
    ['deleted by another', (other: RedisStore) => other.delete([sampleAt('/a').id]), null],
    ['cleared by another', (other: RedisStore) => other.clear(), null],
  ])('hears what was %s', async (_how, change, expected) => {
    const { store, redis } = await warm('/a', 'old');
    const other = (await ready(storeFor(redis))) as RedisStore;
    await change(other);
    await forgotten(store);
    expect(await hit(store, '/a')).toBe(expected);
  });

  it.each([
    ['HDEL', (look: Redis, key: string) => look.hdel(key, sampleAt('/a').id)],
    ['DEL', (look: Redis, key: string) => look.del(key)],
    ['FLUSHALL', (look: Redis) => look.flushall()],
    ['being made another thing', (look: Redis, key: string) => look.set(key, 'x')],
  ])('hears what was changed by %s', async (_how, change) => {
    const own = await ownServer();
    const { store, redis } = await warm('/a', 'old', { port: own.port });
    const look = lookInto(own.port);
    const [key = ''] = await look.keys(`${redis.keyPrefix}:v1:meta:*`);
    await change(look, key);
    await forgotten(store);
    expect(await hit(store, '/a')).toBeNull();
  });

  it('hears what Redis forgot because its time had come', async () => {
    const own = await ownServer();
    const { store, redis } = await warm('/a', 'old', { port: own.port });
    const look = lookInto(own.port);
    const [key = ''] = await look.keys(`${redis.keyPrefix}:v1:meta:*`);
    // That it is to expire is a change too: after it, the response comes near again.
    await look.pexpire(key, 1500);
    await forgotten(store);
    await hit(store, '/a');
    await vi.waitFor(async () => expect(await hit(store, '/a')).toBeNull(), SOON);
  });

  it('hears what Redis evicted', async () => {
    const own = await ownServer();
    const { store } = await warm('/a', 'old', { port: own.port });
    const look = lookInto(own.port);
    await look.config('SET', 'maxmemory-policy', 'allkeys-random');
    await look.config('SET', 'maxmemory', '1');
    await look.ping();
    await vi.waitFor(async () => expect(await look.dbsize()).toBe(0), SOON);
    await forgotten(store);
  });

  it('does not keep what was read before it changed', async () => {
    const { store, redis } = await warm('/told', 'x');
    await store.put(sampleAt('/a'), textBody('old'));
    const [found] = await store.lookup(sampleAt('/a').key);
    const look = lookInto();
    // Changes are told in their order: when the second is known, the first is.
    await look.hset(metadataKeyOf(redis, '/a'), 'other', 'x');
    await look.hset(metadataKeyOf(redis, '/told'), 'other', 'x');
    await forgotten(store);
    expect(found && bodyText(await store.body(found))).toBe('old');
    expect(store.stats().nearCache).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('asks nothing of Redis and keeps nothing where it is off', async () => {
    const own = await ownServer();
    const store = (await ready(storeFor(settings({ port: own.port, nearCacheBytes: 0 })))) as RedisStore;
    await store.put(sampleAt('/a'), textBody('body'));
    for (let turn = 0; turn < 5; turn += 1) expect(await hit(store, '/a')).toBe('body');
    expect(store.stats().nearCache).toEqual({ state: 'off', entries: 0, bytes: 0, budgetBytes: 0 });
    expect(hitAtOnce(store, '/a')).toBeNull();
    expect(await trackingClients(lookInto(own.port))).toBe(0);
  });

  it('can be turned off and on while it is in use', async () => {
    const own = await ownServer();
    const { store } = await warm('/a', 'body', { port: own.port });
    const look = lookInto(own.port);
    expect(await trackingClients(look)).toBe(1);
    store.setNearCacheBudget(0);
    expect(hitAtOnce(store, '/a')).toBeNull();
    expect(store.stats().nearCache).toEqual({ state: 'off', entries: 0, bytes: 0, budgetBytes: 0 });
    await vi.waitFor(async () => expect(await trackingClients(look)).toBe(0), SOON);
    expect(await hit(store, '/a')).toBe('body');
    store.setNearCacheBudget(BUDGET);
    await near(store);
    await keptNear(store, '/a');
    expect(await trackingClients(look)).toBe(1);
  });
});

describe('near cache by itself', () => {
  const record = (version: string) => ({
    stored: sampleAt('/a', { bodyBytes: 4 }),
    body: { version, checksum: '', encoding: 'identity' as const, bytes: 4, storedBytes: 4 },
    keepUntil: SAMPLE_TIME + 1000,
  });
  const cacheOf = (budgetBytes: number) =>
    new NearCache({ budgetBytes, now: () => SAMPLE_TIME, metadataKeyOf: (key) => `meta:${key}` });
  const { key } = sampleAt('/a');

  it('keeps nothing of a read that began before a change that it no longer remembers by itself', () => {
    const cache = cacheOf(BUDGET);
    const read = { ...cache.beginRead(key), records: [record('1')] };
    cache.changeKeys([key]);
    for (let other = 0; other < 10_000; other += 1) cache.change(`meta:${other}`);
    cache.admit(read, record('1'), textBody('body'));
    expect(cache.lookup(key)).toBeNull();
    const later = { ...cache.beginRead(key), records: [record('1')] };
    cache.admit(later, record('1'), textBody('body'));
    expect(bodyText(cache.body(record('1')))).toBe('body');
  });

  it('gives a body only in the version that was asked for', () => {
    const cache = cacheOf(BUDGET);
    const read = { ...cache.beginRead(key), records: [record('1')] };
    cache.admit(read, record('2'), textBody('two.'));
    expect(cache.entries).toBe(0);
    cache.admit(read, record('1'), textBody('one.'));
    expect(cache.body(record('2'))).toBeNull();
    expect(bodyText(cache.body(record('1')))).toBe('one.');
  });

  it('counts back to nothing', () => {
    const cache = cacheOf(BUDGET);
    const read = { ...cache.beginRead(key), records: [record('1')] };
    cache.admit(read, record('1'), textBody('one.'));
    expect(cache.bytes).toBeGreaterThan(4);
    cache.setBudget(0);
    expect([cache.bytes, cache.entries]).toEqual([0, 0]);
  });

  it('holds no more of the memory a body was read into than the body', () => {
    const cache = cacheOf(BUDGET);
    const read = { ...cache.beginRead(key), records: [record('1')] };
    cache.admit(read, record('1'), Buffer.alloc(65_536).subarray(0, 4));
    expect(cache.body(record('1'))?.buffer.byteLength).toBe(4);
  });
});

/** How often commands that read responses were called. */
async function commandsOf(look: Redis): Promise<string[]> {
  const stats = await look.info('commandstats');
  return stats.split('\r\n').filter((line) => /^cmdstat_(?:get|hgetall|hget|evalsha):/.test(line));
}

function metadataKeyOf({ keyPrefix }: { readonly keyPrefix: string }, path: string): string {
  const layout = createLayout(keyPrefix);
  return layout.metadataKey(layout.family(sampleAt(path).key));
}
