/**
 * The connections to Redis: how many, to which nodes, and which one a command
 * takes. Below redis-connection.ts, which gives deadlines and judges failures.
 */
import { Cluster, Redis } from 'ioredis';
import type { RedisSettings } from '../../../../shared/settings';
import type { Milliseconds } from '../../../../shared/units';
import { ofSentinel, redisErrorCode } from './redis-problem';
import type { RedisConnectOptions, RedisTarget } from './redis-target';

const KEEP_ALIVE_MS = 10_000;
/** A connection that owes a reply for so long, or for twice the deadline if that is longer, is made anew. */
const LEAST_SILENCE_MS = 1500;
/** So often the nodes of a cluster are asked where the slots are, besides when one says that they moved. */
const REFRESH_EVERY_MS = 5000;
/** What a command without a size of its own weighs in choosing a connection. */
const SMALL_BYTES = 256;

/** A connection that owes less takes another small command: those that travel together cost least. */
const LITTLE_BYTES = 64 * 1024;

export type RedisClient = Redis | Cluster;

/** What a command is, for choosing its connection. */
export interface Load {
  /** Writes, lists and clears: all over one connection, so that none overtakes another. */
  readonly isWrite: boolean;
  /** A read so large that small ones should not queue behind it. */
  readonly isBulky: boolean;
  readonly bytes: number;
}

export interface PoolOptions {
  readonly target: RedisTarget;
  readonly settings: RedisSettings;
  readonly onReady: () => void;
  /** A connection is lost or was not made; `code` as of redisErrorCode. */
  readonly onLost: (code: string) => void;
}

interface Member {
  readonly client: RedisClient;
  /** Of commands under way. */
  owedBytes: number;
}

/** With a cluster, each member is a connection to every node. */
export class RedisPool {
  private readonly target: RedisTarget;
  private readonly settings: RedisSettings;
  private readonly writes: Member;
  /** The first of them takes no bulky reads, where there is another one. */
  private readonly reads: readonly Member[];
  private readonly members: readonly Member[];
  private readonly nodeListeners = new Set<() => void>();
  private masters: readonly string[];

  constructor({ target, settings, onReady, onLost }: PoolOptions) {
    this.target = target;
    this.settings = settings;
    this.masters = target.mode === 'cluster' ? [] : [target.where];
    const { poolSize, commandTimeoutMs, writeTimeoutMs } = settings;
    const connect = (deadlineMs: Milliseconds): Member => {
      const client = this.create(Math.max(LEAST_SILENCE_MS, 2 * deadlineMs));
      watch(client, onReady, onLost);
      return { client, owedBytes: 0 };
    };
    this.writes = connect(poolSize > 1 ? writeTimeoutMs : commandTimeoutMs);
    const reads = Array.from({ length: poolSize - 1 }, () => connect(commandTimeoutMs));
    this.reads = reads.length === 0 ? [this.writes] : reads;
    this.members = [this.writes, ...reads];
    this.followMasters();
    this.loginToSentinels();
  }

  /** Whether commands can be sent: the write connection and one for reads stand, with a cluster to every master. */
  get isReady(): boolean {
    return this.stands(this.writes) && this.reads.some((member) => this.stands(member));
  }

  /** Addresses of the nodes that hold keys. None while those of a cluster are not known. */
  nodes(): readonly string[] {
    return this.masters;
  }

  /** Called when the masters of a cluster change. Returns what ends that. */
  onNodes(listener: () => void): () => void {
    const each = () => listener();
    this.nodeListeners.add(each);
    return () => this.nodeListeners.delete(each);
  }

  /** Sends over the connection that owes least. */
  async send<T>(load: Load, node: string | null, send: (redis: RedisClient) => Promise<T>): Promise<T> {
    const member = this.pick(load);
    const bytes = SMALL_BYTES + load.bytes;
    member.owedBytes += bytes;
    try {
      return await send(node === null ? member.client : nodeOf(member.client, node));
    } finally {
      member.owedBytes -= bytes;
    }
  }

  /** One client for each connection that stands, to each master; their replies prove that all sent before was done. */
  everyNode(): readonly Redis[] {
    return this.members.flatMap(({ client }) => {
      if (client instanceof Redis) return client.status === 'ready' ? [client] : [];
      return this.masters.map((node) => nodeOf(client, node));
    });
  }

  /** For each node that holds keys a new client, not connected yet, that speaks RESP2. Who asked disconnects it. */
  dedicated(): readonly Redis[] {
    const { target, settings } = this;
    const options = {
      ...failingFast(settings, Math.max(LEAST_SILENCE_MS, 2 * settings.commandTimeoutMs)),
      ...target.options,
      lazyConnect: true,
      enableAutoPipelining: false,
      protocol: 2 as const,
    };
    const places = target.mode === 'cluster' ? this.masters.map(addressOf) : [{}];
    return places.map((place) => {
      const redis = new Redis({ ...options, ...place });
      // Without a listener ioredis prints what went wrong.
      return redis.on('error', () => undefined);
    });
  }

