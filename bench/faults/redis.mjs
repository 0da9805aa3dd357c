// The Redis servers of a fault: one behind a relay, or a group under Sentinel; each with a password that must not leak.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, serverOf, startRedisServer } from '../../electron/engine/store/redis/test/redis-server.ts';
import { startTcpRelay } from '../../electron/engine/test/tcp-relay.ts';

export const PASSWORD = 'c4nary-p%ss:w@rd';
export const MASTER_NAME = 'mymaster';
const SENTINELS = 3;
/** How long Sentinel waits for a master before it counts as gone. */
const DOWN_AFTER_MS = 1000;
const PATIENCE_MS = 30_000;

/** @typedef {import('../../electron/engine/store/redis/test/redis-server.ts').RedisServer} RedisServer */
/** @typedef {import('../../electron/engine/test/tcp-relay.ts').TcpRelay} TcpRelay */
/** What is opened is closed in turn, the last first.
 *  @typedef {{ add: (close: () => Promise<void> | void) => void }} Opened */

/** A server, a relay before it, and a connection of the bench's own past the relay.
 *  @typedef {{ server: RedisServer, relay: TcpRelay, look: Redis }} LoneRedis */

/** @param {Opened} opened
 *  @returns {Promise<LoneRedis>} */
export async function startLoneRedis(opened) {
  const server = await startRedisServer(['--requirepass', PASSWORD]);
  opened.add(server.dispose);
  const relay = await startTcpRelay(server.port);
  opened.add(relay.close);
  return { server, relay, look: lookInto(server.port, opened) };
}

/** @param {number} port
 *  @param {Opened} opened
 *  @param {string | null} [password] */
function lookInto(port, opened, password = PASSWORD) {
  const redis = new Redis({ port, host: '127.0.0.1', ...(password === null ? {} : { password }) });
  redis.on('error', () => undefined);
  opened.add(() => redis.disconnect());
  return redis;
}

/** @typedef {{ nodes: string[], ports: number[], master: () => Promise<number>, killMaster: () => Promise<RedisServer> }} SentinelGroup
 *  `master`: the port of the server that Sentinel names and that takes writes. */

/** One master, two replicas, three sentinels; the replicas are known to all sentinels when this resolves.
 *  @param {Opened} opened
 *  @returns {Promise<SentinelGroup>} */
export async function startSentinelGroup(opened) {
  const login = ['--requirepass', PASSWORD, '--masterauth', PASSWORD];
  const first = await startRedisServer(login);
  opened.add(first.dispose);
  const servers = [first];
  for (let replica = 0; replica < 2; replica += 1) {
    const server = await startRedisServer([...login, '--replicaof', '127.0.0.1', String(first.port)]);
    opened.add(server.dispose);
    servers.push(server);
  }
  const sentinels = [];
  for (let number = 0; number < SENTINELS; number += 1)
    sentinels.push(await startSentinel(first.port, opened));
  const looks = sentinels.map((port) => lookInto(port, opened, null));
  await until(async () => {
    const known = await Promise.all(looks.map((look) => knownTo(look)));
    return known.every(({ replicas, others }) => replicas === 2 && others === SENTINELS - 1);
  });
  const master = async () => {
    const address = await looks[0]?.call('SENTINEL', 'get-master-addr-by-name', MASTER_NAME);
    return Array.isArray(address) ? Number(address[1]) : 0;
  };
  return {
    nodes: sentinels.map((port) => `127.0.0.1:${port}`),
    ports: [...servers.map(({ port }) => port), ...sentinels],
    master: async () => {
      const port = await master();
      return (await isMaster(port)) ? port : 0;
    },
    killMaster: async () => {
      const port = await master();
      const server = servers.find((one) => one.port === port);
      if (server === undefined) throw new Error(`no server of ours listens on ${port}`);
      await server.stop();
      return server;
    },
  };
}

/** False where nothing answers.
 *  @param {number} port */
async function isMaster(port) {
  const options = { maxRetriesPerRequest: 0, retryStrategy: () => null };
  const redis = new Redis({ port, host: '127.0.0.1', password: PASSWORD, ...options });
  redis.on('error', () => undefined);
  try {
    const role = await redis.call('ROLE');
    return Array.isArray(role) && role[0] === 'master';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

/** @param {Redis} sentinel */
async function knownTo(sentinel) {
  const flat = /** @type {string[]} */ (await sentinel.call('SENTINEL', 'MASTER', MASTER_NAME));
  const value = (/** @type {string} */ name) => Number(flat[flat.indexOf(name) + 1]);
  return { replicas: value('num-slaves'), others: value('num-other-sentinels') };
}

/** @param {number} masterPort
 *  @param {Opened} opened
 *  @returns {Promise<number>} its port */
async function startSentinel(masterPort, opened) {
  const folder = await mkdtemp(join(tmpdir(), 'larder-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel auth-pass ${MASTER_NAME} ${PASSWORD}`,
    `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER_NAME} 5000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const sentinel = serverOf([file, '--sentinel'], port, folder, 'Sentinel ID is');
  opened.add(sentinel.dispose);
  await sentinel.start();
  return port;
}

/** @param {() => Promise<boolean>} condition */
export async function until(condition) {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${condition}`);
    await pause(20);
  }
}
