/**
 * The store that settings ask for: made, or the one in use adjusted where that is enough (budgets, compression,
 * persistence), so that nothing stored is lost by a change. Beside the request's path: config-slot asks when settings change.
 */
import type { Secrets, Settings } from '../../shared/settings';
import { openPersistence } from './store/disk/open-persistence';
import type { MemoryStore } from './store/memory/memory-store-contract';
import { createMemoryStore } from './store/memory/memory-store';
import type { Persistence } from './store/persistence';
import { createRedisStore, type RedisStore } from './store/redis/redis-store';

export interface StoreSlotOptions {
  readonly now: () => number;
  /** Where the memory store is persisted; undefined: nowhere. */
  readonly cacheFolder: string | undefined;
  readonly onStatus: () => void;
}

type AnyStore = MemoryStore | RedisStore;

/** What a store was made for. */
interface Wanted {
  readonly settings: Settings;
  readonly secrets: Secrets;
}

/** A store for new settings: one of both functions is called, once. `discard` does not close the store. */
export interface PreparedStore {
  readonly store: AnyStore;
  use(): void;
  discard(): void;
}

export class StoreSlot {
  readonly #options: StoreSlotOptions;
  #inUse: { readonly store: AnyStore; readonly wanted: Wanted } | null = null;
  /** Of the memory store in use; null: not persisted. */
  #disk: Persistence | null = null;
  /** Until the folder is free again for another to open. */
  #folderFree: Promise<void> = Promise.resolve();

  constructor(options: StoreSlotOptions) {
    this.#options = options;
  }

  async prepare(settings: Settings, secrets: Secrets): Promise<PreparedStore> {
    const wanted: Wanted = { settings, secrets };
    const kept = this.#inUse !== null && isSameStore(this.#inUse.wanted, wanted) ? this.#inUse.store : null;
    // First what can throw: a Redis URL that is malformed.
    const store = kept ?? this.#make(wanted);
    const hasDisk = kept !== null && this.#disk !== null;
    const disk = this.#wantsDisk(settings) && !hasDisk ? await this.#open(settings) : null;
    // What is on the disk is there before the first request.
    if (disk !== null && kept === null && store.kind === 'memory') await store.attach(disk);
    return {
      store,
      use: () => this.#use(store, wanted, disk),
      discard: () => {
        if (disk !== null) this.#folderFree = disk.close();
      },
    };
  }

  #make({ settings, secrets }: Wanted): AnyStore {
    const { now } = this.#options;
    const { compressionLevel } = settings;
    return settings.store === 'memory'
      ? createMemoryStore({ budgetBytes: settings.maxMemoryBytes, now, compressionLevel })
      : createRedisStore({ redis: settings.redis, password: secrets.redisPassword, now, compressionLevel });
  }

  #wantsDisk({ store, persist }: Settings): boolean {
    return store === 'memory' && persist && this.#options.cacheFolder !== undefined;
  }

  async #open(settings: Settings): Promise<Persistence> {
    await this.#folderFree;
    const { now, cacheFolder: folder = '', onStatus } = this.#options;
    const disk = await openPersistence({ folder, budgetBytes: settings.maxDiskBytes, now });
    disk.onStatus(onStatus);
    return disk;
  }

  #use(store: AnyStore, wanted: Wanted, disk: Persistence | null): void {
    const before = this.#inUse?.store ?? null;
    if (before !== null && before !== store) this.#letGo(before);
    this.#inUse = { store, wanted };
    const { settings } = wanted;
    store.setCompressionLevel(settings.compressionLevel);
    if (store.kind === 'redis') {
      store.setNearCacheBudget(settings.redis.nearCacheBytes);
      return;
    }
    store.setBudget(settings.maxMemoryBytes);
    this.#disk?.setBudget(settings.maxDiskBytes);
    if (disk !== null) {
      this.#disk = disk;
      if (store === before) void store.attach(disk);
    } else if (!this.#wantsDisk(settings) && this.#disk !== null) {
      this.#disk = null;
      // Switched off: what would be found on the disk one day is out of date by then.
      this.#folderFree = store.detach('clear');
    }
  }

  /** Exchanges that began with this store end with it, without its disk, which the next one may want. */
  #letGo(store: AnyStore): void {
    if (store.kind !== 'memory' || this.#disk === null) return;
    this.#disk = null;
    this.#folderFree = store.detach('keep');
  }
}

function isSameStore(old: Wanted, next: Wanted): boolean {
  if (old.settings.store !== next.settings.store) return false;
  if (next.settings.store === 'memory') return true;
  const { nearCacheBytes: _oldNear, ...before } = old.settings.redis;
  const { nearCacheBytes: _nextNear, ...after } = next.settings.redis;
  return (
    JSON.stringify(before) === JSON.stringify(after) &&
    old.secrets.redisPassword === next.secrets.redisPassword
  );
}
