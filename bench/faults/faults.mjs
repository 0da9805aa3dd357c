// The faults R01 to R09: what stands behind Larder, what happens to it and how it is mended.
// Each opens its world before Larder starts; `begin` and `end` come after a third and after two thirds of the load.
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { DAMAGES, damageEach } from '../../electron/engine/store/redis/test/damage-redis.ts';
import { targetOf } from './answers.mjs';
import { ask } from './client.mjs';
import { countedCommands, plantForeignKeys, slowestMs, unchanged } from './foreign-keys.mjs';
import { MASTER_NAME, PASSWORD, startLoneRedis, startSentinelGroup, until } from './redis.mjs';

const ROTATED_PASSWORD = 'r0tated-c4nary';
const SLOW_MS = 50;
const DAMAGED = 1000;
const AT_ONCE = 8;
const CLEARS = 5;
/** Where connections are refused. */
const NOWHERE = 1;

/** Every secret that must not be seen. */
export const SECRETS = [PASSWORD, ROTATED_PASSWORD];

/** @typedef {import('./figures.mjs').Limits} Limits */
/** `repairedAt`, by performance.now(), where the repair is not the end of the fault. `facts`: what there is to tell,
 *  and whether it is as it must be; null: only told.
 *  @typedef {{ repairedAt?: number, facts?: [what: string, passed: boolean | null][] }} Effect */
/** `ports`: where Larder's connections to Redis lead. `before`: comes before the load.
 *  @typedef {{
 *    env: Record<string, string>,
 *    project?: object,
 *    ports: number[],
 *    before?: (larder: import('./larder.mjs').Larder) => Promise<void>,
 *    begin: (larder: import('./larder.mjs').Larder) => Promise<Effect | void>,
 *    end: () => Promise<Effect | void>,
 *  }} World */
/** @typedef {{ id: string, name: string, limits: Limits, open: (opened: import('./redis.mjs').Opened) => Promise<World> }} Fault */

/** @param {number} port */
const environment = (port) => ({ REDIS_URL: `redis://127.0.0.1:${port}`, REDIS_PASSWORD: PASSWORD });

/** A fault of one Redis. `relayed`: Larder reaches it through the relay.
 *  @param {(redis: import('./redis.mjs').LoneRedis) => Pick<World, 'begin' | 'end'> & Partial<World>} how
 *  @param {{ relayed?: boolean }} [where]
 *  @returns {Fault['open']} */
const ofLoneRedis =
  (how, { relayed = false } = {}) =>
  async (opened) => {
    const redis = await startLoneRedis(opened);
    const { port } = relayed ? redis.relay : redis.server;
    return { env: environment(port), ports: [port], ...how(redis) };
  };

/** @type {Fault['open']} */
const killed = ofLoneRedis(({ server }) => ({ begin: server.stop, end: server.start }));

const stopped = ofLoneRedis(({ server }) => ({
  begin: async () => server.pause(),
  end: async () => server.resume(),
}));

const slow = ofLoneRedis(
  ({ relay }) => ({
    begin: async () => relay.delayReplies(SLOW_MS),
    end: async () => relay.delayReplies(0),
  }),
  { relayed: true },
);

const full = ofLoneRedis(({ look }) => ({
  begin: async () => {
    await look.config('SET', 'maxmemory-policy', 'noeviction');
    await look.config('SET', 'maxmemory', '1mb');
  },
  end: async () => void (await look.config('SET', 'maxmemory', '0')),
}));

/** The bench's own connection is already logged in, and stays so. */
const rotated = ofLoneRedis(({ look }) => {
  const rotate = async (/** @type {string} */ password) => {
    await look.config('SET', 'requirepass', password);
    for (const type of ['normal', 'pubsub']) await look.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
  };
  return { begin: () => rotate(ROTATED_PASSWORD), end: () => rotate(PASSWORD) };
});

/** As a master that was demoted: it keeps what it has and refuses writes. */
const readOnly = ofLoneRedis(({ look }) => ({
  begin: async () => void (await look.replicaof('127.0.0.1', NOWHERE)),
  end: async () => void (await look.replicaof('NO', 'ONE')),
}));

/** The master is killed; mended it is when another has been promoted. The old one comes back as a replica.
 *  @type {Fault['open']} */
const failover = async (opened) => {
  const group = await startSentinelGroup(opened);
  /** @type {import('./redis.mjs').RedisServer | null} */
  let old = null;
  return {
    env: { REDIS_PASSWORD: PASSWORD },
    project: {
      store: 'redis',
      redis: { mode: 'sentinel', nodes: group.nodes, masterName: MASTER_NAME },
    },
    ports: group.ports,
    begin: async () => {
      const killedAt = performance.now();
      const gone = (old = await group.killMaster());
      await until(async () => ![0, gone.port].includes(await group.master()));
      const repairedAt = performance.now();
      const seconds = ((repairedAt - killedAt) / 1000).toFixed(1);
      return { repairedAt, facts: [[`Sentinel promoted another master ${seconds} s after the kill`, null]] };
    },
    end: async () => old?.start(),
  };
};

