/** A Redis cluster of three masters for tests: real processes on ports of their own. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import type { RedisServer } from './redis-server';
import { freePort, prepareRedisServer } from './redis-server';

export interface RedisCluster {
  /** For the setting `nodes`. */
  readonly nodes: readonly string[];
  /** In the order of their slots. */
  readonly servers: readonly RedisServer[];
  /** All slots of one node go to another; they must hold no keys. */
  moveSlots(from: number, to: number): Promise<void>;
  dispose(): Promise<void>;
}

const MASTERS = 3;
const SLOTS = 16_384;
/** The nodes talk to each other on the port so much above that for clients. */
const BUS_OFFSET = 10_000;
const WAIT_MS = 20_000;

/** Started; every node knows where all slots are. `args`: more options of each node. */
export async function startRedisCluster(args: readonly string[] = []): Promise<RedisCluster> {
  const cluster = '--cluster-enabled yes --cluster-config-file nodes.conf --cluster-node-timeout 2000';
  const options = [...cluster.split(' '), ...args];
  const servers: RedisServer[] = [];
  const dispose = async () => {
    await Promise.all(servers.map((server) => server.dispose()));
  };
  const password = passwordIn(args);
  try {
    for (let index = 0; index < MASTERS; index += 1) {
      const server = await prepareRedisServer(options, freePortWithBus);
      servers.push(server);
      await server.start();
    }
    await withClients(servers, password, join);
  } catch (error) {
    await dispose();
    throw error;
  }
  const moveSlots = (from: number, to: number) =>
    withClients(servers, password, async (clients) => {
      const id = await clients[to]?.call('CLUSTER', 'MYID');
      for (const redis of clients) {
        const moves = slotsOf(from).map((slot) => ['call', 'CLUSTER', 'SETSLOT', slot, 'NODE', String(id)]);
        await redis.pipeline(moves).exec();
      }
    });
  return { nodes: servers.map(({ port }) => `127.0.0.1:${port}`), servers, moveSlots, dispose };
}

async function withClients(
  servers: readonly RedisServer[],
  password: string | null,
  use: (clients: readonly Redis[]) => Promise<void>,
): Promise<void> {
  const login = password === null ? {} : { password };
  const clients = servers.map(({ port }) => new Redis({ host: '127.0.0.1', port, ...login }));
  try {
    await use(clients);
  } finally {
    for (const redis of clients) redis.disconnect();
  }
}

async function join(clients: readonly Redis[]): Promise<void> {
  const [first] = clients;
  await Promise.all(
    clients.map(async (redis, index) => {
      // ADDSLOTSRANGE is only known from Redis 7 on.
      await redis.call('CLUSTER', 'ADDSLOTS', ...slotsOf(index));
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      const port = first?.options.port;
      if (index > 0) await redis.call('CLUSTER', 'MEET', '127.0.0.1', String(port));
    }),
  );
  await Promise.all(clients.map((redis) => untilComplete(redis)));
}

function slotsOf(index: number): string[] {
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
  return slots.filter((slot) => Math.floor((slot * MASTERS) / SLOTS) === index).map(String);
}

async function untilComplete(redis: Redis): Promise<void> {
  const end = performance.now() + WAIT_MS;
  for (;;) {
    const info = await redis.cluster('INFO');
    const ranges: unknown = await redis.cluster('SLOTS');
    const isWhole = Array.isArray(ranges) && ranges.length === MASTERS;
    if (isWhole && info.includes('cluster_state:ok')) return;
    if (performance.now() > end) throw new Error(`the cluster does not come about:\n${info}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** For a node of a cluster: the port that its bus takes is free as well. */
export async function freePortWithBus(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port + BUS_OFFSET < 65_536 && (await isFree(port + BUS_OFFSET))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, '127.0.0.1');
  if (!(await listening)) return false;
  server.close();
  await once(server, 'close');
  return true;
}

function passwordIn(args: readonly string[]): string | null {
  const at = args.indexOf('--requirepass');
  return at < 0 ? null : (args[at + 1] ?? null);
}
