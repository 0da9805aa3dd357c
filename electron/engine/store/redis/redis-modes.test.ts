/** Ways to Redis: Sentinel, cluster, TLS and unix sockets, with a store at the end of each. */
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RedisSettings } from '../../../../shared/settings';
import type { RedisCluster } from './test/redis-cluster';
import { startRedisCluster } from './test/redis-cluster';
import type { RedisSentinelOptions } from './test/redis-sentinel';
import { startRedisSentinel } from './test/redis-sentinel';
import { startRedisServer } from './test/redis-server';
import { startTlsRedis } from './test/redis-tls';
import { RedisConnection } from './redis-connection';
import { redisTarget } from './redis-target';
import type { ResponseStore } from '../response-store';
import { sampleAt, textBody } from '../test/sample-response';
import {
  PASSWORD,
  RECOVERY,
  hit,
  ownServer,
  ready,
  retried,
  settings,
  storeFor,
  withRedisServer,
} from './test/redis-under-test';

withRedisServer();

const disposed = <T extends { dispose(): Promise<void> }>(started: T): T => {
  onTestFinished(() => started.dispose());
  return started;
};

const sentinel = async (options?: RedisSentinelOptions) => disposed(await startRedisSentinel(options));

/** For all tests of this file that leave it whole. */
let shared: RedisCluster | null = null;
const cluster = async () => (shared ??= await startRedisCluster());
afterAll(() => shared?.dispose());

describe('a redis behind sentinels', () => {
  it('is asked for under its name, and a failover moves the writes to the new master', async () => {
    const own = await sentinel();
    const store = await ready(storeFor(sentinelSettings(own)));
    await store.put(sampleAt('/a'), textBody('a'));
    expect(await retried(() => hit(store, '/a'))).toBe('a');
    await own.master.stop();
    await vi.waitFor(async () => expect(await own.masterPort()).toBe(own.replica.port), RECOVERY);
    await retried(() => written(store, '/b', 'b'));
    expect(await retried(() => hit(store, '/b'))).toBe('b');
  });

  it('becomes a replica while it is well: writes go to the new master', async () => {
    const own = await sentinel();
    const store = await ready(storeFor(sentinelSettings(own)));
    await written(store, '/a', 'a');
    await own.failover();
    await vi.waitFor(async () => expect(await own.masterPort()).toBe(own.replica.port), RECOVERY);
    await retried(() => written(store, '/b', 'b'));
    expect(await retried(() => hit(store, '/b'))).toBe('b');
  });

  it.each([
    ['of its own', undefined],
    ['that its sentinel wants too', PASSWORD],
  ])('wants a password %s', async (_, sentinelPassword) => {
    const own = await sentinel({
      password: PASSWORD,
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    });
    const store = await ready(storeFor(sentinelSettings(own), { password: PASSWORD }));
    await written(store, '/a', 'a');
    expect(await retried(() => hit(store, '/a'))).toBe('a');
  });

  it('is not known to them, or they are none: says so', async () => {
    const own = await sentinel();
    const unknown = storeFor({ ...sentinelSettings(own), masterName: 'another' });
    await vi.waitFor(
      () => expect(unknown.health().message).toContain('does not know a master of that name'),
      RECOVERY,
    );
    const none = storeFor({ ...sentinelSettings(own), nodes: [`127.0.0.1:${own.master.port}`] });
    await vi.waitFor(() => expect(none.health().message).toContain('is not a sentinel'), RECOVERY);
  });
});

