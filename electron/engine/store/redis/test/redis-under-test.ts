/** Redis stores for tests: on one server for the file, each under a prefix of its own, closed when the test ends. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, vi } from 'vitest';
import { DEFAULT_SETTINGS, type RedisSettings } from '../../../../../shared/settings';
import type { RedisServer } from './redis-server';
import { redisServerMissing, startRedisServer } from './redis-server';
import type { TcpRelay } from '../../../test/tcp-relay';
import { startTcpRelay } from '../../../test/tcp-relay';
import type { RedisStoreOptions } from '../redis-store';
import { createRedisStore } from '../redis-store';
import type { ResponseStore } from '../../response-store';
import { SAMPLE_TIME, bodyText, sampleAt } from '../../test/sample-response';

export const PASSWORD = 'c4nary-p%ss:w@rd';
/** Longer than a Redis that is gone is allowed to be unnoticed, and than it takes to come back. */
export const RECOVERY = { timeout: 15_000 };
/** For tests of what Redis does: a busy machine is not a Redis that is stuck. */
const PATIENT_MS = 5000;
/** For tests of a Redis that is stuck, so that they need not wait for long. */
export const SHORT_MS = 200;

export let server: RedisServer;
let lastPrefix = 0;

/** One server for the tests of this file; where there is none to be had, they are skipped with the reason. */
export function withRedisServer(): void {
  const missing = redisServerMissing();
  beforeAll(async () => {
    if (missing === null) server = await startRedisServer();
  });
  afterAll(() => server?.dispose());
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });
}

export function settings(overrides: Partial<RedisSettings> = {}): RedisSettings {
  return {
    ...DEFAULT_SETTINGS.redis,
    host: '127.0.0.1',
    port: server.port,
    keyPrefix: `larder-${(lastPrefix += 1)}`,
    commandTimeoutMs: PATIENT_MS,
    ...overrides,
  };
}

/** Closed when the test ends. */
export function storeFor(redis: RedisSettings, options: Partial<RedisStoreOptions> = {}): ResponseStore {
  const store = createRedisStore({
    redis,
    password: null,
    now: () => SAMPLE_TIME,
    compressionLevel: 6,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

export async function ready(store: ResponseStore): Promise<ResponseStore> {
  await vi.waitFor(() => expect(store.health()).toMatchObject({ state: 'ok' }), RECOVERY);
  return store;
}

export interface InRedis {
  readonly redis: RedisSettings;
  readonly store: ResponseStore;
  readonly look: Redis;
}

/** A store that is ready, and what lies there. */
export async function storeInRedis(
  redis: RedisSettings = settings(),
  options: Partial<RedisStoreOptions> = {},
): Promise<InRedis> {
  return { redis, store: await ready(storeFor(redis, options)), look: lookInto(redis.port) };
}

/** A connection of the test's own, to look at what lies in Redis. */
export function lookInto(port = server.port, password?: string): Redis {
  const redis = new Redis({ port, host: '127.0.0.1', ...(password === undefined ? {} : { password }) });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A server of the test's own, for what others must not notice. */
export async function ownServer(args: readonly string[] = []): Promise<RedisServer> {
  const own = await startRedisServer(args);
  onTestFinished(() => own.dispose());
  return own;
}

/** As the pipeline takes a hit; null: a miss. */
export async function hit(store: ResponseStore, path: string): Promise<string | null> {
  const [found] = await store.lookup(sampleAt(path).key);
  return found === undefined ? null : bodyText(await store.body(found));
}

/** Again where a busy machine made Redis late: what counts is what comes, not that it comes at once. */
export function retried<T>(call: () => Promise<T>): Promise<T> {
  return vi.waitFor(call, RECOVERY);
}

/** A server that is no Redis; closed when the test ends. */
export async function listening(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const other = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
    answer(socket);
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    other.close();
  });
  return (other.address() as AddressInfo).port;
}

export async function relayTo(port: number): Promise<TcpRelay> {
  const relay = await startTcpRelay(port);
  onTestFinished(() => relay.close());
  return relay;
}
