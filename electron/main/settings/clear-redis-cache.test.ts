/** A profile that is deleted leaves nothing in Redis, and takes nothing of another with it. Over a real redis-server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type RedisSettings } from '../../../shared/settings';
import {
  redisServerMissing,
  startRedisServer,
  type RedisServer,
} from '../../engine/store/redis/test/redis-server';
import { startEngineUnderTest } from '../../engine/test/engine-under-test';
import { clearRedisCache } from './clear-redis-cache';

describe.skipIf(redisServerMissing() !== null)('clearRedisCache', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.dispose());

  it('clears what has the prefix of the profile, and nothing else', async () => {
    const redis = (keyPrefix: string): RedisSettings => {
      return { ...DEFAULT_SETTINGS.redis, port: server.port, keyPrefix, commandTimeoutMs: 5000 };
    };
    const larder = await startEngineUnderTest({ settings: { store: 'redis', redis: redis('larder') } });
    const { engine } = larder;
    const switchTo = async (cache: string, keyPrefix: string) => {
      const settings = { ...engine.settings, redis: redis(keyPrefix) };
      await engine.apply(settings, { redisPassword: null }, cache);
      await expect.poll(() => engine.status().store.health.state).toBe('ok');
    };
    const isHit = async () => (await larder.get('/thing')).headers['x-cache'] === 'HIT';
    try {
      await expect.poll(isHit).toBe(true);
      await switchTo('staging', 'larder-staging');
      expect(await isHit()).toBe(false);
      await expect.poll(isHit).toBe(true);
      await switchTo('default', 'larder');
      expect(await clearRedisCache(redis('larder-staging'), null)).toBe(true);
      expect(await isHit()).toBe(true);
      await switchTo('staging', 'larder-staging');
      expect(await isHit()).toBe(false);
    } finally {
      await larder.close();
    }
  });

  it('says no, and does not fail, where nothing answers', async () => {
    const redis = { ...DEFAULT_SETTINGS.redis, url: 'redis://127.0.0.1:1' };
    expect(await clearRedisCache(redis, null)).toBe(false);
  });
});
