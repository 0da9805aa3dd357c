/**
 * One suite on every store: in memory, and on a real Redis that is started once a file. The engine's clock
 * starts at a whole second, and the origin's Date goes by it.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings';
import type { StoredEntry } from '../../../shared/stored-entry';
import type { ClientAnswer, ClientOptions } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import { redisServerMissing, startRedisServer, type RedisServer } from '../store/redis/test/redis-server';
import { scripted, type Reply } from './scripted-origin';

export const START_TIME = Date.UTC(2026, 2, 1, 12);
/** A busy machine is not a Redis that is stuck. */
const PATIENT_MS = 10_000;

export interface Asked extends ClientAnswer {
  /** X-Cache. */
  readonly cache: string;
  /** Cache-Status. */
  readonly cacheStatus: string;
  readonly exchange: ExchangeSummary;
}

export interface LarderOnStore extends EngineUnderTest {
  /** The origin's replies in turn, the last of them from then on. */
  says(...replies: Reply[]): void;
  /** One request at a time; what is to be stored of its response is stored when this resolves. */
  ask(target: string, headers?: ClientOptions['headers'], method?: string): Promise<Asked>;
  /** What the store has, newest first. */
  entries(): Promise<readonly StoredEntry[]>;
  /** Until the store has so many. */
  holds(entries: number): Promise<void>;
  /** Until the response stored for the target, the only one, was received or confirmed at this moment of the clock. */
  freshened(target: string): Promise<void>;
  /** Until all that was sent before has reached the engine, and has been looked up. */
  arrived(): Promise<void>;
}

/** `current` gives the engine of the test that runs. */
type Suite = (current: () => LarderOnStore) => void;

export function onEachStore(settings: Partial<Settings>, suite: Suite): void {
  onMemoryStore(settings, suite);
  onRedisStore(settings, suite);
}

export function onMemoryStore(settings: Partial<Settings>, suite: Suite): void {
  describe('memory store', () => {
    suite(eachTest(() => ({ ...settings, store: 'memory' })));
  });
}

export function onRedisStore(settings: Partial<Settings>, suite: Suite): void {
  const missing = redisServerMissing();
  describe.skipIf(missing !== null)('Redis store', () => {
    let redis: RedisServer;
    let prefixes = 0;
    beforeAll(async () => {
      redis = await startRedisServer();
    });
    afterAll(() => redis.dispose());
    suite(
      eachTest(() => ({
        ...settings,
        store: 'redis',
        redis: {
          ...DEFAULT_SETTINGS.redis,
          port: redis.port,
          keyPrefix: `test-${(prefixes += 1)}`,
          commandTimeoutMs: PATIENT_MS,
        },
      })),
    );
  });
}

function eachTest(settings: () => Partial<Settings>): () => LarderOnStore {
  let larder: LarderOnStore | null = null;
  beforeEach(async () => {
    larder = await startOnStore(settings());
  });
  afterEach(async () => {
    await larder?.close();
    larder = null;
  });
  return () => {
    if (larder === null) throw new Error('no test is running');
    return larder;
  };
}

async function startOnStore(settings: Partial<Settings>): Promise<LarderOnStore> {
  const under = await startEngineUnderTest({ settings, startTime: START_TIME });
  const { engine, origin, clock, exchanges } = under;
  await waitUntil(() => engine.status().store.health.state === 'ok');
  const entries = async (): Promise<readonly StoredEntry[]> =>
    (await engine.entries({ limit: 1000 })).entries;

  const ask = async (
    target: string,
    headers: ClientOptions['headers'] = {},
    method = 'GET',
  ): Promise<Asked> => {
    const before = exchanges.length;
    const answer = await under.get(target, { headers, method });
    await waitUntil(() => exchanges.length > before);
    const exchange = exchanges[before]!;
    const { entryId } = exchange;
    if (exchange.stored && entryId !== null)
      await waitUntil(async () => ((await engine.entry(entryId))?.storedAt ?? 0) >= exchange.startedAt);
    const { 'x-cache': cache, 'cache-status': cacheStatus } = answer.headers;
    return { ...answer, cache: String(cache), cacheStatus: String(cacheStatus), exchange };
  };

  return Object.assign(under, {
    says: (...replies: Reply[]) => origin.answer(scripted(clock, origin, replies)),
    ask,
    entries,
    holds: (count: number) => waitUntil(async () => (await entries()).length === count),
    freshened: (target: string) =>
      waitUntil(async () => {
        const [entry, ...others] = (await entries()).filter(({ url }) => url.endsWith(target));
        return entry?.storedAt === clock.now() && others.length === 0;
      }),
    arrived: () => arrived(under),
  });
}

const TURNS = 100;

/** Connections are accepted in their order; a request that is answered from the start comes after all the others. */
async function arrived({ get }: EngineUnderTest): Promise<void> {
  await get('/arrived', { headers: { 'Cache-Control': 'only-if-cached' } });
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
