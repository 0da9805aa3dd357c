/** Hits from Redis on both ways in: the front asks Redis and goes on reading the connection when it has heard. */
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { lookInto } from '../store/redis/test/redis-under-test';
import { redisServerMissing, startRedisServer, type RedisServer } from '../store/redis/test/redis-server';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import { readResponses, type WireResponse } from './wire/read-responses';

/** A busy machine is not a Redis that is stuck. */
const PATIENT_MS = 10_000;
const START_TIME = Date.UTC(2026, 2, 1, 12);
const LARGE = 'x'.repeat(100 * 1024);

const missing = redisServerMissing();
let redis: RedisServer;
let prefixes = 0;

beforeAll(async () => {
  if (missing === null) redis = await startRedisServer();
});
afterAll(() => redis?.dispose());
beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

interface Under extends EngineUnderTest {
  /** In Redis, and a hit before. */
  warm(...targets: string[]): Promise<void>;
  /** As the store counts them; undefined: it is not there. */
  hitsOf(target: string): Promise<number | undefined>;
  /** Of what `act` asks for, how many were answered by the front. */
  fastHitsOf(act: () => Promise<unknown>): Promise<number>;
}

async function start(fastPath: boolean): Promise<Under> {
  const under = await startEngineUnderTest({
    startTime: START_TIME,
    answer: ({ url = '' }, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'max-age=60' });
      response.end(url === '/large' ? LARGE : `body of ${url}`);
    },
    settings: {
      fastPath,
      store: 'redis',
      redis: {
        ...DEFAULT_SETTINGS.redis,
        port: redis.port,
        keyPrefix: `fast-${(prefixes += 1)}`,
        commandTimeoutMs: PATIENT_MS,
        nearCacheBytes: 0,
      },
    },
  });
  onTestFinished(() => under.close());
  const { engine } = under;
  await waitUntil(() => engine.status().store.health.state === 'ok');
  const hitsOf = async (targets: readonly string[]) => {
    const { entries } = await engine.entries({});
    return targets.map((target) => entries.find(({ url }) => url.endsWith(target))?.hits);
  };
  const fastHits = () => engine.status().counters.fastHits;
  return Object.assign(under, {
    hitsOf: async (target: string) => (await hitsOf([target]))[0],
    warm: async (...targets: string[]) => {
      for (const target of targets) await under.get(target);
      await waitUntil(async () => (await hitsOf(targets)).every((hits) => hits !== undefined));
      for (const target of targets) expect((await under.get(target)).headers['x-cache']).toBe('HIT');
    },
    fastHitsOf: async (act: () => Promise<unknown>) => {
      const before = fastHits();
      await act();
      return fastHits() - before;
    },
  });
}

describe.each([true, false])('a hit from Redis, fast path %s', (fastPath) => {
  it('is whole, with the same fields, and is counted once', async () => {
    const under = await start(fastPath);
    await under.warm('/a');
    under.clock.advance(7);
    const { exchanges } = under;
    const before = exchanges.length;
    const fast = await under.fastHitsOf(async () => {
      const answer = await under.get('/a');
      expect(answer).toMatchObject({ status: 200, text: 'body of /a' });
      expect(answer.headers).toMatchObject({
        age: '7',
        'content-type': 'text/plain',
        'x-cache': 'HIT',
        'cache-status': 'larder; hit; ttl=293',
      });
      await waitUntil(() => exchanges.length > before);
    });
    expect(fast).toBe(fastPath ? 1 : 0);
    expect(exchanges.slice(before)).toMatchObject([
      { target: '/a', outcome: 'HIT', reason: 'fresh', ageSeconds: 7 },
    ]);
    expect(await under.hitsOf('/a')).toBe(2);
  });

  it('comes in the order of the requests, also behind one that is stored nowhere', async () => {
    const under = await start(fastPath);
    const hits = ['/a', '/b', '/large', '/c'];
    await under.warm(...hits);
    const targets = ['/a', '/b', '/large', '/a', '/new', '/c', '/b'];
    const fast = await under.fastHitsOf(async () => {
      const answers = await conversation(under.port, targets);
      const bodies = targets.map((target) => (target === '/large' ? LARGE : `body of ${target}`));
      expect(answers.map(({ body }) => body)).toEqual(bodies);
      const caches = ['HIT', 'HIT', 'HIT', 'HIT', 'MISS', 'HIT', 'HIT'];
      expect(answers.map((answer) => answer.field('x-cache'))).toEqual(caches);
    });
    // From the first that is not to be had on, its connection is with node:http for good.
    expect(fast).toBe(fastPath ? 4 : 0);
  });

  it('is not what was invalidated', async () => {
    const under = await start(fastPath);
    await under.warm('/a');
    await under.get('/a', { method: 'POST' });
    const answer = await under.get('/a');
    expect(answer.headers['x-cache']).toBe('MISS');
    await under.warm('/a');
    await under.engine.clear();
    expect((await under.get('/a')).headers['x-cache']).toBe('MISS');
  });

  it('is a miss and no failure once Redis has lost its body', async () => {
    const under = await start(fastPath);
    await under.warm('/a', '/large');
    await lookInto(redis.port).flushall();
    for (const target of ['/a', '/large']) {
      const answer = await under.get(target);
      expect(answer).toMatchObject({ status: 200, headers: { 'x-cache': 'MISS' } });
    }
  });
});

describe('a hit from Redis on the fast path', () => {
  it('comes although the client has ended its side already', async () => {
    const under = await start(true);
    await under.warm('/a', '/b');
    const answers = await conversation(under.port, ['/a', '/b'], 'ended');
    expect(answers.map(({ body }) => body)).toEqual(['body of /a', 'body of /b']);
  });
});

/** All answers to requests that are sent at once; `ended`: and the client's side is ended behind them. */
function conversation(
  port: number,
  targets: readonly string[],
  how: 'open' | 'ended' = 'open',
): Promise<readonly WireResponse[]> {
  const requests = targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join('');
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      if (how === 'ended') socket.end(requests);
      else socket.write(requests);
    });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (readResponses(text).responses.length === targets.length) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(readResponses(text).responses));
  });
}
