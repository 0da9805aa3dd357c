/**
 * The way to Redis. On the request's path below the Redis store: every command
 * has a deadline, and while Redis is not well nothing is sent at all. Asking
 * whether it is back happens here, in the background.
 *
 * A cluster is well or not as a whole: with one master gone, what the others
 * hold could still be read, but an invalidation may need the one that is gone.
 */
import type { Redis } from 'ioredis';
import { LarderError } from '../../../../shared/error-codes';
import type { RedisSettings } from '../../../../shared/settings';
import type { Milliseconds } from '../../../../shared/units';
import { RedisBreaker } from './redis-breaker';
import { HealthKeeper } from './redis-health';
import type { RedisClient } from './redis-pool';
import { RedisPool } from './redis-pool';
import { probeTarget } from './redis-probe';
import { isUnusable, isVague, redisErrorCode, redisProblem } from './redis-problem';
import type { RedisTarget } from './redis-target';

/** While Redis is not well it is asked so often, and is called well again no sooner than after the rest. */
const PROBE_EVERY_MS = 200;
const LEAST_UNAVAILABLE_MS = 1000;

/** A Redis that is full takes one write and refuses the next: what it refused is said for as long as this. */
const REFUSAL_STAYS_MS = 3000;
const KEEPS_TRYING = 'Larder keeps trying; meanwhile requests go to the origin.';

export type { RedisClient } from './redis-pool';
export type Lane = 'quick' | 'bulk';

/** Sends through one connection of the pool. Rejects with LarderError `store_unavailable` and nothing else. */
export type RunRedis = <T>(send: (redis: RedisClient) => Promise<T>, how?: SendOptions) => Promise<T>;

export interface SendOptions {
  /** `bulk`: writes, lists and clears, one after another; with `isAwaited` a large body that is read. */
  readonly lane?: Lane;
  /** On top of the lane's deadline. */
  readonly extraMs?: Milliseconds;
  /** A client waits: the quick deadline holds although the lane is the bulky one. */
  readonly isAwaited?: boolean;
  /** Expected size of the reply, where it may be large: the connection that owes least takes it. */
  readonly replyBytes?: number;
  /** Lookups that wait for it, each of which counts where it fails; 1 where it is not said. */
  readonly lookups?: number;
  /** One of nodes(): the command goes there, as SCAN must. */
  readonly node?: string;
}

export interface ConnectionOptions {
  /** As redisTarget() makes it of `settings`. */
  readonly target: RedisTarget;
  readonly settings: RedisSettings;
  readonly now: () => number;
  /** What must be done each time Redis is back, before anyone else may use it. */
  readonly onBack: (run: RunRedis) => Promise<void>;
}

export class RedisConnection {
  readonly health: HealthKeeper;
  private readonly target: RedisTarget;
  private readonly settings: RedisSettings;
  private readonly onBack: (run: RunRedis) => Promise<void>;
  private readonly pool: RedisPool;
  private readonly breaker: RedisBreaker;
  /** Rejects each command that is under way. */
  private readonly underWay = new Set<(reason: LarderError) => void>();
  private readonly probing: NodeJS.Timeout;
  private unavailableSince = -Infinity;
  /** 0: nothing was refused that was not taken since. */
  private refusedAt = 0;
  private recovering = false;
  private checking = false;
  private closed = false;
  /** Why Redis was not there at first: looked for once, found or not. */
  private explanation: 'none' | 'sought' | 'found' = 'none';

  constructor({ target, settings, now, onBack }: ConnectionOptions) {
    this.target = target;
    this.settings = settings;
    this.onBack = onBack;
    this.health = new HealthKeeper(now, `Connecting to Redis at ${target.where}.`);
    this.pool = new RedisPool({
      target,
      settings,
      onReady: () => void this.recover(),
      onLost: (code) => this.lose(code),
    });
    this.breaker = new RedisBreaker({
      isGone: () => !this.pool.isReady,
      onOpen: (error) => this.becomeUnavailable(error),
    });
    this.probing = setInterval(() => void this.recover(), PROBE_EVERY_MS).unref();
  }

