/** Degraded, with the figures that people were promised: how many requests are slow, how soon hits are back. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { StoreHealth } from '../../../../shared/engine-status';
import type { RedisSettings } from '../../../../shared/settings';
import { DEFAULT_SETTINGS } from '../../../../shared/settings';
import { RedisBreaker } from './redis-breaker';
import { RedisConnection } from './redis-connection';
import { redisTarget } from './redis-target';
import {
  PASSWORD,
  RECOVERY,
  SHORT_MS,
  lookInto,
  ownServer,
  relayTo,
  settings,
  withRedisServer,
} from './test/redis-under-test';

/** Of 100. On a machine with time it is 20 at most, which bench/faults.mjs measures. */
const FEW = 60;
const DEFAULTS = { commandTimeoutMs: DEFAULT_SETTINGS.redis.commandTimeoutMs };
const DOWN = new Error('down');
const down = () => Promise.reject(DOWN);
const well = () => Promise.resolve('well');

describe('breaker', () => {
  it('opens after three failures in a row', async () => {
    const opened: unknown[] = [];
    const breaker = new RedisBreaker({ isGone: () => false, onOpen: (cause) => opened.push(cause) });
    for (const send of [down, down, well, down, down]) await breaker.execute<unknown>(send).catch(() => null);
    expect(breaker.isClosed).toBe(true);
    await breaker.execute(down).catch(() => null);
    expect(breaker.isClosed).toBe(false);
    expect(opened).toEqual([DOWN]);
  });

  it('opens at once where no connection stands', () => {
    const onOpen = vi.fn<(cause: unknown) => void>();
    const breaker = new RedisBreaker({ isGone: () => true, onOpen });
    breaker.fail(DOWN);
    return vi.waitFor(() => expect(onOpen).toHaveBeenCalledWith(DOWN), RECOVERY);
  });

  it('closes when a probe goes well, whatever the wall clock says', async () => {
    const breaker = new RedisBreaker({ isGone: () => true, onOpen: () => undefined });
    await breaker.execute(down).catch(() => null);
    const clock = vi.spyOn(Date, 'now').mockReturnValue(0);
    onTestFinished(() => clock.mockRestore());
    await breaker.execute(down).catch(() => null);
    expect(breaker.isClosed).toBe(false);
    expect(await breaker.execute(well)).toBe('well');
    expect(breaker.isClosed).toBe(true);
  });
});

describe('a connection to redis that fails', () => {
  withRedisServer();

  it('keeps few of 200 requests a second waiting when redis is stopped by a signal', async () => {
    const own = await ownServer();
    const connection = await connected(settings({ port: own.port, ...DEFAULTS }));
    own.pause();
    const outcomes = await requests(connection, 100);
    expect(outcomes.filter(({ isTouched }) => isTouched).length).toBeLessThan(FEW);
    own.resume();
    await vi.waitFor(() => expect(connection.health.isOk).toBe(true), RECOVERY);
  });

  it('keeps few of 200 requests a second waiting when packets are dropped, and leaks no socket', async () => {
    const own = await ownServer();
    const relay = await relayTo(own.port);
    const connection = await connected(settings({ port: relay.port, ...DEFAULTS }));
    const open = relay.open();
    relay.hold();
    const outcomes = await requests(connection, 100);
    expect(outcomes.filter(({ isTouched }) => isTouched).length).toBeLessThan(FEW);
    relay.release();
    await vi.waitFor(() => expect(connection.health.isOk).toBe(true), RECOVERY);
    await vi.waitFor(() => expect(relay.open()).toBe(open), RECOVERY);
  });

  it('is well again soon after redis is back, however long the pauses between tries have become', async () => {
    const own = await ownServer();
    // The pauses between tries are at their longest at once.
    const retryMinMs = DEFAULT_SETTINGS.redis.retryMaxMs;
    const connection = await connected(settings({ port: own.port, ...DEFAULTS, retryMinMs }));
    await own.stop();
    await vi.waitFor(() => expect(connection.health.isOk).toBe(false), RECOVERY);
    await own.start();
    await vi.waitFor(() => expect(connection.health.isOk).toBe(true), RECOVERY);
  });

  it('has a password that was changed: degraded, and nothing tells a password', async () => {
    const own = await ownServer(['--requirepass', PASSWORD]);
    const connection = await connected(settings({ port: own.port, ...DEFAULTS }), PASSWORD);
    const told: StoreHealth[] = [];
    connection.health.onChange((health) => told.push(health));
    const look = lookInto(own.port, PASSWORD);
    await look.config('SET', 'requirepass', 'n3w-canary');
    await look.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await vi.waitFor(() => expect(connection.health.current.message).toContain('refused the user'), RECOVERY);
    const failure: unknown = await connection.run((redis) => redis.get('a')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store_unavailable' });
    expect(JSON.stringify([told, connection.health.current, String(failure)])).not.toMatch(/canary|c4nary/);
  });

  it('gives up what is under way at once when the breaker opens', async () => {
    const own = await ownServer();
    const connection = await connected(settings({ port: own.port, commandTimeoutMs: SHORT_MS }));
    own.pause();
    const ended: string[] = [];
    const write = connection.run((redis) => redis.set('a', 'a'), { lane: 'bulk' });
    const bulky = write.catch(() => ended.push('bulky'));
    const reads = Array.from({ length: 3 }, () =>
      connection.run((redis) => redis.get('a')).catch(() => null),
    );
    await Promise.all(reads);
    await bulky;
    expect(ended).toEqual(['bulky']);
    expect(connection.health.current.state).toBe('unavailable');
  });

  it('refuses a write: that is an answer, and no reason to send nothing more', async () => {
    const own = await ownServer(['--maxmemory', '1', '--maxmemory-policy', 'noeviction']);
    const connection = await connected(settings({ port: own.port }));
    const told: StoreHealth[] = [];
    connection.health.onChange((health) => told.push(health));
    for (let index = 0; index < 50; index += 1) {
      await expect(connection.run((redis) => redis.set('a', 'a'))).rejects.toThrow('is full');
      expect(await connection.run((redis) => redis.get('a'))).toBeNull();
      connection.acceptsWrites();
    }
    expect(connection.health.isOk).toBe(true);
    expect(told).toHaveLength(1);
  });
});

/** One each 5 ms, 200 a second, without waiting for the one before. `isTouched`: it was sent. */
async function requests(connection: RedisConnection, count: number): Promise<{ isTouched: boolean }[]> {
  const outcomes: Promise<{ isTouched: boolean }>[] = [];
  while (outcomes.length < count) {
    outcomes.push(request(connection));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return Promise.all(outcomes);
}

async function request(connection: RedisConnection): Promise<{ isTouched: boolean }> {
  let isTouched = false;
  const send = connection.run((redis) => {
    isTouched = true;
    return redis.get('a');
  });
  await send.catch(() => null);
  return { isTouched };
}

async function connected(redis: RedisSettings, password: string | null = null): Promise<RedisConnection> {
  const connection = new RedisConnection({
    target: redisTarget(redis, password),
    settings: redis,
    now: () => 0,
    onBack: () => Promise.resolve(),
  });
  onTestFinished(() => connection.close());
  await vi.waitFor(() => expect(connection.health.current).toMatchObject({ state: 'ok' }), RECOVERY);
  return connection;
}
