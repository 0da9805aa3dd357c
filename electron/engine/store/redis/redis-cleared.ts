/**
 * What a clear keeps in Redis for an undo: each family's metadata under another name, where no lookup, list or count
 * finds it, until Redis lets it expire. Beside the request's path. The scripts that store and remove responses take
 * what they replace out of it too, whichever Larder runs them.
 */
import { randomBytes } from 'node:crypto';
import type { UndoStatus } from '../../../../shared/engine-status';
import type { EpochMs, Milliseconds } from '../../../../shared/units';
import type { RunRedis, SendOptions } from './redis-connection';
import type { StoredResponse } from '../../semantics/stored-response';
import type { RedisLayout } from './redis-layout';
import { unlinkKeys } from './redis-many-keys';
import type { BroughtBack, RedisResponses } from './redis-responses';
import type { RedisScan } from './redis-scan';
import { DROP_HIDDEN_SCRIPT, HIDE_SCRIPT, UNHIDE_SCRIPT, runScript, type RedisScript } from './redis-scripts';
import { MAX_VARIANTS } from '../response-store';

/** Redis keeps it for longer than an undo may come: what was cleared first waits for the rest to be cleared. */
const MARGIN_MS: Milliseconds = 60_000;
/** A clear can be undone for less than this. */
const LONGEST_HIDDEN_MS: Milliseconds = 15 * 60_000;
/** Half a millisecond of the server's time. */
const FAMILIES_AT_ONCE = 16;
const BULK: SendOptions = { lane: 'bulk' };

interface ClearedOptions {
  readonly run: RunRedis;
  readonly layout: RedisLayout;
  readonly scan: RedisScan;
  readonly responses: RedisResponses;
  readonly now: () => EpochMs;
}

/** What one clear has hidden. */
interface Cleared {
  /** Tells it from what other clears have hidden. */
  readonly mark: string;
  readonly status: UndoStatus;
  readonly timer: NodeJS.Timeout;
}

/** An undo that runs; another clear overtakes it. */
interface Undoing {
  overtaken: boolean;
  readonly done: Promise<number>;
}

export class RedisCleared {
  private readonly options: ClearedOptions;
  private last: Cleared | null = null;
  private undoing: Undoing | null = null;
  /** On performance's clock: what a Larder that shares this Redis has hidden has expired by then. */
  private mayHideUntil = performance.now() + LONGEST_HIDDEN_MS;

  constructor(options: ClearedOptions) {
    this.options = options;
  }

  /** Null: there is no clear of ours that could be undone. */
  status(): UndoStatus | null {
    return this.last?.status ?? null;
  }

  /** Hides everything that is stored now, and what earlier clears have hidden goes. Returns how many are hidden. */
  async hide(keepForMs: Milliseconds): Promise<number> {
    const { layout, now, scan } = this.options;
    const mark = randomBytes(9).toString('base64url');
    const boundMs = keepForMs + MARGIN_MS;
    let entries = 0;
    for await (const keys of scan.keys(layout.everyKey)) {
      const families = keys.map((key) => layout.familyOf(key)).filter((family) => family !== null);
      const hidden = this.runOn(families, HIDE_SCRIPT, [mark, boundMs]);
      const [counts] = await Promise.all([hidden, this.removeOthers(keys, mark)]);
      entries += counts.reduce<number>((sum, count) => sum + Number(count), 0);
    }
    const timer = setTimeout(() => this.expire(mark), keepForMs).unref();
    if (entries > 0) this.last = { mark, status: { entries, until: now() + keepForMs }, timer };
    else clearTimeout(timer);
    return entries;
  }

  /** Puts back what the last clear of this process has hidden. Returns how many. */
  async undo(): Promise<number> {
    const { last } = this;
    this.forget();
    if (last === null || this.options.now() >= last.status.until) return 0;
    const undoing: Undoing = {
      overtaken: false,
      done: Promise.resolve().then(() => this.putBack(last, undoing)),
    };
    this.undoing = undoing;
    try {
      return await undoing.done;
    } finally {
      this.undoing = null;
    }
  }

