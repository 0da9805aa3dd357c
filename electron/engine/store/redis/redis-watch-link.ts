/**
 * One connection to one Redis node that tells what changes there. Beside the
 * request's path: it tracks a prefix (client-side caching) and listens to the
 * team's channel. It talks RESP2, with tracking redirected to itself, because
 * ioredis drops RESP3's own pushes.
 */
import type { Redis } from 'ioredis';
import type { Milliseconds } from '../../../../shared/units';

/** Redis's name for it, given. */
const INVALIDATE_CHANNEL = '__redis__:invalidate';

export interface LinkOptions {
  /** The node's name. */
  readonly node: string;
  readonly redis: Redis;
  /** Whose changes are told; null: none. */
  readonly trackedPrefix: string | null;
  /** Null: this link listens to no channel. */
  readonly channel: string | null;
  readonly events: LinkEvents;
}

interface LinkEvents {
  /** From now on everything is told. */
  onUp(link: WatchLink): void;
  /** `since`, on performance's clock: until then it told everything. */
  onDown(link: WatchLink, since: number): void;
  /** A key that changed, expired or was evicted; null: all may have. */
  onChange(key: string | null): void;
  onMessage(message: Buffer): void;
  onAnswer(): void;
}

export class WatchLink {
  /** What Redis does not permit; empty where all is well. */
  readonly refused: string[] = [];
  private readonly options: LinkOptions;
  private up = false;
  private closed = false;
  /** Connections made so far: what belongs to one that is gone must not speak for the next. */
  private made = 0;
  private pingSentAt: number | null = null;
  private confirmed = -Infinity;
  private readonly waiting = new Set<() => void>();

  constructor(options: LinkOptions) {
    this.options = options;
    const { redis, events, channel: wanted } = options;
    // ioredis would subscribe again by itself, before tracking could be asked for.
    redis.options.autoResubscribe = false;
    redis.on('error', () => undefined);
    redis.on('ready', () => void this.begin());
    redis.on('close', () => this.end());
    redis.on('messageBuffer', (channel: Buffer, content: unknown) => {
      const name = channel.toString();
      if (name === INVALIDATE_CHANNEL) this.changed(content);
      else if (name === wanted && Buffer.isBuffer(content)) events.onMessage(content);
    });
    this.connect();
  }

  get node(): string {
    return this.options.node;
  }

  /** Whether it is to track, which Redis may not permit. */
  get tracks(): boolean {
    return this.options.trackedPrefix !== null;
  }

  get isUp(): boolean {
    return this.up;
  }

  get isTracking(): boolean {
    return this.up && this.tracks && !this.refused.includes('CLIENT TRACKING');
  }

  /** All that changed before this moment has been told. On performance's clock. */
  get confirmedAt(): number {
    return this.up ? this.confirmed : -Infinity;
  }

  /** Whether an answer is overdue by this much. */
  owesFor(ms: Milliseconds): boolean {
    return this.pingSentAt !== null && performance.now() - this.pingSentAt > ms;
  }

  /**
   * Asks for an answer, unless one is owed: an answer comes after all changes before its PING only because
   * Redis has told those before it reads on, which would not hold for a second PING read together with the first.
   */
  ping(): void {
    if (this.up && this.pingSentAt === null) void this.exchangePing();
  }

  /** Resolves when the link is up and has answered. A connection that is to be made later is made now. */
  async listening(): Promise<void> {
    if (this.closed) return;
    if (this.up) this.ping();
    else this.connect();
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  /** What it owed an answer for is not waited for any longer. */
  reconnect(): void {
    if (!this.closed && this.pingSentAt !== null) this.options.redis.disconnect(true);
  }

  close(): void {
    this.closed = true;
    this.options.redis.disconnect();
    this.answered();
  }

  private connect(): void {
    const { redis } = this.options;
    const { status } = redis;
    if (status !== 'wait' && status !== 'reconnecting' && status !== 'close') return;
    // Where it fails the retry strategy goes on.
    redis.connect().catch(() => undefined);
  }

  private async begin(): Promise<void> {
    const made = (this.made += 1);
    this.refused.length = 0;
    try {
      await this.track();
      await this.subscribe();
    } catch {
      // The connection broke again; the next one begins anew.
      return;
    }
    if (made !== this.made || this.closed) return;
    this.up = true;
    this.options.events.onUp(this);
    this.ping();
  }

  private async track(): Promise<void> {
    const { redis, trackedPrefix } = this.options;
    if (trackedPrefix === null) return;
    await this.unlessRefused('CLIENT TRACKING', async () => {
      const id = String(await redis.client('ID'));
      await redis.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', trackedPrefix);
      await redis.subscribe(INVALIDATE_CHANNEL);
    });
  }

  private async subscribe(): Promise<void> {
    const { redis, channel } = this.options;
    if (channel !== null) await this.unlessRefused('SUBSCRIBE', () => redis.subscribe(channel));
  }

  private async unlessRefused(what: string, send: () => Promise<unknown>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ReplyError') throw error;
      this.refused.push(what);
    }
  }

  private async exchangePing(): Promise<void> {
    const sentAt = performance.now();
    const { made } = this;
    this.pingSentAt = sentAt;
    try {
      await this.options.redis.ping();
    } catch {
      // The connection broke; its end is told apart.
      return;
    }
    if (made !== this.made || !this.up) return;
    this.pingSentAt = null;
    this.confirmed = sentAt;
    this.answered();
    this.options.events.onAnswer();
  }

  private answered(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  private changed(keys: unknown): void {
    const { onChange } = this.options.events;
    if (!Array.isArray(keys)) onChange(null);
    else for (const key of keys) onChange(String(key));
  }

  private end(): void {
    const since = this.pingSentAt ?? performance.now();
    this.made += 1;
    this.pingSentAt = null;
    this.confirmed = -Infinity;
    if (!this.up) return;
    this.up = false;
    if (!this.closed) this.options.events.onDown(this, since);
  }
}
