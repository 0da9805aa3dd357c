/** The list of all that is stored, as the Cache place asks for it: sorted and filtered over everything, given in pages. */
import type { StoredEntry } from './stored-entry';

export const LISTING_SORTS = [
  'url',
  'method',
  'status',
  'type',
  'size',
  'kept',
  'storedAt',
  'expiresAt',
  'hits',
] as const;
export type ListingSort = (typeof LISTING_SORTS)[number];

/** Fresh now; expired by now; stored for the credentials of one user. */
export const LISTING_STATES = ['fresh', 'expired', 'one-user'] as const;
export type ListingState = (typeof LISTING_STATES)[number];

/** What passes has to pass all that is given. */
export interface ListingFilter {
  /** Case-insensitive part of the URL. */
  readonly q?: string | undefined;
  /** A glob over the whole URL or its path with query, as of `DELETE /.larder/entries?match=`. */
  readonly match?: string | undefined;
  /** A branch of the tree: the URL without its query is this, or goes on from it with a `/`. */
  readonly under?: string | undefined;
  readonly state?: ListingState | undefined;
}

export interface ListingOrder {
  readonly sort: ListingSort;
  readonly descending: boolean;
}

export interface ListingQuery extends ListingFilter, ListingOrder {
  readonly offset: number;
  readonly limit: number;
}

/** What every answer says about the list it was taken from. */
export interface ListingFacts {
  /** All that pass the filter. */
  readonly total: number;
  /** Their bodies as the origin sent them, and as they are kept. */
  readonly bodyBytes: number;
  readonly storedBytes: number;
  /** Another one: places have moved, so what was asked for before no longer fits. */
  readonly revision: number;
  /** Something has been stored, hit or removed since the list was read: ask again in a while. */
  readonly outdated: boolean;
  /** While the store is read for the first time, how many it has been so far; null: all. */
  readonly readSoFar: number | null;
  /** More are stored than a list holds: only these many are in it. Null: all are. */
  readonly cappedAt: number | null;
}

export interface ListingPage extends ListingFacts {
  readonly offset: number;
  readonly entries: readonly StoredEntry[];
}

export interface ListingIds extends ListingFacts {
  readonly offset: number;
  readonly ids: readonly string[];
  /** Beside each id: its body as the origin sent it. */
  readonly sizes: readonly number[];
}

export const BRANCH_SORTS = ['name', 'count', 'size'] as const;
export type BranchSort = (typeof BRANCH_SORTS)[number];

export interface BranchQuery {
  /** The branch whose branches are asked for; null: the origins. */
  readonly under: string | null;
  readonly q?: string | undefined;
  readonly sort: BranchSort;
  readonly descending: boolean;
  /** Most branches to give. */
  readonly limit: number;
}

/** All that is stored under an origin, or under one path of it. */
export interface Branch {
  /** For ListingFilter.under and BranchQuery.under. */
  readonly path: string;
  /** The origin, or the last segment of the path with its slash. */
  readonly name: string;
  readonly count: number;
  readonly bodyBytes: number;
  readonly storedBytes: number;
  /** Has branches of its own. */
  readonly opens: boolean;
}

export interface Branches extends ListingFacts {
  readonly branches: readonly Branch[];
  /** How many there are, with those beyond the limit. */
  readonly of: number;
}
