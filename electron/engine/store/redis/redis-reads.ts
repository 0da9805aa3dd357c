/**
 * The lookups of one turn of the event loop, asked of Redis in one go: one write,
 * one deadline and one reply to wait for, however many clients ask. On the request's
 * path between the responses and the connection. A cluster is asked for each by
 * itself, because they lie on several nodes.
 */
import { Command, type Redis } from 'ioredis';
import type { RedisClient, RunRedis } from './redis-connection';

/** Bodies in one MGET: Redis answers nobody else meanwhile. */
const BODIES_AT_ONCE = 16;

export type MetadataHash = Readonly<Record<string, Buffer>>;

/** What a lookup asks for. */
export interface FamilyNames {
  readonly metadataKey: string;
  /** Of the body that answered last, which is likely to answer again; null: of none. */
  readonly bodyKey: string | null;
}

/** What was found of it. */
export interface FamilyFound {
  /** Null: another kind of value. */
  readonly metadata: MetadataHash | null;
  /** Null: not there, or not asked for. */
  readonly body: Buffer | null;
}

interface Read {
  readonly names: FamilyNames;
  readonly found: Promise<FamilyFound>;
}

interface Turn {
  readonly reads: Map<string, Read>;
  /** What was found of each, in their order. */
  readonly all: Promise<readonly FamilyFound[]>;
}

export class RedisReads {
  private readonly run: RunRedis;
  private readonly isCluster: boolean;
  private turn: Turn | null = null;

  constructor(run: RunRedis, isCluster: boolean) {
    this.run = run;
    this.isCluster = isCluster;
  }

  /** Two that ask for the same in one turn share what is found. */
  read(names: FamilyNames): Promise<FamilyFound> {
    if (this.isCluster) return this.run((redis) => askFor(redis, names));
    const { reads, all } = (this.turn ??= this.begin());
    const same = reads.get(names.metadataKey);
    if (same !== undefined) return same.found;
    const index = reads.size;
    const found = all.then((each) => each[index] ?? NOTHING);
    reads.set(names.metadataKey, { names, found });
    return found;
  }

  private begin(): Turn {
    const reads = new Map<string, Read>();
    const all = nextTurn().then(() => {
      this.turn = null;
      return this.ask([...reads.values()].map(({ names }) => names));
    });
    return { reads, all };
  }

  private ask(all: readonly FamilyNames[]): Promise<readonly FamilyFound[]> {
    // Not of a cluster, which is asked in `read`.
    return this.run((redis) => askAtOnce(redis as Redis, all), { lookups: all.length });
  }
}

const NOTHING: FamilyFound = { metadata: null, body: null };

/** When all that has arrived on the sockets by now has been read. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function askAtOnce(redis: Redis, all: readonly FamilyNames[]): Promise<readonly FamilyFound[]> {
  const pipeline = new OneWrite(redis);
  const metadata = all.map(({ metadataKey }) => pipeline.send<MetadataHash>('hgetall', [metadataKey]));
  const bodyKeys = all.flatMap(({ bodyKey }) => bodyKey ?? []);
  const bodies: Promise<readonly (Buffer | null)[]>[] = [];
  for (let first = 0; first < bodyKeys.length; first += BODIES_AT_ONCE)
    bodies.push(pipeline.send('mget', bodyKeys.slice(first, first + BODIES_AT_ONCE)));
  pipeline.write();
  const [hashes, values] = await Promise.all([
    Promise.all(metadata.map((each) => each.catch(nullIfWrongType))),
    Promise.all(bodies),
  ]);
  const found = values.flat();
  let next = 0;
  return hashes.map((hash, index) => {
    const isAsked = all[index]?.bodyKey !== null;
    return { metadata: hash, body: isAsked ? (found[next++] ?? null) : null };
  });
}

async function askFor(redis: RedisClient, { metadataKey, bodyKey }: FamilyNames): Promise<FamilyFound> {
  const [metadata, body] = await Promise.all([
    hashAt(redis, metadataKey),
    bodyKey === null ? null : bodyAt(redis, bodyKey),
  ]);
  return { metadata, body };
}

/** Commands that go out in one write. What ioredis does of its own accord for that costs several times as much. */
class OneWrite {
  private readonly redis: Redis;
  private readonly parts: (string | Buffer)[] = [];

  constructor(redis: Redis) {
    this.redis = redis;
  }

  /** Strings are Buffers in the reply. */
  send<T>(name: string, args: string[]): Promise<T> {
    const command = new Command(name, args);
    const write = (data: string | Buffer) => this.parts.push(data);
    this.redis.sendCommand(command, { isPipeline: true, destination: { redis: this.redis }, write });
    return command.promise as Promise<T>;
  }

  /** To be called in the turn in which they were sent. */
  write(): void {
    if (this.parts.length > 0) this.redis.stream.write(this.parts.join(''));
  }
}

/** Null: another kind of value under a name of ours: foreign, so not a response. */
export function hashAt(redis: RedisClient, key: string): Promise<MetadataHash | null> {
  return redis.hgetallBuffer(key).catch(nullIfWrongType);
}

/** As `hashAt`. */
export function bodyAt(redis: RedisClient, bodyKey: string): Promise<Buffer | null> {
  return redis.getBuffer(bodyKey).catch(nullIfWrongType);
}

export function nullIfWrongType(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
  throw error;
}