  /** Fails at once, without touching a socket, while Redis is not well. */
  readonly run: RunRedis = async (send, how) => {
    if (this.closed || !this.health.isOk) throw this.unavailable();
    try {
      const { reply, refusal } = await this.breaker.execute(() => answer(this.transmit(send, how)));
      if (refusal !== null) throw refusal;
      return reply;
    } catch (error) {
      if (!isRefusal(error)) this.countAgain(error, (how?.lookups ?? 1) - 1);
      throw this.judge(error);
    }
  };

  /** Addresses of the nodes that hold keys: one, or the masters of a cluster. None while those are not known. */
  nodes(): readonly string[] {
    return this.pool.nodes();
  }

  /** Called when the masters of a cluster change. Returns what ends that. */
  onNodes(listener: () => void): () => void {
    return this.pool.onNodes(listener);
  }

  /**
   * For each of nodes() a client of its own: not connected yet, RESP2, no pipelining of its own accord,
   * reconnecting as the pool does. Who asked for it listens to its errors and disconnects it.
   */
  dedicated(): readonly Redis[] {
    return this.pool.dedicated();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.probing);
    this.health.close();
    this.giveUpAll();
    this.pool.close();
  }

  /** What Redis refused before, it takes now. */
  acceptsWrites(): void {
    if (!this.health.isOk || performance.now() - this.refusedAt < REFUSAL_STAYS_MS) return;
    if (this.refusedAt > 0) this.health.set('ok', null);
    this.refusedAt = 0;
  }

  /** Lookups that failed along with the one that was counted. */
  private countAgain(error: unknown, times: number): void {
    for (let left = times; left > 0 && this.breaker.isClosed; left -= 1)
      this.breaker.fail(error instanceof Error ? error : new Error('failed'));
  }

  private async transmit<T>(
    send: (redis: RedisClient) => Promise<T>,
    { lane = 'quick', extraMs = 0, isAwaited = false, replyBytes = 0, node }: SendOptions = {},
  ): Promise<T> {
    const { commandTimeoutMs, writeTimeoutMs } = this.settings;
    const isBulky = lane === 'bulk';
    const load = { isWrite: isBulky && !isAwaited, isBulky, bytes: replyBytes };
    const overdue = isBulky ? setInterval(() => void this.checkAnswers(), commandTimeoutMs) : undefined;
    const reply = this.pool.send(load, node ?? null, send);
    try {
      return await this.withDeadline(reply, (load.isWrite ? writeTimeoutMs : commandTimeoutMs) + extraMs);
    } finally {
      clearInterval(overdue);
    }
  }

  /** A bulky command takes long: because it is bulky, or because Redis is stuck? Then it need not wait for its deadline. */
  private async checkAnswers(): Promise<void> {
    if (this.checking || this.closed || !this.health.isOk) return;
    this.checking = true;
    // Where it fails, the breaker counts that, and ends all that is under way when it is enough.
    await this.run((redis) => redis.ping()).catch(() => null);
    this.checking = false;
  }

  private withDeadline<T>(reply: Promise<T>, deadlineMs: Milliseconds): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // A reply that waits in the socket because this process was busy is not late: look there once more.
      const timer = setTimeout(
        () => setImmediate(() => end(() => reject(new Error('timed out')))),
        deadlineMs,
      );
      const giveUp = (reason: LarderError) => end(() => reject(reason));
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.underWay.delete(giveUp);
        settle();
      };
      this.underWay.add(giveUp);
      reply.then(
        (value) => end(() => resolve(value)),
        (error: unknown) => end(() => reject(error instanceof Error ? error : new Error('failed'))),
      );
    });
  }

  /** What a failed command is told. A Redis that answers and refuses is well, but its health speaks of it. */
  private judge(error: unknown): LarderError {
    if (error instanceof LarderError) return error;
    const code = redisErrorCode(error);
    const message = `${redisProblem(this.target.where, code)}.`;
    if (!isRefusal(error)) return this.health.isOk ? unavailable(message) : this.unavailable();
    this.refusedAt = performance.now();
    if (this.health.isOk) this.health.set('ok', message);
    return unavailable(message);
  }

  private becomeUnavailable(cause: unknown): void {
    if (this.closed) return;
    if (this.health.current.state !== 'unavailable') this.unavailableSince = performance.now();
    const isSaid = cause instanceof LarderError;
    this.health.set('unavailable', isSaid ? cause.message : this.problem(redisErrorCode(cause)));
    this.giveUpAll();
  }

  private giveUpAll(): void {
    const reason = this.unavailable();
    for (const giveUp of this.underWay) giveUp(reason);
  }

  /** Asks whether Redis is well, does what is owed to it, and lets everyone use it again. */
  private async recover(): Promise<void> {
    const waits = performance.now() - this.unavailableSince < LEAST_UNAVAILABLE_MS;
    if (this.closed || this.recovering || this.health.isOk || waits) return;
    if (!this.pool.isReady) return this.pool.refresh();
    this.recovering = true;
    try {
      await this.breaker.execute(() => this.probe());
      if (this.closed || !this.breaker.isClosed) return;
      this.explanation = 'sought';
      this.health.set('ok', null);
    } catch (error) {
      // The next probe tries again.
      this.becomeUnavailable(error);
    } finally {
      this.recovering = false;
    }
  }

  /** Over every connection, so that what was sent before and given up is done, or lost, before anything new is. */
  private async probe(): Promise<void> {
    const { commandTimeoutMs } = this.settings;
    const pings = this.pool.everyNode().map((redis) => this.withDeadline(redis.ping(), commandTimeoutMs));
    await Promise.all(pings);
    await this.onBack(this.sendUnguarded);
    if (!this.pool.isReady) throw new Error('Connection is closed.');
  }

  private readonly sendUnguarded: RunRedis = async (send, how) => {
    try {
      return await this.transmit(send, how);
    } catch (error) {
      throw this.judge(error);
    }
  };

  /** A connection is lost or was not made: with the last one the store goes. */
  private lose(code: string): void {
    if (this.closed || this.pool.isReady) return;
    if (this.breaker.isClosed) this.breaker.fail(Object.assign(new Error('lost'), { code }));
    // The close that follows an error says less than the error did, and the explanation more than both.
    else if (code !== 'CLOSED' && !(this.explanation === 'found' && isVague(code)))
      this.health.set('unavailable', this.problem(code));
    if (this.explanation === 'none' && isVague(code)) void this.explain();
  }

  /** Once, before Redis is there for the first time: a wrong setting may look like a Redis that fails. */
  private async explain(): Promise<void> {
    this.explanation = 'sought';
    const { ok, message } = await probeTarget(this.target, this.settings);
    if (ok || this.closed || this.health.current.state !== 'unavailable') return;
    this.explanation = 'found';
    this.health.set('unavailable', `${message} ${KEEPS_TRYING}`);
  }

  private problem(code: string): string {
    return `${redisProblem(this.target.where, code)}. ${KEEPS_TRYING}`;
  }

  private unavailable(): LarderError {
    const message = this.closed ? null : this.health.current.message;
    return unavailable(message ?? `The connection to Redis at ${this.target.where} is closed.`);
  }
}

interface Answer<T> {
  readonly reply: T;
  readonly refusal: null;
}

interface Refusal {
  readonly reply: null;
  readonly refusal: Error;
}

/** An error reply is an answer too, unless it says that no command will fare better. */
async function answer<T>(sent: Promise<T>): Promise<Answer<T> | Refusal> {
  try {
    return { reply: await sent, refusal: null };
  } catch (error) {
    if (isRefusal(error)) return { reply: null, refusal: error };
    throw error;
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError' && !isUnusable(redisErrorCode(error));
}

function unavailable(message: string): LarderError {
  return new LarderError('store_unavailable', message);
}
