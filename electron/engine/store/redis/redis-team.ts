/**
 * What Larders that share a Redis tell each other: which keys one of them has
 * invalidated, so that the others store nothing that was on its way meanwhile.
 * Beside the request's path; what lies in Redis already needs no telling.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Milliseconds } from '../../../../shared/units';
import type { StoredRecord } from '../codec';
import type { RunRedis } from './redis-connection';
import type { WriteFence } from './write-fence';

/** A put may have overtaken the word that its key was invalidated, by this much at most. */
const OVERTAKEN_MS: Milliseconds = 1000;
/** Puts are remembered for longer than a dead connection can go unnoticed, and while nobody is heard. */
const REMEMBERED_MS: Milliseconds = 5000;
const MOST_REMEMBERED = 10_000;
const MOST_KEYS = 1000;
const MOST_MESSAGE_BYTES = 1024 * 1024;

const messageSchema = z.object({
  from: z.string().max(64),
  keys: z.array(z.string()).max(MOST_KEYS).nullable(),
});

export interface TeamOptions {
  readonly run: RunRedis;
  readonly channel: string;
  /** Of the puts under way. */
  readonly fence: WriteFence;
  /** Takes out of Redis what was put there, unless something else has taken its place. A put that is stopped does so itself. */
  readonly takeBack: (record: StoredRecord) => Promise<unknown>;
}

/** Null: any key. */
type InvalidatedListener = (keys: readonly string[] | null) => void;

interface Written {
  readonly record: StoredRecord;
  readonly at: number;
}

export class RedisTeam {
  private readonly options: TeamOptions;
  private readonly ownName = randomBytes(9).toString('base64url');
  private readonly listeners = new Set<InvalidatedListener>();
  /** Oldest first. */
  private readonly written: Written[] = [];
  /** Redis does not permit PUBLISH. */
  private refuses = false;

  constructor(options: TeamOptions) {
    this.options = options;
  }

  get isRefused(): boolean {
    return this.refuses;
  }

  /** Tells the others; null: every key. Rejects with LarderError `store_unavailable`. */
  async tell(keys: readonly string[] | null, run: RunRedis = this.options.run): Promise<void> {
    const message = JSON.stringify({ from: this.ownName, keys });
    const reached = await run((redis) => redis.publish(this.options.channel, message).catch(nullIfRefused), {
      lane: 'bulk',
    });
    this.refuses = reached === null;
  }

  /** Notes what was put, for the case that its key turns out to have been invalidated meanwhile. `isHeard`: others are. */
  wrote(record: StoredRecord, isHeard: boolean): void {
    const at = performance.now();
    this.written.push({ record, at });
    const expired = ({ at: then }: Written): boolean => isHeard && then < at - REMEMBERED_MS;
    const firstKept = this.written.findIndex((each) => !expired(each));
    this.written.splice(0, Math.max(firstKept, this.written.length - MOST_REMEMBERED));
  }

  /** What came on the team's channel. Not understood: as if everything had been invalidated. */
  hear(message: Buffer): void {
    const { from, keys } = parseMessage(message);
    if (from === this.ownName) return;
    this.undo(keys, performance.now() - OVERTAKEN_MS);
  }

  /** What was said since this moment of performance's clock was not heard: what was put since is taken back. */
  missed(since: number): void {
    this.undo(null, since);
  }

  onInvalidated(listener: InvalidatedListener): () => void {
    const each: InvalidatedListener = (keys) => listener(keys);
    this.listeners.add(each);
    return () => this.listeners.delete(each);
  }

  /** Nothing of these keys that is on its way is stored, and what was put since then is taken back. */
  private undo(keys: readonly string[] | null, since: number): void {
    const wanted = keys === null ? null : new Set(keys);
    const isMeant = ({ key }: { readonly key: string }) => wanted === null || wanted.has(key);
    void this.options.fence.stop(isMeant);
    for (const { record, at } of this.written) {
      // Where Redis is gone again, that is owed to it.
      if (at >= since && isMeant(record.stored)) this.options.takeBack(record).catch(() => undefined);
    }
    for (const listener of this.listeners) listener(keys);
  }
}

function parseMessage(message: Buffer): z.infer<typeof messageSchema> {
  const parsed = messageSchema.safeParse(parseJson(message));
  return parsed.success ? parsed.data : { from: '', keys: null };
}

function parseJson(message: Buffer): unknown {
  if (message.byteLength > MOST_MESSAGE_BYTES) return undefined;
  try {
    return JSON.parse(message.toString()) as unknown;
  } catch {
    // Not ours, or of a later version; the schema refuses it.
    return undefined;
  }
}

/** Redis answered, but not with what was asked for: the user may not publish. */
function nullIfRefused(error: unknown): null {
  if (error instanceof Error && error.name === 'ReplyError') return null;
  throw error;
}
