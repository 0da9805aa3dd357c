import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RedisSettings } from '../../../../shared/settings';
import { encodeLine } from '../codec';
import type { ResponseStore } from '../response-store';
import {
  lookInto,
  ready,
  settings as anySettings,
  storeFor,
  storeInRedis,
  withRedisServer,
} from './test/redis-under-test';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from '../test/sample-response';

withRedisServer();

/** Whatever is asked for comes from Redis. */
function settings(overrides: Partial<RedisSettings> = {}): RedisSettings {
  return anySettings({ nearCacheBytes: 0, ...overrides });
}

describe('redis layout', () => {
  it('keeps metadata, body and place apart, all under its prefix and all with a TTL', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    await store.put(sampleAt('/a', { lifetimeSeconds: 60 }), textBody('a'));
    await store.put(sampleAt('/b', { lifetimeSeconds: 86_400 }), textBody('b'));
    const keys = await look.keys(`${redis.keyPrefix}:v1:*`);
    expect(keys.map((key) => key.split(':')[2]).sort()).toEqual([
      'body',
      'body',
      'id',
      'id',
      'meta',
      'meta',
      'secret',
    ]);
    for (const key of keys) expect(await look.pttl(key)).toBeGreaterThan(0);
  });

  it('says in every value which version it is, and what it must come to', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    await store.put(sampleAt('/a'), Buffer.alloc(2000, 'text '));
    const valueOf = async (kind: string) => {
      const [key = ''] = await look.keys(`${redis.keyPrefix}:v1:${kind}*`);
      if (kind === 'meta') return Object.values(await look.hgetall(key))[0] ?? '';
      return (await look.getBuffer(key))?.toString('latin1') ?? '';
    };
    expect(await valueOf('meta')).toMatch(/^larder3 [\w-]{12} 1700000000000 [0-9a-f]{16}\n\{/);
    expect(await valueOf('body')).toMatch(/^larder3 gzip 2000 [\w-]{22}\n/);
    expect(await valueOf('id')).toMatch(/^larder3 [0-9a-f]{32} [\w-]{12} \d+ 2000 \d+ [0-9a-f]{16}$/);
    expect(await valueOf('secret')).toMatch(/^larder3 [\w-]{43} [0-9a-f]{16}$/);
  });

  it('keeps a response for its freshness and as long again, an hour at least and a week at most', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    const ttlOf = async (lifetimeSeconds: number, initialAgeSeconds = 0) => {
      await store.clear();
      await store.put(sampleAt('/a', { lifetimeSeconds, initialAgeSeconds }), textBody('a'));
      const [key = ''] = await look.keys(`${redis.keyPrefix}:v1:meta:*`);
      return Math.round((await look.pttl(key)) / 60_000);
    };
    expect(await ttlOf(300)).toBe(65);
    expect(await ttlOf(0)).toBe(60);
    expect(await ttlOf(300, 600)).toBe(60);
    expect(await ttlOf(86_400)).toBe(2 * 1440);
    expect(await ttlOf(30 * 86_400)).toBe(37 * 1440);
    expect(await ttlOf(2 ** 31)).toBe((366 + 7) * 1440);
  });

  it('keeps the whole family as long as its longest-lived variant', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    await store.put(sampleAt('/a', { lifetimeSeconds: 86_400 }), textBody('long'));
    await store.put(sampleAt('/a', { lifetimeSeconds: 60, vary: [['a', 'b']] }), textBody('short'));
    const [key = ''] = await look.keys(`${redis.keyPrefix}:v1:meta:*`);
    expect(await look.pttl(key)).toBeGreaterThan(86_400_000);
  });

  it('does not give a variant that its family has outlived', async () => {
    let now = SAMPLE_TIME;
    const store = await ready(storeFor(settings(), { now: () => now }));
    await store.put(sampleAt('/a', { lifetimeSeconds: 86_400 }), textBody('long'));
    await store.put(sampleAt('/a', { lifetimeSeconds: 60, vary: [['a', 'b']] }), textBody('short'));
    now += 2 * 3_600_000;
    expect((await store.lookup(sampleAt('/a').key)).map((each) => each.lifetimeSeconds)).toEqual([86_400]);
  });

  it('keeps everything longer when it is freshened', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    await store.put(sampleAt('/a', { lifetimeSeconds: 60 }), textBody('a'));
    await store.freshen(sampleAt('/a', { lifetimeSeconds: 86_400 }));
    for (const kind of ['meta', 'body', 'id']) {
      const [key = ''] = await look.keys(`${redis.keyPrefix}:v1:${kind}:*`);
      expect(await look.pttl(key)).toBeGreaterThan(86_400_000);
    }
  });

  it('gives up a put that is removed before it was written', async () => {
    const store = await ready(storeFor(settings()));
    const under = store.put(sampleAt('/a'), Buffer.alloc(8_000_000, 'some text '));
    await new Promise((resolve) => setImmediate(resolve));
    await store.clear();
    expect(await under).toBe(false);
  });

  it('leaves no body behind when a response is replaced, and nothing when it is removed', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    for (const body of ['one', 'two', 'three']) await store.put(sampleAt('/a'), textBody(body));
    expect(await look.keys(`${redis.keyPrefix}:v1:body:*`)).toHaveLength(1);
    await store.invalidate([sampleAt('/a').key]);
    expect(await look.keys(`${redis.keyPrefix}:*`)).toEqual([`${redis.keyPrefix}:v1:secret`]);
  });

  it('keeps compressible bodies compressed and says both sizes', async () => {
    const store = await ready(storeFor(settings()));
    const stored = sampleAt('/large', { bodyBytes: 50_000 });
    await store.put(stored, Buffer.alloc(50_000, '{"n": 1}'));
    const entry = await store.entry(stored.id);
    expect(entry?.bodyBytes).toBe(50_000);
    expect(entry?.storedBytes).toBeLessThan(1000);
  });
});

