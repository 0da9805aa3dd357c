/**
 * The store that settings ask for: made, or the one in use adjusted where that is enough (budgets, compression,
 * persistence), so that nothing stored is lost by a change. Each cache (of a profile) has a store of its own.
 * Beside the request's path: config-slot asks when settings change.
 */
import { rm } from 'node:fs/promises';
import { FIRST_PROFILE_ID } from '../../shared/profiles';
import type { Secrets, Settings } from '../../shared/settings';
import { CacheFolder } from './store/disk/cache-folder';
import { openPersistence } from './store/disk/open-persistence';
import type { MemoryStore } from './store/memory/memory-store-contract';
import { createMemoryStore } from './store/memory/memory-store';
import type { Persistence } from './store/persistence';
import type { RedisStore } from './store/redis/redis-store';

export interface StoreSlotOptions {
  readonly now: () => number;
  /** Where the memory store of the first profile is persisted, those of others beside it; undefined: nowhere. */
  readonly cacheFolder: string | undefined;
  readonly onStatus: () => void;
}

type AnyStore = MemoryStore | RedisStore;

/** What a store is made for. */
export interface StoreWish {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Whose cache it is: the id of a profile. */
  readonly cache: string;
}

/** A store for new settings: one of both functions is called, once. `discard` does not close the store. */
export interface PreparedStore {
  readonly store: AnyStore;
  use(): void;
  discard(): void;
}

export class StoreSlot {
  readonly #options: StoreSlotOptions;
  #inUse: { readonly store: AnyStore; readonly wanted: StoreWish } | null = null;
  /** Of the memory store in use; null: not persisted. */
  #disk: Persistence | null = null;
  /** Of caches that are not persisted and not in use now: they wait in memory, each within its budget. */
  readonly #parked = new Map<string, MemoryStore>();
  /** Until a folder is free again for another to open. */
  readonly #foldersFree = new Map<string, Promise<void>>();

  constructor(options: StoreSlotOptions) {
    this.#options = options;
  }

  async prepare(wanted: StoreWish): Promise<PreparedStore> {
    const { settings, cache } = wanted;
    const kept = this.#inUse !== null && isSameStore(this.#inUse.wanted, wanted) ? this.#inUse.store : null;
    const parked = settings.store === 'memory' ? this.#parked.get(cache) : undefined;
    // First what can throw: a Redis URL that is malformed.
    const store = kept ?? parked ?? (await this.#make(wanted));
    const hasDisk = kept !== null && this.#disk !== null;
    const disk = this.#wantsDisk(settings) && !hasDisk ? await this.#open(settings, cache) : null;
    // What is on the disk is there before the first request.
    const isNew = kept === null && parked === undefined;
    if (disk !== null && isNew && store.kind === 'memory') await store.attach(disk);
    return {
      store,
      use: () => this.#use(store, wanted, isNew ? { disk, attached: true } : { disk, attached: false }),
      discard: () => {
        if (disk !== null) this.#freeing(cache, disk.close());
      },
    };
  }

  /** Whether it waits for its cache to be used again; then it is not closed. */
  isParked(store: unknown): boolean {
    return [...this.#parked.values()].some((parked) => parked === store);
  }

  /** Deletes what a cache that is not in use keeps in memory and on disk.
   *  @returns the store that waited for it, to be closed, and whether its folder could be deleted: another process may have it */
  async forget(cache: string): Promise<{ readonly parked: MemoryStore | null; readonly deleted: boolean }> {
    const parked = this.#parked.get(cache) ?? null;
    this.#parked.delete(cache);
    const path = this.#folderOf(cache);
    if (path === null) return { parked, deleted: true };
    await this.#foldersFree.get(cache);
    try {
      const folder = new CacheFolder(path, this.#options.now);
      if (!(await folder.enter())) return { parked, deleted: false };
      await folder.leave();
      await rm(path, { recursive: true, force: true });
      return { parked, deleted: true };
    } catch {
      // What the disk refuses stays there; the caller says so.
      return { parked, deleted: false };
    }
  }

  #folderOf(cache: string): string | null {
    const { cacheFolder } = this.#options;
    if (cacheFolder === undefined) return null;
    return cache === FIRST_PROFILE_ID ? cacheFolder : `${cacheFolder}-${cache}`;
  }

  #freeing(cache: string, done: Promise<void>): void {
    this.#foldersFree.set(cache, done);
  }

  async #make({ settings, secrets }: StoreWish): Promise<AnyStore> {
    const { now } = this.#options;
    const { compressionLevel } = settings;
    if (settings.store === 'memory')
      return createMemoryStore({ budgetBytes: settings.maxMemoryBytes, now, compressionLevel });
    // Whoever does not use Redis does not wait for its client to be read at every start.
    const { createRedisStore } = await import('./store/redis/redis-store');
    return createRedisStore({
      redis: settings.redis,
      password: secrets.redisPassword,
      now,
      compressionLevel,
    });
  }

  #wantsDisk({ store, persist }: Settings): boolean {
    return store === 'memory' && persist && this.#options.cacheFolder !== undefined;
  }

  async #open(settings: Settings, cache: string): Promise<Persistence> {
    await this.#foldersFree.get(cache);
    const { now, onStatus } = this.#options;
    const folder = this.#folderOf(cache) ?? '';
    const disk = await openPersistence({ folder, budgetBytes: settings.maxDiskBytes, now });
    disk.onStatus(onStatus);
    return disk;
  }

  #use(store: AnyStore, wanted: StoreWish, { disk, attached }: NewDisk): void {
    const before = this.#inUse;
    if (before !== null && before.store !== store) this.#letGo(before.store, before.wanted, wanted);
    this.#inUse = { store, wanted };
    const { settings, cache } = wanted;
    if (this.#parked.get(cache) === store) this.#parked.delete(cache);
    store.setCompressionLevel(settings.compressionLevel);
    if (store.kind === 'redis') {
      store.setNearCacheBudget(settings.redis.nearCacheBytes);
      return;
    }
    store.setBudget(settings.maxMemoryBytes);
    this.#disk?.setBudget(settings.maxDiskBytes);
    if (disk !== null) {
      this.#disk = disk;
      if (!attached) void store.attach(disk);
    } else if (!this.#wantsDisk(settings) && this.#disk !== null) {
      this.#disk = null;
      // Switched off: what would be found on the disk one day is out of date by then.
      this.#freeing(cache, store.detach('clear'));
    }
  }

  /**
   * Exchanges that began with this store end with it, without its disk, which the next one may want.
   * What is in memory only waits there for its profile.
   */
  #letGo(store: AnyStore, { cache }: StoreWish, next: StoreWish): void {
    if (store.kind !== 'memory') return;
    if (this.#disk === null) {
      if (next.cache !== cache) this.#parked.set(cache, store);
      return;
    }
    this.#disk = null;
    this.#freeing(cache, store.detach('keep'));
  }
}

interface NewDisk {
  /** Null: none, or the one there is. */
  readonly disk: Persistence | null;
  readonly attached: boolean;
}

function isSameStore(old: StoreWish, next: StoreWish): boolean {
  if (old.settings.store !== next.settings.store) return false;
  if (next.settings.store === 'memory') return old.cache === next.cache;
  const { nearCacheBytes: _oldNear, ...before } = old.settings.redis;
  const { nearCacheBytes: _nextNear, ...after } = next.settings.redis;
  return (
    JSON.stringify(before) === JSON.stringify(after) &&
    old.secrets.redisPassword === next.secrets.redisPassword
  );
}
