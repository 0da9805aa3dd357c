/**
 * Holds the config value that new exchanges take. What stays the same from one
 * settings value to the next (store, connections, demo origin) is kept; what
 * changed is made anew, and the old is disposed when its last exchange ends.
 */
import type { EngineStatus } from '../../shared/engine-status';
import type { Settings } from '../../shared/settings';
import { startDemoOrigin } from './demo/demo-origin';
import { Shared, type EngineConfig } from './engine-config';
import type { OriginClient } from './origin/origin-client';
import { originTarget } from './origin/origin-target';
import { StoreSlot, type PreparedStore, type StoreWish } from './store-slot';
import type { ResponseStore } from './store/response-store';

const NOTHING_STORED = {
  entries: 0,
  bytes: 0,
  bodyBytes: 0,
  storedBodyBytes: 0,
  persistence: null,
  nearCache: null,
  undo: null,
} as const;

interface SlotOptions {
  readonly now: () => number;
  readonly cacheFolder: string | undefined;
  readonly onStoreHealth: () => void;
  /** Another process that shares the store has invalidated these keys; null: any. */
  readonly onStoreInvalidated: (keys: readonly string[] | null) => void;
}

type OriginModule = typeof import('./origin/origin-client');

interface Parts {
  readonly config: EngineConfig;
  readonly store: Shared<ResponseStore>;
  readonly client: Shared<OriginClient>;
  readonly demo: Shared<string> | null;
}

interface TakenConfig {
  readonly config: EngineConfig;
  readonly release: () => void;
  readonly holdLonger: () => () => void;
}

/** Made, but not in use yet: one of both is called, once. */
export interface PreparedConfig {
  use(): void;
  discard(): void;
}

export class ConfigSlot {
  readonly #options: SlotOptions;
  readonly #stores: StoreSlot;
  /** Stores of caches that are not in use now, held so that nothing closes them. */
  readonly #parked = new Map<ResponseStore, Shared<ResponseStore>>();
  #parts: Parts | null = null;

  constructor(options: SlotOptions) {
    const { now, cacheFolder, onStoreHealth } = options;
    this.#options = options;
    this.#stores = new StoreSlot({ now, cacheFolder, onStatus: onStoreHealth });
  }

  /** Makes what the settings ask for. What cannot be made throws, and the old value stays in use. */
  async prepare(wish: StoreWish): Promise<PreparedConfig> {
    const { settings, secrets } = wish;
    const old = this.#parts;
    // Reading it takes longest; begun here, it is over before a window that opens asks for its page.
    const reading = import('./origin/origin-client');
    const demo = settings.origin === null ? (old?.demo ?? (await startDemo())) : null;
    demo?.hold();
    try {
      const origin = originTarget(settings.origin ?? demo?.value ?? '');
      const prepared = await this.#stores.prepare(wish);
      const store = prepared.store === old?.store.value ? old.store : this.#shared(prepared);
      const client = clientFor(old, settings, await reading);
      const value = { settings, secrets, origin, demo: demo !== null };
      const next: Parts = {
        config: { ...value, client: client.value, store: store.value },
        store,
        client,
        demo,
      };
      hold(next);
      return {
        use: () => {
          prepared.use();
          this.#swap(old, next);
        },
        discard: () => {
          prepared.discard();
          release(next);
        },
      };
    } finally {
      void demo?.release();
    }
  }

  /** Deletes what a cache that is not in use keeps in this process and on disk. False: its folder is still there. */
  async forget(cache: string): Promise<boolean> {
    const { parked, deleted } = await this.#stores.forget(cache);
    if (parked !== null) await this.#unpark(parked);
    return deleted;
  }

  #swap(old: Parts | null, next: Parts): void {
    this.#parts = next;
    if (old !== null && this.#stores.isParked(old.store.value)) {
      old.store.hold();
      this.#parked.set(old.store.value, old.store);
    }
    void this.#unpark(next.store.value);
    if (old !== null) release(old);
  }

  async #unpark(store: ResponseStore): Promise<void> {
    const shared = this.#parked.get(store);
    this.#parked.delete(store);
    await shared?.release();
  }

  /** The value for one exchange, and the function to call when it ends; `holdLonger` keeps it beyond that. */
  take(): TakenConfig {
    const parts = this.#parts;
    if (parts === null) throw new Error('no settings are in use');
    hold(parts);
    const holdLonger = (): (() => void) => {
      hold(parts);
      return () => release(parts);
    };
    return { config: parts.config, release: () => release(parts), holdLonger };
  }

  /** For what is done before anything else can happen; it holds nothing. Null: no settings are in use. */
  current(): EngineConfig | null {
    return this.#parts?.config ?? null;
  }

  store(): ResponseStore | null {
    return this.#parts?.store.value ?? null;
  }

  view(settings: Settings): Pick<EngineStatus, 'store' | 'origin' | 'demo'> {
    const parts = this.#parts;
    const origin = settings.origin ?? parts?.demo?.value ?? 'http://127.0.0.1';
    if (parts === null) {
      const health = { state: 'ok', since: this.#options.now(), message: null } as const;
      const budgetBytes = settings.store === 'memory' ? settings.maxMemoryBytes : null;
      return {
        origin,
        demo: settings.origin === null,
        store: { kind: settings.store, health, ...NOTHING_STORED, budgetBytes },
      };
    }
    const store = parts.store.value;
    return {
      origin,
      demo: settings.origin === null,
      store: { kind: store.kind, health: store.health(), ...store.stats() },
    };
  }

  async close(): Promise<void> {
    const parts = this.#parts;
    this.#parts = null;
    await Promise.all([...this.#parked.keys()].map((store) => this.#unpark(store)));
    if (parts !== null)
      await Promise.all([parts.store.release(), parts.client.release(), parts.demo?.release()]);
  }

  #shared({ store }: PreparedStore): Shared<ResponseStore> {
    const parked = this.#parked.get(store);
    if (parked !== undefined) return parked;
    const { onStoreHealth, onStoreInvalidated } = this.#options;
    const stopListening = [store.onHealth(onStoreHealth), store.onInvalidated(onStoreInvalidated)];
    return new Shared<ResponseStore>(store, async () => {
      for (const stop of stopListening) stop();
      await store.close();
    });
  }
}

async function startDemo(): Promise<Shared<string>> {
  const demo = await startDemoOrigin({});
  return new Shared(demo.url, () => demo.close());
}

function clientFor(old: Parts | null, settings: Settings, origin: OriginModule): Shared<OriginClient> {
  if (old !== null && sameJson(old.config.settings.upstream, settings.upstream)) return old.client;
  const client = origin.createOriginClient(settings.upstream);
  return new Shared(client, () => client.close());
}

function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function hold({ store, client, demo }: Parts): void {
  store.hold();
  client.hold();
  demo?.hold();
}

function release({ store, client, demo }: Parts): void {
  void store.release();
  void client.release();
  void demo?.release();
}
