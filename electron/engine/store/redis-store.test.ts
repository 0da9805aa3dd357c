import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type RedisSettings } from '../../../shared/settings';
import { createRedisStore } from './redis-store';
import type { ResponseStore } from './response-store';
import {
  lookInto,
  ownServer,
  ready,
  settings,
  storeFor,
  withRedisServer,
} from './test/redis-under-test';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from './test/sample-response';
import { describeStoreContract } from './test/store-contract';

withRedisServer();

for (const poolSize of [4, 1]) {
  describeStoreContract(`redis with ${poolSize} connections`, () => {
    return ready(
      createRedisStore({
        redis: settings({ poolSize }),
        password: null,
        now: () => SAMPLE_TIME,
        compressionLevel: 6,
      }),
    );
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

function replace(value: Buffer, from: string, to: string): Buffer {
  return Buffer.from(value.toString('latin1').replace(from, to), 'latin1');
}
