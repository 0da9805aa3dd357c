/** The stored response most like a request that went to the origin, and what kept it from answering. */
import type { EpochMs } from './units';

/** One thing that differed: what this request has, and what is stored. Credentials are named, never shown. */
export type Difference =
  | { readonly kind: 'origin' | 'path' | 'method'; readonly here: string; readonly there: string }
  /** A parameter of the query; null: it is not there. */
  | {
      readonly kind: 'query';
      readonly name: string;
      readonly here: string | null;
      readonly there: string | null;
    }
  /** The same parameters in another order, or otherwise encoded. */
  | { readonly kind: 'query-order'; readonly here: string; readonly there: string }
  /** A request field that the response varies by; null: it is not there. */
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly here: string | null;
      readonly there: string | null;
      /** Both are withheld. */
      readonly secret: boolean;
    }
  /** Kept apart by a hash of the credentials, and of the host asked for where that is not the loopback's. */
  | { readonly kind: 'credentials' }
  /** Stored under the other policy. */
  | { readonly kind: 'policy' }
  | { readonly kind: 'expired'; readonly since: EpochMs }
  /** Nothing of the request: what is stored is to be validated each time. */
  | { readonly kind: 'must-validate' }
  /** The request asked for a fresh response. */
  | { readonly kind: 'reload' }
  /** Only these bytes are stored, such as `0-1023/4096`. */
  | { readonly kind: 'part'; readonly there: string }
  | { readonly kind: 'stored-later'; readonly at: EpochMs };

export interface NearestStored {
  /** Null: another response has taken its place since. */
  readonly entryId: string | null;
  readonly url: string;
  readonly storedAt: EpochMs;
  /** Empty: nothing that is known. */
  readonly differences: readonly Difference[];
}
