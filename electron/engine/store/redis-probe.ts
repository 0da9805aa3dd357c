/**
 * "Test connection" of the settings: what a Redis is, or the exact reason why it
 * cannot be used. Apart from the request's path, over a connection of its own.
 */
import { Redis } from 'ioredis';
import { LarderError } from '../../../shared/error-codes';
import type { RedisSettings } from '../../../shared/settings';
import { redisErrorCode, redisProblem } from './redis-problem';
import type { RedisTarget } from './redis-target';
import { redisTarget } from './redis-target';

const TIMEOUT_MS = 3000;
const PINGS = 5;

export interface RedisProbe {
  readonly ok: boolean;
  readonly message: string;
}

/** Never rejects. The message holds no secret. */
export async function probeRedis(settings: RedisSettings, password: string | null): Promise<RedisProbe> {
  let where = 'the given address';
  try {
    const target = redisTarget(settings, password);
    where = target.where;
    return { ok: true, message: await describe(target) };
  } catch (error) {
    if (error instanceof LarderError) return { ok: false, message: error.message };
    return { ok: false, message: `${redisProblem(where, redisErrorCode(error))}.` };
  }
}

/** `Redis 7.0.15 answered in 0.4 ms; maxmemory-policy noeviction` */
async function describe(target: RedisTarget): Promise<string> {
  const redis = new Redis({
    ...target.options,
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: null,
  });
  let cause: unknown = null;
  redis.on('error', (error: unknown) => (cause ??= error));
  try {
    await redis.connect();
    return describeInfo(await redis.info(), await fastestPing(redis));
  } catch (error) {
    // The error event says why; the rejection only that the connection is closed.
    throw cause ?? error;
  } finally {
    redis.disconnect();
  }
}

function describeInfo(info: string, latencyMs: number): string {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
  const valkey = field('valkey_version');
  const name =
    valkey === null ? `Redis ${field('redis_version') ?? 'of unknown version'}` : `Valkey ${valkey}`;
  const policy = field('maxmemory_policy') ?? 'unknown';
  return `${name} answered in ${latencyMs.toFixed(1)} ms; maxmemory-policy ${policy}`;
}

/** The first measures this process as much as Redis; the fastest of a few is what the way takes. */
async function fastestPing(redis: Redis): Promise<number> {
  let fastest = Infinity;
  for (let ping = 0; ping < PINGS; ping += 1) {
    const startedAt = performance.now();
    await redis.ping();
    fastest = Math.min(fastest, performance.now() - startedAt);
  }
  return fastest;
}