  /** Looks for the nodes of a cluster again; otherwise does nothing. */
  refresh(): void {
    for (const { client } of this.members) if (client instanceof Cluster) client.refreshSlotsCache();
  }

  close(): void {
    for (const { client } of this.members) client.disconnect();
  }

  private create(silenceMs: Milliseconds): RedisClient {
    const { target, settings } = this;
    const options = { ...failingFast(settings, silenceMs), ...target.options };
    if (target.mode !== 'cluster') return new Redis({ ...options, enableAutoPipelining: true });
    return new Cluster([...target.seeds], {
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      // A name is kept as it is: certificates speak of names, not of addresses.
      dnsLookup: (address, callback) => callback(null, address),
      clusterRetryStrategy: options.retryStrategy,
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshInterval: REFRESH_EVERY_MS,
      slotsRefreshTimeout: settings.connectTimeoutMs,
      redisOptions: options,
    });
  }

  private pick({ isWrite, isBulky }: Load): Member {
    const [, ...others] = this.reads;
    if (isWrite || (isBulky && others.length === 0)) return this.writes;
    let best: Member | null = null;
    for (const member of isBulky ? others : this.reads) {
      if (member.client.status !== 'ready') continue;
      if (!isBulky && member.owedBytes < LITTLE_BYTES) return member;
      if (best === null || member.owedBytes < best.owedBytes) best = member;
    }
    return best ?? this.writes;
  }

  private stands({ client }: Member): boolean {
    if (client.status !== 'ready') return false;
    if (client instanceof Redis) return true;
    const alive = new Set<string>();
    // `wait`: connects when the first command comes.
    for (const node of client.nodes('master')) {
      if (node.status === 'ready' || node.status === 'wait') alive.add(keyOf(node));
    }
    return this.masters.every((node) => alive.has(node));
  }

  private followMasters(): void {
    for (const { client } of this.members) {
      if (client instanceof Cluster) client.on('refresh', () => this.setMasters(client));
    }
  }

  /** What one connection found out, the others are to find out as well. */
  private setMasters({ slots }: Cluster): void {
    const masters = new Set(slots.flatMap(([master]) => master ?? []));
    if (masters.size === this.masters.length && this.masters.every((node) => masters.has(node))) return;
    this.masters = [...masters];
    this.refresh();
    for (const listener of this.nodeListeners) listener();
  }

  /** Sentinels that want a password get that of Redis; the others would refuse one. */
  private loginToSentinels(): void {
    const { username, password } = this.target.options;
    for (const { client } of this.members) {
      client.on('sentinelError', (error: unknown) => {
        if (
          !(client instanceof Redis) ||
          password === undefined ||
          redisErrorCode(error) !== ofSentinel('NOAUTH')
        )
          return;
        client.options.sentinelPassword = password;
        client.options.sentinelUsername = username;
      });
    }
  }
}

function watch(client: RedisClient, onReady: () => void, onLost: (code: string) => void): void {
  client.on('ready', onReady);
  const onError = (error: unknown) => onLost(redisErrorCode(error));
  client.on('error', onError);
  client.on('node error', onError);
  client.on('sentinelError', onError);
  client.on('close', () => onLost('CLOSED'));
  client.on('-node', () => onLost('CLOSED'));
}

/** Throws where the node is not one of the cluster's just now. */
function nodeOf(client: RedisClient, node: string): Redis {
  if (client instanceof Redis) return client;
  const found = client.nodes('master').find((each) => keyOf(each) === node);
  if (found === undefined) throw new Error('Connection is closed.');
  return found;
}

function keyOf({ options: { host, port } }: Redis): string {
  return `${host}:${port}`;
}

function addressOf(node: string): { host: string; port: number } {
  const colon = node.lastIndexOf(':');
  return { host: node.slice(0, colon), port: Number(node.slice(colon + 1)) };
}

/** ioredis's defaults keep commands waiting for seconds, and send them again; here a failure is told at once. */
function failingFast(settings: RedisSettings, silenceMs: Milliseconds): RedisConnectOptions {
  const { connectTimeoutMs, retryMinMs, retryMaxMs } = settings;
  const retryStrategy = (attempt: number) => retryAfter(attempt, retryMinMs, retryMaxMs);
  return {
    connectionName: 'larder',
    connectTimeout: connectTimeoutMs,
    sentinelCommandTimeout: connectTimeoutMs,
    socketTimeout: silenceMs,
    keepAlive: KEEP_ALIVE_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy,
    sentinelRetryStrategy: retryStrategy,
    // A master that became a replica: Sentinel knows the new one.
    reconnectOnError: (error) => settings.mode === 'sentinel' && error.message.startsWith('READONLY'),
  };
}

/** Doubles from `min` to `max`; half of it is chance, so that many Larders do not come all at once. */
function retryAfter(attempt: number, min: Milliseconds, max: Milliseconds): Milliseconds {
  const longest = Math.min(min * 2 ** Math.min(attempt, 20), max);
  return Math.round(longest * (0.5 + Math.random() / 2));
}
