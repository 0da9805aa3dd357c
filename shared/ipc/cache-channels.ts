/** Channels about stored responses: look, search, delete, clear. */
import { z } from 'zod';
import {
  BRANCH_SORTS,
  LISTING_SORTS,
  LISTING_STATES,
  type Branches,
  type ListingIds,
  type ListingPage,
} from '../stored-listing';
import type { ClearResult, EntryPage, StoredEntryDetails, UndoResult } from '../stored-entry';
import type { BodyPreview } from './body-preview';
import { LONGEST_EDITED_TTL_SECONDS, MOST_IDS, MOST_REFETCHED, MOST_URLS } from './cache-limits';
import { entryId } from './entry-id';

const text = z.string().max(8192);

const filter = {
  q: z.string().max(1024).optional(),
  match: text.optional(),
  under: text.optional(),
  state: z.enum(LISTING_STATES).optional(),
};
const order = { sort: z.enum(LISTING_SORTS), descending: z.boolean() };
const offset = z.number().int().min(0);

const part = (most: number) =>
  z.strictObject({ ...filter, ...order, offset, limit: z.number().int().min(1).max(most) });

/** What became of responses that were to be asked for anew. */
export interface Refetched {
  readonly refetched: number;
  /** Why some were not, in words, each reason once. */
  readonly problems: readonly { readonly reason: string; readonly urls: readonly string[] }[];
}

export const CACHE_REQUESTS = {
  'cache.clear': z.undefined(),
  'cache.undo-clear': z.undefined(),
  'cache.set-ttl': z.strictObject({
    id: entryId,
    ttlSeconds: z.number().int().min(0).max(LONGEST_EDITED_TTL_SECONDS),
  }),
  'cache.list': z.strictObject({
    q: z.string().max(1024).optional(),
    cursor: z.string().max(1024).optional(),
    limit: z.number().int().min(1).max(1000).optional(),
  }),
  'cache.page': part(500),
  'cache.ids': part(MOST_IDS),
  'cache.branches': z.strictObject({
    under: text.nullable(),
    q: filter.q,
    sort: z.enum(BRANCH_SORTS),
    descending: z.boolean(),
    limit: z.number().int().min(1).max(5000),
  }),
  'cache.urls': z.strictObject({ ids: z.array(entryId).min(1).max(MOST_URLS) }),
  'cache.refetch': z.strictObject({ ids: z.array(entryId).min(1).max(MOST_REFETCHED) }),
  'cache.delete-matching': z.strictObject({ match: text.min(1) }),
  'cache.delete-under': z.strictObject({ under: text.min(1) }),
  'cache.entry': z.strictObject({ id: entryId }),
  'cache.body': z.strictObject({ id: entryId }),
  'cache.save-body': z.strictObject({ id: entryId }),
  'cache.delete': z.strictObject({ ids: z.array(entryId).min(1).max(10_000) }),
} as const satisfies Record<string, z.ZodType>;

export interface CacheResponses {
  'cache.clear': ClearResult;
  'cache.undo-clear': UndoResult;
  /** Null: no longer stored. */
  'cache.set-ttl': StoredEntryDetails | null;
  'cache.list': EntryPage;
  'cache.page': ListingPage;
  'cache.ids': ListingIds;
  'cache.branches': Branches;
  /** In their order, without those that are no longer stored. */
  'cache.urls': { readonly urls: readonly string[] };
  'cache.refetch': Refetched;
  'cache.delete-matching': ClearResult;
  'cache.delete-under': ClearResult;
  'cache.entry': StoredEntryDetails | null;
  'cache.body': BodyPreview | null;
  'cache.save-body': { readonly saved: boolean };
  'cache.delete': ClearResult;
}
