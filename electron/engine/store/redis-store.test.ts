import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { StoreHealth } from '../../../shared/engine-status';
import type { RedisSettings } from '../../../shared/settings';
import type { RedisServer } from '../test/redis-server';
import { prepareRedisServer, redisServerMissing, startRedisServer } from '../test/redis-server';
import type { TcpRelay } from '../test/tcp-relay';
import { startTcpRelay } from '../test/tcp-relay';
import { probeRedis } from './redis-probe';
import type { RedisStoreOptions } from './redis-store';
import { createRedisStore } from './redis-store';
import type { ResponseStore } from './response-store';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from './test/sample-response';
import { describeStoreContract } from './test/store-contract';

const missing = redisServerMissing();
const PASSWORD = 'c4nary-p%ss:w@rd';
/** Longer than a Redis that is gone is allowed to be unnoticed, and than it takes to come back. */
const RECOVERY = { timeout: 15_000 };
/** For tests of what Redis does: a busy machine is not a Redis that is stuck. */
const PATIENT_MS = 5000;
/** For tests of a Redis that is stuck, so that they need not wait for long. */
const SHORT_MS = 200;

let server: RedisServer;
let lastPrefix = 0;

beforeAll(async () => {
  if (missing === null) server = await startRedisServer();
});
afterAll(() => server?.dispose());
beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

function settings(overrides: Partial<RedisSettings> = {}): RedisSettings {
  return {
    url: null,
    host: '127.0.0.1',
    port: server.port,
    keyPrefix: `larder-${(lastPrefix += 1)}`,
    ...overrides,
  };
}