describe('a redis cluster', () => {
  it('holds responses on all of its masters, each of which can be asked by name', async () => {
    const own = await cluster();
    const connection = await connected(settings({ mode: 'cluster', nodes: [...own.nodes] }));
    expect([...connection.nodes()].sort()).toEqual([...own.nodes].sort());
    const keys = Array.from({ length: 60 }, (_, index) => `${index}`);
    await connection.run((redis) => Promise.all(keys.map((key) => redis.set(key, key))));
    const found = await Promise.all(
      connection.nodes().map((node) => connection.run((redis) => redis.keys('*'), { node })),
    );
    expect(found.every((some) => some.length > 0)).toBe(true);
    expect(found.flat().sort()).toEqual([...keys].sort());
    const clients = connection.dedicated();
    await Promise.all(clients.map((redis) => redis.connect()));
    expect(await Promise.all(clients.map((redis) => redis.keys('*')))).toEqual(found);
    for (const client of clients) client.disconnect();
  });

  it('is none, or is taken for a single redis: says so', async () => {
    const single = await ownServer();
    const none = storeFor(settings({ mode: 'cluster', port: single.port }));
    await vi.waitFor(() => expect(none.health().message).toContain('is not part of a cluster'), RECOVERY);
    const own = await cluster();
    const [node] = own.servers;
    const store = storeFor(settings({ port: node?.port ?? 0 }));
    await vi.waitFor(async () => {
      await written(store, '/a', 'a').catch(() => undefined);
      expect(store.health().message).toContain('choose the mode cluster');
    }, RECOVERY);
  });

  it('wants a password', async () => {
    const own = disposed(await startRedisCluster(['--requirepass', PASSWORD]));
    const wrong = storeFor(settings({ mode: 'cluster', nodes: [...own.nodes] }), { password: 'wr0ng' });
    await vi.waitFor(() => expect(wrong.health().message).toContain('refused the user name'), RECOVERY);
    const [node = ''] = own.nodes;
    await connected(settings({ mode: 'cluster', nodes: [node] }), PASSWORD);
  });

  it('loses a master: degraded as a whole, and back when the master is', async () => {
    const own = await cluster();
    const connection = await connected(
      settings({ mode: 'cluster', nodes: [...own.nodes], commandTimeoutMs: 200 }),
    );
    const [, lost] = own.servers;
    await lost?.stop();
    await expect
      .poll(
        () =>
          connection
            .run((redis) => redis.get('a'))
            .then(
              () => connection.health.isOk,
              () => connection.health.isOk,
            ),
        RECOVERY,
      )
      .toBe(false);
    await lost?.start();
    await vi.waitFor(() => expect(connection.health.isOk).toBe(true), RECOVERY);
    const keys = Array.from({ length: 20 }, (_, index) => `${index}`);
    await retried(() => connection.run((redis) => Promise.all(keys.map((key) => redis.set(key, key)))));
  });

  // The last one: the cluster is not as it was afterwards.
  it('moves all slots of a master: who listens is told of the masters that are left', async () => {
    const own = await cluster();
    const connection = await connected(settings({ mode: 'cluster', nodes: [...own.nodes] }));
    const told: (readonly string[])[] = [];
    connection.onNodes(() => told.push(connection.nodes()));
    // Slots can only be moved like this while no keys are in them.
    await connection.run((redis) => redis.flushall(), { node: own.nodes[0] ?? '' });
    await own.moveSlots(0, 1);
    await vi.waitFor(async () => {
      // `b` lies in a slot that moved.
      await connection.run((redis) => redis.set('b', 'b')).catch(() => null);
      expect([...(told.at(-1) ?? [])].sort()).toEqual(own.nodes.slice(1).sort());
    }, RECOVERY);
  });
});

describe('a redis with TLS', () => {
  it('is reached where its certificate is accepted, and otherwise says which setting accepts it', async () => {
    const own = disposed(await startTlsRedis(['--requirepass', PASSWORD]));
    const secure = settings({ port: own.port, tls: true });
    const store = await ready(storeFor({ ...secure, acceptSelfSigned: true }, { password: PASSWORD }));
    await written(store, '/a', 'a');
    expect(await retried(() => hit(store, '/a'))).toBe('a');
    const refused = storeFor(secure, { password: PASSWORD });
    await vi.waitFor(() => expect(refused.health().message).toContain('redis.acceptSelfSigned'), RECOVERY);
    const plain = storeFor(settings({ port: own.port }), { password: PASSWORD });
    await vi.waitFor(() => expect(plain.health().message).toContain('wants TLS'), RECOVERY);
  });

  it('has none: says so', async () => {
    const own = await ownServer();
    const store = storeFor(settings({ url: `rediss://127.0.0.1:${own.port}`, connectTimeoutMs: 500 }));
    await vi.waitFor(() => expect(store.health().message).toContain('does not speak TLS'), RECOVERY);
  });
});

describe('a redis behind a unix socket', () => {
  it('is reached by its path, with user, password and database', async () => {
    const own = disposed(
      await startRedisServer((_, folder) => [
        '--unixsocket',
        join(folder, 'redis.sock'),
        '--requirepass',
        PASSWORD,
      ]),
    );
    const path = join(own.folder, 'redis.sock');
    const store = await ready(
      storeFor(settings({ url: `unix://default:${encodeURIComponent(PASSWORD)}@${path}?db=3` })),
    );
    await written(store, '/a', 'a');
    expect(await retried(() => hit(store, '/a'))).toBe('a');
    const gone = storeFor(settings({ url: `unix:${path}.none` }));
    await vi.waitFor(
      () => expect(gone.health().message).toContain(`${path}.none cannot be found: there is no such socket`),
      RECOVERY,
    );
  });
});

function sentinelSettings({
  nodes,
  masterName,
}: {
  readonly nodes: readonly string[];
  readonly masterName: string;
}): RedisSettings {
  return settings({ mode: 'sentinel', nodes: [...nodes], masterName });
}

async function written(store: ResponseStore, path: string, body: string): Promise<void> {
  expect(await store.put(sampleAt(path), textBody(body))).toBe(true);
}

async function connected(redis: RedisSettings, password: string | null = null): Promise<RedisConnection> {
  const connection = new RedisConnection({
    target: redisTarget(redis, password),
    settings: redis,
    now: () => 0,
    onBack: () => Promise.resolve(),
  });
  onTestFinished(() => connection.close());
  await vi.waitFor(() => expect(connection.health.current).toMatchObject({ state: 'ok' }), RECOVERY);
  return connection;
}
