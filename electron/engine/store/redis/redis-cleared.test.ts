/** What a clear keeps in Redis for an undo: where it lies, how long, and what other Larders and other keys have to do with it. */
import { describe, expect, it, vi } from 'vitest';
import type { ResponseStore } from '../response-store';
import { createRedisStore, type RedisStore } from './redis-store';
import { SOON, hitAtOnce, keptNear, nearStore } from './test/near-under-test';
import {
  hit,
  ready,
  settings,
  storeFor,
  storeInRedis,
  withRedisServer,
  type InRedis,
} from './test/redis-under-test';
import { SAMPLE_TIME, sampleAt, textBody } from '../test/sample-response';

withRedisServer();

const UNDO_MS = 600_000;
const BOUND_MS = UNDO_MS + 60_000;

interface Place extends InRedis {
  /** Of the keys under its prefix. */
  kinds(): Promise<string[]>;
}

async function place(now = () => SAMPLE_TIME): Promise<Place> {
  const made = await storeInRedis(settings({ nearCacheBytes: 0 }), { now });
  const { look, redis } = made;
  const kinds = async (): Promise<string[]> =>
    (await look.keys(`${redis.keyPrefix}:v1:*`)).map((key) => key.split(':')[2] ?? '').sort();
  return { ...made, kinds };
}

async function put(store: ResponseStore, path: string, body = path): Promise<void> {
  await store.put(sampleAt(path, { bodyBytes: body.length, lifetimeSeconds: 86_400 }), textBody(body));
}

async function ttls({ look, redis }: Place): Promise<Map<string, number>> {
  const keys = await look.keys(`${redis.keyPrefix}:v1:*`);
  const left = await Promise.all(keys.map((key) => look.pttl(key)));
  return new Map(keys.map((key, index) => [key.split(':')[2] ?? '', left[index] ?? -3]));
}

describe('what a clear keeps in Redis', () => {
  it('lies apart with its body, and expires by itself soon after', async () => {
    const at = await place();
    await put(at.store, '/a');
    await at.store.clear(UNDO_MS);
    expect(await at.kinds()).toEqual(['body', 'cleared', 'secret']);
    const left = await ttls(at);
    for (const kind of ['body', 'cleared']) {
      expect(left.get(kind)).toBeGreaterThan(UNDO_MS);
      expect(left.get(kind)).toBeLessThanOrEqual(BOUND_MS);
    }
  });

  it('has the TTL that it had when it is back', async () => {
    let now = SAMPLE_TIME;
    const at = await place(() => now);
    await put(at.store, '/a');
    const before = await ttls(at);
    await at.store.clear(UNDO_MS);
    now += 100_000;
    await at.store.undoClear();
    expect(await at.kinds()).toEqual(['body', 'id', 'meta', 'secret']);
    const after = await ttls(at);
    for (const kind of ['body', 'id', 'meta']) {
      expect(after.get(kind)).toBeLessThanOrEqual((before.get(kind) ?? 0) - 100_000 + 60_000);
      expect(after.get(kind)).toBeGreaterThan((before.get(kind) ?? 0) - 100_000 - 60_000);
    }
  });

  it('is removed with its bodies when it is too late for an undo', async () => {
    const at = await place();
    await put(at.store, '/a');
    await at.store.clear(1);
    await vi.waitFor(async () => expect(await at.kinds()).toEqual(['secret']), SOON);
  });

  it('does not come back where Redis has lost the body meanwhile', async () => {
    const at = await place();
    await put(at.store, '/a');
    await put(at.store, '/b');
    await at.store.clear(UNDO_MS);
    const [body = ''] = await at.look.keys(`${at.redis.keyPrefix}:v1:body:*`);
    await at.look.del(body);
    expect(await at.store.undoClear()).toBe(1);
    expect((await at.store.list({})).entries).toHaveLength(1);
  });

  it('does not come back where it was stored anew, though Redis has forgotten that again', async () => {
    const at = await place();
    await put(at.store, '/a', 'old');
    await at.store.clear(UNDO_MS);
    await put(at.store, '/a', 'new');
    const [metadata = ''] = await at.look.keys(`${at.redis.keyPrefix}:v1:meta:*`);
    await at.look.del(metadata);
    expect(await at.store.undoClear()).toBe(0);
    expect(await hit(at.store, '/a')).toBeNull();
  });

  it('leaves alone what others keep in the same Redis', async () => {
    const at = await place();
    const { keyPrefix } = at.redis;
    const others = [`${keyPrefix}:v2:cleared:x`, `${keyPrefix}x`, `other-${keyPrefix}:v1:meta:{x}`];
    for (const key of others) await at.look.set(key, 'theirs');
    await put(at.store, '/a');
    await at.store.clear(UNDO_MS);
    await at.store.undoClear();
    await at.store.clear(UNDO_MS);
    await at.store.clear();
    for (const key of others) {
      expect(await at.look.get(key)).toBe('theirs');
      expect(await at.look.pttl(key)).toBe(-1);
    }
    expect(await at.kinds()).toEqual(['secret']);
  });

  it('makes nothing of another kind of value under its name', async () => {
    const at = await place();
    await put(at.store, '/a');
    await at.store.clear(UNDO_MS);
    const [hidden = ''] = await at.look.keys(`${at.redis.keyPrefix}:v1:cleared:*`);
    await at.look.set(hidden, 'foreign');
    await put(at.store, '/a', 'new');
    expect(await at.store.undoClear()).toBe(0);
    expect(await hit(at.store, '/a')).toBe('new');
    expect(await at.store.deleteMatching('/a')).toBe(1);
    await at.store.clear();
    expect(await at.kinds()).toEqual(['secret']);
  });
});

