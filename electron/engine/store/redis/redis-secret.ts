/**
 * The secret for hashing credentials in cache keys, the same for all who share a
 * Redis, so that they find each other's responses. Agreed on when connecting.
 */
import { decodeLine, encodeLine } from '../codec';
import type { RunRedis } from './redis-connection';
import { SECRET_KEEP_MS } from './redis-layout';
import { SECRET_BYTES } from '../response-store';

/** The secret in Redis; where there is none that can be one, `ours` becomes it. */
export function shareSecret(run: RunRedis, secretKey: string, ours: Uint8Array): Promise<Uint8Array> {
  const mine = encodeLine(Buffer.from(ours).toString('base64url'));
  return run(async (redis) => {
    // A Redis that refuses writes can still be read from: then each has its own secret.
    await redis.set(secretKey, mine, 'PX', SECRET_KEEP_MS, 'NX').catch(ignore);
    const shared = decodeSecret(await redis.get(secretKey).catch(ignore));
    if (shared !== null) {
      await redis.pexpire(secretKey, SECRET_KEEP_MS).catch(ignore);
      return shared;
    }
    await redis.set(secretKey, mine, 'PX', SECRET_KEEP_MS).catch(ignore);
    return ours;
  });
}

/** Null: corrupt, foreign, or of another version. */
function decodeSecret(value: string | null): Uint8Array | null {
  const words = decodeLine(value ?? '');
  const secret = words === null ? null : new Uint8Array(Buffer.from(words, 'base64url'));
  return secret?.byteLength === SECRET_BYTES ? secret : null;
}

function ignore(): null {
  return null;
}
