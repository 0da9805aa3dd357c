/**
 * The names of our keys in Redis; docs/redis.md describes them for people. The braces make a Redis Cluster keep all that
 * belongs to one primary key on one node.
 */
import { createHash } from 'node:crypto';
import { decodeLine, encodeLine } from '../codec';

const FAMILY_CHARS = 32;

export const SECRET_KEEP_MS = 366 * 86_400_000;

export interface RedisLayout {
  /** All variants of a primary key share a family: a hash of the key. */
  family(key: string): string;
  /** Hash: id → metadata of each variant. */
  metadataKey(family: string): string;
  bodyKey(family: string, id: string, version: string): string;
  /** Hash: the metadata that a clear has taken out of a family, for an undo. */
  hiddenKey(family: string): string;
  /** String: where the response with that id is, for lists. */
  idKey(id: string): string;
  readonly secretKey: string;
  /** What every body key begins with; then `{FAMILY}:ID:VERSION`. */
  readonly bodyPrefix: string;
  /** What every metadata key begins with; Redis is asked to tell of changes under it. */
  readonly metadataPrefix: string;
  /** Channel on which Larders tell each other what they invalidated. */
  readonly changesChannel: string;
  /** For SCAN MATCH: every key of ours; only the metadata; only the id keys. */
  readonly everyKey: string;
  readonly everyMetadataKey: string;
  readonly everyIdKey: string;
  readonly everyHiddenKey: string;
  /** The family that a metadata key names; null for any other key. */
  familyOf(key: string): string | null;
  /** As `familyOf`, of a hidden key. */
  hiddenFamilyOf(key: string): string | null;
  isIdKey(key: string): boolean;
  /** Metadata, a body, or what is hidden of a family. */
  isPartOfFamily(key: string): boolean;
}

export function createLayout(prefix: string): RedisLayout {
  const base = `${prefix}:v1:`;
  const idBase = `${base}id:`;
  const metadataPrefix = `${base}meta:`;
  const hiddenPrefix = `${base}cleared:`;
  const bodyPrefix = `${base}body:`;
  return {
    family: (key) => createHash('sha256').update(key).digest('hex').slice(0, FAMILY_CHARS),
    metadataKey: (family) => `${metadataPrefix}{${family}}`,
    bodyPrefix,
    bodyKey: (family, id, version) => `${bodyPrefix}{${family}}:${id}:${version}`,
    hiddenKey: (family) => `${hiddenPrefix}{${family}}`,
    idKey: (id) => `${idBase}${id}`,
    secretKey: `${base}secret`,
    metadataPrefix,
    changesChannel: `${base}changes`,
    everyKey: `${escapePattern(base)}*`,
    everyMetadataKey: `${escapePattern(metadataPrefix)}*`,
    everyIdKey: `${escapePattern(idBase)}*`,
    everyHiddenKey: `${escapePattern(hiddenPrefix)}*`,
    familyOf: (key) => familyAfter(metadataPrefix, key),
    hiddenFamilyOf: (key) => familyAfter(hiddenPrefix, key),
    isIdKey: (key) => key.startsWith(idBase),
    isPartOfFamily: (key) =>
      key.startsWith(bodyPrefix) ||
      familyAfter(metadataPrefix, key) !== null ||
      familyAfter(hiddenPrefix, key) !== null,
  };
}

function familyAfter(prefix: string, key: string): string | null {
  if (!key.startsWith(prefix)) return null;
  return /^\{([0-9a-f]{32})\}$/.exec(key.slice(prefix.length))?.[1] ?? null;
}

/** What an id key holds. */
export interface IdRecord {
  readonly family: string;
  readonly version: string;
  /** Metadata and body as they are kept. */
  readonly bytes: number;
  /** The body as the origin sent it. */
  readonly bodyBytes: number;
  /** The body as it is kept. */
  readonly storedBodyBytes: number;
}

export function encodeIdRecord({ family, version, bytes, bodyBytes, storedBodyBytes }: IdRecord): string {
  return encodeLine(`${family} ${version} ${bytes} ${bodyBytes} ${storedBodyBytes}`);
}

/** Null: corrupt, foreign, or of another version. */
export function decodeIdRecord(value: string | null): IdRecord | null {
  const words = decodeLine(value ?? '')?.split(' ') ?? [];
  const [family = '', version = '', ...sizes] = words;
  const [bytes, bodyBytes, storedBodyBytes] = sizes.map(Number);
  if (bytes === undefined || bodyBytes === undefined || storedBodyBytes === undefined) return null;
  return { family, version, bytes, bodyBytes, storedBodyBytes };
}

function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\^-]/g, '\\$&');
}