describe('a clear of one of several Larders', () => {
  async function team(): Promise<{ one: ResponseStore; other: ResponseStore; at: Place }> {
    const at = await place();
    const other = await ready(storeFor(at.redis));
    return { one: at.store, other, at };
  }

  it('clears for all at once, near caches too, and its undo brings back for all', async () => {
    const { store: one, redis } = await nearStore();
    const other = (await nearStore(redis)).store;
    await put(one, '/a');
    await keptNear(other, '/a');
    await one.clear(UNDO_MS);
    await vi.waitFor(async () => expect(await hit(other, '/a')).toBeNull(), SOON);
    expect(hitAtOnce(other, '/a')).toBeNull();
    expect(await one.undoClear()).toBe(1);
    expect(await hit(other, '/a')).toBe('/a');
  });

  it.each<[string, (other: ResponseStore) => Promise<unknown>]>([
    ['invalidates', async (other) => other.invalidate([sampleAt('/a').key])],
    ['deletes', async (other) => other.delete([sampleAt('/a').id])],
    ['deletes by pattern', async (other) => other.deleteMatching('/a')],
    [
      'stores anew and removes',
      async (other) => {
        await put(other, '/a', 'new');
        await other.delete([sampleAt('/a').id]);
      },
    ],
  ])('does not bring back what another %s meanwhile', async (_what, change) => {
    const { one, other } = await team();
    await put(one, '/a');
    await put(one, '/b');
    await one.clear(UNDO_MS);
    await change(other);
    expect(await one.undoClear()).toBe(1);
    expect(await hit(one, '/a')).toBeNull();
    expect(await hit(other, '/b')).toBe('/b');
  });

  it('cannot be undone any more when another has cleared since, kept or not', async () => {
    for (const keepForMs of [0, UNDO_MS]) {
      const { one, other, at } = await team();
      await put(one, '/a');
      await one.clear(UNDO_MS);
      await put(other, '/b');
      await other.clear(keepForMs);
      await vi.waitFor(() => expect(one.stats().undo).toBeNull(), SOON);
      expect(await one.undoClear()).toBe(0);
      expect(await other.undoClear()).toBe(keepForMs === 0 ? 0 : 1);
      expect(await hit(one, '/a')).toBeNull();
      await other.clear();
      expect(await at.kinds()).toEqual(['secret']);
    }
  });

  it('is not undone by another, whose own clears it does not touch', async () => {
    const { one, other } = await team();
    await put(one, '/a');
    await one.clear(UNDO_MS);
    expect(await other.undoClear()).toBe(0);
    expect(await hit(other, '/a')).toBeNull();
    expect(await one.undoClear()).toBe(1);
  });

  it('leaves nothing to be found where it ends before it is undone', async () => {
    const { other, at } = await team();
    const dying: RedisStore = createRedisStore({
      redis: at.redis,
      password: null,
      now: () => SAMPLE_TIME,
      compressionLevel: 6,
    });
    await ready(dying);
    await put(other, '/a');
    await dying.clear(UNDO_MS);
    await dying.close();
    expect(await hit(other, '/a')).toBeNull();
    for (const [kind, left] of await ttls(at))
      if (kind !== 'secret') expect(left).toBeLessThanOrEqual(BOUND_MS);
  });
});

describe('an undo that another clear overtakes', () => {
  it.each([0, UNDO_MS])(
    'takes back what it has brought back, where another Larder clears (%d)',
    async (keepForMs) => {
      const at = await place();
      const other = await ready(storeFor(at.redis));
      const paths = Array.from({ length: 3000 }, (_, index) => `/${index}`);
      await Promise.all(paths.map((path) => put(at.store, path)));
      await at.store.clear(UNDO_MS);
      const undoing = at.store.undoClear();
      await vi.waitFor(async () => expect(await at.kinds()).toContain('meta'), SOON);
      await Promise.all([other.clear(keepForMs), undoing]);
      expect((await other.list({})).entries).toEqual([]);
      expect((await at.kinds()).filter((kind) => kind === 'meta' || kind === 'id')).toEqual([]);
    },
  );

  it('brings nothing back', async () => {
    const at = await place();
    const paths = Array.from({ length: 3000 }, (_, index) => `/${index}`);
    await Promise.all(paths.map((path) => put(at.store, path)));
    await at.store.clear(UNDO_MS);
    const undoing = at.store.undoClear();
    const clearing = at.store.clear();
    expect(await undoing).toBe(0);
    await clearing;
    expect(await at.kinds()).toEqual(['secret']);
  });
});
