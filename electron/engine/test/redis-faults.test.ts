/** Each way in which Redis fails, under load and on real servers: nobody who asks notices, and hits come back. */
import { Agent } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_SETTINGS, type RedisSettings } from '../../../shared/settings';
import { damageEach, DAMAGES } from '../store/redis/test/damage-redis';
import { lookInto, ownServer, PASSWORD, relayTo, SHORT_MS } from '../store/redis/test/redis-under-test';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import { answerWithBody, problemWith, startFaultLoad, type FaultLoad } from './fault-load';
import { startRedisCluster } from '../store/redis/test/redis-cluster';
import { startRedisSentinel } from '../store/redis/test/redis-sentinel';
import { redisServerMissing } from '../store/redis/test/redis-server';

/** A busy machine is not a Redis that is stuck. */
const PATIENT_MS = 5000;
const ROTATED = 'r0tated-c4nary';
const PHASE = 150;
const DAMAGED = 1000;

interface UnderLoad extends EngineUnderTest {
  readonly load: FaultLoad;
  /** How often the store went or came back. */
  turns(): number;
  /** All that is to be true whatever has failed. Ends the load. */
  soundAfter(turnsAtMost: number): Promise<void>;
}

/** Under load, with everything that is hot stored. */
async function underLoad(redis: Partial<RedisSettings>): Promise<UnderLoad> {
  const under = await startEngineUnderTest({
    answer: answerWithBody,
    redisPassword: PASSWORD,
    settings: { store: 'redis', redis: { ...DEFAULT_SETTINGS.redis, ...redis } },
  });
  onTestFinished(() => under.close());
  const { engine } = under;
  await waitUntil(() => engine.status().store.health.state === 'ok');
  let turns = 0;
  let isGone = false;
  const seen: string[] = [];
  engine.subscribe(({ kind }) => {
    if (kind !== 'status') return;
    const { state } = engine.status().store.health;
    seen.push(JSON.stringify(engine.status()));
    if (isGone === (state === 'unavailable')) return;
    isGone = !isGone;
    turns += 1;
  });
  const load = startFaultLoad(under.port);
  onTestFinished(() => load.stop());
  const started = performance.now();
  await load.hitAgain();
  await load.more(PHASE);

  const soundAfter = async (turnsAtMost: number): Promise<void> => {
    await load.stop();
    expect(load.problems).toEqual([]);
    const said = `${seen.join('\n')}${JSON.stringify(under.events)}${[...load.fields].join('\n')}`;
    for (const secret of [PASSWORD, ROTATED]) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
        expect(said).not.toContain(form);
      }
    }
    const seconds = (performance.now() - started) / 1000;
    const notices = under.events.filter(({ kind }) => kind === 'notice').length + turns;
    expect(notices).toBeLessThanOrEqual(Math.max(turnsAtMost, Math.ceil(seconds)));
  };
  return Object.assign(under, { load, turns: () => turns, soundAfter });
}

/** The store is back, and so are hits. */
async function back({ engine, load }: UnderLoad): Promise<void> {
  await waitUntil(() => engine.status().store.health.state === 'ok');
  await load.hitAgain();
}

const gone = ({ engine }: UnderLoad) => waitUntil(() => engine.status().store.health.state === 'unavailable');

/** Connections to this Redis but for the test's own. */
async function connections(look: ReturnType<typeof lookInto>): Promise<number> {
  const own = await look.client('ID');
  const all = String(await look.client('LIST'))
    .trim()
    .split('\n');
  return all.filter((line) => !line.startsWith(`id=${own} `)).length;
}

async function countKeys(look: ReturnType<typeof lookInto>, pattern: string): Promise<number> {
  const found = new Set<string>();
  for await (const keys of look.scanStream({ match: pattern, count: 1000 })) {
    for (const key of keys) found.add(String(key));
  }
  return found.size;
}

const missing = redisServerMissing();

