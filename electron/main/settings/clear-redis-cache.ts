/** Clears what a profile that is deleted keeps in Redis. */
import type { RedisSettings } from '../../../shared/settings';
import type { RedisStore } from '../../engine/store/redis/redis-store';

const PATIENCE_MS = 5000;

/** False: Redis does not answer, and what is there stays. Never rejects. */
export async function clearRedisCache(redis: RedisSettings, password: string | null): Promise<boolean> {
  let store: RedisStore | null = null;
  try {
    const { createRedisStore } = await import('../../engine/store/redis/redis-store');
    store = createRedisStore({ redis, password, now: Date.now, compressionLevel: 0 });
    if (!(await isWell(store))) return false;
    await store.clear();
    return true;
  } catch {
    // It went meanwhile, or its URL is wrong: the caller says that the responses stay.
    return false;
  } finally {
    await store?.close();
  }
}

function isWell(store: RedisStore): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), PATIENCE_MS);
    const judge = (state: string) => {
      if (state === 'connecting') return;
      clearTimeout(late);
      resolve(state === 'ok');
    };
    store.onHealth(({ state }) => judge(state));
    judge(store.health().state);
  });
}
