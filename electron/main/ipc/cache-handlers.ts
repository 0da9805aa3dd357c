/** What the window may ask about stored responses. */
import { LarderError } from '../../../shared/error-codes';
import type { CacheResponses } from '../../../shared/ipc/cache-channels';
import type { ClearResult } from '../../../shared/stored-entry';
import { previewOrNull } from './body-preview';
import type { HandlerContext } from './handlers';
import type { IpcHandlers } from './ipc-dispatcher';
import { refetch } from './refetch';
import { saveBody } from './save-body';

/** How long the window offers to undo a clear. */
const UNDO_FOR_MS = 10_000;

export function cacheHandlers(context: HandlerContext): Pick<IpcHandlers, keyof CacheResponses> {
  const { engine, window } = context;
  const { listing } = engine;
  // The window asks for the list at once: nothing that was removed is to be in it.
  const forgetting = async (result: ClearResult, filter: Parameters<typeof listing.forget>[0]) => {
    await listing.forget(filter);
    return result;
  };
  return {
    'cache.clear': () => engine.clear({ undoForMs: UNDO_FOR_MS }).finally(() => listing.reset()),
    'cache.undo-clear': () => engine.undoClear().finally(() => listing.reset()),
    'cache.set-ttl': ({ id, ttlSeconds }) => engine.setEntryTtl(id, ttlSeconds),
    'cache.list': ({ q, cursor, limit }) =>
      engine.entries({
        ...(q === undefined ? {} : { q }),
        ...(cursor === undefined ? {} : { cursor }),
        ...(limit === undefined ? {} : { limit }),
      }),
    'cache.entry': ({ id }) => engine.entry(id),
    'cache.body': async ({ id }) => previewOrNull(await engine.entryBody(id)),
    'cache.save-body': async ({ id }) => {
      const [entry, body] = await Promise.all([engine.entry(id), engine.entryBody(id)]);
      if (entry === null || body === null) {
        throw new LarderError('not_found', 'The response is no longer stored; there is nothing to save');
      }
      return saveBody(window(), { body, url: entry.url });
    },
    'cache.page': (query) => listing.page(query),
    'cache.ids': (query) => listing.ids(query),
    'cache.branches': (query) => listing.branches(query),
    'cache.urls': async ({ ids }) => {
      const entries = await Promise.all(ids.map((id) => engine.entry(id)));
      return { urls: entries.flatMap((entry) => entry?.url ?? []) };
    },
    'cache.refetch': ({ ids }) => refetch(engine, ids),
    'cache.delete': async ({ ids }) => forgetting(await engine.deleteEntries(ids), { ids: new Set(ids) }),
    'cache.delete-matching': async ({ match }) => forgetting(await engine.deleteMatching(match), { match }),
    'cache.delete-under': ({ under }) => listing.removeUnder(under),
  };
}
