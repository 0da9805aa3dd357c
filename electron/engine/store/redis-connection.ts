/**
 * The connections to Redis. On the request's path below the Redis store: quick
 * commands and bulky ones go over connections of their own, every command has a
 * deadline, and while Redis is not well nothing is sent at all. Reconnecting and
 * asking whether it is back happen here, in the background.
 */
import { Redis } from 'ioredis';
import { LarderError } from '../../../shared/error-codes';
import type { Milliseconds } from '../../../shared/units';
import { HealthKeeper } from './redis-health';
import { isUnusable, redisErrorCode, redisProblem } from './redis-problem';
import type { RedisConnectOptions, RedisTarget } from './redis-target';

/** A miss because of Redis must not cost a request more than 100 ms; this leaves room for the rest. */
const QUICK_DEADLINE_MS = 80;
/** Writes, lists and clears wait longer: no client waits for them. */
export const BULK_DEADLINE_MS = 5000;
const CONNECT_TIMEOUT_MS = 3000;
/** A connection that owes a reply for so long is given up and made anew. */
const QUICK_SILENCE_MS = 1500;
const BULK_SILENCE_MS = 10_000;
const KEEP_ALIVE_MS = 10_000;
const LONGEST_RETRY_MS = 1000;
/** While Redis is not well it is asked so often, and is called well again no sooner than after the rest. */
const PROBE_EVERY_MS = 200;
const LEAST_UNAVAILABLE_MS = 1000;

export type Lane = 'quick' | 'bulk';

/** Sends through one connection of the pool. Rejects with LarderError `store_unavailable` and nothing else. */
export type RunRedis = <T>(send: (redis: Redis) => Promise<T>, how?: SendOptions) => Promise<T>;

export interface SendOptions {
  readonly lane?: Lane;
  /** On top of the lane's deadline. */
  readonly extraMs?: Milliseconds;
  /** A client waits: the quick deadline holds although the lane is the bulky one. */
  readonly isAwaited?: boolean;
}

export interface ConnectionOptions {
  readonly target: RedisTarget;
  readonly poolSize: number;
  /** For commands that a client waits for; 80 where it is not given. */
  readonly deadlineMs?: Milliseconds | undefined;
  readonly now: () => number;
  /** What must be done each time Redis is back, before anyone else may use it. */
  readonly onBack: (run: RunRedis) => Promise<void>;
}

export class RedisConnection {
  readonly health: HealthKeeper;
  private readonly where: string;
  private readonly quickDeadlineMs: Milliseconds;
  private readonly onBack: (run: RunRedis) => Promise<void>;
  private readonly quick: readonly Redis[];
  private readonly bulk: Redis;
  /** Rejects each command that is under way. */
  private readonly underWay = new Set<(reason: LarderError) => void>();
  private readonly probing: NodeJS.Timeout;
  private nextQuick = 0;
  private unavailableSince = -Infinity;
  private recovering = false;
  private checking = false;
  private closed = false;

  constructor({ target, poolSize, deadlineMs = QUICK_DEADLINE_MS, now, onBack }: ConnectionOptions) {
    this.where = target.where;
    this.quickDeadlineMs = deadlineMs;
    this.onBack = onBack;
    this.health = new HealthKeeper(now, `Connecting to Redis at ${target.where}.`);
    this.bulk = this.connect(target.options, poolSize > 1 ? BULK_SILENCE_MS : QUICK_SILENCE_MS);
    const quick = Array.from({ length: poolSize - 1 }, () => this.connect(target.options, QUICK_SILENCE_MS));
    this.quick = quick.length === 0 ? [this.bulk] : quick;
    this.probing = setInterval(() => void this.recover(), PROBE_EVERY_MS).unref();
  }

