/** How alike two URLs are, and where they differ: pure, for finding the stored response nearest to a request. */
import type { Difference } from '../../../shared/nearest-stored';

export interface UrlNearness {
  /** Lower is nearer; see `urlNearness`. */
  readonly rank: number;
  readonly differences: readonly Difference[];
}

interface UrlParts {
  readonly origin: string;
  readonly path: string;
  /** Without `?`; '' where there is none. */
  readonly query: string;
}

/** Steps of the ranking are this far apart: what decides within a step stays below it. */
const STEP = 10_000;
const MOST_WITHIN = STEP - 1;
/** Ranks below are of the same path with another query. */
export const NEXT_BEST = 2 * STEP;

/**
 * Ranks a stored URL by how little of it differs, the nearest first:
 * 1. the same path, another query: the fewer parameters differ the nearer;
 * 2. the same path but for upper and lower case or a slash at the end;
 * 3. the same path and query at another origin (scheme, host or port);
 * 4. as many segments, and one of them differs: the later in the path the nearer, then by the query;
 * 5. one path continues the other by one segment, with at least one in common.
 * @returns null where the URLs are the same, or have nothing of that in common
 */
export function urlNearness(here: string, there: string): UrlNearness | null {
  const [wanted, stored] = [urlParts(here), urlParts(there)];
  const queries = queryDifferences(wanted.query, stored.query);
  if (wanted.origin !== stored.origin) {
    if (wanted.path !== stored.path || wanted.query !== stored.query) return null;
    return { rank: 3 * STEP, differences: [difference('origin', wanted.origin, stored.origin)] };
  }
  if (wanted.path === stored.path) {
    return queries.length === 0 ? null : { rank: STEP + within(queries.length), differences: queries };
  }
  const differences = [difference('path', wanted.path, stored.path), ...queries];
  if (spelling(wanted.path) === spelling(stored.path)) {
    return { rank: 2 * STEP + within(queries.length), differences };
  }
  const rank = pathRank(wanted.path.split('/').slice(1), stored.path.split('/').slice(1));
  return rank === null ? null : { rank: rank + within(queries.length, 99), differences };
}

function urlParts(url: string): UrlParts {
  const mark = url.indexOf('?');
  const before = mark < 0 ? url : url.slice(0, mark);
  const slash = before.indexOf('/', before.indexOf('//') + 2);
  return {
    origin: slash < 0 ? before : before.slice(0, slash),
    path: slash < 0 ? '/' : before.slice(slash),
    query: mark < 0 ? '' : url.slice(mark + 1),
  };
}

function difference(kind: 'origin' | 'path', here: string, there: string): Difference {
  return { kind, here, there };
}

function within(count: number, most = MOST_WITHIN): number {
  return Math.min(count, most);
}

function spelling(path: string): string {
  return path.toLowerCase().replace(/\/+$/, '');
}

/** Null: too far apart. */
function pathRank(wanted: readonly string[], stored: readonly string[]): number | null {
  const common = commonStart(wanted, stored);
  const longer = Math.max(wanted.length, stored.length);
  if (wanted.length !== stored.length) {
    const continues = common === Math.min(wanted.length, stored.length) && common > 0;
    return continues && longer - common === 1 ? 5 * STEP : null;
  }
  const differing = wanted.filter((segment, index) => segment !== stored[index]).length;
  if (differing !== 1 || longer < 2) return null;
  return 4 * STEP + within(longer - common - 1, 98) * 100;
}

function commonStart(left: readonly string[], right: readonly string[]): number {
  let count = 0;
  while (count < left.length && count < right.length && left[count] === right[count]) count += 1;
  return count;
}

/** Parameters by name, in the order of this request, then those that only the stored one has. */
function queryDifferences(here: string, there: string): readonly Difference[] {
  if (here === there) return [];
  const [wanted, stored] = [parameters(here), parameters(there)];
  const found: Difference[] = [];
  for (const name of new Set([...wanted.keys(), ...stored.keys()])) {
    const [mine, theirs] = [wanted.get(name) ?? null, stored.get(name) ?? null];
    if (mine !== theirs) found.push({ kind: 'query', name, here: mine, there: theirs });
  }
  return found.length > 0 ? found : [{ kind: 'query-order', here, there }];
}

/** Values of one name are joined as they come. */
function parameters(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : decoded(part.slice(equals + 1));
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return values;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Not percent-encoded text: shown as it stands.
    return text;
  }
}
