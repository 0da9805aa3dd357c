/** The stores' contract on a real Redis: with a pool and with one connection, near cache off and on, and on a cluster. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import type { RedisSettings } from '../../../../shared/settings';
import type { StoredResponse } from '../../semantics/stored-response';
import { startRedisCluster, type RedisCluster } from './test/redis-cluster';
import { redisServerMissing } from './test/redis-server';
import { createLayout } from './redis-layout';
import { createRedisStore, type RedisStore } from './redis-store';
import type { ResponseStore } from '../response-store';
import { near } from './test/near-under-test';
import { ready, server, settings, withRedisServer } from './test/redis-under-test';
import { SAMPLE_TIME } from '../test/sample-response';
import { describeStoreContract } from '../test/store-contract';

const NEAR_BYTES = 64 * 1024 * 1024;
let redis: RedisSettings;

function storeOn(chosen: RedisSettings): RedisStore {
  redis = chosen;
  return createRedisStore({ redis, password: null, now: () => SAMPLE_TIME, compressionLevel: 6 });
}

/** Redis evicts or lets expire: whole families, by name. */
async function forgetOn(port: number, { key }: StoredResponse): Promise<void> {
  const client = new Redis({ port, host: '127.0.0.1' });
  const layout = createLayout(redis.keyPrefix);
  await client.pexpire(layout.metadataKey(layout.family(key)), 0).catch(() => 0);
  client.disconnect();
}

const forget = (_store: ResponseStore, stored: StoredResponse): Promise<void> =>
  forgetOn(server.port, stored);

describe('on one server', () => {
  withRedisServer();

  for (const poolSize of [4, 1]) {
    const create = (): Promise<ResponseStore> => ready(storeOn(settings({ poolSize, nearCacheBytes: 0 })));
    describeStoreContract(`Redis with ${poolSize} connections`, create, forget);
  }
  describeStoreContract(
    'Redis with a near cache',
    () => near(storeOn(settings({ nearCacheBytes: NEAR_BYTES }))),
    forget,
  );
});

const missing = redisServerMissing();

describe.skipIf(missing !== null)('on a cluster', () => {
  let cluster: RedisCluster;
  let lastPrefix = 0;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 60_000);
  afterAll(() => cluster.dispose());

  const create = (nearCacheBytes: number) => (): Promise<ResponseStore> =>
    ready(
      storeOn({
        ...settings({ nearCacheBytes, keyPrefix: `cluster-${(lastPrefix += 1)}` }),
        mode: 'cluster',
        nodes: [...cluster.nodes],
      }),
    );
  const forgetOnAll = async (_store: ResponseStore, stored: StoredResponse): Promise<void> => {
    for (const { port } of cluster.servers) await forgetOn(port, stored);
  };
  describeStoreContract('Redis cluster', create(0), forgetOnAll);
  describeStoreContract('Redis cluster with a near cache', create(NEAR_BYTES), forgetOnAll);
});
