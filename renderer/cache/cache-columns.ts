/** The columns of the Cache grid, and what main sorts by for each. */
import type { ListingOrder, ListingSort } from '../../shared/stored-listing';
import type { Column, ColumnSort } from '../controls/columns';
import { Columns } from '../controls/columns';
import { FIRST_ORDER } from '../state/stored-list';

const COLUMNS = [
  { id: 'url', name: 'URL', width: 150, minWidth: 90, grow: 1, always: true },
  { id: 'method', name: 'Method', width: 54, minWidth: 40, fromGridWidth: 900 },
  { id: 'status', name: 'Status', width: 44, minWidth: 36, fromGridWidth: 420 },
  { id: 'type', name: 'Type', width: 118, minWidth: 60, fromGridWidth: 760 },
  { id: 'size', name: 'Size', width: 58, minWidth: 44, numeric: true, fromGridWidth: 480 },
  { id: 'kept', name: 'Kept', width: 58, minWidth: 44, numeric: true, fromGridWidth: 600 },
  { id: 'stored', name: 'Stored', width: 62, minWidth: 56, numeric: true, fromGridWidth: 1000 },
  { id: 'age', name: 'Age', width: 76, minWidth: 50, numeric: true, fromGridWidth: 680 },
  { id: 'left', name: 'TTL left', width: 92, minWidth: 56, numeric: true },
  { id: 'hits', name: 'Hits', width: 48, minWidth: 34, numeric: true },
] as const satisfies readonly Column[];

export type CacheColumnId = (typeof COLUMNS)[number]['id'];

export const cacheColumns = new Columns<CacheColumnId>('cache', COLUMNS, {
  column: 'age',
  descending: false,
});

const SORTS: Readonly<Record<CacheColumnId, ListingSort>> = {
  url: 'url',
  method: 'method',
  status: 'status',
  type: 'type',
  size: 'size',
  kept: 'kept',
  stored: 'storedAt',
  age: 'storedAt',
  left: 'expiresAt',
  hits: 'hits',
};

/** Unsorted is newest first. */
export function listingOrder(sort: ColumnSort<CacheColumnId> | null): ListingOrder {
  if (sort === null) return FIRST_ORDER;
  // What was stored last has the lowest age.
  const descending = sort.column === 'age' ? !sort.descending : sort.descending;
  return { sort: SORTS[sort.column], descending };
}