describe.skipIf(missing !== null).each([
  ['with a near cache', DEFAULT_SETTINGS.redis.nearCacheBytes],
  ['without a near cache', 0],
])('a Redis that does not answer, %s', (_, nearCacheBytes) => {
  const protectedServer = () => ownServer(['--requirepass', PASSWORD]);

  it('is killed and started again', async () => {
    const server = await protectedServer();
    const under = await underLoad({ port: server.port, nearCacheBytes });
    await server.stop();
    await gone(under);
    await under.load.more(PHASE);
    await server.start();
    await back(under);
    await under.load.more(PHASE);
    await under.soundAfter(2);
  });

  it('is stopped by a signal', async () => {
    const server = await protectedServer();
    const under = await underLoad({ port: server.port, nearCacheBytes, commandTimeoutMs: SHORT_MS });
    const look = lookInto(server.port, PASSWORD);
    const before = await connections(look);
    server.pause();
    await gone(under);
    await under.load.more(PHASE);
    server.resume();
    await back(under);
    await under.load.more(PHASE);
    await waitUntil(async () => (await connections(look)) <= before);
    await under.soundAfter(2);
  });

  it('is cut off, as when packets are dropped', async () => {
    const server = await protectedServer();
    const relay = await relayTo(server.port);
    const under = await underLoad({ port: relay.port, nearCacheBytes, commandTimeoutMs: SHORT_MS });
    const before = relay.open();
    relay.hold();
    await gone(under);
    await under.load.more(PHASE);
    relay.release();
    await back(under);
    await under.load.more(PHASE);
    await waitUntil(() => relay.open() <= before);
    await under.soundAfter(2);
    await under.engine.close();
    await waitUntil(() => relay.open() === 0);
  });

  it('is slow', async () => {
    const server = await protectedServer();
    const relay = await relayTo(server.port);
    const under = await underLoad({ port: relay.port, nearCacheBytes });
    relay.delayReplies(50);
    await under.load.more(PHASE);
    relay.delayReplies(0);
    await back(under);
    await under.load.more(PHASE);
    await under.soundAfter(4);
  });
});

describe.skipIf(missing !== null)('a Redis that refuses', () => {
  async function refusing() {
    const server = await ownServer(['--requirepass', PASSWORD]);
    const look = lookInto(server.port, PASSWORD);
    const under = await underLoad({ port: server.port, commandTimeoutMs: PATIENT_MS });
    return { server, look, under };
  }
  /** The store says that something is wrong; it need not be gone. */
  const complains = ({ engine }: UnderLoad) => waitUntil(() => engine.status().store.health.message !== null);

  it('is full: hits go on, and what comes new is stored again when there is room', async () => {
    const { look, under } = await refusing();
    await look.config('SET', 'maxmemory', '1mb');
    await complains(under);
    await back(under);
    await under.load.more(PHASE);
    await look.config('SET', 'maxmemory', '0');
    await under.load.storesAgain();
    await waitUntil(() => under.engine.status().store.health.message === null);
    await under.soundAfter(2);
  });

  it('has another password for a while', async () => {
    const { look, under } = await refusing();
    const rotate = async (password: string): Promise<void> => {
      await look.config('SET', 'requirepass', password);
      for (const type of ['normal', 'pubsub'])
        await look.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
    };
    await rotate(ROTATED);
    await gone(under);
    await under.load.more(PHASE);
    await rotate(PASSWORD);
    await back(under);
    await under.load.more(PHASE);
    await under.soundAfter(2);
  });

  it('is a replica for a while: hits go on, and what comes new is stored again afterwards', async () => {
    const { look, under } = await refusing();
    await look.replicaof('127.0.0.1', 1);
    await complains(under);
    await back(under);
    await under.load.more(PHASE);
    await look.replicaof('NO', 'ONE');
    await under.load.storesAgain();
    await under.soundAfter(2);
  });
});

