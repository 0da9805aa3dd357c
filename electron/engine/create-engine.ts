/** Makes an engine: one listener, one pipeline, and the settings value that each exchange starts with. */
import type { EngineStatus, ListenState } from '../../shared/engine-status';
import { LarderError } from '../../shared/error-codes';
import { effectiveTtlSeconds, MEBIBYTE, type Secrets, type Settings } from '../../shared/settings';
import { createFillsInFlight } from './collapse/fills-in-flight';
import { createCollectBudget } from './collapse/shared-body';
import { ConfigSlot } from './config-slot';
import { createCounters } from './events/counters';
import { createEventBus } from './events/event-bus';
import { createExchangeLog } from './events/exchange-log';
import { ExchangePipeline } from './exchange-pipeline';
import { listen, nextFreePort, type Listener } from './http/listener';
import { createInvalidations } from './invalidations';
import type { EngineOptions, LarderEngine } from './larder-engine';
import { createOriginHealthWatch } from './origin/origin-health';
import { createReception } from './reception';
import { createStoreAccess } from './store-access';

/** What bodies on their way into the store may hold together. */
const COLLECT_BUDGET_BYTES = 128 * MEBIBYTE;
const DEFAULT_GRACE_MS = 10_000;

export function createEngine(options: EngineOptions): LarderEngine {
  return new Engine(options).api;
}

class Engine {
  readonly api: LarderEngine;
  readonly #options: EngineOptions;
  readonly #now: () => number;
  readonly #events = createEventBus();
  readonly #counters = createCounters();
  readonly #log = createExchangeLog();
  readonly #inFlight = createFillsInFlight();
  readonly #invalidations = createInvalidations();
  readonly #originHealth;
  readonly #slot: ConfigSlot;
  readonly #reception;
  readonly #access;
  #settings: Settings;
  #secrets: Secrets;
  #listener: Listener | null = null;
  /** Replaced, but still finishing. */
  readonly #leaving = new Set<Listener>();
  #listen: ListenState = { kind: 'stopped' };
  #startedAt: number | null = null;
  /** Listener changes happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#settings = options.settings;
    this.#secrets = options.secrets;
    const statusChanged = (): void => this.#events.statusChanged();
    this.#originHealth = createOriginHealthWatch(this.#now, statusChanged);
    this.#slot = new ConfigSlot({ now: this.#now, onStoreHealth: statusChanged });
    const pipeline = new ExchangePipeline({
      inFlight: this.#inFlight,
      budget: createCollectBudget(COLLECT_BUDGET_BYTES),
      invalidations: this.#invalidations,
      events: this.#events,
      counters: this.#counters,
      originHealth: this.#originHealth,
      now: this.#now,
    });
    this.#access = createStoreAccess({
      store: () => this.#slot.store(),
      log: this.#log,
      inFlight: this.#inFlight,
      invalidations: this.#invalidations,
      events: this.#events,
    });
    this.api = this.#createApi();
    this.#reception = createReception({
      slot: this.#slot,
      pipeline,
      api: this.api,
      events: this.#events,
      counters: this.#counters,
      log: this.#log,
      now: this.#now,
    });
  }

  #createApi(): LarderEngine {
    const settings = (): Settings => this.#settings;
    return {
      get settings() {
        return settings();
      },
      start: () => this.#inTurn(() => this.#start()),
      stop: (graceMs = DEFAULT_GRACE_MS) => this.#inTurn(() => this.#stop(graceMs)),
      close: () => this.#inTurn(() => this.#close()),
      apply: (next, secrets) => this.#inTurn(() => this.#apply(next, secrets)),
      status: () => this.#status(),
      subscribe: this.#events.subscribe,
      ...this.#access,
    };
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #start(): Promise<void> {
    if (this.#listener !== null) return;
    this.#become({ kind: 'starting' });
    try {
      await this.#slot.use(this.#settings, this.#secrets);
      this.#listener = await listen(this.#settings.port, this.#settings.host, this.#reception.handlers);
    } catch (error) {
      await this.#failed(error);
      throw error;
    }
    this.#startedAt ??= this.#now();
    this.#become({ kind: 'listening', url: this.#listener.url, port: this.#listener.port });
  }

  async #failed(error: unknown): Promise<void> {
    const known =
      error instanceof LarderError
        ? error
        : new LarderError('internal', 'Larder could not start', { cause: error });
    const { port, host } = this.#settings;
    const freePort = known.code === 'port_in_use' ? await nextFreePort(port, host) : null;
    this.#become({ kind: 'failed', error: known.report(), freePort });
  }

  async #stop(graceMs: number): Promise<void> {
    const listener = this.#listener;
    if (listener === null) {
      this.#become({ kind: 'stopped' });
      return;
    }
    this.#become({ kind: 'stopping' });
    this.#reception.endTunnels();
    await Promise.all([listener, ...this.#leaving].map((one) => one.close(graceMs)));
    this.#listener = null;
    this.#become({ kind: 'stopped' });
  }

  async #close(): Promise<void> {
    await this.#stop(DEFAULT_GRACE_MS);
    await this.#slot.close();
    this.#events.close();
  }

  /** All or nothing: what can fail is done first, then the value is swapped. */
  async #apply(next: Settings, secrets: Secrets): Promise<void> {
    const previous = this.#settings;
    const moves = this.#listener !== null && (next.port !== previous.port || next.host !== previous.host);
    const listener = moves ? await this.#listenBeside(next) : null;
    try {
      await this.#slot.use(next, secrets);
    } catch (error) {
      await listener?.close(0);
      throw error;
    }
    this.#settings = next;
    this.#secrets = secrets;
    if (listener !== null) this.#moveTo(listener);
    else if (this.#listen.kind === 'failed') this.#become({ kind: 'stopped' });
    this.#events.statusChanged();
  }

  /** A listener for the new address; on the same port the old one has to leave first. */
  async #listenBeside(next: Settings): Promise<Listener> {
    const previous = this.#listener;
    for (const leaving of this.#leaving) if (leaving.port === next.port) leaving.stopAccepting();
    if (previous === null || next.port !== previous.port) {
      return listen(next.port, next.host, this.#reception.handlers);
    }
    previous.stopAccepting();
    try {
      return await listen(next.port, next.host, this.#reception.handlers);
    } catch (error) {
      const again = await listen(previous.port, this.#settings.host, this.#reception.handlers);
      this.#moveTo(again);
      throw error;
    }
  }

  #moveTo(listener: Listener): void {
    const old = this.#listener;
    this.#listener = listener;
    if (old !== null) {
      this.#leaving.add(old);
      void old.leave(DEFAULT_GRACE_MS).then(() => this.#leaving.delete(old));
    }
    this.#become({ kind: 'listening', url: listener.url, port: listener.port });
  }

  #become(state: ListenState): void {
    this.#listen = state;
    this.#events.publish({ kind: 'status' });
  }

  #status(): EngineStatus {
    const settings = this.#settings;
    const now = this.#now();
    const { store, origin, demo } = this.#slot.view(settings);
    return {
      version: this.#options.version,
      listen: this.#listen,
      origin,
      demo,
      policy: settings.policy,
      ttlSeconds: effectiveTtlSeconds(settings),
      store,
      originHealth: this.#originHealth.of(new URL(origin).origin),
      counters: this.#counters.values(),
      startedAt: this.#startedAt,
      uptimeSeconds: this.#startedAt === null ? 0 : Math.max(0, (now - this.#startedAt) / 1000),
    };
  }
}
