/**
 * What happens in Redis, as Redis itself tells it, and whether that can be relied
 * on just now. Beside the request's path: one connection to each node. What is
 * kept near may be used only while all of them have confirmed lately that
 * nothing is missing.
 */
import type { Redis } from 'ioredis';
import { WatchLink } from './redis-watch-link';

/** What changed in Redis longer ago than this is known here, or nothing near is used. */
const LEASE_MS = 100;
const HEARTBEAT_MS = 40;
/** The heartbeat stops when nobody has asked for so long. */
const ASKED_LATELY_MS = 2000;
/** A Redis that is back waits so long at most until its changes are told again. */
const LISTENING_WITHIN_MS = 300;

export interface WatchedNodes {
  /** Names of the nodes that hold keys. */
  nodes(): readonly string[];
  /** New connections, one to each node: RESP2, not connected yet, that break when an answer stays out for long. In their order. */
  dedicated(): readonly Redis[];
  /** Called when the nodes are others. Returns the function that stops listening. */
  onNodes(listener: () => void): () => void;
}

export interface WatchListener {
  /** The key changed, expired or was evicted; null: any may have. */
  changed(key: string | null): void;
  /** On the team's channel. */
  heard(message: Buffer): void;
  /** Messages on the team's channel may have been missed since this moment of performance's clock. */
  missed(since: number): void;
}

export interface WatchOptions {
  readonly nodes: WatchedNodes;
  /** Of the keys whose changes are told. */
  readonly trackedPrefix: string;
  readonly channel: string;
  readonly isTracking: boolean;
  readonly listener: WatchListener;
}

export class RedisWatch {
  private readonly options: WatchOptions;
  private readonly stopListening: () => void;
  private tracks: boolean;
  private links: readonly WatchLink[] = [];
  /** On performance's clock: until then nothing can have changed unheard for longer than the lease. */
  private validUntil = -Infinity;
  private askedAt = -Infinity;
  private beating: NodeJS.Timeout | null = null;
  /** Since when nobody listens to the team's channel; null: someone does, or nobody did before. */
  private deafSince: number | null = null;

  constructor(options: WatchOptions) {
    this.options = options;
    this.tracks = options.isTracking;
    this.stopListening = options.nodes.onNodes(() => this.connect());
    this.connect();
  }

  /** Whether everything that changed up to 100 ms ago has been told. Asking keeps the heartbeat going. */
  isCurrent(): boolean {
    const now = performance.now();
    this.askedAt = now;
    if (this.beating === null) this.startBeating();
    return now <= this.validUntil;
  }

  /** Every node tells about changes, or did when last asked. */
  get isTracking(): boolean {
    return this.links.length > 0 && this.links.every((link) => link.isTracking && !link.owesFor(LEASE_MS));
  }

  /** What Redis does not permit, such as `SUBSCRIBE`. */
  get refused(): readonly string[] {
    return [...new Set(this.links.flatMap((link) => link.refused))];
  }

  /** Whether the team's messages come. Asking makes a connection that is dead unnoticed break soon after. */
  isHearing(): boolean {
    const [link] = this.links;
    link?.ping();
    return link !== undefined && link.isUp && !link.owesFor(LEASE_MS);
  }

  /** Whether changes are to be told at all; where not, there is no heartbeat either. */
  setTracking(isTracking: boolean): void {
    if (isTracking === this.tracks) return;
    this.tracks = isTracking;
    this.connect();
  }

  /** Until every node tells its changes, or it has taken long. To be called when Redis is back, before it is used. */
  async listening(): Promise<void> {
    const { links } = this;
    let timer: NodeJS.Timeout | undefined;
    const longEnough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LISTENING_WITHIN_MS).unref();
    });
    await Promise.race([Promise.all(links.map((link) => link.listening())), longEnough]);
    clearTimeout(timer);
    for (const link of links) if (link.owesFor(LEASE_MS)) link.reconnect();
  }

  close(): void {
    this.stopListening();
    this.stopBeating();
    this.validUntil = -Infinity;
    for (const link of this.links) link.close();
    this.links = [];
  }

  /** What is connected to a node that is still there stays so. The team's channel reaches every node: one link listens. */
  private connect(): void {
    const { nodes } = this.options;
    this.unsettle();
    const names = nodes.nodes();
    const clients = nodes.dedicated();
    const old = this.links;
    const usable = old.filter((link) => link.tracks === this.tracks && names.includes(link.node));
    const kept = usable[0] === old[0] ? usable : [];
    if (kept.length === 0 && old[0]?.isUp === true) this.deafSince ??= performance.now();
    const added: WatchLink[] = [];
    for (const [index, redis] of clients.entries()) {
      const node = names[index] ?? '';
      const isWanted = this.tracks || kept.length + added.length === 0;
      if (!isWanted || kept.some((link) => link.node === node)) redis.disconnect();
      else added.push(this.link(node, redis, kept.length + added.length === 0));
    }
    this.links = [...kept, ...added];
    for (const link of old) if (!kept.includes(link)) link.close();
  }

  private link(node: string, redis: Redis, isTeams: boolean): WatchLink {
    const { trackedPrefix, channel, listener } = this.options;
    return new WatchLink({
      node,
      redis,
      trackedPrefix: this.tracks ? trackedPrefix : null,
      channel: isTeams ? channel : null,
      events: {
        onUp: (link) => this.regained(link),
        onDown: (link, since) => this.lost(link, since),
        onChange: (key) => listener.changed(key),
        onMessage: (message) => listener.heard(message),
        onAnswer: () => this.extend(),
      },
    });
  }

  private regained(link: WatchLink): void {
    this.options.listener.changed(null);
    if (link !== this.links[0] || this.deafSince === null) return;
    const since = this.deafSince;
    this.deafSince = null;
    this.options.listener.missed(since);
  }

  private lost(link: WatchLink, since: number): void {
    this.unsettle();
    if (link === this.links[0]) this.deafSince ??= since;
  }

  /** Nothing that was told counts any longer. */
  private unsettle(): void {
    this.validUntil = -Infinity;
    if (!this.tracks) this.stopBeating();
    this.options.listener.changed(null);
  }

  private extend(): void {
    if (!this.links.every((link) => link.isTracking)) return;
    const confirmedAt = Math.min(...this.links.map((link) => link.confirmedAt));
    this.validUntil = confirmedAt + LEASE_MS;
  }

  private startBeating(): void {
    if (!this.tracks || this.links.length === 0) return;
    this.beating = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
    this.beat();
  }

  private beat(): void {
    if (performance.now() - this.askedAt > ASKED_LATELY_MS) this.stopBeating();
    else for (const link of this.links) link.ping();
  }

  private stopBeating(): void {
    if (this.beating !== null) clearInterval(this.beating);
    this.beating = null;
  }
}