describe.skipIf(missing !== null)('a part of many', () => {
  it('the master is killed, and Sentinel makes the replica the master', async () => {
    const group = await startRedisSentinel({ password: PASSWORD });
    onTestFinished(() => group.dispose());
    const under = await underLoad({
      mode: 'sentinel',
      nodes: [...group.nodes],
      masterName: group.masterName,
    });
    await group.master.stop();
    await gone(under);
    await under.load.more(PHASE);
    await waitUntil(async () => (await group.masterPort()) === group.replica.port);
    await back(under);
    await under.load.storesAgain();
    await under.soundAfter(4);
  });

  it('a node of a cluster is killed and started again', async () => {
    const cluster = await startRedisCluster(['--requirepass', PASSWORD, '--masterauth', PASSWORD]);
    onTestFinished(() => cluster.dispose());
    const under = await underLoad({ mode: 'cluster', nodes: [...cluster.nodes] });
    await cluster.servers[1]!.stop();
    await gone(under);
    await under.load.more(PHASE);
    await cluster.servers[1]!.start();
    await back(under);
    await under.load.storesAgain();
    await under.soundAfter(4);
  });
});

describe.skipIf(missing !== null)('a Redis with other things in it', () => {
  it('every damaged, foreign or older value is a miss, and then repaired', async () => {
    const server = await ownServer(['--requirepass', PASSWORD]);
    const look = lookInto(server.port, PASSWORD);
    const under = await underLoad({
      port: server.port,
      nearCacheBytes: 0,
      commandTimeoutMs: PATIENT_MS,
      keyPrefix: 'damaged',
    });
    await under.load.stop();
    const targets = Array.from({ length: DAMAGED }, (_, number) => `/damaged/${number}`);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    onTestFinished(() => agent.destroy());
    const outcomes = async (): Promise<Record<string, number>> => {
      const answers = await Promise.all(targets.map((target) => under.get(target, { agent })));
      expect(answers.flatMap((answer, index) => problemWith(targets[index]!, answer) ?? [])).toEqual([]);
      const counts: Record<string, number> = {};
      for (const { headers } of answers) {
        const outcome = String(headers['x-cache']);
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
      return counts;
    };
    await outcomes();
    expect(await outcomes()).toEqual({ HIT: DAMAGED });
    // A hit may come from what still waits to be written; that would repair what is damaged before it is asked for.
    const asked = new Set(under.origin.requests.map(({ url }) => url)).size;
    await waitUntil(async () => (await countKeys(look, 'damaged:v1:meta:*')) === asked);
    const damaged = await damageEach(look, 'damaged');
    for (const damage of DAMAGES) expect(damaged[damage]).toBeGreaterThanOrEqual(DAMAGED / DAMAGES.length);
    expect(await outcomes()).toEqual({ MISS: DAMAGED });
    expect(await outcomes()).toEqual({ HIT: DAMAGED });
    await under.soundAfter(0);
  });

  it("a clear under load leaves another program's keys as they are", async () => {
    const server = await ownServer(['--requirepass', PASSWORD]);
    const look = lookInto(server.port, PASSWORD);
    const names = [
      'larder',
      'larder:',
      'larder:v1',
      'larder:v10:meta',
      'larder:v2:id:x',
      'larderv1:x',
      'other:1',
    ];
    for (const name of names) await look.set(name, `of another program: ${name}`);
    const under = await underLoad({ port: server.port, commandTimeoutMs: PATIENT_MS });
    await look.config('RESETSTAT');
    for (let times = 0; times < 3; times += 1) {
      await under.engine.clear();
      await under.load.more(PHASE);
    }
    await under.load.hitAgain();
    expect(await look.mget(names)).toEqual(names.map((name) => `of another program: ${name}`));
    expect(await look.info('commandstats')).not.toMatch(/cmdstat_(?:keys|flushdb|flushall):/);
    await under.soundAfter(0);
  });
});
