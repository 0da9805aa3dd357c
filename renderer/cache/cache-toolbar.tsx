/** Search, filter and view of the Cache place. */
import { FolderTree, Rows3, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import type { ListingState } from '../../shared/stored-listing';
import { ColumnsMenu } from '../controls/columns-menu';
import { SearchBox } from '../controls/search-box';
import { openCacheDialog } from './cache-dialogs';
import { cacheColumns } from './cache-columns';
import { cacheView, showAs } from './cache-view';
import { branchTree, entrySelection, storedList } from './stored-responses';

export function CacheToolbar() {
  const q = useStore(storedList.store, (state) => state.q);
  return (
    <div className="cache-toolbar">
      <SearchBox label="Search stored responses" placeholder="Search by URL" value={q} onChange={search} />
      <StateFilter />
      <span className="min-w-0 flex-1" />
      <ViewSwitch />
      <button
        type="button"
        className="btn small"
        title="Delete what matches a pattern"
        onClick={() => openCacheDialog({ kind: 'delete-matching', pattern: '' })}
      >
        <Trash2 aria-hidden />
        Delete by pattern…
      </button>
      <ColumnsMenu columns={cacheColumns} />
    </div>
  );
}

function search(q: string): void {
  entrySelection.clear();
  void storedList.search(q);
  if (cacheView.getState().view === 'tree') void branchTree.reload(q);
}

const STATES: readonly (readonly [value: ListingState | '', word: string])[] = [
  ['', 'All'],
  ['fresh', 'Fresh'],
  ['expired', 'Expired'],
  ['one-user', 'One user'],
];

function StateFilter() {
  const state = useStore(storedList.store, (list) => list.state);
  return (
    <div role="group" aria-label="Which responses" className="flex flex-none gap-1">
      {STATES.map(([value, word]) => (
        <button
          key={value}
          type="button"
          className="chip"
          aria-pressed={(state ?? '') === value}
          onClick={() => {
            entrySelection.clear();
            void storedList.filter({ state: value === '' ? null : value });
          }}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

/** Grid, or the tree beside it. */
function ViewSwitch() {
  const view = useStore(cacheView, (state) => state.view);
  return (
    <div className="segments" role="radiogroup" aria-label="Show as">
      <label title="A plain list">
        <input type="radio" name="cache-view" checked={view === 'grid'} onChange={() => showAs('grid')} />
        <Rows3 aria-hidden size={14} className="mr-1.5" />
        Grid
      </label>
      <label title="Grouped by path">
        <input type="radio" name="cache-view" checked={view === 'tree'} onChange={() => showAs('tree')} />
        <FolderTree aria-hidden size={14} className="mr-1.5" />
        Tree
      </label>
    </div>
  );
}
