/** Redis stores with a near cache for tests, and ways to see whether it answered. */
import type { Redis } from 'ioredis';
import { expect, vi } from 'vitest';
import type { RedisSettings } from '../../../../../shared/settings';
import type { RedisStore } from '../redis-store';
import { hit, ready, settings, storeFor } from './redis-under-test';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from '../../test/sample-response';

export const BUDGET = 4 * 1024 * 1024;
export const SOON = { timeout: 10_000, interval: 5 };

interface NearStore {
  readonly store: RedisStore;
  readonly redis: RedisSettings;
}

export async function nearStore(
  overrides: Partial<RedisSettings> = {},
  now = () => SAMPLE_TIME,
): Promise<NearStore> {
  const redis = settings({ nearCacheBytes: BUDGET, ...overrides });
  return { store: await near(storeFor(redis, { now }) as RedisStore), redis };
}

/** With one response that is near. */
export async function warm(
  path: string,
  body: string,
  overrides: Partial<RedisSettings> = {},
  now = () => SAMPLE_TIME,
): Promise<NearStore> {
  const made = await nearStore(overrides, now);
  await made.store.put(sampleAt(path, { bodyBytes: body.length }), textBody(body));
  await keptNear(made.store, path);
  return made;
}

export async function near(store: RedisStore): Promise<RedisStore> {
  await ready(store);
  await vi.waitFor(() => expect(store.stats().nearCache?.state).toBe('on'), SOON);
  return store;
}

/** Our own put is told to us too, and what was read before that is not kept. */
export async function keptNear(store: RedisStore, path: string): Promise<void> {
  await vi.waitFor(async () => {
    await hit(store, path);
    expect(hitAtOnce(store, path)).not.toBeNull();
  }, SOON);
}

export async function forgotten(store: RedisStore): Promise<void> {
  await vi.waitFor(() => expect(store.stats().nearCache).toMatchObject({ entries: 0, bytes: 0 }), SOON);
}

/** Null: not near, or not usable just now. */
export function hitAtOnce(store: RedisStore, path: string): string | null {
  const found = store.lookup(sampleAt(path).key);
  if (found instanceof Promise) {
    found.catch(() => undefined);
    return null;
  }
  const body = found[0] === undefined ? null : store.body(found[0]);
  if (!(body instanceof Promise)) return bodyText(body);
  body.catch(() => undefined);
  return null;
}

export async function trackingClients(look: Redis): Promise<number> {
  const clients = String(await look.client('LIST')).split('\n');
  return clients.filter((line) => / flags=\S*B/.test(line)).length;
}
