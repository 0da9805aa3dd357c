/** What the Cache place shows, each once: the list, its selection and the tree, asked of main. */
import type { IpcResult } from '../../shared/ipc-contract';
import { MOST_IDS } from '../../shared/ipc/cache-limits';
import type { ListingIds } from '../../shared/stored-listing';
import { ask } from '../bridge/larder-api';
import { profilesStore } from '../profiles/profiles-store';
import { BranchTree } from '../state/branch-tree';
import { EntrySelection, type SelectedEntry } from '../state/entry-selection';
import { StoredList } from '../state/stored-list';
import { windowStore } from '../state/window-store';

export const storedList = new StoredList((query) => ask('cache.page', query));
export const branchTree = new BranchTree((query) => ask('cache.branches', query));
export const entrySelection = new EntrySelection(selectedRange);

/** What is at hand is not asked for; what is not comes in parts, none of which holds up a frame. */
async function selectedRange(from: number, to: number): Promise<readonly SelectedEntry[] | null> {
  const { offset, entries } = storedList.store.getState();
  if (from >= offset && to < offset + entries.length) return entries.slice(from - offset, to - offset + 1);
  const found: SelectedEntry[] = [];
  for (let next = from; next <= to; next += MOST_IDS) {
    const limit = Math.min(MOST_IDS, to - next + 1);
    const answer: IpcResult<ListingIds> = await ask('cache.ids', {
      ...storedList.query,
      offset: next,
      limit,
    });
    if (!answer.ok) return null;
    const { ids, sizes } = answer.value;
    for (const [index, id] of ids.entries()) found.push({ id, bodyBytes: sizes[index] ?? 0 });
    if (ids.length < limit) break;
  }
  return found;
}

// The row the keys stand on is the one whose details open, wherever it was opened from.
entrySelection.store.subscribe(({ activeId }) => {
  if (activeId !== windowStore.getState().entryId) windowStore.setState({ entryId: activeId });
});
windowStore.subscribe(({ entryId }) => {
  if (entryId === entrySelection.store.getState().activeId) return;
  if (entryId === null) entrySelection.leave();
  else entrySelection.stand(entryId, storedList.indexOf(entryId));
});
storedList.store.subscribe(() => {
  entrySelection.moved(storedList.indexOf(entrySelection.store.getState().activeId));
});

// Another profile has another store.
profilesStore.subscribe(({ list }, before) => {
  if (before.list === null || list?.active === before.list.active) return;
  entrySelection.clear();
  branchTree.reset();
  void storedList.filter({ under: null });
});
