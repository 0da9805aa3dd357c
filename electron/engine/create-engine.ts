/** Makes an engine: one listener, one pipeline, and the settings value that each exchange starts with. */
import type { EngineStatus, ListenState } from '../../shared/engine-status';
import { LarderError } from '../../shared/error-codes';
import { FIRST_PROFILE_ID } from '../../shared/profiles';
import { effectiveTtlSeconds, MEBIBYTE, type Secrets, type Settings } from '../../shared/settings';
import { createFillsInFlight } from './collapse/fills-in-flight';
import { createCollectBudget } from './collapse/shared-body';
import { ConfigSlot } from './config-slot';
import { createCounters } from './events/counters';
import { createEventBus } from './events/event-bus';
import { createExchangeLog } from './events/exchange-log';
import { createInsights } from './events/insights';
import { createExpectedExchanges } from './expected-exchanges';
import { ExchangePipeline } from './exchange-pipeline';
import { listen, nextFreePort, type Listener } from './http/listener';
import { createInvalidations } from './invalidations';
import type { EngineOptions, LarderEngine } from './larder-engine';
import { findNearestStored } from './nearest-stored';
import { createStoredListing } from './listing/stored-listing';
import { createOriginHealthWatch } from './origin/origin-health';
import { createReception } from './reception';
import { createStoreAccess } from './store-access';
import { WritesUnderway } from './store/writes-underway';