/** Closed when the test ends. */
function storeFor(redis: RedisSettings, options: Partial<RedisStoreOptions> = {}): ResponseStore {
  const store = createRedisStore({
    redis,
    password: null,
    now: () => SAMPLE_TIME,
    deadlineMs: PATIENT_MS,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

async function ready(store: ResponseStore): Promise<ResponseStore> {
  await vi.waitFor(() => expect(store.health()).toMatchObject({ state: 'ok' }), RECOVERY);
  return store;
}

/** A connection of the test's own, to look at what lies in Redis. */
function lookInto(port = server.port, password?: string): Redis {
  const redis = new Redis({ port, host: '127.0.0.1', ...(password === undefined ? {} : { password }) });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A server of the test's own, for what others must not notice. */
async function ownServer(args: readonly string[] = []): Promise<RedisServer> {
  const own = await startRedisServer(args);
  onTestFinished(() => own.dispose());
  return own;
}

for (const poolSize of [4, 1]) {
  describeStoreContract(`redis with ${poolSize} connections`, () => {
    const store = createRedisStore({
      redis: settings(),
      password: null,
      now: () => SAMPLE_TIME,
      deadlineMs: PATIENT_MS,
      poolSize,
    });
    return ready(store);
  });
}

describe('redis layout', () => {
  it('keeps metadata, body and place apart, all under its prefix and all with a TTL', async () => {
    const redis = settings();
    const store = await ready(storeFor(redis));
    await store.put(sampleAt('/a', { lifetimeSeconds: 60 }), textBody('a'));
    await store.put(sampleAt('/b', { lifetimeSeconds: 86_400 }), textBody('b'));
    const look = lookInto();
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

  it('keeps a response for its freshness and as long again, an hour at least and a week at most', async () => {
    const redis = settings();
    const store = await ready(storeFor(redis));
    const look = lookInto();
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
    const redis = settings();
    const store = await ready(storeFor(redis));
    await store.put(sampleAt('/a', { lifetimeSeconds: 86_400 }), textBody('long'));
    await store.put(sampleAt('/a', { lifetimeSeconds: 60, vary: [['a', 'b']] }), textBody('short'));
    const look = lookInto();
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
    const redis = settings();
    const store = await ready(storeFor(redis));
    await store.put(sampleAt('/a', { lifetimeSeconds: 60 }), textBody('a'));
    await store.freshen(sampleAt('/a', { lifetimeSeconds: 86_400 }));
    const look = lookInto();
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
    const redis = settings();
    const store = await ready(storeFor(redis));
    for (const body of ['one', 'two', 'three']) await store.put(sampleAt('/a'), textBody(body));
    const look = lookInto();
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

  it('reads no body to list', async () => {
    const store = await ready(storeFor(settings()));
    for (let index = 0; index < 10; index += 1) await store.put(sampleAt(`/${index}`), textBody('x'));
    const seen: string[] = [];
    const monitor = await lookInto().monitor();
    onTestFinished(() => monitor.disconnect());
    monitor.on('monitor', (_time: string, args: string[]) => seen.push(args.join(' ')));
    await store.list({});
    await store.put(sampleAt('/last'), textBody('x'));
    await vi.waitFor(() => expect(seen.some((command) => command.includes('body:'))).toBe(true));
    const untilPut = seen.slice(
      0,
      seen.findIndex((command) => command.includes('body:')),
    );
    expect(untilPut.some((command) => /^scan /i.test(command))).toBe(true);
    expect(untilPut.some((command) => /^keys /i.test(command))).toBe(false);
  });

  it('leaves nothing out of a list while Redis grows and shrinks its table', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    const look = lookInto(own.port);
    await Promise.all(
      Array.from({ length: 400 }, (_, index) => store.put(sampleAt(`/${index}`), textBody(''))),
    );
    const urls = new Set<string>();
    let page = await store.list({ limit: 20 });
    for (let round = 0; page.cursor !== null; round += 1) {
      for (const each of page.entries) urls.add(each.url);
      const filler = Array.from({ length: 5000 }, (_, index) => `filler-${index}`);
      if (round % 2 === 0) await look.mset(filler.flatMap((key) => [key, '']));
      else await look.del(filler);
      page = await store.list({ limit: 20, cursor: page.cursor });
    }
    for (const each of page.entries) urls.add(each.url);
    expect(urls.size).toBe(400);
  });

  it('goes on from a cursor that another process gave: some may come twice, nothing is left out', async () => {
    const redis = settings();
    const [one, other] = [await ready(storeFor(redis)), await ready(storeFor(redis))];
    await Promise.all(Array.from({ length: 30 }, (_, index) => one.put(sampleAt(`/${index}`), textBody(''))));
    const first = await one.list({ limit: 10 });
    const rest = await other.list({ limit: 1000, cursor: first.cursor ?? '' });
    expect(new Set([...first.entries, ...rest.entries].map((each) => each.url)).size).toBe(30);
  });

  it('pages through many batches of one SCAN', async () => {
    const store = await ready(storeFor(settings()));
    await Promise.all(
      Array.from({ length: 1300 }, (_, index) => store.put(sampleAt(`/${index}`), textBody(''))),
    );
    const urls = new Set<string>();
    let cursor: string | null = null;
    do {
      const page = await store.list({ limit: 300, ...(cursor === null ? {} : { cursor }) });
      for (const each of page.entries) urls.add(each.url);
      ({ cursor } = page);
    } while (cursor !== null);
    expect(urls.size).toBe(1300);
    expect(await store.deleteMatching('/1???')).toBe(300);
    expect(await store.clear()).toBe(1000);
  });
});

describe('a shared redis', () => {
  it("leaves another program's keys alone when it is cleared", async () => {
    const redis = settings({ keyPrefix: 'shared' });
    const look = lookInto();
    const foreign = [
      'shared',
      'shared:',
      'shared:v1',
      'shared:v2:x',
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
    const redis = settings();
    const store = await ready(storeFor(redis));
    await store.put(sampleAt('/a'), textBody('one'));
    const [validated] = await store.lookup(sampleAt('/a').key);
    const look = lookInto();
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

  it('replaces a secret that cannot be one', async () => {
    const redis = settings();
    const look = lookInto();
    await look.set(`${redis.keyPrefix}:v1:secret`, 'short');
    const store = await ready(storeFor(redis));
    expect(store.keySecret()).toHaveLength(32);
    expect(await look.getBuffer(`${redis.keyPrefix}:v1:secret`)).toEqual(Buffer.from(store.keySecret()));
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

describe('what is damaged or foreign in redis', () => {
  let redis: RedisSettings;
  let store: ResponseStore;
  let look: Redis;
  const stored = sampleAt('/a', { fields: ['Content-Type', 'image/png'] });
  const damages: [what: string, damage: () => Promise<unknown>][] = [
    ['metadata of noise', () => setMetadata(Buffer.from([0xff, 0, 1, 2]))],
    ['empty metadata', () => setMetadata(Buffer.alloc(0))],
    ['metadata of another version', async () => setMetadata(replace(await metadata(), 'larder2', 'larder9'))],
    [
      'metadata with a changed letter',
      async () => setMetadata(replace(await metadata(), 'image/png', 'text/htm')),
    ],
    ['metadata that is cut off', async () => setMetadata((await metadata()).subarray(0, 100))],
    ['a string where metadata should be', async () => look.set(await keyOf('meta'), 'x', 'EX', 60)],
    ['a body with a changed byte', async () => look.setrange(await keyOf('body'), 2, 'X')],
    ['a body that is cut off', async () => look.set(await keyOf('body'), 'bod', 'EX', 60)],
    ['a list where the body should be', async () => replaceByList(await keyOf('body'))],
    ['a body that was evicted', async () => look.del(await keyOf('body'))],
  ];

  beforeEach(async () => {
    redis = settings();
    store = await ready(storeFor(redis));
    look = lookInto();
    await store.put(stored, textBody('body'));
  });

  it.each(damages)('%s: a miss, then repaired by the next put', async (_what, damage) => {
    await damage();
    expect(await hit()).toBeNull();
    expect(await store.put(stored, textBody('new'))).toBe(true);
    expect(await hit()).toBe('new');
  });

  it.each(damages)('%s: does not stay', async (_what, damage) => {
    await damage();
    await hit();
    await vi.waitFor(async () => expect(await look.exists(await keyOf('meta', 'none'))).toBe(0));
  });

  it.each(damages)('%s: neither lists nor details nor removals fail', async (_what, damage) => {
    await damage();
    await store.list({});
    await store.entry(stored.id);
    await store.bodyOf(stored.id);
    await store.freshen(stored);
    await store.delete([stored.id]);
    await store.deleteMatching('*');
    await store.invalidate([stored.key]);
    await store.clear();
    expect((await store.list({})).entries).toEqual([]);
    expect(store.health()).toMatchObject({ state: 'ok', message: null });
  });

  it('does not freshen a response whose body is gone', async () => {
    const [validated] = await store.lookup(stored.key);
    await look.del(await keyOf('body'));
    expect(await store.freshen({ ...stored, lifetimeSeconds: 900 }, validated)).toBe(false);
    expect(await store.freshen({ ...stored, lifetimeSeconds: 900 })).toBe(false);
  });

  it('ignores an id key that is not ours', async () => {
    await look.set(`${redis.keyPrefix}:v1:id:foreign`, 'what is this', 'EX', 60);
    await look.rpush(`${redis.keyPrefix}:v1:id:list`, 'x');
    expect((await store.list({})).entries).toHaveLength(1);
    expect(await store.entry('foreign')).toBeNull();
    expect(await store.delete(['foreign', 'list'])).toBe(0);
  });

  it('does not take metadata that was copied from another key', async () => {
    const [value, target] = [await metadata(), sampleAt('/b')];
    await store.put(target, textBody('b'));
    const other = (await look.keys(`${redis.keyPrefix}:v1:meta:*`)).find((key) => key !== metaKey) ?? '';
    await look.hset(other, target.id, value, stored.id, value);
    expect(await store.lookup(target.key)).toEqual([]);
  });

  it('does not take metadata that was copied from another id', async () => {
    const value = await metadata();
    await look.hset(metaKey, 'copy', value);
    const place = (await look.get(`${redis.keyPrefix}:v1:id:${stored.id}`)) ?? '';
    await look.set(`${redis.keyPrefix}:v1:id:copy`, place, 'EX', 60);
    expect(await store.entry('copy')).toBeNull();
    expect(await store.bodyOf('copy')).toBeNull();
    expect(await store.lookup(stored.key)).toHaveLength(1);
  });

  let metaKey = '';

  async function keyOf(kind: string, fallback = ''): Promise<string> {
    return (await look.keys(`${redis.keyPrefix}:v1:${kind}:*`))[0] ?? fallback;
  }

  async function metadata(): Promise<Buffer> {
    metaKey = await keyOf('meta');
    return (await look.hgetBuffer(metaKey, stored.id)) ?? Buffer.alloc(0);
  }

  async function setMetadata(value: Buffer): Promise<void> {
    await look.hset(await keyOf('meta'), stored.id, value);
  }

  async function replaceByList(key: string): Promise<void> {
    await look.del(key);
    await look.rpush(key, 'body');
  }

  async function hit(): Promise<string | null> {
    const [found] = await store.lookup(stored.key);
    return found === undefined ? null : bodyText(await store.body(found));
  }
});

describe('a redis that is not well', () => {
  it('is not there at first: lookups fail at once, and work when it comes', async () => {
    const own = await prepareRedisServer();
    onTestFinished(() => own.dispose());
    const store = storeFor(settings({ port: own.port }));
    const before = Buffer.from(store.keySecret());
    await expect(store.lookup('k')).rejects.toMatchObject({ code: 'store_unavailable' });
    await vi.waitFor(
      () => expect(store.health()).toMatchObject({ state: 'unavailable', since: SAMPLE_TIME }),
      RECOVERY,
    );
    expect(store.health().message).toContain(`Redis at 127.0.0.1:${own.port} refused the connection`);
    for (const call of everyCall(store))
      await expect(call()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(store.stats()).toEqual({ entries: 0, bytes: 0, budgetBytes: null });
    await own.start();
    await ready(store);
    expect(store.health().message).toBeNull();
    expect(Buffer.from(store.keySecret())).toEqual(before);
    expect(await store.put(sampleAt('/a'), textBody('a'))).toBe(true);
  });

  it('is killed and comes back: what is under way fails, then hits resume', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    await own.stop();
    await vi.waitFor(() => expect(store.health().state).toBe('unavailable'), RECOVERY);
    await expect(store.lookup('k')).rejects.toMatchObject({ code: 'store_unavailable' });
    await own.start();
    await ready(store);
    await store.put(sampleAt('/a'), textBody('a'));
    expect(await store.lookup(sampleAt('/a').key)).toHaveLength(1);
  });

  it('is stopped by a signal: lookups fail while it still is, and work when it goes on', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port }), { deadlineMs: SHORT_MS }));
    await retried(async () => store.put(sampleAt('/a'), textBody('a')));
    const [found = sampleAt('/a')] = await retried(async () => store.lookup(sampleAt('/a').key));
    own.pause();
    const calls = [
      store.lookup('k'),
      store.body(found),
      store.put(sampleAt('/b'), textBody('b')),
      store.list({}),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
    }
    expect(store.health()).toMatchObject({
      state: 'unavailable',
      message: expect.stringContaining('did not answer') as string,
    });
    await expect(store.lookup('k')).rejects.toMatchObject({ code: 'store_unavailable' });
    own.resume();
    await ready(store);
    expect(await retried(() => hit(store, '/a'))).toBe('a');
  });

  it('is stuck: that is found out by 80 ms unless told otherwise, and bulky commands do not wait for longer', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port }), { deadlineMs: undefined }));
    own.pause();
    const startedAt = performance.now();
    await expect(store.invalidate(['k'])).rejects.toMatchObject({ code: 'store_unavailable' });
    // 160 ms by right; 5 s is what a bulky command may take of a Redis that answers.
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it('cannot be reached any more: connections are given up and made anew, and none is leaked', async () => {
    const relay = await relayTo(server.port);
    const store = await ready(
      storeFor(settings({ port: relay.port }), { poolSize: 2, deadlineMs: SHORT_MS }),
    );
    await retried(async () => store.put(sampleAt('/a'), textBody('a')));
    const before = relay.accepted();
    relay.hold();
    await expect(store.lookup(sampleAt('/a').key)).rejects.toMatchObject({ code: 'store_unavailable' });
    await vi.waitFor(() => expect(relay.accepted()).toBeGreaterThan(before + 2), RECOVERY);
    relay.release();
    await ready(store);
    for (let index = 0; index < 50; index += 1) {
      expect(await retried(() => hit(store, '/a'))).toBe('a');
      expect(await retried(() => hit(store, '/never'))).toBeNull();
    }
    await vi.waitFor(() => expect(relay.open()).toBe(2), RECOVERY);
    await store.close();
    await vi.waitFor(() => expect(relay.open()).toBe(0), RECOVERY);
  });

  it('is slow, but not too slow: everything works and no reply is mixed up', async () => {
    const relay = await relayTo(server.port);
    const store = await ready(storeFor(settings({ port: relay.port })));
    const paths = Array.from({ length: 40 }, (_, index) => `/${index}`);
    await Promise.all(paths.map((path) => store.put(sampleAt(path), textBody(path))));
    relay.delayReplies(30);
    const told = listenTo(store);
    const bodies = paths.map(async (path) => {
      const [found] = await store.lookup(sampleAt(path).key);
      return found === undefined ? null : bodyText(await store.body(found));
    });
    expect(await Promise.all(bodies)).toEqual(paths);
    expect(told).toEqual([]);
  });

  it('answers too late: what was asked first is never given to who asks next', async () => {
    const relay = await relayTo(server.port);
    const store = await ready(
      storeFor(settings({ port: relay.port }), { poolSize: 2, deadlineMs: SHORT_MS }),
    );
    for (const path of ['/a', '/b']) await retried(async () => store.put(sampleAt(path), textBody(path)));
    relay.delayReplies(5 * SHORT_MS);
    await expect(store.lookup(sampleAt('/a').key)).rejects.toMatchObject({ code: 'store_unavailable' });
    relay.delayReplies(0);
    await ready(store);
    for (let index = 0; index < 20; index += 1) expect(await retried(() => hit(store, '/b'))).toBe('/b');
  });

  it('makes up for invalidations that it missed before anyone reads from it', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port }), { deadlineMs: SHORT_MS }));
    await retried(async () => store.put(sampleAt('/a'), textBody('old')));
    await retried(async () => store.put(sampleAt('/b'), textBody('kept')));
    own.pause();
    await expect(store.invalidate([sampleAt('/a').key])).rejects.toMatchObject({ code: 'store_unavailable' });
    own.resume();
    await ready(store);
    expect(await retried(() => hit(store, '/a'))).toBeNull();
    expect(await retried(() => hit(store, '/b'))).toBe('kept');
  });

  it('wants a password: says so, without a secret in any message', async () => {
    const own = await ownServer(['--requirepass', PASSWORD]);
    const store = storeFor(settings({ port: own.port }), { password: 'wr0ng-canary' });
    const told = listenTo(store);
    await vi.waitFor(
      () => expect(store.health().message).toContain('refused the user name or password'),
      RECOVERY,
    );
    const failure: unknown = await (store.lookup('k') as Promise<unknown>).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store_unavailable' });
    expect(everythingIn(failure) + JSON.stringify(told)).not.toMatch(/canary|c4nary/);
    const without = storeFor(settings({ port: own.port }));
    await vi.waitFor(() => expect(without.health().message).toContain('wants a password'), RECOVERY);
  });

  it('takes the password beside the settings, or user and password in the URL', async () => {
    const own = await ownServer(['--requirepass', PASSWORD]);
    await ready(storeFor(settings({ port: own.port }), { password: PASSWORD }));
    const url = `redis://default:${encodeURIComponent(PASSWORD)}@127.0.0.1:${own.port}/2`;
    const store = await ready(storeFor(settings({ url, keyPrefix: 'in-two' })));
    await store.put(sampleAt('/a'), textBody('a'));
    const look = lookInto(own.port, PASSWORD);
    expect(await look.keys('in-two:*')).toEqual([]);
    await look.select(2);
    expect(await look.keys('in-two:v1:meta:*')).toHaveLength(1);
  });

  it('gets a new password while it is down: says so, without a secret', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port }), { password: null }));
    const look = lookInto(own.port);
    await look.config('SET', 'requirepass', PASSWORD);
    await look.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await vi.waitFor(() => expect(store.health().message).toContain('wants a password'), RECOVERY);
    expect(store.health().message).not.toContain(PASSWORD);
  });

  it('is full: reads go on, writes fail and its health says why until they work again', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    await store.put(sampleAt('/a'), textBody('a'));
    const look = lookInto(own.port);
    await look.config('SET', 'maxmemory', '1');
    await expect(store.put(sampleAt('/b'), textBody('b'))).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(store.health()).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('is full') as string,
    });
    const [found = sampleAt('/a')] = await store.lookup(sampleAt('/a').key);
    expect(bodyText(await store.body(found))).toBe('a');
    const late = await ready(storeFor(settings({ port: own.port })));
    expect(await late.lookup('k')).toEqual([]);
    await look.config('SET', 'maxmemory', '0');
    expect(await store.put(sampleAt('/b'), textBody('b'))).toBe(true);
    expect(store.health().message).toBeNull();
  });

  it('is a read-only replica: reads go on and writes fail', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    await lookInto(own.port).replicaof('127.0.0.1', server.port);
    await expect(store.put(sampleAt('/a'), textBody('a'))).rejects.toThrow('is a read-only replica');
    expect(store.health().state).toBe('ok');
  });

  it('is something else: an HTTP server, or a server that says nothing', async () => {
    const http = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const store = storeFor(settings({ port: http }));
    await vi.waitFor(() => expect(store.health().message).toContain('is not a Redis'), RECOVERY);
    const silent = storeFor(settings({ port: await listening(() => undefined) }));
    await vi.waitFor(() => expect(silent.health().message).toContain('did not answer in time'), RECOVERY);
    const closing = storeFor(settings({ port: await listening((socket) => socket.destroy()) }));
    await vi.waitFor(() => expect(closing.health().message).toMatch(/closed the connection/), RECOVERY);
  });

  it('does not go on when the store is closed', async () => {
    const store = await ready(storeFor(settings()));
    const told = listenTo(store);
    await store.close();
    await expect(store.lookup('k')).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('closed') as string,
    });
    expect(told).toEqual([]);
  });

  it('tells who listens of each change, and no one who stopped listening', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    const told = listenTo(store);
    const untold: StoreHealth[] = [];
    store.onHealth((health) => untold.push(health))();
    await own.restart();
    await vi.waitFor(
      () => expect(told.map((health) => health.state)).toEqual(expect.arrayContaining(['unavailable', 'ok'])),
      RECOVERY,
    );
    expect(untold).toEqual([]);
  });
});

