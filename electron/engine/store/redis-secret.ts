/**
 * The secret for hashing credentials in cache keys, the same for all who share a
 * Redis, so that they find each other's responses. Agreed on when connecting.
 */
import type { RunRedis } from './redis-connection';
import { SECRET_KEEP_MS } from './redis-layout';
import { SECRET_BYTES } from './response-store';

/** The secret in Redis; where there is none that can be one, `ours` becomes it. */
export function shareSecret(run: RunRedis, secretKey: string, ours: Uint8Array): Promise<Uint8Array> {
  const mine = Buffer.from(ours);
  return run(async (redis) => {
    // A Redis that refuses writes can still be read from: then each has its own secret.
    await redis.set(secretKey, mine, 'PX', SECRET_KEEP_MS, 'NX').catch(ignore);
    const shared = await redis.getBuffer(secretKey).catch(ignore);
    if (shared?.byteLength === SECRET_BYTES) {
      await redis.pexpire(secretKey, SECRET_KEEP_MS).catch(ignore);
      return new Uint8Array(shared);
    }
    await redis.set(secretKey, mine, 'PX', SECRET_KEEP_MS).catch(ignore);
    return ours;
  });
}

function ignore(): null {
  return null;
}
