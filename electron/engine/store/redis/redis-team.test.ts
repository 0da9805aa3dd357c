import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RedisSettings } from '../../../../shared/settings';
import type { RedisStore } from './redis-store';
import { createRedisStore } from './redis-store';
import { choosingRelay } from './test/choosing-relay';
import { BUDGET, SOON, hitAtOnce, near } from './test/near-under-test';
import {
  RECOVERY,
  SHORT_MS,
  hit,
  lookInto,
  ownServer,
  ready,
  server,
  settings,
  withRedisServer,
} from './test/redis-under-test';
import { SAMPLE_TIME, sampleAt, textBody } from '../test/sample-response';

withRedisServer();

const KEY = sampleAt('/a').key;
const A = () => sampleAt('/a', { bodyBytes: 3 });

describe('what another Larder invalidates', () => {
  it.each([
    ['an invalidation', (other: RedisStore) => other.invalidate([KEY]), [[KEY]]],
    ['an invalidation of nothing that is stored', (other: RedisStore) => other.invalidate([KEY]), [[KEY]]],
    ['a clear', (other: RedisStore) => other.clear(), [null]],
  ])('%s is told to those who listen, not to the one who did it', async (_what, change, expected) => {
    const [store, other] = await team();
    const [heard, own] = [listen(store), listen(other)];
    await change(other);
    await vi.waitFor(() => expect(heard).toEqual(expected), SOON);
    expect(own).toEqual([]);
  });

  it('is never served of a put that was on its way', async () => {
    const relay = await choosingRelay(server.port);
    const redis = settings();
    const store = await member({ ...redis, port: relay.port });
    const other = await member(redis);
    const heard = listen(store);
    const held = relay.hold(':body:');
    const putting = Promise.allSettled([store.put(A(), textBody('old'))]);
    await held;
    await other.invalidate([KEY]);
    await vi.waitFor(() => expect(heard).toEqual([[KEY]]), SOON);
    relay.release();
    await putting;
    await vi.waitFor(async () => expect(await other.lookup(KEY)).toEqual([]), SOON);
    expect(await hit(store, '/a')).toBeNull();
  });

  it('is not stored by a put that waits its turn', async () => {
    const relay = await choosingRelay(server.port);
    const redis = settings();
    const store = await member({ ...redis, port: relay.port });
    const other = await member(redis);
    const heard = listen(store);
    const held = relay.hold(':body:');
    const puts = [store.put(A(), textBody('one')), store.put(A(), textBody('two'))];
    await held;
    await other.invalidate([KEY]);
    await vi.waitFor(() => expect(heard).toEqual([[KEY]]), SOON);
    relay.release();
    expect((await Promise.allSettled(puts))[1]).toEqual({ status: 'fulfilled', value: false });
    await vi.waitFor(async () => expect(await other.lookup(KEY)).toEqual([]), SOON);
  });

  it('is taken back where a put had overtaken it, and nothing else is', async () => {
    const redis = settings();
    const store = await member(redis);
    await store.put(A(), textBody('old'));
    await store.put(sampleAt('/b'), textBody('b'));
    await say(redis, { from: 'another', keys: [KEY] });
    await vi.waitFor(async () => expect(await hit(store, '/a')).toBeNull(), SOON);
    expect(await hit(store, '/b')).toBe('b');
  });

  it('leaves alone what has taken the place of our put since', async () => {
    const redis = settings();
    const [store, other] = [await member(redis), await member(redis)];
    const channel = `${redis.keyPrefix}:v1:changes`;
    const look = lookInto();
    const said: string[] = [];
    look.on('message', (_channel: string, message: string) => said.push(message));
    await look.subscribe(channel);
    await other.invalidate([KEY]);
    await vi.waitFor(() => expect(said).toHaveLength(1), SOON);
    await store.put(A(), textBody('old'));
    await other.put(A(), textBody('new'));
    const heard = listen(store);
    // The word of the invalidation comes so late that both have stored since.
    await lookInto().publish(channel, said[0] ?? '');
    await vi.waitFor(() => expect(heard).toEqual([[KEY]]), SOON);
    await store.put(sampleAt('/b'), textBody('b'));
    expect(await hit(store, '/a')).toBe('new');
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['of another shape', JSON.stringify({ from: 1 })],
    ['of too many keys', JSON.stringify({ from: 'x', keys: Array.from({ length: 1001 }, String) })],
    ['too long', JSON.stringify({ from: 'x', keys: ['x'.repeat(1024 * 1024)] })],
  ])('counts as everything where the message is %s', async (_what, message) => {
    const redis = settings();
    const store = await member(redis);
    const heard = listen(store);
    await lookInto().publish(`${redis.keyPrefix}:v1:changes`, message);
    await vi.waitFor(() => expect(heard).toEqual([null]), SOON);
  });

  it('counts as everything in flight where the team was not heard for a while; what is stored stays', async () => {
    const own = await ownServer();
    const store = await member(settings({ port: own.port }));
    await store.put(A(), textBody('kept'));
    const heard = listen(store);
    await lookInto(own.port).call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await vi.waitFor(() => expect(heard).toEqual([null]), RECOVERY);
    expect(await hit(store, '/a')).toBe('kept');
  });

  it('is told when it is made up for, where Redis was gone', async () => {
    const relay = await choosingRelay(server.port);
    const redis = settings();
    const store = await member(redis);
    const other = await member({ ...redis, port: relay.port, commandTimeoutMs: SHORT_MS });
    await store.put(A(), textBody('old'));
    const heard = listen(store);
    await relay.hold('');
    await expect(other.invalidate([KEY])).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(heard).toEqual([]);
    relay.release();
    await vi.waitFor(() => expect(heard).toContainEqual([KEY]), RECOVERY);
    await vi.waitFor(async () => expect(await hit(store, '/a')).toBeNull(), SOON);
  });

  it('is heard no longer by those who stopped listening', async () => {
    const [store, other] = await team();
    const [stopped, heard] = [[] as unknown[], listen(store)];
    store.onInvalidated((keys) => stopped.push(keys))();
    await other.invalidate([KEY]);
    await vi.waitFor(() => expect(heard).toEqual([[KEY]]), SOON);
    expect(stopped).toEqual([]);
  });
});

