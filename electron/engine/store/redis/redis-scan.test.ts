import type { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RedisSettings } from '../../../../shared/settings';
import type { RedisCluster } from './test/redis-cluster';
import { startRedisCluster } from './test/redis-cluster';
import type { RunRedis } from './redis-connection';
import { RedisConnection } from './redis-connection';
import { createLayout } from './redis-layout';
import { RedisResponses } from './redis-responses';
import { RedisScan } from './redis-scan';
import { redisTarget } from './redis-target';
import type { ResponseStore } from '../response-store';
import {
  RECOVERY,
  lookInto,
  ownServer,
  ready,
  settings as anySettings,
  storeFor,
  storeInRedis,
  withRedisServer,
} from './test/redis-under-test';
import { SAMPLE_TIME, sampleAt, textBody } from '../test/sample-response';

withRedisServer();

/** Whatever is asked for comes from Redis. */
function settings(overrides: Partial<RedisSettings> = {}): RedisSettings {
  return anySettings({ nearCacheBytes: 0, ...overrides });
}

describe('a list', () => {
  it('reads no body to list', async () => {
    const store = await ready(storeFor(settings()));
    for (let index = 0; index < 10; index += 1) await store.put(sampleAt(`/${index}`), textBody('x'));
    const seen: string[] = [];
    const monitor = await lookInto().monitor();
    onTestFinished(() => monitor.disconnect());
    monitor.on('monitor', (_time: string, args: string[]) => seen.push(args.join(' ')));
    await store.list({});
    await store.put(sampleAt('/last'), textBody('x'));
    await vi.waitFor(() => expect(seen.some((command) => command.includes('body:'))).toBe(true), RECOVERY);
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

  it('shows each variant once, however few there are on a page', async () => {
    const store = await ready(storeFor(settings()));
    const variants = Array.from({ length: 50 }, (_, index) =>
      sampleAt('/a', { vary: [['a', String(index)]] }),
    );
    await Promise.all(variants.map((each) => store.put(each, textBody(''))));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await store.list({ limit: 7, ...(cursor === null ? {} : { cursor }) });
      for (const { id } of page.entries) seen.push(id);
      ({ cursor } = page);
    } while (cursor !== null);
    expect(seen.sort()).toEqual(variants.map(({ id }) => id).sort());
  });

  it('does not show a variant that its family has outlived', async () => {
    let now = SAMPLE_TIME;
    const store = await ready(storeFor(settings(), { now: () => now }));
    await store.put(sampleAt('/a', { lifetimeSeconds: 86_400 }), textBody('long'));
    await store.put(sampleAt('/a', { lifetimeSeconds: 60, vary: [['a', 'b']] }), textBody('short'));
    now += 2 * 3_600_000;
    expect((await store.list({})).entries).toHaveLength(1);
  });
});

describe('deleting by pattern', () => {
  it('removes all that match and nothing else, also where one URL has many variants', async () => {
    const { redis, store } = await storeInRedis(settings());
    const put = (path: string, vary: string) =>
      store.put(sampleAt(path, { vary: [['a', vary]] }), textBody('x'));
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => [
        put('/gone', String(index)),
        put(`/stays/${index}`, ''),
      ]).flat(),
    );
    expect(await store.deleteMatching('/gone')).toBe(200);
    expect((await store.list({ limit: 1000 })).entries).toHaveLength(200);
    const kinds = (await lookInto().keys(`${redis.keyPrefix}:v1:*`)).map((key) => key.split(':')[2] ?? '');
    expect(kinds.filter((kind) => kind === 'body')).toHaveLength(200);
    expect(kinds.filter((kind) => kind === 'id')).toHaveLength(200);
  });
});

describe('the count', () => {
  it('agrees with a recount of what lies in redis, also after replacing, freshening and removing', async () => {
    const { redis, store } = await storeInRedis(settings());
    const sizes = Array.from({ length: 40 }, (_, index) => index * 100);
    for (const [index, size] of sizes.entries())
      await store.put(sampleAt(`/${index}`), Buffer.alloc(size, '{"n": 1}'));
    for (let index = 0; index < 10; index += 1) await store.put(sampleAt(`/${index}`), textBody('replaced'));
    for (let index = 10; index < 20; index += 1)
      await store.freshen(sampleAt(`/${index}`, { fields: ['ETag', '"1"', 'X-More', 'y'.repeat(index)] }));
    await store.invalidate([sampleAt('/30').key, sampleAt('/31').key]);
    await store.delete([sampleAt('/32').id]);
    const bodyBytes = 80 + sizes.slice(10).reduce((sum, each) => sum + each, 0) - 3000 - 3100 - 3200;
    const recounted = await recount(lookInto(), redis.keyPrefix);
    await vi.waitFor(() => expect(store.stats()).toMatchObject({ ...recounted, bodyBytes }), RECOVERY);
  });

  async function recount(look: Redis, prefix: string) {
    let [bytes, storedBodyBytes, entries] = [0, 0, 0];
    for (const key of await look.keys(`${prefix}:v1:body:*`)) {
      const value = (await look.getBuffer(key)) ?? Buffer.alloc(0);
      storedBodyBytes += value.byteLength - value.indexOf('\n') - 1;
      bytes += value.byteLength;
    }
    for (const key of await look.keys(`${prefix}:v1:meta:*`)) {
      for (const value of Object.values(await look.hgetallBuffer(key))) {
        bytes += value.byteLength;
        entries += 1;
      }
    }
    return { bytes, storedBodyBytes, entries };
  }
});

