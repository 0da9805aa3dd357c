/** The tree of what is stored: origins, and the segments of their paths, each with what lies under it. */
import type { Branch, BranchQuery } from '../../../shared/stored-listing';
import type { EntryColumns } from './entry-columns';
import { isUnder } from './row-filter';
import { sortRows } from './sort-rows';
import type { Turns } from './turns';

const STRIDE = 256;

interface Counted {
  count: number;
  bodyBytes: number;
  storedBytes: number;
  opens: boolean;
}

/** Where in a URL a branch ends, and whether the URL goes on in a branch of that. */
interface Step {
  readonly end: number;
  readonly goesOn: boolean;
}

/** The branches right under `under`, sorted, all of them. */
export async function branchesOf(
  columns: EntryColumns,
  { under, q = '', sort, descending }: Omit<BranchQuery, 'limit'>,
  turns: Turns,
): Promise<Branch[]> {
  const wanted = q.toLowerCase();
  const found = new Map<string, Counted>();
  for (let row = 0; row < columns.rows; row += 1) {
    if (row % STRIDE === 0 && turns.over) await turns.next();
    if (columns.isGone(row)) continue;
    const url = columns.urls.at(row);
    if (wanted !== '' && !url.toLowerCase().includes(wanted)) continue;
    const step = under === null ? originStep(url) : segmentStep(under, url);
    if (step !== null) count(found, url.slice(0, step.end), { columns, row, opens: step.goesOn });
  }
  const branches = [...found].map(([path, counted]) => ({ path, name: nameOf(path, under), ...counted }));
  const sign = descending ? -1 : 1;
  return sorted(branches, (one, other) => sign * compare(one, other, sort) || byName(one, other), turns);
}

type CompareBranches = (one: Branch, other: Branch) => number;

/** A path of ids has as many branches as it has ids. */
async function sorted(branches: Branch[], compare: CompareBranches, turns: Turns): Promise<Branch[]> {
  const places = Uint32Array.from(branches.keys());
  const at = (place: number) => branches[place] as Branch;
  await sortRows(places, (one, other) => compare(at(one), at(other)), turns);
  return Array.from(places, at);
}

interface Seen {
  readonly columns: EntryColumns;
  readonly row: number;
  readonly opens: boolean;
}

function count(found: Map<string, Counted>, path: string, { columns, row, opens }: Seen): void {
  const counted = found.get(path) ?? { count: 0, bodyBytes: 0, storedBytes: 0, opens: false };
  counted.count += 1;
  counted.bodyBytes += columns.bodyBytes(row);
  counted.storedBytes += columns.storedBytes(row);
  counted.opens ||= opens;
  found.set(path, counted);
}

/** `https://a.test` of `https://a.test/b?c`. */
function originStep(url: string): Step {
  const authority = url.indexOf('://');
  const end = pathEnd(url, authority < 0 ? 0 : authority + 3);
  return { end, goesOn: url[end] === '/' };
}

/** The next segment after the branch; null: the URL is not under it, or is the branch itself. */
function segmentStep(branch: string, url: string): Step | null {
  if (!isUnder(branch, url) || url[branch.length] !== '/') return null;
  const end = pathEnd(url, branch.length + 1);
  return { end, goesOn: url[end] === '/' };
}

/** Where the segment that begins here ends: at a slash, at the query, or with the URL. */
function pathEnd(url: string, from: number): number {
  let end = from;
  while (end < url.length && url[end] !== '/' && url[end] !== '?') end += 1;
  return end;
}

const nameOf = (path: string, under: string | null) => (under === null ? path : path.slice(under.length));

const byName = (one: Branch, other: Branch) => (one.name < other.name ? -1 : 1);

function compare(one: Branch, other: Branch, sort: BranchQuery['sort']): number {
  switch (sort) {
    case 'name':
      return byName(one, other);
    case 'count':
      return one.count - other.count;
    case 'size':
      return one.bodyBytes - other.bodyBytes;
  }
}
