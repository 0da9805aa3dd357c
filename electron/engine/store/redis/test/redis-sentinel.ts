/** A master, its replica and a sentinel that watches them, for tests: real processes on ports of their own. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisServer } from './redis-server';
import { freePort, serverOf, startRedisServer } from './redis-server';

export interface RedisSentinel {
  readonly masterName: string;
  /** For the setting `nodes`. */
  readonly nodes: readonly string[];
  /** As at the start; after a failover `replica` is the master. */
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly sentinel: RedisServer;
  /** Port of whom the sentinel calls master. */
  masterPort(): Promise<number>;
  /** Asks for a failover although the master is well; it is a replica afterwards. */
  failover(): Promise<void>;
  dispose(): Promise<void>;
}

export interface RedisSentinelOptions {
  /** Of the servers; the sentinel wants it only where `sentinelPassword` is set. */
  readonly password?: string;
  readonly sentinelPassword?: string;
}

const MASTER_NAME = 'the-master';
/** A master that does not answer for so long is down. */
const DOWN_AFTER_MS = 500;
const WAIT_MS = 10_000;

/** Started; the sentinel knows the replica, and could fail over at once. */
export async function startRedisSentinel(options: RedisSentinelOptions = {}): Promise<RedisSentinel> {
  const { password, sentinelPassword } = options;
  const auth = password === undefined ? [] : ['--requirepass', password, '--masterauth', password];
  const args = [...auth, '--repl-diskless-sync-delay', '0'];
  const master = await startRedisServer(args);
  const replica = await startRedisServer([...args, '--replicaof', '127.0.0.1', String(master.port)]);
  const sentinel = await prepareSentinel(master, options);
  const ask = async <T>(port: number, secret: string | undefined, send: (redis: Redis) => Promise<T>) => {
    const redis = new Redis({
      port,
      host: '127.0.0.1',
      ...(secret === undefined ? {} : { password: secret }),
    });
    redis.on('error', () => undefined);
    try {
      return await send(redis);
    } finally {
      redis.disconnect();
    }
  };
  await ask(replica.port, password, (redis) =>
    until(async () => (await redis.info('replication')).includes('master_link_status:up')),
  );
  await sentinel.start();
  await ask(sentinel.port, sentinelPassword, (redis) =>
    until(async () => {
      const state = String(await redis.call('SENTINEL', 'MASTER', MASTER_NAME));
      return state.includes('num-slaves,1');
    }),
  );
  return {
    masterName: MASTER_NAME,
    nodes: [`127.0.0.1:${sentinel.port}`],
    master,
    replica,
    sentinel,
    masterPort: () =>
      ask(sentinel.port, sentinelPassword, async (redis) => {
        const found = await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME);
        return Number(Array.isArray(found) ? found[1] : 0);
      }),
    failover: () =>
      // Refused until it has heard how far the replica is.
      ask(sentinel.port, sentinelPassword, (redis) =>
        until(async () => (await redis.call('SENTINEL', 'FAILOVER', MASTER_NAME)) === 'OK'),
      ),
    dispose: async () => {
      await Promise.all([sentinel, replica, master].map((server) => server.dispose()));
    },
  };
}

async function prepareSentinel(
  master: RedisServer,
  { password, sentinelPassword }: RedisSentinelOptions,
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'larder-sentinel-'));
  const port = await freePort();
  const config = join(folder, 'sentinel.conf');
  await writeFile(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${MASTER_NAME} 3000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${MASTER_NAME} ${password}`]),
      ...(sentinelPassword === undefined ? [] : [`requirepass ${sentinelPassword}`]),
    ].join('\n'),
  );
  return serverOf([config, '--sentinel'], port, folder, '+monitor master');
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > end) throw new Error('Redis and its sentinel do not find each other');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
