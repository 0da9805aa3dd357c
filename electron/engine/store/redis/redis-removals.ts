/**
 * What takes responses out of Redis. Beside the request's path: each removal first
 * stops the puts that it would miss, drops what is near, and where a response may
 * be out of date it tells the other Larders.
 */
import type { Milliseconds } from '../../../../shared/units';
import type { StoredRecord } from '../codec';
import { urlMatchesGlob } from '../glob';
import type { RunRedis } from './redis-connection';
import type { RedisCleared } from './redis-cleared';
import type { RedisNear } from './redis-near';
import { OwedInvalidations } from './redis-owed';
import type { RedisResponses } from './redis-responses';
import type { RedisScan } from './redis-scan';
import type { RedisTeam } from './redis-team';
import type { WriteFence } from './write-fence';

const REMOVE_AT_ONCE = 100;

export interface RedisRemovalsOptions {
  readonly run: RunRedis;
  readonly responses: RedisResponses;
  readonly scan: RedisScan;
  readonly cleared: RedisCleared;
  readonly fence: WriteFence;
  readonly near: RedisNear;
  readonly team: RedisTeam;
}

export class RedisRemovals {
  private readonly options: RedisRemovalsOptions;
  private readonly owed = new OwedInvalidations();

  constructor(options: RedisRemovalsOptions) {
    this.options = options;
  }

  /** Every variant under the keys. What Redis could not be told is owed to it. Returns how many. */
  invalidate(keys: readonly string[]): Promise<number> {
    const { near, fence, run } = this.options;
    const wanted = new Set(keys);
    return near.changing(keys, async () => {
      await fence.stop((stored) => wanted.has(stored.key));
      return this.owed.settleOrOwe(keys, (key) => this.removeAndTell(key, run));
    });
  }

  /** Makes up for all that is owed, to a Redis that is back, before anyone else may use it. */
  makeUp(run: RunRedis): Promise<void> {
    return this.owed.settle((key) => this.removeAndTell(key, run));
  }

  /** Everything; `keepForMs` above 0: so that it can be undone. Returns how many. */
  clear(keepForMs: Milliseconds): Promise<number> {
    const { near, fence, team, scan, cleared } = this.options;
    return near.changing(null, async () => {
      await Promise.all([fence.stop(() => true), cleared.overtake()]);
      // Told first: what the others store once they have heard it, they asked the origin for afterwards.
      await team.tell(null);
      return keepForMs > 0 ? cleared.hide(keepForMs) : scan.clear();
    });
  }

  /** Returns how many are back. */
  undoClear(): Promise<number> {
    const { near, cleared } = this.options;
    return near.changing(null, () => cleared.undo());
  }

  /** Returns how many of these there were. */
  delete(ids: readonly string[]): Promise<number> {
    const { near, fence, responses, cleared } = this.options;
    const wanted = new Set(ids);
    return near.changing(null, async () => {
      await fence.stop((stored) => wanted.has(stored.id));
      let removed = 0;
      for (let first = 0; first < ids.length; first += REMOVE_AT_ONCE) {
        const some = ids.slice(first, first + REMOVE_AT_ONCE);
        const gone = await Promise.all(some.map((id) => responses.remove(id)));
        for (const [index, id] of some.entries()) if (gone[index] === true) wanted.delete(id);
        removed += gone.filter(Boolean).length;
      }
      // Of what is hidden nothing tells by its id where it is.
      if (wanted.size > 0) await cleared.removeMatching(({ id }) => wanted.has(id));
      return removed;
    });
  }

  /** Those whose URL fits. Returns how many. */
  deleteMatching(glob: string): Promise<number> {
    const { near, fence, scan, cleared } = this.options;
    return near.changing(null, async () => {
      await fence.stop((stored) => urlMatchesGlob(glob, stored.url));
      // First, because an undo meanwhile moves from here to there.
      await cleared.removeMatching(({ url }) => urlMatchesGlob(glob, url));
      return scan.removeMatching((url) => urlMatchesGlob(glob, url));
    });
  }

  /** A response that turned out to be out of date when it was put. */
  async takeBack(record: StoredRecord): Promise<void> {
    const { near, responses } = this.options;
    const { key } = record.stored;
    const remove = async () => Number(await responses.removeRecord(record));
    await near.changing([key], () => this.owed.settleOrOwe([key], remove));
  }

  private async removeAndTell(key: string, run: RunRedis): Promise<number> {
    const { responses, team } = this.options;
    const removed = await responses.through(run).removeFamily(key);
    // Told afterwards: who hears of it takes back what it has put since.
    await team.tell([key], run);
    return removed;
  }
}
