/**
 * Finds the stored response nearest to a request that went to the origin, for who looks at it in the window.
 * Beside the request's path, and bounded: it looks at so many and for so long, in turns.
 */
import { performance } from 'node:perf_hooks';
import type { ReasonCode } from '../../shared/exchange-summary';
import type { Difference, NearestStored } from '../../shared/nearest-stored';
import type { EntryPage, StoredEntry } from '../../shared/stored-entry';
import type { LoggedExchange } from './events/exchange-log';
import { storedDifferences } from './semantics/stored-differences';
import type { StoredResponse } from './semantics/stored-response';
import { NEXT_BEST, urlNearness, type UrlNearness } from './semantics/url-nearness';
import type { ResponseStore } from './store/response-store';

const MOST_ENTRIES = 5000;
const LONGEST_MS = 50;
const PAGE = 250;
/** A memory store up to this size is searched for the path before anything else: it takes some milliseconds. */
const SEARCHED_ENTRIES = 50_000;
/** Added to the rank of what was stored only after the exchange. */
const AFTER_ALL_OTHERS = 1_000_000;

/**
 * Of those under the same URL the one with the fewest differences, the most recent of several, and another
 * user's only where there is none of this user's; else the one with the nearest URL (semantics/url-nearness). What the exchange itself stored is not looked at, and what was
 * stored before it goes before what came later.
 * @returns null where it was answered from the store, or nothing stored is near
 */
export async function findNearestStored(
  exchange: LoggedExchange,
  store: ResponseStore,
): Promise<NearestStored | null> {
  const { summary, key } = exchange;
  if (key === '' || summary.outcome === 'HIT' || summary.outcome === 'STALE') return null;
  const candidates = await store.lookup(key);
  const decided = whatDecided(exchange, candidates);
  if (decided !== null) return decided;
  const same = ofSameUrl(exchange, candidates);
  // What is not for the cache has no URL to be like, but its own.
  if (summary.outcome === 'PASS' || (same !== null && !isLater(same))) return same;
  const other = await ofOtherUrl(exchange, store);
  return same === null || (other !== null && !isLater(other)) ? other : same;
}

/** What could have been used but had expired, or was to be validated. As a rule it has given way to the new response. */
function whatDecided(exchange: LoggedExchange, candidates: readonly StoredResponse[]): NearestStored | null {
  const { reason, facts, startedAt } = exchange.summary;
  const { nearestUrl, nearestStoredAt, expiredForSeconds } = facts;
  if (!BY_AGE.has(reason) || nearestUrl === undefined || nearestStoredAt === undefined) return null;
  const differences: Difference[] = [];
  if (reason === 'reload') differences.push({ kind: 'reload' });
  if (expiredForSeconds !== undefined)
    differences.push({ kind: 'expired', since: startedAt - expiredForSeconds * 1000 });
  if (differences.length === 0) differences.push({ kind: 'must-validate' });
  const still = candidates.find(
    ({ id, responseTime }) => responseTime === nearestStoredAt && !isOwn(exchange, id),
  );
  return { entryId: still?.id ?? null, url: nearestUrl, storedAt: nearestStoredAt, differences };
}

const BY_AGE: ReadonlySet<ReasonCode> = new Set(['expired', 'changed', 'must-validate', 'reload']);

function ofSameUrl(exchange: LoggedExchange, candidates: readonly StoredResponse[]): NearestStored | null {
  let nearest: NearestStored | null = null;
  for (const stored of candidates) {
    if (isOwn(exchange, stored.id)) continue;
    const candidate = described(exchange, stored, []);
    if (nearest === null || isNearer(candidate, nearest)) nearest = candidate;
  }
  return nearest;
}

function isNearer(candidate: NearestStored, nearest: NearestStored): boolean {
  const later = Number(isLater(candidate)) - Number(isLater(nearest));
  if (later !== 0) return later < 0;
  // As the decision went (semantics/miss-reason): what is this user's is looked at first.
  const foreign = Number(isForeign(candidate)) - Number(isForeign(nearest));
  if (foreign !== 0) return foreign < 0;
  const fewer = candidate.differences.length - nearest.differences.length;
  return fewer === 0 ? candidate.storedAt > nearest.storedAt : fewer < 0;
}

function isLater({ differences }: NearestStored): boolean {
  return differences.some(({ kind }) => kind === 'stored-later');
}

function isForeign({ differences }: NearestStored): boolean {
  return differences.some(({ kind }) => kind === 'credentials' || kind === 'policy');
}

function described(
  { summary, request, partition }: LoggedExchange,
  stored: StoredResponse,
  ofUrl: readonly Difference[],
): NearestStored {
  const { method, fields } = request;
  const others = storedDifferences(stored, { method, fields, partition, at: summary.startedAt });
  return {
    entryId: stored.id,
    url: stored.url,
    storedAt: stored.responseTime,
    differences: [...ofUrl, ...others],
  };
}

/** What it stored, or what has taken the place of that since. */
function isOwn({ summary }: LoggedExchange, id: string): boolean {
  return summary.stored && summary.entryId === id;
}

interface Candidate extends UrlNearness {
  readonly entry: StoredEntry;
}

async function ofOtherUrl(exchange: LoggedExchange, store: ResponseStore): Promise<NearestStored | null> {
  const nearest = await nearestUrl(exchange, store);
  if (nearest === null) return null;
  const { entry, differences } = nearest;
  // A list says nothing of partitions: what else differs, the store's own answer tells.
  const stored = (await store.lookup(entry.url)).find(({ id }) => id === entry.id);
  if (stored !== undefined) return described(exchange, stored, differences);
  return { entryId: entry.id, url: entry.url, storedAt: entry.storedAt, differences };
}

async function nearestUrl(exchange: LoggedExchange, store: ResponseStore): Promise<Candidate | null> {
  const ends = performance.now() + LONGEST_MS;
  let nearest: Candidate | null = null;
  if (store.kind === 'memory' && store.stats().entries <= SEARCHED_ENTRIES) {
    const [path = ''] = exchange.key.split('?', 1);
    nearest = nearestOf(exchange, (await store.list({ q: path, limit: PAGE })).entries, nearest);
    if (nearest !== null && nearest.rank < NEXT_BEST) return nearest;
  }
  let cursor: string | null = null;
  let seen = 0;
  do {
    const page: EntryPage = await store.list({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    nearest = nearestOf(exchange, page.entries, nearest);
    seen += page.entries.length;
    cursor = page.cursor;
  } while (cursor !== null && seen < MOST_ENTRIES && performance.now() < ends);
  return nearest;
}

function nearestOf(
  exchange: LoggedExchange,
  entries: readonly StoredEntry[],
  before: Candidate | null,
): Candidate | null {
  let nearest = before;
  for (const entry of entries) {
    if (isOwn(exchange, entry.id)) continue;
    const nearness = urlNearness(exchange.key, entry.url);
    if (nearness === null) continue;
    const late = entry.storedAt > exchange.summary.startedAt ? AFTER_ALL_OTHERS : 0;
    const rank = nearness.rank + late;
    if (nearest === null || rank < nearest.rank) nearest = { ...nearness, rank, entry };
  }
  return nearest;
}