describe('a cluster', () => {
  it('is listed, searched, counted and cleared on every node, and nothing else on them is touched', async () => {
    const own = await cluster();
    const store = await clusterStore(own);
    await Promise.all(
      Array.from({ length: 300 }, (_, index) => store.put(sampleAt(`/${index}`), textBody('x'))),
    );
    const looks = own.servers.map(({ port }) => lookInto(port));
    const held = await Promise.all(looks.map(async (look) => (await look.keys('*:v1:id:*')).length));
    expect(held.every((count) => count > 0)).toBe(true);
    const foreign = (await Promise.all(looks.map((look) => foreignKey(look)))).flat();
    const urls = new Set<string>();
    const marks = new Set<string>();
    let page = await store.list({ limit: 10 });
    for (; page.cursor !== null; page = await store.list({ limit: 10, cursor: page.cursor })) {
      for (const { url } of page.entries) urls.add(url);
      marks.add(page.cursor.split('.')[0] ?? '');
    }
    for (const { url } of page.entries) urls.add(url);
    expect(urls.size).toBe(300);
    expect(marks.size).toBe(3);
    expect((await store.list({ q: '/29', limit: 1000 })).entries).toHaveLength(11);
    await vi.waitFor(() => expect(store.stats()).toMatchObject({ entries: 300, bodyBytes: 300 }), RECOVERY);
    expect(await store.deleteMatching('/1??')).toBe(100);
    expect(await store.clear()).toBe(200);
    const left = (await Promise.all(looks.map((look) => look.keys('*')))).flat();
    expect(left.filter((key) => !key.endsWith(':v1:secret')).sort()).toEqual(foreign.sort());
  });

  it('is listed on although nodes come and go meanwhile', async () => {
    const own = await cluster();
    const { redis, store } = await storeInRedis(settings({ mode: 'cluster', nodes: [...own.nodes] }));
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => store.put(sampleAt(`/${index}`), textBody('x'))),
    );
    const connection = new RedisConnection({
      target: redisTarget(redis, null),
      settings: redis,
      now: () => SAMPLE_TIME,
      onBack: async () => undefined,
    });
    onTestFinished(() => connection.close());
    await vi.waitFor(() => expect(connection.health.isOk).toBe(true), RECOVERY);
    const layout = createLayout(redis.keyPrefix);
    const responses = new RedisResponses({
      run: connection.run,
      layout,
      isCluster: false,
      now: () => SAMPLE_TIME,
    });
    const real = connection.nodes();
    let isThere = true;
    const leaving: RunRedis = (send, how) => {
      if (how?.node === 'leaving:1') isThere = false;
      return connection.run(send, how);
    };
    const nodes = () => (isThere ? [...real, 'leaving:1'] : real);
    const scan = new RedisScan(leaving, layout, responses, nodes);
    expect((await scan.page({ limit: 1000 }, () => 0)).entries).toHaveLength(60);
    expect(isThere).toBe(false);
    for (const gone of real) {
      const { cursor } = await scan.page({ limit: 1 }, () => 0);
      const others = real.filter((node) => node !== gone);
      const smaller = new RedisScan(connection.run, layout, responses, () => others);
      const rest = await smaller.page({ limit: 1000, cursor: cursor ?? '' }, () => 0);
      expect(rest.cursor).toBeNull();
    }
    const late = new Set(real.slice(0, 1));
    const coming = new RedisScan(connection.run, layout, responses, () => {
      const known = [...late];
      for (const node of real) late.add(node);
      return known;
    });
    expect((await coming.count()).entries).toBe(60);
  });

  async function cluster(): Promise<RedisCluster> {
    const own = await startRedisCluster();
    onTestFinished(() => own.dispose());
    return own;
  }

  function clusterStore(own: RedisCluster): Promise<ResponseStore> {
    return ready(storeFor(settings({ mode: 'cluster', nodes: [...own.nodes] })));
  }

  /** On this node, whichever slots it has. */
  async function foreignKey(look: Redis): Promise<string[]> {
    for (let index = 0; ; index += 1) {
      const key = `theirs:${index}`;
      const reply = await look.set(key, 'x').catch(() => null);
      if (reply === 'OK') return [key];
    }
  }
});
