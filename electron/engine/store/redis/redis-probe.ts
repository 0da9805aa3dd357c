/**
 * "Test connection" of the settings: what a Redis is, or the exact reason why it
 * cannot be used. Apart from the request's path, over connections of its own.
 */
import type { Redis } from 'ioredis';
import { LarderError } from '../../../../shared/error-codes';
import type { RedisSettings } from '../../../../shared/settings';
import type { Milliseconds } from '../../../../shared/units';
import { RedisFacts } from './redis-facts';
import { ofSentinel, redisErrorCode, redisProblem } from './redis-problem';
import type { RedisAddress, RedisConnectOptions, RedisTarget } from './redis-target';
import { addressText, redisTarget } from './redis-target';
import type { Place } from './redis-visit';
import { Unusable, visit } from './redis-visit';

const PINGS = 5;

export interface RedisProbe {
  readonly ok: boolean;
  readonly message: string;
}

/** Never rejects. The message holds no secret. */
export async function probeRedis(settings: RedisSettings, password: string | null): Promise<RedisProbe> {
  try {
    return await probeTarget(redisTarget(settings, password), settings);
  } catch (error) {
    if (!(error instanceof LarderError)) throw error;
    return { ok: false, message: error.message };
  }
}

/** As probeRedis, once it is known where Redis is. */
export async function probeTarget(target: RedisTarget, settings: RedisSettings): Promise<RedisProbe> {
  try {
    return { ok: true, message: await describe(target, settings) };
  } catch (error) {
    const { where, code } =
      error instanceof Unusable ? error : { where: target.where, code: redisErrorCode(error) };
    return { ok: false, message: `${redisProblem(where, code)}.` };
  }
}

function describe(target: RedisTarget, settings: RedisSettings): Promise<string> {
  if (target.mode === 'standalone') return describeSingle(target, settings);
  return target.mode === 'sentinel' ? describeSentinel(target, settings) : describeCluster(target, settings);
}

async function describeSingle({ where, options }: RedisTarget, settings: RedisSettings): Promise<string> {
  return visit({ where, options, timeoutMs: settings.connectTimeoutMs }, async (redis) => {
    const facts = await readFacts(redis);
    if (facts.mode === 'cluster') throw new Unusable(where, 'MOVED');
    if (facts.mode === 'sentinel') throw new Unusable(where, 'ISSENTINEL');
    if (facts.isReadOnly) throw new Unusable(where, 'READONLY');
    return facts.sentences(facts.isReplica ? 'replica' : 'standalone', await fastestPing(redis));
  });
}

async function describeSentinel(target: RedisTarget, settings: RedisSettings): Promise<string> {
  const { masterName, connectTimeoutMs: timeoutMs } = settings;
  const master = await firstOf(target.seeds, (seed) => askSentinel(seed, target, settings));
  const where = addressText(master);
  const options = { ...loginOf(target), ...master };
  return visit({ where, options, timeoutMs }, async (redis) => {
    const facts = await readFacts(redis);
    return facts.sentences(`Sentinel's master ${masterName} at ${where}`, await fastestPing(redis));
  });
}

async function describeCluster(target: RedisTarget, settings: RedisSettings): Promise<string> {
  const timeoutMs = settings.connectTimeoutMs;
  const at = (address: RedisAddress): Place => ({
    where: addressText(address),
    options: { ...loginOf(target), ...address },
    timeoutMs,
  });
  const masters = await firstOf(target.seeds, (seed) => visit(at(seed), (redis) => readMasters(redis, seed)));
  const [first] = masters;
  if (first === undefined) throw new Unusable(target.where, 'CLUSTERDOWN');
  // Nodes may announce addresses that lead nowhere from here.
  await Promise.all(masters.map((master) => visit(at(master), (redis) => redis.ping())));
  return visit(at(first), async (redis) => {
    const facts = await readFacts(redis);
    return facts.sentences(`cluster of ${masters.length} masters`, await fastestPing(redis));
  });
}

async function readMasters(redis: Redis, seed: RedisAddress): Promise<RedisAddress[]> {
  const state = await redis.cluster('INFO');
  if (/^cluster_state:fail/m.test(state)) throw new Unusable(addressText(seed), 'CLUSTERDOWN');
  const slots: unknown = await redis.cluster('SLOTS');
  const masters = new Map<string, RedisAddress>();
  for (const range of Array.isArray(slots) ? (slots as unknown[]) : []) {
    const address = readMaster(range, seed);
    if (address !== null) masters.set(addressText(address), address);
  }
  return [...masters.values()];
}

/** First slot, last slot, master as host and port, replicas; no host: that of who was asked. */
function readMaster(range: unknown, seed: RedisAddress): RedisAddress | null {
  const master: unknown = Array.isArray(range) ? range[2] : null;
  const [host, port]: unknown[] = Array.isArray(master) ? master : [];
  if (typeof port !== 'number') return null;
  return { host: typeof host === 'string' && host !== '' ? host : seed.host, port };
}

/** Where the master is. With the password only where the sentinel wants one. */
async function askSentinel(
  seed: RedisAddress,
  target: RedisTarget,
  { masterName, connectTimeoutMs: timeoutMs }: RedisSettings,
): Promise<RedisAddress> {
  const { tls, ...login } = loginOf(target);
  const secure = tls === undefined ? {} : { tls };
  const where = addressText(seed);
  const ask = (options: RedisConnectOptions) =>
    visit({ where, options, timeoutMs }, (redis) =>
      redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName),
    );
  try {
    const found: unknown = await ask({ ...seed, ...secure }).catch((error: unknown) => {
      if (login.password === undefined || redisErrorCode(error) !== 'NOAUTH') throw error;
      return ask({ ...seed, ...secure, ...login, db: 0 });
    });
    if (!Array.isArray(found)) throw new Unusable(where, 'NOMASTER');
    return { host: String(found[0]), port: Number(found[1]) };
  } catch (error) {
    const code = redisErrorCode(error);
    throw new Unusable(where, ofSentinel(code === 'ERR' ? 'NOTSENTINEL' : code));
  }
}

/** The first that answers; where none does, why the last one did not. */
async function firstOf<T>(
  seeds: readonly RedisAddress[],
  ask: (seed: RedisAddress) => Promise<T>,
): Promise<T> {
  let problem: unknown = new Error('no address');
  for (const seed of seeds) {
    try {
      return await ask(seed);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

function loginOf({ options: { username, password, tls, db } }: RedisTarget): RedisConnectOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
    ...(db === undefined ? {} : { db }),
  };
}

/** Without INFO nothing is known, but Redis may work all the same. */
async function readFacts(redis: Redis): Promise<RedisFacts> {
  const info = await redis.info().catch((error: unknown) => {
    if (redisErrorCode(error) === 'NOPERM') return null;
    throw error;
  });
  return new RedisFacts(info);
}

/** The first measures this process as much as Redis; the fastest of a few is what the way takes. */
async function fastestPing(redis: Redis): Promise<Milliseconds> {
  let fastest = Infinity;
  for (let ping = 0; ping < PINGS; ping += 1) {
    const startedAt = performance.now();
    await redis.ping();
    fastest = Math.min(fastest, performance.now() - startedAt);
  }
  return fastest;
}
