/**
 * Families as they were decoded last: while Redis gives the same bytes, the same records are found. On the request's
 * path below the responses; holds no bodies, and nothing that Redis was not asked for just now.
 */
import type { EpochMs } from '../../../../shared/units';
import type { StoredResponse } from '../../semantics/stored-response';
import type { StoredRecord } from '../codec';
import type { MetadataHash } from './redis-reads';

/** Metadata as it lies in Redis; decoded it takes about as much again. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Of a large family a change is likelier, and to compare it costs more. */
const LARGEST_BYTES = 64 * 1024;

/** All variants of a primary key. */
export interface Family {
  /** Most recent first. */
  readonly records: readonly StoredRecord[];
  /** The same, as a lookup finds them. */
  readonly found: readonly StoredResponse[];
}

interface Decoded {
  readonly family: Family;
  readonly values: ReadonlyMap<string, Buffer>;
  readonly bytes: number;
  /** Of the variant that is to be forgotten first. */
  readonly keepUntil: EpochMs;
}

export class DecodedFamilies {
  private readonly byKey = new Map<string, Decoded>();
  private bytes = 0;

  /** Null: not decoded yet, or another by now. */
  get(key: string, hash: MetadataHash, now: EpochMs): Family | null {
    const known = this.byKey.get(key);
    if (known === undefined || known.keepUntil <= now) return null;
    let same = 0;
    for (const id in hash) {
      const value = hash[id];
      if (value === undefined || known.values.get(id)?.equals(value) !== true) return null;
      same += 1;
    }
    return same === known.values.size ? known.family : null;
  }

  /** Decoded without a loss; keeps no buffer of the hash. */
  set(key: string, hash: MetadataHash, family: Family): void {
    this.delete(key);
    const entries = Object.entries(hash);
    const bytes = entries.reduce((sum, [, value]) => sum + value.byteLength, 0);
    if (bytes > LARGEST_BYTES) return;
    const values = new Map(entries.map(([id, value]) => [id, Buffer.from(value)]));
    const keepUntil = Math.min(...family.records.map((record) => record.keepUntil));
    this.byKey.set(key, { family, values, bytes, keepUntil });
    this.bytes += bytes;
    for (const oldest of this.byKey.keys()) {
      if (this.bytes <= MOST_BYTES) return;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    const known = this.byKey.get(key);
    if (known === undefined) return;
    this.byKey.delete(key);
    this.bytes -= known.bytes;
  }
}