  /** Everything is cleared again, by whomever: what is hidden is not to come back, and what came back since goes. */
  async overtake(): Promise<void> {
    this.forget();
    this.mayHideUntil = performance.now() + LONGEST_HIDDEN_MS;
    if (this.undoing === null) return;
    this.undoing.overtaken = true;
    await this.undoing.done.catch(() => 0);
  }

  /** Removes what any clear has hidden and `matches`; looks for it only where a clear was heard of lately. */
  async removeMatching(matches: (stored: StoredResponse) => boolean): Promise<void> {
    if (performance.now() > this.mayHideUntil) return;
    const { responses } = this.options;
    for await (const families of this.hiddenFamilies()) {
      const gone = (await responses.hidden(families)).filter(({ stored }) => matches(stored));
      await Promise.all(gone.map((record) => responses.removeRecord(record)));
    }
  }

  close(): void {
    this.forget();
  }

  private forget(): void {
    if (this.last !== null) clearTimeout(this.last.timer);
    this.last = null;
  }

  /** What is no metadata: bodies stay until they expire, ids are made anew from the metadata. */
  private async removeOthers(keys: readonly string[], mark: string): Promise<void> {
    const { run, layout } = this.options;
    const families = keys.map((key) => layout.hiddenFamilyOf(key)).filter((family) => family !== null);
    const others = keys.filter((key) => !layout.isPartOfFamily(key) && key !== layout.secretKey);
    await Promise.all([
      run((redis) => unlinkKeys(redis, others), BULK),
      this.runOn(families, DROP_HIDDEN_SCRIPT, [mark, 'others']),
    ]);
  }

  private async putBack({ mark }: Cleared, undoing: Undoing): Promise<number> {
    const { responses, now } = this.options;
    const done: BroughtBack[] = [];
    for await (const families of this.hiddenFamilies()) {
      if (undoing.overtaken) break;
      const replies = await this.runOn(families, UNHIDE_SCRIPT, [mark, now(), MAX_VARIANTS]);
      const back = replies.flatMap((reply) => this.broughtBack(reply));
      await responses.nameAgain(back);
      done.push(...back);
    }
    if (!undoing.overtaken) return done.length;
    await Promise.all(done.map((back) => responses.takeBack(back)));
    return 0;
  }

  private broughtBack(reply: unknown): BroughtBack[] {
    const values = Array.isArray(reply) ? reply.map(String) : [];
    const back: BroughtBack[] = [];
    for (let at = 0; at + 4 < values.length; at += 5) {
      const [key = '', id = '', metadataBytes, keepMs, body = ''] = values.slice(at, at + 5);
      const family = this.options.layout.hiddenFamilyOf(key) ?? '';
      back.push({ family, id, metadataBytes: Number(metadataBytes), keepMs: Number(keepMs), body });
    }
    return back;
  }

  /** Where it fails, Redis lets it expire a minute later. */
  private expire(mark: string): void {
    this.forget();
    const drop = async (): Promise<void> => {
      for await (const families of this.hiddenFamilies())
        await this.runOn(families, DROP_HIDDEN_SCRIPT, [mark, 'own']);
    };
    drop().catch(() => undefined);
  }

  /** Some families with each call, on a cluster one; the replies of the calls. */
  private runOn(
    families: readonly string[],
    script: RedisScript,
    args: readonly (string | number)[],
  ): Promise<unknown[]> {
    const { run, layout } = this.options;
    const keysOf = (family: string) => [layout.metadataKey(family), layout.hiddenKey(family)];
    return run((redis) => {
      const atOnce = redis.isCluster ? 1 : FAMILIES_AT_ONCE;
      const calls: Promise<unknown>[] = [];
      for (let first = 0; first < families.length; first += atOnce) {
        const keys = families.slice(first, first + atOnce).flatMap(keysOf);
        calls.push(runScript(redis, script, keys, [layout.bodyPrefix, ...args]));
      }
      return Promise.all(calls);
    }, BULK);
  }

  private async *hiddenFamilies(): AsyncGenerator<readonly string[]> {
    const { scan, layout } = this.options;
    for await (const keys of scan.keys(layout.everyHiddenKey))
      yield keys.map((key) => layout.hiddenFamilyOf(key)).filter((family) => family !== null);
  }
}
