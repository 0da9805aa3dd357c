/**
 * The near cache of one Redis: what is in memory, what Redis tells of its
 * changes, and what the other Larders say, put together. On the request's path
 * in front of Redis; without a budget it keeps nothing and asks Redis for nothing.
 */
import type { NearCacheStatus } from '../../../../shared/engine-status';
import type { EpochMs } from '../../../../shared/units';
import type { StoredResponse } from '../../semantics/stored-response';
import type { StoredRecord } from '../codec';
import type { NearRead } from './near-cache';
import { NearCache } from './near-cache';
import type { RedisLayout } from './redis-layout';
import type { RedisTeam } from './redis-team';
import type { WatchedNodes } from './redis-watch';
import { RedisWatch } from './redis-watch';

export interface RedisNearOptions {
  readonly nodes: WatchedNodes;
  readonly layout: RedisLayout;
  readonly team: RedisTeam;
  readonly budgetBytes: number;
  readonly now: () => EpochMs;
}

export class RedisNear {
  private readonly cache: NearCache;
  private readonly watch: RedisWatch;
  private readonly team: RedisTeam;

  constructor({ nodes, layout, team, budgetBytes, now }: RedisNearOptions) {
    this.team = team;
    this.cache = new NearCache({
      budgetBytes,
      now,
      metadataKeyOf: (key) => layout.metadataKey(layout.family(key)),
    });
    this.watch = new RedisWatch({
      nodes,
      trackedPrefix: layout.metadataPrefix,
      channel: layout.changesChannel,
      isTracking: budgetBytes > 0,
      listener: {
        changed: (key) => (key === null ? this.cache.changeAll() : this.cache.change(key)),
        heard: (message) => team.hear(message),
        missed: (since) => team.missed(since),
      },
    });
  }

  /** Null: ask Redis. */
  lookup(key: string): readonly StoredResponse[] | null {
    return this.isUsable() ? this.cache.lookup(key) : null;
  }

  /** Null: ask Redis. */
  body(record: StoredRecord): Uint8Array | null {
    return this.isUsable() ? this.cache.body(record) : null;
  }

  /** To be called before Redis is asked for the family. */
  beginRead(key: string): NearRead {
    return this.cache.beginRead(key);
  }

  /** A body that answered a hit, where Redis would tell if its response changed. */
  keep(read: NearRead, record: StoredRecord, body: Uint8Array): void {
    if (this.watch.isTracking) this.cache.admit(read, record, body);
  }

  /** Our own change of these keys, null: of any. Nothing from before it is near when it begins or when it has ended. */
  async changing<T>(keys: readonly string[] | null, change: () => Promise<T>): Promise<T> {
    this.forget(keys);
    try {
      return await change();
    } finally {
      this.forget(keys);
    }
  }

  /** To be called after each put, so that it can be taken back if its key turns out to have been invalidated. */
  wrote(record: StoredRecord): void {
    this.team.wrote(record, this.watch.isHearing());
  }

  /** To be awaited when Redis is back, before it is used. */
  listening(): Promise<void> {
    return this.watch.listening();
  }

  setBudget(bytes: number): void {
    this.cache.setBudget(bytes);
    this.watch.setTracking(bytes > 0);
  }

  status(): NearCacheStatus {
    const { budgetBytes, bytes, entries } = this.cache;
    if (budgetBytes === 0) return { state: 'off', entries, bytes, budgetBytes };
    return { state: this.watch.isTracking ? 'on' : 'resting', entries, bytes, budgetBytes };
  }

  /** What Redis does not permit, and what follows; null: nothing. */
  problem(): string | null {
    const refused = new Set([...this.watch.refused, ...(this.team.isRefused ? ['PUBLISH'] : [])]);
    if (refused.size === 0) return null;
    const what = `Redis does not permit ${[...refused].join(' and ')}`;
    const near = refused.has('CLIENT TRACKING') ? ' The near cache rests.' : '';
    const team =
      refused.has('SUBSCRIBE') || refused.has('PUBLISH')
        ? ' Larders that share it do not hear of each other: what one is about to store another may have invalidated.'
        : '';
    return `${what}; permit it for this user (ACL).${near}${team}`;
  }

  close(): void {
    this.watch.close();
    this.cache.changeAll();
  }

  private isUsable(): boolean {
    return this.cache.budgetBytes > 0 && this.watch.isCurrent();
  }

  private forget(keys: readonly string[] | null): void {
    if (keys === null) this.cache.changeAll();
    else this.cache.changeKeys(keys);
  }
}