describe('a body that answered last', () => {
  const stored = sampleAt('/a', { fields: ['Content-Type', 'image/png'] });

  it('comes along with the metadata the next time', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    await store.put(stored, textBody('one'));
    expect(await answer(store)).toBe('one');
    const [found] = await store.lookup(stored.key);
    expect(found && bodyText(store.bodyNow(found, [found]))).toBe('one');
    // It is not kept: later it is asked for.
    await look.del(await look.keys(`${redis.keyPrefix}:v1:body:*`));
    expect(found && store.bodyNow(found, [found])).toBeNull();
    expect(found && (await store.body(found))).toBeNull();
  });

  it('is counted as a hit where it came along, as any other', async () => {
    const { store } = await storeInRedis(settings());
    await store.put(stored, textBody('one'));
    for (const hits of [1, 2, 3]) {
      expect(await answer(store)).toBe('one');
      expect((await store.entry(stored.id))?.hits).toBe(hits);
    }
  });

  it('comes along compressed too', async () => {
    const text = 'compressible '.repeat(1000);
    const { store } = await storeInRedis(settings());
    await store.put(sampleAt('/a'), textBody(text));
    expect(await answer(store)).toBe(text);
    const [found] = await store.lookup(stored.key);
    expect(found && bodyText(store.bodyNow(found, [found]))).toBe(text);
  });

  it('is not taken for the one that replaced it, or for that of another variant', async () => {
    const redis = settings();
    const [one, other] = [await ready(storeFor(redis)), await ready(storeFor(redis))];
    await one.put(stored, textBody('one'));
    expect(await answer(one)).toBe('one');
    await other.put(stored, textBody('two'));
    expect(await answer(one)).toBe('two');
    await other.put(sampleAt('/a', { vary: [['a', 'b']], responseTime: SAMPLE_TIME + 1 }), textBody('three'));
    const [newest, before] = await one.lookup(stored.key);
    expect(newest && bodyText(await one.body(newest))).toBe('three');
    expect(before && bodyText(await one.body(before))).toBe('two');
  });

  it('does not come along where it is large', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    await store.put(stored, randomBytes(64 * 1024 + 1));
    expect(await answer(store)).not.toBeNull();
    const [found] = await store.lookup(stored.key);
    expect(found && store.bodyNow(found, [found])).toBeNull();
    await look.del(await look.keys(`${redis.keyPrefix}:v1:body:*`));
    expect(found && (await store.body(found))).toBeNull();
  });

  async function answer(store: ResponseStore): Promise<string | null> {
    const [found] = await store.lookup(stored.key);
    return found === undefined ? null : bodyText(await store.body(found));
  }
});

