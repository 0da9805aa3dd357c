/** Whether the Cache place shows its tree beside the grid, and how wide; remembered over a restart. Free of React. */
import { createStore } from 'zustand/vanilla';
import { isNumber, isOneOf, recall, remember } from '../state/remembered';
import { branchTree, storedList } from './stored-responses';

const VIEWS = ['grid', 'tree'] as const;
type CacheView = (typeof VIEWS)[number];

export const NARROWEST_TREE = 200;
export const WIDEST_TREE = 560;

export const cacheView = createStore<{ readonly view: CacheView; readonly treeWidth: number }>(() => ({
  view: recall('cache-view', 'grid', isOneOf(VIEWS)),
  treeWidth: recall('cache-tree-width', 300, isNumber),
}));

cacheView.subscribe(({ view, treeWidth }, before) => {
  if (view !== before.view) remember('cache-view', view);
  if (treeWidth !== before.treeWidth) remember('cache-tree-width', treeWidth);
});

/** Without the tree, everything is listed again. */
export function showAs(view: CacheView): void {
  cacheView.setState({ view });
  const { q, under } = storedList.store.getState();
  if (view === 'tree') void branchTree.reload(q);
  else if (under !== null) void storedList.filter({ under: null });
}

export function setTreeWidth(width: number): void {
  const treeWidth = Math.round(Math.min(WIDEST_TREE, Math.max(NARROWEST_TREE, width)));
  cacheView.setState({ treeWidth });
}