/** Longer ago than the near cache's lease, and it must have been seen. */
const LEASE_MS = 100;
const SOAK_MS = 4000;
const PATHS = ['/0', '/1', '/2'];

describe('three Larders that share a Redis', () => {
  it(
    'never serve what another invalidated longer ago than the lease, whatever breaks',
    async () => {
      const own = await ownServer();
      const relay = await choosingRelay(own.port);
      const redis = settings({ port: own.port, nearCacheBytes: BUDGET });
      const writer = await member(redis);
      const readers = [
        await near(await member(redis)),
        await near(await member({ ...redis, port: relay.port })),
      ];
      const log = new Map(PATHS.map((path) => [path, [{ version: 0, at: -Infinity }]]));
      const until = performance.now() + SOAK_MS;
      const random = seeded(7);
      const breaking = breakAtTimes(relay, own.port, until, random);
      const counts = await Promise.all([
        write(writer, log, until, random),
        ...readers.map((reader) => read(reader, log, until)),
      ]);
      await breaking;
      for (const count of counts) expect(count).toBeGreaterThan(0);
    },
    SOAK_MS + 20_000,
  );
});

type Log = ReadonlyMap<string, { readonly version: number; readonly at: number }[]>;

/** Each version is stored once the one before it is invalidated; the log says when that was done. */
async function write(store: RedisStore, log: Log, until: number, random: () => number): Promise<number> {
  let written = 0;
  for (; performance.now() < until; written += 1) {
    const path = PATHS[Math.floor(random() * PATHS.length)] ?? '';
    const done = log.get(path) ?? [];
    const version = (done.at(-1)?.version ?? 0) + 1;
    try {
      await store.invalidate([sampleAt(path).key]);
      done.push({ version, at: performance.now() });
      await store.put(sampleAt(path), textBody(String(version)));
    } catch {
      // Its own connection broke: nobody was promised anything.
    }
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
  }
  return written;
}

/** Returns how many hits were near. */
async function read(store: RedisStore, log: Log, until: number): Promise<number> {
  let near = 0;
  while (performance.now() < until) {
    for (const path of PATHS) {
      const startedAt = performance.now();
      const past = log.get(path)?.filter(({ at }) => at < startedAt - LEASE_MS) ?? [];
      const expected = past.at(-1)?.version ?? 0;
      const atOnce = hitAtOnce(store, path);
      if (atOnce !== null) near += 1;
      const body = atOnce ?? (await hit(store, path).catch(() => null));
      if (body !== null) expect(Number(body)).toBeGreaterThanOrEqual(expected);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return near;
}

type Relay = Awaited<ReturnType<typeof choosingRelay>>;

async function breakAtTimes(relay: Relay, port: number, until: number, random: () => number): Promise<void> {
  const look = lookInto(port);
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  while (performance.now() < until - 500) {
    await pause(200 + random() * 200);
    const what = random();
    if (what < 0.3) await look.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    else if (what < 0.6) relay.cut('SUBSCRIBE');
    else {
      void relay.hold('SUBSCRIBE');
      await pause(50 + random() * 250);
      relay.release();
    }
  }
}

/** Numbers from 0 up to 1, the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function team(): Promise<[RedisStore, RedisStore]> {
  const redis = settings();
  return [await member(redis), await member(redis)];
}

async function member(redis: RedisSettings): Promise<RedisStore> {
  const store = createRedisStore({ redis, password: null, now: () => SAMPLE_TIME, compressionLevel: 6 });
  onTestFinished(() => store.close());
  await ready(store);
  return store;
}

function listen(store: RedisStore): (readonly string[] | null)[] {
  const heard: (readonly string[] | null)[] = [];
  onTestFinished(store.onInvalidated((keys) => heard.push(keys)));
  return heard;
}

async function say({ keyPrefix }: RedisSettings, message: unknown): Promise<void> {
  await lookInto().publish(`${keyPrefix}:v1:changes`, JSON.stringify(message));
}