describe('a shared redis', () => {
  it("leaves another program's keys alone when it is cleared", async () => {
    const redis = settings({ keyPrefix: 'shared' });
    const look = lookInto();
    const foreign = [
      'shared',
      'shared:',
      'shared:v1',
      'shared:v1x',
      'shared:v1x:id:y',
      'shared:v2:',
      'shared:v2:id:y',
      'Shared:v1:id:y',
      'shared*:v1:id:y',
      'sharedx:v1:id:y',
      'other',
      'x:shared:v1:id:z',
    ];
    for (const key of foreign) await look.set(key, 'theirs');
    onTestFinished(async () => void (await look.del(foreign)));
    const store = await ready(storeFor(redis));
    await store.put(sampleAt('/a'), textBody('a'));
    expect(await store.clear()).toBe(1);
    expect(await look.mget(foreign)).toEqual(foreign.map(() => 'theirs'));
    expect((await store.list({})).entries).toEqual([]);
  });

  it('takes a prefix for what it is, not for a pattern', async () => {
    const look = lookInto();
    const prefix = 'a*[b]?\\c';
    const foreign = ['axx[b]?\\c:v1:id:x', 'a*b?\\c:v1:id:x', 'a*[b]y\\c:v1:id:x', 'a*bzc:v1:id:x'];
    for (const key of foreign) await look.set(key, 'theirs');
    onTestFinished(async () => void (await look.del(foreign)));
    const store = await ready(storeFor(settings({ keyPrefix: prefix })));
    await store.put(sampleAt('/a'), textBody('a'));
    expect((await store.list({})).entries).toHaveLength(1);
    expect(await store.clear()).toBe(1);
    expect(await look.mget(foreign)).toEqual(foreign.map(() => 'theirs'));
  });

  it('serves two stores that see what the other did', async () => {
    const redis = settings();
    const [one, other] = [await ready(storeFor(redis)), await ready(storeFor(redis))];
    await one.put(sampleAt('/a'), textBody('a'));
    const [found] = await other.lookup(sampleAt('/a').key);
    expect(found && bodyText(await other.body(found))).toBe('a');
    expect(await other.invalidate([sampleAt('/a').key])).toBe(1);
    expect(await one.lookup(sampleAt('/a').key)).toEqual([]);
    expect(found && (await other.body(found))).toBeNull();
  });

  it('keeps two prefixes apart', async () => {
    const [one, other] = [await ready(storeFor(settings())), await ready(storeFor(settings()))];
    await one.put(sampleAt('/a'), textBody('a'));
    expect(await other.lookup(sampleAt('/a').key)).toEqual([]);
    expect(await other.clear()).toBe(0);
    expect(await one.lookup(sampleAt('/a').key)).toHaveLength(1);
  });

  it('freshens the version that was validated only, even while its body is still there', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    await store.put(sampleAt('/a'), textBody('one'));
    const [validated] = await store.lookup(sampleAt('/a').key);
    const [bodyKey = ''] = await look.keys(`${redis.keyPrefix}:v1:body:*`);
    await store.put(sampleAt('/a', { fields: ['ETag', '"2"'] }), textBody('two'));
    await look.set(bodyKey, 'one', 'EX', 60);
    expect(await store.freshen(sampleAt('/a', { fields: ['ETag', '"1"'] }), validated)).toBe(false);
    expect((await store.lookup(sampleAt('/a').key))[0]?.fields).toEqual(['ETag', '"2"']);
  });

  it('gives the same secret to all who share it, also after a clear', async () => {
    const redis = settings();
    const one = await ready(storeFor(redis));
    await one.clear();
    const other = await ready(storeFor(redis));
    expect(Buffer.from(other.keySecret())).toEqual(Buffer.from(one.keySecret()));
    const stranger = await ready(storeFor(settings()));
    expect(Buffer.from(stranger.keySecret())).not.toEqual(Buffer.from(one.keySecret()));
  });

  const badSecrets: [what: string, spoil: (key: string, look: Redis) => Promise<unknown>][] = [
    ['empty', (key, look) => look.set(key, '')],
    ['short', (key, look) => look.set(key, 'short')],
    ['of an older version', (key, look) => look.set(key, randomBytes(32))],
    ['cut off', async (key, look) => look.set(key, (await look.get(key))?.slice(0, -1) ?? '')],
    ['with a changed letter', async (key, look) => look.setrange(key, 20, '~')],
    ['too short, with a checksum', (key, look) => look.set(key, encodeLine('c2hvcnQ'))],
    ['another kind of value', async (key, look) => look.multi().del(key).rpush(key, 'x').exec()],
  ];

  it.each(badSecrets)('replaces a secret that is %s', async (_what, spoil) => {
    const redis = settings();
    const key = `${redis.keyPrefix}:v1:secret`;
    const before = await ready(storeFor(redis));
    const look = lookInto();
    await spoil(key, look);
    const store = await ready(storeFor(redis));
    expect(store.keySecret()).toHaveLength(32);
    expect(Buffer.from(store.keySecret())).not.toEqual(Buffer.from(before.keySecret()));
    expect(await look.get(key)).toBe(encodeLine(Buffer.from(store.keySecret()).toString('base64url')));
    expect(await look.pttl(key)).toBeGreaterThan(0);
  });

  it('keeps the last of two stores that put the same response at once, whole', async () => {
    const redis = settings();
    const stores = [await ready(storeFor(redis)), await ready(storeFor(redis))];
    for (let round = 0; round < 20; round += 1) {
      const bodies = ['x'.repeat(300_000), 'y'];
      await Promise.all(
        stores.map((store, index) => store.put(sampleAt('/a'), textBody(bodies[index] ?? ''))),
      );
      const [found] = (await stores[0]?.lookup(sampleAt('/a').key)) ?? [];
      expect(bodies).toContain(found && bodyText((await stores[0]?.body(found)) ?? null));
    }
    expect(await lookInto().keys(`${redis.keyPrefix}:v1:body:*`)).toHaveLength(1);
  });
});