describe('redis settings', () => {
  it.each([
    ['redis://u:s3cret%@host', 'holds a %'],
    ['redis://u:s3cret@host:99999', 'is not a URL'],
    ['redis://u:s3cret@host/not-a-number', 'database number'],
  ])('refuses %j without repeating it', (url, problem) => {
    const create = () => storeFor(settings({ url }));
    expect(create).toThrow(expect.objectContaining({ code: 'settings_invalid' }) as Error);
    expect(create).toThrow(problem);
    expect(create).not.toThrow('s3cret');
  });
});

describe('test of a redis connection', () => {
  it('says which Redis answered, how fast, and what it does when it is full', async () => {
    const probe = await probeRedis(settings(), null);
    expect(probe).toEqual({
      ok: true,
      message: expect.stringMatching(
        /^(Redis|Valkey) \d+\.\d+\.\d+ answered in \d+\.\d ms; maxmemory-policy noeviction$/,
      ) as string,
    });
  });

  it('says that the connection was refused', async () => {
    const own = await prepareRedisServer();
    onTestFinished(() => own.dispose());
    const message = `Redis at 127.0.0.1:${own.port} refused the connection.`;
    expect(await probeRedis(settings({ port: own.port }), null)).toEqual({ ok: false, message });
  });

  it('says that the password is wrong or missing, without repeating it', async () => {
    const own = await ownServer(['--requirepass', PASSWORD]);
    const wrong = await probeRedis(settings({ port: own.port }), 'wr0ng-canary');
    expect(wrong).toEqual({
      ok: false,
      message: `Redis at 127.0.0.1:${own.port} refused the user name or password.`,
    });
    const none = await probeRedis(settings({ port: own.port }), null);
    expect(none.message).toContain('wants a password');
    expect((await probeRedis(settings({ port: own.port }), PASSWORD)).ok).toBe(true);
  });

  it('says that it is not a Redis', async () => {
    const port = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await probeRedis(settings({ port }), null)).toEqual({
      ok: false,
      message: `Redis at 127.0.0.1:${port} is not a Redis: it does not speak Redis's protocol.`,
    });
  });

  it('says that the name does not resolve', async () => {
    const probe = await probeRedis(settings({ host: 'no-such-host.invalid' }), null);
    expect(probe).toEqual({
      ok: false,
      message: expect.stringContaining('the name does not resolve') as string,
    });
  });

  it('says that a plain Redis does not speak TLS', async () => {
    const probe = await probeRedis(settings({ url: `rediss://127.0.0.1:${server.port}` }), null);
    expect(probe.ok).toBe(false);
    expect(probe.message).toContain(`Redis at 127.0.0.1:${server.port} `);
  });

  it('says that it does not answer', async () => {
    const own = await ownServer();
    own.pause();
    const probe = await probeRedis(settings({ port: own.port }), null);
    expect(probe.message).toBe(`Redis at 127.0.0.1:${own.port} did not answer in time.`);
  });

  it('says that the URL is malformed', async () => {
    const probe = await probeRedis(settings({ url: 'redis://u:s3cret@host:99999' }), null);
    expect(probe).toEqual({
      ok: false,
      message: 'The Redis URL is not a URL; give one such as redis://host:6379/0.',
    });
  });
});

