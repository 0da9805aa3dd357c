/** What hosts and endpoints do with the store: look, clear, delete. The same for memory and Redis. */
import type { ClearResult, StoredEntryDetails } from '../../shared/stored-entry';
import type { EpochMs } from '../../shared/units';
import type { FillsInFlight } from './collapse/fills-in-flight';
import type { EventBus } from './events/event-bus';
import type { ExchangeLog, LoggedExchange } from './events/exchange-log';
import type { Invalidations } from './invalidations';
import type { LarderEngine, ObservedBody } from './larder-engine';
import { withEditedTtl } from './semantics/edited-ttl';
import type { StoredResponse } from './semantics/stored-response';
import type { ResponseStore } from './store/response-store';

const MOST_EDIT_TRIES = 5;

interface StoreAccessOptions {
  /** Null while nothing has been started. */
  readonly store: () => ResponseStore | null;
  readonly log: ExchangeLog;
  readonly inFlight: FillsInFlight;
  readonly invalidations: Invalidations;
  readonly events: EventBus;
  readonly now: () => EpochMs;
}

type StoreAccess = Pick<
  LarderEngine,
  | 'clear'
  | 'undoClear'
  | 'setEntryTtl'
  | 'entries'
  | 'entry'
  | 'entryBody'
  | 'deleteEntries'
  | 'deleteMatching'
  | 'recentExchanges'
  | 'exchangeDetails'
  | 'exchangeBody'
>;

export function createStoreAccess({
  store,
  log,
  inFlight,
  invalidations,
  events,
  now,
}: StoreAccessOptions): StoreAccess {
  const removed = (cleared: number): ClearResult => {
    events.statusChanged();
    return { cleared };
  };
  const access: StoreAccess = {
    clear: async ({ undoForMs = 0 } = {}) => {
      // What was asked before the clear is not stored after it.
      inFlight.invalidateAll();
      invalidations.forgetAll();
      const cleared = (await store()?.clear(undoForMs)) ?? 0;
      events.publish({ kind: 'cleared', cleared });
      return removed(cleared);
    },
    undoClear: async () => {
      const restored = (await store()?.undoClear()) ?? 0;
      events.statusChanged();
      return { restored };
    },
    setEntryTtl: async (id, ttlSeconds) => {
      const current = store();
      if (current === null) return null;
      const edited = await editTtl(current, id, (stored) => withEditedTtl(stored, ttlSeconds, now()));
      events.statusChanged();
      return edited;
    },
    entries: async (query) => (await store()?.list(query)) ?? { entries: [], cursor: null },
    entry: async (id) => (await store()?.entry(id)) ?? null,
    entryBody: async (id) => {
      const current = store();
      const entry = await current?.entry(id);
      const bytes = await current?.bodyOf(id);
      if (entry === null || entry === undefined || bytes === null || bytes === undefined) return null;
      const encoding = entry.fields.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1] ?? null;
      return whole(bytes, entry.contentType, encoding);
    },
    deleteEntries: async (ids) => removed((await store()?.delete(ids)) ?? 0),
    deleteMatching: async (glob) => removed((await store()?.deleteMatching(glob)) ?? 0),
    recentExchanges: () => log.summaries(),
    exchangeDetails: (id) => {
      const exchange = log.find(id);
      return exchange === null ? null : exchange.details(exchange.body);
    },
    exchangeBody: async (id) => {
      const exchange = log.find(id);
      return exchange === null ? null : observedBody(exchange, access);
    },
  };
  return access;
}

/** Again where another response takes its place meanwhile. */
async function editTtl(
  store: ResponseStore,
  id: string,
  edit: (stored: StoredResponse) => StoredResponse,
): Promise<StoredEntryDetails | null> {
  for (let tries = 0; tries < MOST_EDIT_TRIES; tries += 1) {
    const key = (await store.entry(id))?.cacheKey;
    if (key === undefined) return null;
    const stored = (await store.lookup(key)).find((each) => each.id === id);
    if (stored !== undefined && (await store.freshen(edit(stored), stored))) return store.entry(id);
  }
  return null;
}

async function observedBody(exchange: LoggedExchange, access: StoreAccess): Promise<ObservedBody | null> {
  const { body, summary, contentEncoding } = exchange;
  switch (body.kind) {
    case 'none':
      return null;
    case 'stored': {
      const entry = await access.entry(body.entryId);
      return entry?.storedAt === body.storedAt ? access.entryBody(body.entryId) : null;
    }
    case 'observed': {
      const bytes = Buffer.concat(body.chunks);
      const truncated = body.keptBytes < body.totalBytes;
      return {
        ...whole(bytes, summary.contentType, contentEncoding),
        totalBytes: body.totalBytes,
        truncated,
      };
    }
  }
}

function whole(bytes: Uint8Array, contentType: string | null, contentEncoding: string | null): ObservedBody {
  return { bytes, contentType, contentEncoding, totalBytes: bytes.byteLength, truncated: false };
}
