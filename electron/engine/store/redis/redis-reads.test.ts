/** What one turn of the event loop asks of Redis, counted by Redis itself. */
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { RedisSettings } from '../../../../shared/settings';
import { SAMPLE_TIME, sampleAt, textBody } from '../test/sample-response';
import type { ResponseStore } from '../response-store';
import {
  SHORT_MS,
  hit,
  ownServer,
  ready,
  retried,
  settings as anySettings,
  storeFor,
  storeInRedis,
  withRedisServer,
} from './test/redis-under-test';

withRedisServer();

/** Whatever is asked for comes from Redis. */
function settings(overrides: Partial<RedisSettings> = {}): RedisSettings {
  return anySettings({ nearCacheBytes: 0, ...overrides });
}

describe('lookups of one turn', () => {
  it('are one command where they ask for the same, and everyone is answered', async () => {
    const { store, look } = await onItsOwn(1);
    const before = await calls(look);
    const bodies = await Promise.all(Array.from({ length: 10 }, () => hit(store, '/0')));
    expect(bodies).toEqual(Array.from({ length: 10 }, () => 'body 0'));
    expect(difference(before, await calls(look))).toEqual({ hgetall: 1, mget: 1 });
  });

  it('ask for each family and for sixteen bodies at once, and answer each with its own', async () => {
    const { store, look } = await onItsOwn(20);
    const before = await calls(look);
    const bodies = await Promise.all(Array.from({ length: 20 }, (_, index) => hit(store, `/${index}`)));
    expect(bodies).toEqual(Array.from({ length: 20 }, (_, index) => `body ${index}`));
    expect(difference(before, await calls(look))).toEqual({ hgetall: 20, mget: 2 });
  });

  it('do not answer for each other where some find nothing, or no body of theirs', async () => {
    const { redis, store, look } = await onItsOwn(6);
    await store.invalidate([sampleAt('/1').key]);
    const [foreign = '', gone = ''] = await Promise.all([
      nameOf(look, `${redis.keyPrefix}:v1:meta:*`, '/2'),
      nameOf(look, `${redis.keyPrefix}:v1:meta:*`, '/3'),
    ]);
    await look.del(foreign);
    await look.set(foreign, 'of another program');
    await look.del(await look.keys(gone.replace(':meta:', ':body:') + ':*'));
    const asked = ['/0', '/1', '/2', '/3', '/never', '/4', '/5'].map((path) => hit(store, path));
    expect(await Promise.all(asked)).toEqual(['body 0', null, null, null, null, 'body 4', 'body 5']);
  });

  it('count one by one where they fail: three are enough', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port, commandTimeoutMs: SHORT_MS })));
    own.pause();
    const three = ['/a', '/b', '/c'].map((path) => store.lookup(sampleAt(path).key));
    for (const result of await Promise.allSettled(three))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
    expect(store.health().state).toBe('unavailable');
    own.resume();
    await ready(store);
  });
});

describe('what is decoded', () => {
  it('is the same again while Redis says the same', async () => {
    const { store } = await storeInRedis(settings());
    await store.put(sampleAt('/a'), textBody('a'));
    const { key } = sampleAt('/a');
    const first = await store.lookup(key);
    expect(await store.lookup(key)).toBe(first);
    await store.put(sampleAt('/a', { vary: [['a', 'b']] }), textBody('b'));
    const both = await store.lookup(key);
    expect(both).toHaveLength(2);
    expect(await store.lookup(key)).toBe(both);
  });

  it('is another once another Larder has stored, freshened or removed something of it', async () => {
    const redis = settings();
    const [one, other] = [await ready(storeFor(redis)), await ready(storeFor(redis))];
    const { key } = sampleAt('/a');
    const statuses = async () => (await one.lookup(key)).map(({ lifetimeSeconds }) => lifetimeSeconds);
    await other.put(sampleAt('/a', { lifetimeSeconds: 1 }), textBody('a'));
    expect(await statuses()).toEqual([1]);
    await other.freshen(sampleAt('/a', { lifetimeSeconds: 2 }));
    expect(await statuses()).toEqual([2]);
    await other.put(sampleAt('/a', { lifetimeSeconds: 3 }), textBody('b'));
    expect(await statuses()).toEqual([3]);
    expect(await hit(one, '/a')).toBe('b');
    await other.invalidate([key]);
    expect(await statuses()).toEqual([]);
  });

  it('is gone when its time has come, although Redis has it still', async () => {
    let now = SAMPLE_TIME;
    const { store, look, redis } = await storeInRedis(settings(), { now: () => now });
    await store.put(sampleAt('/a', { lifetimeSeconds: 60 }), textBody('a'));
    expect(await store.lookup(sampleAt('/a').key)).toHaveLength(1);
    now += 2 * 3_600_000;
    expect(await store.lookup(sampleAt('/a').key)).toEqual([]);
    expect(await look.keys(`${redis.keyPrefix}:v1:meta:*`)).toHaveLength(1);
  });
});

interface OnItsOwn {
  readonly redis: RedisSettings;
  readonly store: ResponseStore;
  readonly look: Redis;
}

/** A server whose commands nobody else counts among; so many responses, each hit once. */
async function onItsOwn(responses: number): Promise<OnItsOwn> {
  const own = await ownServer();
  const under = await storeInRedis(settings({ port: own.port }));
  for (let index = 0; index < responses; index += 1) {
    await under.store.put(sampleAt(`/${index}`), textBody(`body ${index}`));
    expect(await retried(() => hit(under.store, `/${index}`))).toBe(`body ${index}`);
  }
  return under;
}

/** Commands that read responses, as Redis has counted them. */
async function calls(look: Redis): Promise<ReadonlyMap<string, number>> {
  const stats = await look.info('commandstats');
  const found = stats.matchAll(/^cmdstat_(hgetall|get|mget):calls=(\d+)/gm);
  return new Map([...found].map(([, name = '', count]) => [name, Number(count)]));
}

function difference(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Record<string, number> {
  const counts = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** The metadata key of a path. */
async function nameOf(look: Redis, pattern: string, path: string): Promise<string | undefined> {
  for (const key of await look.keys(pattern)) {
    const values = await look.hvals(key);
    if (values.some((value) => value.includes(`"key":"${sampleAt(path).key}"`))) return key;
  }
  return undefined;
}
