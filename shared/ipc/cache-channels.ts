/** Channels about stored responses: look, search, delete, clear. */
import { z } from 'zod';
import type { ClearResult, EntryPage, StoredEntryDetails } from '../stored-entry';
import type { BodyPreview } from './body-preview';
import { entryId } from './entry-id';

export const CACHE_REQUESTS = {
  'cache.clear': z.undefined(),
  'cache.list': z.strictObject({
    q: z.string().max(1024).optional(),
    cursor: z.string().max(1024).optional(),
    limit: z.number().int().min(1).max(1000).optional(),
  }),
  'cache.entry': z.strictObject({ id: entryId }),
  'cache.body': z.strictObject({ id: entryId }),
  'cache.save-body': z.strictObject({ id: entryId }),
  'cache.delete': z.strictObject({ ids: z.array(entryId).min(1).max(10_000) }),
} as const satisfies Record<string, z.ZodType>;

export interface CacheResponses {
  'cache.clear': ClearResult;
  'cache.list': EntryPage;
  'cache.entry': StoredEntryDetails | null;
  'cache.body': BodyPreview | null;
  'cache.save-body': { readonly saved: boolean };
  'cache.delete': ClearResult;
}
