/** The tree of what is stored, beside the grid, which shows only what is under the branch that is chosen. */
import type { KeyboardEvent, PointerEvent } from 'react';
import { useStore } from 'zustand';
import { formatCount } from '../../shared/format';
import { BranchGrid } from './branch-grid';
import { cacheView, NARROWEST_TREE, setTreeWidth, WIDEST_TREE } from './cache-view';
import { branchTree } from './stored-responses';

const KEY_STEP = 24;

export function BranchPane() {
  const width = useStore(cacheView, (state) => state.treeWidth);
  const { loaded, rows, problem, leftOut } = useStore(branchTree.store);
  return (
    <div className="branch-pane" style={{ width }}>
      <BranchGrid />
      {problem !== null && (
        <p role="alert" className="px-3 py-2 text-sm text-error">
          {problem}
        </p>
      )}
      {loaded && problem === null && rows.length === 0 && (
        <p className="px-3 py-2 text-sm text-muted">There are no paths to show.</p>
      )}
      {leftOut > 0 && (
        <p className="branch-note">{formatCount(leftOut)} more paths are not shown: search for them.</p>
      )}
      <TreeHandle width={width} />
    </div>
  );
}

function TreeHandle({ width }: { readonly width: number }) {
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
    setTreeWidth(event.clientX - left);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') setTreeWidth(width - KEY_STEP);
    else if (event.key === 'ArrowRight') setTreeWidth(width + KEY_STEP);
    else return;
    event.preventDefault();
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the tree"
      aria-valuenow={width}
      aria-valuemin={NARROWEST_TREE}
      aria-valuemax={WIDEST_TREE}
      tabIndex={0}
      className="branch-handle"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
