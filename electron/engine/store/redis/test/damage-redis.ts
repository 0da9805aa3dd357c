/**
 * Spoils what is stored in a Redis, one response after the other, each in another way. Keys are found by SCAN: all
 * that belongs to one URL has the same hash tag (docs/redis.md). Used by tests and by bench/faults.
 */
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';

export const DAMAGES = [
  'random bytes',
  'cut off',
  'one bit turned',
  'empty',
  'another type',
  'an older version',
  "another program's",
  "another response's",
] as const;
/** A prime, so that it meets every place. */
const STRIDE = 7919;

type Damage = (typeof DAMAGES)[number];

/** What lay under one key: a string, or the fields of a hash. */
interface Original {
  readonly key: string;
  readonly type: string;
  readonly value: Buffer;
  readonly fields: readonly (readonly [field: string, value: Buffer])[];
}

/**
 * Of each URL either the metadata or, where they have keys of their own, the bodies are spoilt.
 * @returns how many URLs there were, and how many were spoilt in which way
 */
export async function damageEach(redis: Redis, prefix: string): Promise<Record<Damage, number>> {
  const families = await originalsByFamily(redis, prefix);
  const done = Object.fromEntries(DAMAGES.map((damage) => [damage, 0])) as Record<Damage, number>;
  const all = [...families.values()];
  await Promise.all(
    all.map(async (family, index) => {
      const damage = DAMAGES[index % DAMAGES.length] ?? 'empty';
      const type = Math.floor(index / DAMAGES.length) % 2 === 0 ? 'hash' : 'string';
      const ofType = family.filter((original) => original.type === type);
      for (const original of ofType.length === 0 ? family : ofType) {
        const other = anotherLike(original, all, index);
        await spoil(redis, original, { damage, other, index });
      }
      done[damage] += 1;
    }),
  );
  return done;
}

/** What lies under another URL's key of the same type: the next one's that has such a key. */
function anotherLike(original: Original, all: readonly Original[][], index: number): Original {
  for (let step = 1; step < all.length; step += 1) {
    const found = all[(index + step) % all.length]?.find(({ type }) => type === original.type);
    if (found !== undefined) return found;
  }
  throw new Error(`nothing else is stored that is like ${original.key}`);
}

async function originalsByFamily(redis: Redis, prefix: string): Promise<Map<string, Original[]>> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, some] = await redis.scan(cursor, 'MATCH', `${prefix}:v1:*`, 'COUNT', 1000);
    for (const key of some) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  const originals = await Promise.all([...keys].sort().map((key) => read(redis, key)));
  const families = new Map<string, Original[]>();
  for (const original of originals) {
    const tag = /\{(.+?)\}/.exec(original.key)?.[1];
    if (tag === undefined) continue;
    families.set(tag, [...(families.get(tag) ?? []), original]);
  }
  return families;
}

async function read(redis: Redis, key: string): Promise<Original> {
  const type = await redis.type(key);
  if (type !== 'hash') {
    const value = type === 'string' ? await redis.getBuffer(key) : null;
    return { key, type, value: value ?? Buffer.alloc(0), fields: [] };
  }
  const fields = Object.entries(await redis.hgetallBuffer(key));
  return { key, type, value: Buffer.alloc(0), fields };
}

interface Spoiling {
  readonly damage: Damage;
  /** Where another's is put in its place. */
  readonly other: Original;
  /** Counts up: so that not every bit that is turned lies at the same place. */
  readonly index: number;
}

async function spoil(redis: Redis, original: Original, how: Spoiling): Promise<void> {
  const { key, type } = original;
  const { damage, other, index } = how;
  const left = await redis.pttl(key);
  const change = redis.multi();
  if (damage === 'another type') change.del(key).rpush(key, 'a list');
  else if (type === 'hash') {
    const fields = damage === "another response's" ? other.fields : original.fields;
    change.del(key);
    for (const [field, value] of fields) change.hset(key, field, spoilt(value, damage, index));
  } else
    change.set(key, damage === "another response's" ? other.value : spoilt(original.value, damage, index));
  change.pexpire(key, Math.max(left, 1));
  await change.exec();
}

function spoilt(value: Buffer, damage: Damage, index: number): Buffer {
  switch (damage) {
    case 'random bytes':
      return randomBytes(value.byteLength);
    case 'cut off':
      return value.subarray(0, value.byteLength >> 1);
    case 'one bit turned':
      return turned(value, index);
    case 'empty':
      return Buffer.alloc(0);
    case 'an older version':
      return Buffer.concat([Buffer.from('larder0'), value.subarray('larder2'.length)]);
    case "another program's":
      return Buffer.from('{"session":"of another program"}');
    case 'another type':
    case "another response's":
      return value;
  }
}

function turned(value: Buffer, index: number): Buffer {
  const copy = Buffer.from(value);
  const place = copy.byteLength === 0 ? -1 : (index * STRIDE) % copy.byteLength;
  if (place >= 0) copy.writeUInt8(copy.readUInt8(place) ^ 1, place);
  return copy;
}
