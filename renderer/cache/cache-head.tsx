/** The heads of the Cache grid's columns, which sort it. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useStore } from 'zustand';
import type { SortColumn } from '../state/stored-list';
import { storedList } from './stored-responses';

const HEADS: readonly (readonly [column: SortColumn, name: string, className: string])[] = [
  ['url', 'URL', ''],
  ['status', 'Status', ''],
  ['type', 'Type', 'col-type'],
  ['size', 'Size', 'col-size num'],
  ['kept', 'Kept', 'col-kept num'],
  ['age', 'Age', 'col-age num'],
  ['left', 'Time left', 'num'],
  ['hits', 'Hits', 'num'],
];

export function CacheHead() {
  const sort = useStore(storedList.store, (state) => state.sort);
  return (
    <div role="row" aria-rowindex={1} className="grid-row grid-head cache-row">
      {HEADS.map(([column, name, className]) => {
        const sorted = sort.column === column;
        const direction = sort.descending ? 'descending' : 'ascending';
        return (
          <span
            key={column}
            role="columnheader"
            className={className}
            aria-sort={sorted ? direction : 'none'}
          >
            <button type="button" className="sort-head" onClick={() => storedList.sortBy(column)}>
              {name}
              {sorted && (sort.descending ? <ArrowDown aria-hidden /> : <ArrowUp aria-hidden />)}
            </button>
          </span>
        );
      })}
    </div>
  );
}