/** As the pipeline takes a hit; null: a miss. */
async function hit(store: ResponseStore, path: string): Promise<string | null> {
  const [found] = await store.lookup(sampleAt(path).key);
  return found === undefined ? null : bodyText(await store.body(found));
}

/** Again where a busy machine made Redis late: what counts is what comes, not that it comes at once. */
function retried<T>(call: () => Promise<T>): Promise<T> {
  return vi.waitFor(call, RECOVERY);
}

function everyCall(store: ResponseStore): (() => Promise<unknown>)[] {
  const stored = sampleAt('/a');
  return [
    async () => store.lookup('k'),
    async () => store.put(stored, textBody('a')),
    async () => store.freshen(stored),
    async () => store.invalidate(['k']),
    async () => store.clear(),
    async () => store.list({}),
    async () => store.entry('id'),
    async () => store.bodyOf('id'),
    async () => store.delete(['id']),
    async () => store.deleteMatching('*'),
  ];
}

function listenTo(store: ResponseStore): StoreHealth[] {
  const told: StoreHealth[] = [];
  store.onHealth((health) => told.push(health));
  return told;
}

/** All text that could be printed of an error. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  return `${error.stack} ${JSON.stringify(error)} ${error.cause === undefined ? '' : everythingIn(error.cause)}`;
}

/** A server that is no Redis; closed when the test ends. */
async function listening(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const other = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
    answer(socket);
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    other.close();
  });
  return (other.address() as AddressInfo).port;
}

async function relayTo(port: number): Promise<TcpRelay> {
  const relay = await startTcpRelay(port);
  onTestFinished(() => relay.close());
  return relay;
}

function replace(value: Buffer, from: string, to: string): Buffer {
  return Buffer.from(value.toString('latin1').replace(from, to), 'latin1');
}
