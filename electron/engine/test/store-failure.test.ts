/** The pipeline on a real Redis: hits, invalidation, and what a Redis that is gone or stuck does to requests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import { redisServerMissing, startRedisServer, type RedisServer } from '../store/redis/test/redis-server';

/** A request may lose 100 ms to Redis; the rest is for a machine that is busy with other tests. */
const DEADLINE_MS = 2000;

const missing = redisServerMissing();
let redis: RedisServer;
let larder: EngineUnderTest;

describe.skipIf(missing !== null)('with Redis as the store', () => {
  beforeEach(async () => {
    redis = await startRedisServer();
    larder = await startEngineUnderTest({
      settings: { store: 'redis', redis: { ...DEFAULT_SETTINGS.redis, host: '127.0.0.1', port: redis.port } },
    });
    await waitUntil(() => larder.engine.status().store.health.state === 'ok');
  });
  afterEach(async () => {
    await larder.close();
    await redis.dispose();
  });

  /** Answered as a miss, and in time. */
  async function expectUnavailable(target: string): Promise<void> {
    const asked = performance.now();
    const answer = await larder.get(target);
    expect(performance.now() - asked).toBeLessThan(DEADLINE_MS);
    expect([answer.status, answer.text, answer.headers['x-cache']]).toEqual([200, `hello ${target}`, 'MISS']);
    expect(answer.headers['cache-status']).toBe(
      'larder; fwd=miss; fwd-status=200; ttl=300; detail=store-unavailable',
    );
    await waitUntil(() => larder.exchanges.at(-1)?.target === target);
    expect(larder.exchanges.at(-1)).toMatchObject({
      reason: 'store-unavailable',
      stored: false,
      notStored: 'store-unavailable',
    });
  }

  async function eventuallyHit(target: string): Promise<void> {
    await waitUntil(async () => (await larder.get(target)).headers['x-cache'] === 'HIT');
  }

  it('the second request is a hit, also while the first is still being stored', async () => {
    for (let time = 0; time < 50; time += 1) {
      const first = await larder.get(`/${time}`);
      const second = await larder.get(`/${time}`);
      expect([first.text, first.headers['x-cache']]).toEqual([`hello /${time}`, 'MISS']);
      expect([second.text, second.headers['x-cache']]).toEqual([`hello /${time}`, 'HIT']);
    }
    expect(larder.origin.requests).toHaveLength(50);
  });

  it('what a POST invalidates is not seen by the next GET', async () => {
    await larder.get('/a');
    await eventuallyHit('/a');
    for (let time = 0; time < 20; time += 1) {
      await larder.get('/a', { method: 'POST', body: 'x' });
      expect((await larder.get('/a')).headers['x-cache']).toBe('MISS');
    }
  });

  it('what was asked before a clear is not stored after it', async () => {
    let release = (): void => {};
    larder.origin.answer((_request, response) => (release = () => void response.end('old')));
    const asked = larder.get('/a');
    await waitUntil(() => larder.origin.requests.length === 1);
    await larder.engine.clear();
    release();
    expect((await asked).text).toBe('old');
    larder.origin.answer((_request, response) => response.end('new'));
    expect((await larder.get('/a')).text).toBe('new');
  });

  it('a Redis that is gone makes misses, and hits come back with it', async () => {
    await larder.get('/a');
    await eventuallyHit('/a');
    await redis.stop();
    await waitUntil(() => larder.engine.status().store.health.state !== 'ok');
    for (const target of ['/a', '/b', '/c']) await expectUnavailable(target);
    await redis.start();
    await waitUntil(() => larder.engine.status().store.health.state === 'ok');
    await eventuallyHit('/a');
  });

  it('a Redis that is stuck makes misses within the deadline, and hits come back with it', async () => {
    await larder.get('/a');
    await eventuallyHit('/a');
    redis.pause();
    // A signal takes its time to arrive.
    await waitUntil(async () => (await larder.get('/a')).headers['x-cache'] === 'MISS');
    // Each only once: the second of the same may be a hit, on what still waits to be stored.
    for (const target of ['/b', '/c', '/d']) await expectUnavailable(target);
    const together = await Promise.all(Array.from({ length: 50 }, () => larder.get('/together')));
    expect(new Set(together.map(({ text }) => text))).toEqual(new Set(['hello /together']));
    redis.resume();
    await eventuallyHit('/a');
  });

  it('concurrent requests without a store still share one request upstream', async () => {
    await redis.stop();
    await waitUntil(() => larder.engine.status().store.health.state !== 'ok');
    let release = (): void => {};
    larder.origin.answer((_request, response) => (release = () => void response.end('shared')));
    const asked = Promise.all(Array.from({ length: 20 }, () => larder.get('/a')));
    await waitUntil(() => larder.origin.requests.length === 1);
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    release();
    expect(new Set((await asked).map(({ text }) => text))).toEqual(new Set(['shared']));
    expect(larder.origin.requests).toHaveLength(1);
  });

  it('a store that fails never touches a POST, and says nothing to unhandledRejection', async () => {
    const problems: unknown[] = [];
    const note = (problem: unknown): void => void problems.push(problem);
    process.on('unhandledRejection', note);
    await redis.stop();
    await waitUntil(() => larder.engine.status().store.health.state !== 'ok');
    const answer = await larder.get('/a', { method: 'POST', body: 'x' });
    expect([answer.status, answer.text]).toEqual([200, 'hello /a']);
    await larder.get('/b');
    await larder.engine.stop();
    process.off('unhandledRejection', note);
    expect(problems).toEqual([]);
  });
});
