/** Cache: what is stored, searched, sorted, grouped by path, looked into, refetched and deleted. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { EngineStatus } from '../../shared/engine-status';
import type { StoredEntryDetails } from '../../shared/stored-entry';
import { EntryDetailsPanel } from '../details/entry-details-panel';
import { engineStore } from '../state/engine-store';
import { windowStore } from '../state/window-store';
import { BranchPane } from './branch-pane';
import { CacheDialogs } from './cache-dialog-list';
import { CacheFooter } from './cache-footer';
import { CacheGrid } from './cache-grid';
import { CacheState } from './cache-states';
import { CacheToolbar } from './cache-toolbar';
import { cacheView } from './cache-view';
import { EntryActions } from './entry-actions';
import { RefetchProgress, SelectionBar } from './selection-bar';
import { branchTree, storedList } from './stored-responses';

/** Between two reloads while the store changes. */
const RELOAD_MS = 500;
/** The tree moves less, and costs more to count. */
const TREE_RELOAD_MS = 2000;

export function CachePlace() {
  const view = useStore(cacheView, (state) => state.view);
  const entryId = useStore(windowStore, (state) => (state.entryDetails ? state.entryId : null));
  useFollowStore(reloadList, RELOAD_MS);
  useFollowStore(reloadTree, TREE_RELOAD_MS);
  useEffect(() => () => storedList.rest(), []);
  return (
    <>
      <CacheToolbar />
      <div className="with-details">
        <div className="cache-panes">
          <div className="cache-panes-side-by-side">
            {view === 'tree' && <BranchPane />}
            <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
              <CacheGrid />
              <CacheState />
              <RefetchProgress />
              <SelectionBar />
              <CacheFooter />
            </div>
          </div>
        </div>
        {entryId !== null && <EntryDetailsPanel id={entryId} actions={actionsOf} />}
      </div>
      <CacheDialogs />
    </>
  );
}

const actionsOf = (entry: StoredEntryDetails) => <EntryActions entry={entry} />;

const reloadList = () => void storedList.reload();

function reloadTree(): void {
  if (cacheView.getState().view === 'tree') void branchTree.reload();
}

/** Calls when the engine says that the store has changed, at once and then every so often at most. */
function useFollowStore(reload: () => void, everyMs: number): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    reload();
    const stop = engineStore.subscribe(({ status }, { status: before }) => {
      const same = facts(status).every((fact, index) => fact === facts(before)[index]);
      if (same || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        reload();
      }, everyMs);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [reload, everyMs]);
}

/** What tells that the list may have changed. */
function facts(status: EngineStatus | null): readonly unknown[] {
  if (status === null) return [];
  const { store, counters } = status;
  return [store.entries, store.bytes, store.kind, store.health.state, counters.hits, counters.misses];
}
