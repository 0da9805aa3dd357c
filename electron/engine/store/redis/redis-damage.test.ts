import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RedisSettings } from '../../../../shared/settings';
import type { StoredResponse } from '../../semantics/stored-response';
import { encodeLine } from '../codec';
import type { ResponseStore } from '../response-store';
import {
  RECOVERY,
  lookInto,
  ready,
  settings as anySettings,
  storeFor,
  storeInRedis,
  withRedisServer,
} from './test/redis-under-test';
import { bodyText, sampleAt, textBody } from '../test/sample-response';

withRedisServer();

/** Whatever is asked for comes from Redis. */
function settings(): RedisSettings {
  return anySettings({ nearCacheBytes: 0 });
}

describe('what is damaged or foreign in redis', () => {
  let redis: RedisSettings;
  let store: ResponseStore;
  let look: Redis;
  const stored = sampleAt('/a', { fields: ['Content-Type', 'image/png'] });
  const damages: [what: string, damage: () => Promise<unknown>][] = [
    ['metadata of noise', () => setMetadata(Buffer.from([0xff, 0, 1, 2]))],
    ['empty metadata', () => setMetadata(Buffer.alloc(0))],
    ['metadata of another version', async () => setMetadata(replace(await metadata(), 'larder3', 'larder9'))],
    [
      'metadata with a changed letter',
      async () => setMetadata(replace(await metadata(), 'image/png', 'text/htm')),
    ],
    ['metadata that is cut off', async () => setMetadata((await metadata()).subarray(0, 100))],
    ['a string where metadata should be', async () => look.set(await keyOf('meta'), 'x', 'EX', 60)],
    [
      'a body with a changed byte',
      async () => look.setrange(await keyOf('body'), -1 + (await bodyLength()), 'X'),
    ],
    ['a body with a changed letter in its line', async () => look.setrange(await keyOf('body'), 10, 'X')],
    ['a body of another version', async () => look.setrange(await keyOf('body'), 6, '2')],
    ['a body without its line', async () => look.set(await keyOf('body'), 'body', 'EX', 60)],
    [
      'a body that is cut off',
      async () => look.set(await keyOf('body'), (await bodyValue()).subarray(0, -1), 'EX', 60),
    ],
    [
      'a body that is cut off within its line',
      async () => look.set(await keyOf('body'), 'larder3 ide', 'EX', 60),
    ],
    ['an empty body', async () => look.set(await keyOf('body'), '', 'EX', 60)],
    ['the body of another response', async () => look.set(await keyOf('body'), await otherBody(), 'EX', 60)],
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
    await vi.waitFor(async () => expect(await look.exists(await keyOf('meta', 'none'))).toBe(0), RECOVERY);
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

  const idDamages: [what: string, damage: (idKey: string) => Promise<unknown>][] = [
    ['empty', (idKey) => look.set(idKey, '', 'EX', 60)],
    ['of another version', (idKey) => look.setrange(idKey, 6, '2')],
    ['with a changed digit', (idKey) => look.setrange(idKey, 10, 'x')],
    ['cut off', async (idKey) => look.set(idKey, (await look.get(idKey))?.slice(0, -1) ?? '', 'EX', 60)],
    ["another program's", (idKey) => look.set(idKey, encodeLine('what is this'), 'EX', 60)],
    ['another kind of value', (idKey) => replaceByList(idKey)],
    ['evicted', (idKey) => look.del(idKey)],
  ];

  it.each(idDamages)('an id key that is %s: counts for nothing until the next put', async (_what, damage) => {
    await damage(await keyOf('id'));
    const other = await ready(storeFor(redis));
    expect(await other.entry(stored.id)).toBeNull();
    expect(await other.bodyOf(stored.id)).toBeNull();
    expect(await other.delete([stored.id])).toBe(0);
    expect(await hit()).toBe('body');
    await store.put(stored, textBody('new'));
    expect((await other.entry(stored.id))?.bodyBytes).toBe(stored.bodyBytes);
    expect(await other.delete([stored.id])).toBe(1);
  });

  it.each(idDamages)(
    'an id key that is %s: what it led to is still listed and removed',
    async (_what, damage) => {
      await damage(await keyOf('id'));
      const { entries } = await store.list({});
      expect(entries.map(({ id }) => id)).toEqual([stored.id]);
      expect((await store.entry(stored.id))?.url).toBe(stored.url);
      expect(await store.delete([stored.id])).toBe(1);
      await store.put(stored, textBody('new'));
      await damage(await keyOf('id'));
      expect(await store.deleteMatching('*')).toBe(1);
      expect(await hit()).toBeNull();
    },
  );

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

  async function bodyValue(): Promise<Buffer> {
    return (await look.getBuffer(await keyOf('body'))) ?? Buffer.alloc(0);
  }

  async function bodyLength(): Promise<number> {
    return (await bodyValue()).byteLength;
  }

  async function otherBody(): Promise<Buffer> {
    const elsewhere = settings();
    await (await ready(storeFor(elsewhere))).put(stored, textBody('yodb'));
    const [key = ''] = await look.keys(`${elsewhere.keyPrefix}:v1:body:*`);
    return (await look.getBuffer(key)) ?? Buffer.alloc(0);
  }

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

describe('a thousand damaged values', () => {
  type Damage = (look: Redis, keys: FamilyKeys, other: FamilyKeys) => Promise<unknown>;

  /** All that Redis holds of one response. */
  interface FamilyKeys {
    readonly id: string;
    readonly meta: string;
    readonly body: string;
  }

  const damages: readonly Damage[] = [
    (look, { id, meta }) => look.hset(meta, id, ''),
    (look, { id, meta }) => look.hset(meta, id, randomBytes(700)),
    async (look, { id, meta }) => look.hset(meta, id, ((await look.hget(meta, id)) ?? '').slice(0, -1)),
    async (look, { id, meta }) => look.hset(meta, id, bitTurned(await look.hgetBuffer(meta, id))),
    async (look, { id, meta }) => look.hset(meta, id, older(await look.hgetBuffer(meta, id))),
    async (look, { id, meta }, other) => look.hset(meta, id, (await look.hget(other.meta, other.id)) ?? ''),
    (look, { meta }) => look.multi().del(meta).set(meta, 'a string', 'EX', 60).exec(),
    (look, { meta }) => look.del(meta),
    (look, { body }) => look.set(body, '', 'EX', 60),
    (look, { body }) => look.set(body, randomBytes(300), 'EX', 60),
    async (look, { body }) => look.set(body, ((await look.get(body)) ?? '').slice(0, -1), 'EX', 60),
    async (look, { body }) => look.set(body, bitTurned(await look.getBuffer(body)), 'EX', 60),
    async (look, { body }) => look.set(body, older(await look.getBuffer(body)), 'EX', 60),
    async (look, { body }, other) => look.set(body, (await look.getBuffer(other.body)) ?? '', 'EX', 60),
    (look, { body }) => look.multi().del(body).sadd(body, 'a set').exec(),
    (look, { body }) => look.del(body),
  ];

  it('are misses each, and repaired by the next put each', async () => {
    const { redis, store, look } = await storeInRedis(settings());
    const all = Array.from({ length: 1000 }, (_, index) => sampleAt(`/${index}`));
    const textOf = (index: number) => `the body of ${index}: ${'x'.repeat(index % 300)}`;
    await Promise.all(all.map((each, index) => store.put(each, textBody(textOf(index)))));
    expect(await hits(store, all)).toEqual(all.map((_, index) => textOf(index)));
    const keys = await keysOf(look, redis.keyPrefix, all);
    // One after the other: each may take the values of the next before they are damaged.
    for (const [index, each] of keys.entries()) {
      await damages[index % damages.length]?.(look, each, keys[(index + 1) % keys.length] ?? each);
    }
    expect(await hits(store, all)).toEqual(all.map(() => null));
    await Promise.all(all.map((each, index) => store.put(each, textBody(textOf(index)))));
    expect(await hits(store, all)).toEqual(all.map((_, index) => textOf(index)));
    expect(store.health()).toMatchObject({ state: 'ok', message: null });
    await vi.waitFor(() => expect(store.stats().entries).toBe(1000), { timeout: 10_000 });
    expect(await store.clear()).toBe(1000);
  });

  async function keysOf(look: Redis, prefix: string, all: readonly StoredResponse[]): Promise<FamilyKeys[]> {
    const bodies = await look.keys(`${prefix}:v1:body:*`);
    const byId = new Map(bodies.map((body) => [body.split(':')[4] ?? '', body]));
    return all.map(({ id }) => {
      const body = byId.get(id) ?? '';
      return { id, body, meta: `${prefix}:v1:meta:${body.split(':')[3]}` };
    });
  }

  function hits(store: ResponseStore, all: readonly StoredResponse[]): Promise<(string | null)[]> {
    return Promise.all(
      all.map(async ({ key }) => {
        const [found] = await store.lookup(key);
        return found === undefined ? null : bodyText(await store.body(found));
      }),
    );
  }

  function bitTurned(value: Buffer | null): Buffer {
    const turned = Buffer.from(value ?? '');
    const middle = turned.byteLength >> 1;
    turned.writeUInt8(turned.readUInt8(middle) ^ 1, middle);
    return turned;
  }

  function older(value: Buffer | null): Buffer {
    return Buffer.concat([Buffer.from('larder2'), (value ?? Buffer.alloc(0)).subarray('larder2'.length)]);
  }
});

function replace(value: Buffer, from: string, to: string): Buffer {
  return Buffer.from(value.toString('latin1').replace(from, to), 'latin1');
}