  /** Fails at once, without touching a socket, while Redis is not well. */
  readonly run: RunRedis = (send, how) => {
    if (this.closed || !this.health.isOk) return Promise.reject(this.unavailable());
    return this.send(send, how);
  };

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.probing);
    this.giveUpAll();
    for (const redis of new Set([...this.quick, this.bulk])) redis.disconnect();
  }

  /** What Redis refused before, it takes now. */
  acceptsWrites(): void {
    if (this.health.isOk) this.health.set('ok', null);
  }

  private readonly send: RunRedis = async (send, { lane = 'quick', extraMs = 0, isAwaited = false } = {}) => {
    const isBulk = lane === 'bulk';
    const overdue = isBulk ? setTimeout(() => void this.checkAnswers(), this.quickDeadlineMs) : undefined;
    const laneMs = isBulk && !isAwaited ? BULK_DEADLINE_MS : this.quickDeadlineMs;
    try {
      return await this.withDeadline(send(isBulk ? this.bulk : this.pickQuick()), laneMs + extraMs);
    } catch (error) {
      throw this.judge(error);
    } finally {
      clearTimeout(overdue);
    }
  };

  /** A bulky command takes long: because it is bulky, or because Redis is stuck? Then it need not wait for its deadline. */
  private async checkAnswers(): Promise<void> {
    if (this.checking || this.closed || !this.health.isOk) return;
    this.checking = true;
    // Where it fails, `send` has put that into the health and has ended all that is under way.
    await this.send((redis) => redis.ping()).catch(() => null);
    this.checking = false;
  }

  /** The next that is ready, in turn. */
  private pickQuick(): Redis {
    for (let tried = 0; tried < this.quick.length; tried += 1) {
      this.nextQuick = (this.nextQuick + 1) % this.quick.length;
      const redis = this.quick[this.nextQuick];
      if (redis?.status === 'ready') return redis;
    }
    return this.bulk;
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

  /** Tells a Redis that is gone from one that answers and refuses; of that, too, its health speaks. */
  private judge(error: unknown): LarderError {
    if (error instanceof LarderError) return error;
    const code = redisErrorCode(error);
    if (!isReply(error) || isUnusable(code)) {
      this.becomeUnavailable(this.problem(code));
      return this.unavailable();
    }
    const message = `${redisProblem(this.where, code)}.`;
    if (this.health.isOk) this.health.set('ok', message);
    return new LarderError('store_unavailable', message);
  }

  private becomeUnavailable(message: string): void {
    if (this.health.isOk) this.unavailableSince = performance.now();
    this.health.set('unavailable', message);
    this.giveUpAll();
  }

  private giveUpAll(): void {
    const reason = this.unavailable();
    for (const giveUp of this.underWay) giveUp(reason);
  }

  /** Asks whether Redis is well, does what is owed to it, and lets everyone use it again. */
  private async recover(): Promise<void> {
    const waits = performance.now() - this.unavailableSince < LEAST_UNAVAILABLE_MS;
    if (this.closed || this.recovering || this.health.isOk || waits || !this.hasReady()) return;
    this.recovering = true;
    try {
      await this.send((redis) => redis.ping());
      await this.onBack(this.send);
      if (this.hasReady()) this.health.set('ok', null);
    } catch (error) {
      // The next probe tries again.
      this.becomeUnavailable(this.judge(error).message);
    } finally {
      this.recovering = false;
    }
  }

  private hasReady(): boolean {
    return this.bulk.status === 'ready' && this.quick.some((redis) => redis.status === 'ready');
  }

  private connect(options: RedisConnectOptions, silenceMs: Milliseconds): Redis {
    const redis = new Redis({ ...options, ...failingFast(silenceMs) });
    redis.on('ready', () => void this.recover());
    redis.on('error', (error: unknown) => this.lose(redisErrorCode(error)));
    redis.on('close', () => this.lose('CLOSED'));
    return redis;
  }

  /** A connection is lost or was not made: with the last one the store goes. */
  private lose(code: string): void {
    if (this.closed || this.quick.some((redis) => redis.status === 'ready')) return;
    // The close that follows an error says less than the error did.
    if (code === 'CLOSED' && this.health.current.state === 'unavailable') return;
    this.becomeUnavailable(this.problem(code));
  }

  private problem(code: string): string {
    return `${redisProblem(this.where, code)}. Larder keeps trying; meanwhile requests go to the origin.`;
  }

  private unavailable(): LarderError {
    const message = this.closed ? null : this.health.current.message;
    return new LarderError(
      'store_unavailable',
      message ?? `The connection to Redis at ${this.where} is closed.`,
    );
  }
}

function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** ioredis's defaults keep commands waiting for seconds, and send them again; here a failure is told at once. */
function failingFast(silenceMs: Milliseconds): RedisConnectOptions {
  return {
    connectionName: 'larder',
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: silenceMs,
    keepAlive: KEEP_ALIVE_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy,
  };
}

/** Doubles from 50 ms to 1 s; half of it is chance, so that many Larders do not come all at once. */
function retryStrategy(attempt: number): Milliseconds {
  const longest = Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_MS);
  return Math.round(longest * (0.5 + Math.random() / 2));
}