const dropped = ofLoneRedis(
  ({ relay }) => ({ begin: async () => relay.hold(), end: async () => relay.release() }),
  { relayed: true },
);

const damaged = ofLoneRedis(({ look }) => {
  const targets = Array.from({ length: DAMAGED }, (_, number) => targetOf('damaged', number));
  /** @type {string} */
  let url = '';
  const askAll = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    const answers = await Promise.all(targets.map((target) => ask(url, target, agent)));
    agent.destroy();
    const failures = answers.flatMap(({ failure }) => failure ?? []);
    if (failures.length > 0) throw new Error(`${failures.length} failures, first: ${failures[0]}`);
    return answers.filter(({ hit }) => hit).length;
  };
  return {
    // The near cache would hide what lies in Redis.
    project: { redis: { nearCacheBytes: 0 } },
    before: async (larder) => {
      ({ url } = larder);
      await askAll();
      await until(async () => (await askAll()) === DAMAGED);
    },
    begin: async () => {
      await damageEach(look, 'larder');
      const hits = await askAll();
      await pause(1000);
      const repaired = await askAll();
      return {
        facts: [
          [
            `${DAMAGED - hits} of ${DAMAGED} damaged values (${DAMAGES.length} kinds) were misses`,
            hits === 0,
          ],
          [`${repaired} of ${DAMAGED} are hits again`, repaired === DAMAGED],
        ],
      };
    },
    end: async () => undefined,
  };
});

const clearing = ofLoneRedis(({ look }) => {
  /** @type {Awaited<ReturnType<typeof plantForeignKeys>>} */
  let foreign = new Map();
  return {
    before: async () => {
      foreign = await plantForeignKeys(look);
    },
    begin: async (larder) => {
      await look.config('RESETSTAT');
      await look.config('SET', 'slowlog-log-slower-than', '1000');
      await look.slowlog('RESET');
      for (let times = 0; times < CLEARS; times += 1) {
        await larder.post('/cache/clear');
        await pause(500);
      }
      const slowest = await slowestMs(look);
      const commands = await countedCommands(look);
      const banned = ['keys', 'flushdb', 'flushall'].filter((name) => commands.has(name));
      const same = await unchanged(look, foreign);
      return {
        facts: [
          [`${same} of ${foreign.size} keys of other programs are as they were`, same === foreign.size],
          [`commands over 1 ms: ${slowest === null ? 'none' : `longest ${slowest.toFixed(1)} ms`}`, null],
          [banned.length === 0 ? 'no KEYS or FLUSHDB' : `sent ${banned.join(', ')}`, banned.length === 0],
        ],
      };
    },
    end: async () => undefined,
  };
});

/** Limits that hold for every fault are in figures.mjs; here is what is said of each.
 *  @type {Fault[]} */
export const FAULTS = [
  { id: 'R01', name: 'killed, restarted', limits: { hitsWithinSeconds: 2 }, open: killed },
  {
    id: 'R02',
    name: 'stopped by a signal',
    limits: { hitsWithinSeconds: 2, slow: 20, p99WithinMs: 5 },
    open: stopped,
  },
  { id: 'R03', name: '50 ms an operation', limits: { hitsWithinSeconds: 2 }, open: slow },
  {
    id: 'R04',
    name: 'full, noeviction',
    limits: { hitsWithinSeconds: 2, writesWithinSeconds: 5 },
    open: full,
  },
  {
    id: 'R05',
    name: 'password rotated, and back',
    limits: { hitsWithinSeconds: 2, degradedWithinSeconds: 2 },
    open: rotated,
  },
  {
    id: 'R06a',
    name: 'read-only replica',
    limits: { hitsWithinSeconds: 2, writesWithinSeconds: 5 },
    open: readOnly,
  },
  {
    id: 'R06b',
    name: 'Sentinel failover',
    limits: { hitsWithinSeconds: 5, writesWithinSeconds: 5 },
    open: failover,
  },
  {
    id: 'R07',
    name: 'packets dropped',
    limits: { hitsWithinSeconds: 2, slow: 20, p99WithinMs: 5 },
    open: dropped,
  },
  { id: 'R08', name: '1,000 damaged values', limits: {}, open: damaged },
  { id: 'R09', name: "cleared beside another program's keys", limits: {}, open: clearing },
];
