/**
 * The names of our keys in Redis, and how long Redis keeps them; docs/redis.md
 * describes them for people. The braces make a Redis Cluster keep all that
 * belongs to one primary key on one node.
 */
import { createHash } from 'node:crypto';
import type { EpochMs, Milliseconds } from '../../../shared/units';
import type { StoredResponse } from '../semantics/stored-response';

const FAMILY_CHARS = 32;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_FRESHNESS_MS = 366 * DAY_MS;

export const SECRET_KEEP_MS = 366 * DAY_MS;

export interface RedisLayout {
  /** All variants of a primary key share a family: a hash of the key. */
  family(key: string): string;
  /** Hash: id → metadata of each variant. */
  metadataKey(family: string): string;
  bodyKey(family: string, id: string, version: string): string;
  /** String: where the response with that id is, for lists. */
  idKey(id: string): string;
  readonly secretKey: string;
  /** For SCAN MATCH: every key of ours; only the id keys. */
  readonly everyKey: string;
  readonly everyIdKey: string;
  /** The id in an id key; null for any other key. */
  idOf(key: string): string | null;
}

export function createLayout(prefix: string): RedisLayout {
  const base = `${prefix}:v1:`;
  const idBase = `${base}id:`;
  return {
    family: (key) => createHash('sha256').update(key).digest('hex').slice(0, FAMILY_CHARS),
    metadataKey: (family) => `${base}meta:{${family}}`,
    bodyKey: (family, id, version) => `${base}body:{${family}}:${id}:${version}`,
    idKey: (id) => `${idBase}${id}`,
    secretKey: `${base}secret`,
    everyKey: `${escapePattern(base)}*`,
    everyIdKey: `${escapePattern(idBase)}*`,
    idOf: (key) => (key.startsWith(idBase) ? key.slice(idBase.length) : null),
  };
}

/** What an id key holds. */
export interface IdRecord {
  readonly family: string;
  readonly version: string;
  /** Metadata and body as they are kept. */
  readonly bytes: number;
}

export function encodeIdRecord({ family, version, bytes }: IdRecord): string {
  return `${family} ${version} ${bytes}`;
}

export function decodeIdRecord(value: string | null): IdRecord | null {
  const [, family, version, bytes] = /^([0-9a-f]{32}) ([\w-]+) (\d{1,15})$/.exec(value ?? '') ?? [];
  if (family === undefined || version === undefined) return null;
  return { family, version, bytes: Number(bytes) };
}

/**
 * How long Redis keeps a response: its freshness, and then as long again to be
 * revalidated or served stale, but at least an hour and at most a week.
 */
export function keepMs(stored: StoredResponse, now: EpochMs): Milliseconds {
  const lifetimeMs = stored.lifetimeSeconds * 1000;
  const freshUntil = stored.responseTime + lifetimeMs - stored.initialAgeSeconds * 1000;
  const freshMs = Math.min(Math.max(freshUntil - now, 0), LONGEST_FRESHNESS_MS);
  return Math.ceil(freshMs + Math.min(Math.max(lifetimeMs, HOUR_MS), 7 * DAY_MS));
}

function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\^-]/g, '\\$&');
}