/** What bodies on their way into the store may hold together. */
const COLLECT_BUDGET_BYTES = 64 * MEBIBYTE;
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
  readonly #insights;
  readonly #expected = createExpectedExchanges();
  readonly #inFlight = createFillsInFlight();
  readonly #invalidations = createInvalidations();
  readonly #originHealth;
  readonly #slot: ConfigSlot;
  readonly #reception;
  readonly #access;
  #settings: Settings;
  #secrets: Secrets;
  #cache: string;
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
    this.#cache = options.cache ?? FIRST_PROFILE_ID;
    const statusChanged = (): void => this.#events.statusChanged();
    this.#originHealth = createOriginHealthWatch(this.#now, statusChanged);
    this.#slot = new ConfigSlot({
      now: this.#now,
      cacheFolder: options.cacheFolder,
      onStoreHealth: statusChanged,
      onStoreInvalidated: (keys) => {
        if (keys === null) this.#inFlight.invalidateAll();
        else this.#inFlight.invalidate(keys, null);
      },
    });
    const underway = new WritesUnderway();
    const pipeline = new ExchangePipeline({
      inFlight: this.#inFlight,
      underway,
      budget: createCollectBudget(COLLECT_BUDGET_BYTES),
      invalidations: this.#invalidations,
      events: this.#events,
      counters: this.#counters,
      originHealth: this.#originHealth,
      now: this.#now,
    });
    this.#insights = createInsights({
      now: this.#now,
      originRequests: () => this.#counters.values().upstreamRequests,
      store: () => this.#slot.view(this.#settings).store,
    });
    this.#events.subscribe((event) => {
      if (event.kind === 'status' || event.kind === 'cleared') this.#insights.sample();
    });
    this.#access = createStoreAccess({
      store: () => this.#slot.store(),
      log: this.#log,
      inFlight: this.#inFlight,
      invalidations: this.#invalidations,
      events: this.#events,
      now: this.#now,
    });
    this.api = this.#createApi();
    this.#reception = createReception({
      slot: this.#slot,
      underway,
      pipeline,
      api: this.api,
      events: this.#events,
      counters: this.#counters,
      log: this.#log,
      insights: this.#insights,
      expected: this.#expected,
      now: this.#now,
    });
  }

  #createApi(): LarderEngine {
    const settings = (): Settings => this.#settings;
    const listing = createStoredListing({ store: () => this.#slot.store(), now: this.#now });
    this.#events.subscribe((event) => listing.heard(event));
    return {
      get settings() {
        return settings();
      },
      start: () => this.#inTurn(() => this.#start()),
      stop: (graceMs = DEFAULT_GRACE_MS) => this.#inTurn(() => this.#stop(graceMs)),
      close: () => this.#inTurn(() => this.#close()),
      apply: (next, secrets, cache = this.#cache) => this.#inTurn(() => this.#apply(next, secrets, cache)),
      forgetCache: (cache) => this.#inTurn(() => this.#slot.forget(cache)),
      status: () => this.#status(),
      subscribe: this.#events.subscribe,
      expectExchange: this.#expected.expect,
      insights: (span) => this.#insights.report(span),
      nearestStored: async (id) => {
        const [exchange, store] = [this.#log.find(id), this.#slot.store()];
        return exchange === null || store === null ? null : findNearestStored(exchange, store);
      },
      ...this.#access,
      listing,
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
      const prepared = await this.#slot.prepare({
        settings: this.#settings,
        secrets: this.#secrets,
        cache: this.#cache,
      });
      prepared.use();
      this.#listener = await this.#listenAt(this.#settings.port, this.#settings.host);
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
    const listeners = this.#listener === null ? [...this.#leaving] : [this.#listener, ...this.#leaving];
    if (listeners.length > 0) this.#become({ kind: 'stopping' });
    this.#reception.endEndless();
    await Promise.all(listeners.map((one) => one.close(graceMs)));
    this.#listener = null;
    this.#become({ kind: 'stopped' });
  }

  async #close(): Promise<void> {
    await this.#stop(DEFAULT_GRACE_MS);
    await this.#slot.close();
    this.#events.close();
  }

  /** All or nothing: what can fail is done first, then the value is swapped. */
  async #apply(next: Settings, secrets: Secrets, cache: string): Promise<void> {
    const prepared = await this.#slot.prepare({ settings: next, secrets, cache });
    let listener: Listener | null;
    try {
      listener = await this.#listenFor(next);
    } catch (error) {
      prepared.discard();
      throw error;
    }
    prepared.use();
    this.#settings = next;
    this.#secrets = secrets;
    this.#listener?.limitsChanged();
    // What was removed from one cache is no reason for a miss in another.
    if (cache !== this.#cache) this.#invalidations.forgetAll();
    this.#cache = cache;
    if (listener !== null) this.#moveTo(listener);
    else if (this.#listen.kind === 'failed') this.#become({ kind: 'stopped' });
    this.#events.statusChanged();
  }

  /** A listener for the new address; null where none is needed. */
  async #listenFor(next: Settings): Promise<Listener | null> {
    const current = this.#listener;
    if (current === null) return null;
    const sameHost = next.host === this.#settings.host;
    if (sameHost && (next.port === this.#settings.port || next.port === current.port)) return null;
    for (const leaving of this.#leaving) if (leaving.port === next.port) leaving.stopAccepting();
    return next.port === current.port
      ? this.#listenInPlaceOf(current, next)
      : this.#listenAt(next.port, next.host);
  }

  /** On the same port the old listener has to leave first; where the new one fails it comes back. */
  async #listenInPlaceOf(current: Listener, next: Settings): Promise<Listener> {
    current.stopAccepting();
    try {
      return await this.#listenAt(next.port, next.host);
    } catch (error) {
      await this.#listenAgain(current);
      throw error;
    }
  }

  async #listenAgain(former: Listener): Promise<void> {
    try {
      this.#moveTo(await this.#listenAt(former.port, this.#settings.host));
    } catch (error) {
      this.#listener = null;
      this.#leave(former);
      await this.#failed(error);
    }
  }

  #listenAt(port: number, host: string | null): Promise<Listener> {
    return listen(port, host, { ...this.#reception.handlers, limits: () => this.#settings.limits });
  }

  #moveTo(listener: Listener): void {
    const old = this.#listener;
    this.#listener = listener;
    if (old !== null) this.#leave(old);
    this.#become({ kind: 'listening', url: listener.url, port: listener.port });
  }

  #leave(old: Listener): void {
    this.#leaving.add(old);
    void old.leave(DEFAULT_GRACE_MS).then(() => this.#leaving.delete(old));
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
