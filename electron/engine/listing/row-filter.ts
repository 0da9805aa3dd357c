/** Which rows of a listing pass a filter. Beside the request's path. */
import type { ListingFilter } from '../../../shared/stored-listing';
import { urlMatchesGlob } from '../store/glob';
import type { EntryColumns } from './entry-columns';

export type RowTest = (row: number) => boolean;

/** @param now what is fresh is so at this moment */
export function rowFilter(columns: EntryColumns, filter: ListingFilter, now: number): RowTest {
  const tests = [stateTest(columns, filter, now), urlTest(columns, filter)].filter((test) => test !== null);
  return (row) => !columns.isGone(row) && tests.every((test) => test(row));
}

function stateTest(columns: EntryColumns, { state }: ListingFilter, now: number): RowTest | null {
  switch (state) {
    case undefined:
      return null;
    case 'fresh':
      return (row) => columns.expiresAt(row) > now;
    case 'expired':
      return (row) => columns.expiresAt(row) <= now;
    case 'one-user':
      return (row) => columns.isForOneUser(row);
  }
}

/** The URL is made of its bytes once, whatever is asked of it. */
function urlTest(columns: EntryColumns, filter: ListingFilter): RowTest | null {
  const passes = urlPasses(filter);
  return passes === null ? null : (row) => passes(columns.urls.at(row));
}

/** The part of a filter that looks at the URL; null: any URL passes. */
export function urlPasses({ q = '', match, under }: ListingFilter): ((url: string) => boolean) | null {
  if (q === '' && match === undefined && under === undefined) return null;
  const wanted = q.toLowerCase();
  return (url) =>
    (under === undefined || isUnder(under, url)) &&
    (wanted === '' || url.toLowerCase().includes(wanted)) &&
    (match === undefined || urlMatchesGlob(match, url));
}

/** Whether a URL belongs to a branch of the tree: it is the branch, with or without a query, or goes on from it. */
export function isUnder(branch: string, url: string): boolean {
  if (!url.startsWith(branch)) return false;
  const next = url[branch.length];
  return next === undefined || next === '/' || next === '?';
}
