/** An engine on a free port in front of a recording origin, with a clock that tests move. */
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings';
import { createEngine } from '../create-engine';
import type { EngineEvent, LarderEngine } from '../larder-engine';
import { send, type ClientAnswer, type ClientOptions } from './client';
import { startRecordingOrigin, type Answer, type RecordingOrigin } from './recording-origin';

export interface Clock {
  now(): number;
  advance(seconds: number): void;
}

export interface EngineUnderTest {
  readonly engine: LarderEngine;
  readonly origin: RecordingOrigin;
  readonly clock: Clock;
  readonly port: number;
  readonly exchanges: ExchangeSummary[];
  readonly events: EngineEvent[];
  get(target: string, options?: ClientOptions): Promise<ClientAnswer>;
  /** Waits until the store holds that many responses. */
  stored(entries: number): Promise<void>;
  apply(changes: Partial<Settings>): Promise<void>;
  close(): Promise<void>;
}

export interface UnderTestOptions {
  readonly settings?: Partial<Settings>;
  readonly answer?: Answer;
  readonly redisPassword?: string;
  readonly cacheFolder?: string;
  /** What the clock shows at first, in ms since the epoch; the time of day where it is not given. */
  readonly startTime?: number;
}

export async function startEngineUnderTest(options: UnderTestOptions = {}): Promise<EngineUnderTest> {
  const origin = await startRecordingOrigin(options.answer);
  let time = options.startTime ?? Date.now();
  const clock: Clock = { now: () => time, advance: (seconds) => (time += seconds * 1000) };
  const secrets = { redisPassword: options.redisPassword ?? null };
  const settings: Settings = { ...DEFAULT_SETTINGS, origin: origin.url, port: 0, ...options.settings };
  const { cacheFolder } = options;
  const engine = createEngine({
    settings,
    secrets,
    version: '0.0.0-test',
    now: clock.now,
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
  });
  const exchanges: ExchangeSummary[] = [];
  const events: EngineEvent[] = [];
  engine.subscribe((event) => {
    events.push(event);
    if (event.kind === 'exchange') exchanges.push(event.exchange);
  });
  await engine.start();
  const portNow = (): number => {
    const { listen } = engine.status();
    return listen.kind === 'listening' ? listen.port : 0;
  };
  return {
    engine,
    origin,
    clock,
    get port() {
      return portNow();
    },
    exchanges,
    events,
    get: (target, request = {}) => send(portNow(), target, request),
    stored: (entries) => waitUntil(() => engine.status().store.entries === entries),
    apply: (changes) => engine.apply({ ...engine.settings, ...changes }, secrets),
    close: async () => {
      await engine.close();
      await origin.close();
    },
  };
}

const GIVE_UP_MS = 10_000;

/** Looks again after every turn of the event loop; gives up long after anything sound has happened. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + GIVE_UP_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
