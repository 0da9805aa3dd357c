/** A stored response's metadata (RFC 9111 §3), as every store keeps it. The body is kept beside it. */
import type { EpochMs, Milliseconds, Seconds } from '../../../shared/units';
import type { LifetimeSource } from '../../../shared/exchange-summary';
import type { RawFields } from '../http/raw-fields';
import type { PartialContent } from './partial-content';

/** A varying field of the request: name in lower case, value as normalised for matching; null: absent. */
export type VaryingField = readonly [name: string, value: string | null];

export interface StoredResponse {
  /** Opaque, URL-safe, the same for the same method, key, partition and vary: a hash of them. A part has one of its own. */
  readonly id: string;
  /** Primary cache key: the target URI (semantics/cache-key). GET and HEAD, and every partition, share it. */
  readonly key: string;
  /**
   * What keeps variants of one key apart besides Vary: '' or the keyed hash of the credentials
   * and of a foreign Host (semantics/cache-key, `partitionOf`).
   */
  readonly partition: string;
  /** Secondary key (RFC 9111 §4.1); empty without Vary. */
  readonly vary: readonly VaryingField[];
  /** The method it answers: a stored answer to POST is a GET (RFC 9110 §9.3.3). */
  readonly method: 'GET' | 'HEAD';
  /** Absolute target URI at the origin. */
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  /** End-to-end fields as received, without those that must not be stored; of a part, without Content-Range. */
  readonly fields: RawFields;
  readonly trailers: RawFields;
  readonly requestTime: EpochMs;
  readonly responseTime: EpochMs;
  /** Corrected initial age (RFC 9111 §4.2.3) at responseTime. */
  readonly initialAgeSeconds: Seconds;
  readonly lifetimeSeconds: Seconds;
  /** What gave the lifetime. */
  readonly lifetimeSource: LifetimeSource;
  /** Not to be reused without validation (no-cache). */
  readonly mustValidate: boolean;
  readonly forOneUser: boolean;
  /** Which bytes of the representation are here (status 206); null: all of them. The body holds them in order. */
  readonly partial: PartialContent | null;
  /** Body as the origin sent it; for HEAD 0. */
  readonly bodyBytes: number;
  /** How long the origin took, for the time saved by a hit. */
  readonly originMs: Milliseconds;
}
