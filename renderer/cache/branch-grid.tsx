/**
 * Origins and paths as a virtual tree with their counts and sizes. The tree has the focus and names its active row;
 * right and left open and close, Enter shows in the grid what is under a branch, Delete asks to remove it.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronRight } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { memo, useRef } from 'react';
import { useStore } from 'zustand';
import { formatBytes, formatCount } from '../../shared/format';
import type { BranchSort } from '../../shared/stored-listing';
import type { BranchRow } from '../state/branch-tree';
import { gridStep } from '../state/grid-step';
import { deleteBranch } from './cache-actions';
import { branchTree, entrySelection, storedList } from './stored-responses';

const ROW_HEIGHT = 28;
const INDENT = 14;

const rowId = (path: string) => `branch-${encodeURIComponent(path)}`;

export function BranchGrid() {
  const scrollRef = useRef<HTMLDivElement>(null);
  const { rows, activePath } = useStore(branchTree.store);
  const under = useStore(storedList.store, (state) => state.under);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollMargin: ROW_HEIGHT,
    scrollPaddingStart: ROW_HEIGHT,
    useFlushSync: false,
  });
  const active = rows.findIndex(({ branch }) => branch.path === activePath);
  return (
    <div
      ref={scrollRef}
      role="treegrid"
      aria-label="Stored responses by path"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={active < 0 ? undefined : rowId(rows[active]?.branch.path ?? '')}
      tabIndex={0}
      className="branch-grid"
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        const next = onTreeKey(event, rows, active);
        if (next !== null) virtual.scrollToIndex(next);
      }}
    >
      <div role="rowgroup" className="branch-heads">
        <BranchHead />
      </div>
      <div role="rowgroup" className="branch-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const { path } = row.branch;
          const place = { index, top: start - ROW_HEIGHT, active: index === active };
          return <BranchLine key={path} row={row} chosen={path === under} {...place} />;
        })}
      </div>
    </div>
  );
}

const HEADS: readonly (readonly [sort: BranchSort, name: string, className: string])[] = [
  ['name', 'Path', ''],
  ['count', 'Count', 'num'],
  ['size', 'Size', 'num'],
];

function BranchHead() {
  const { sort, descending } = useStore(branchTree.store);
  const Arrow = descending ? ArrowDown : ArrowUp;
  const direction = descending ? 'descending' : 'ascending';
  return (
    <div role="row" aria-rowindex={1} className="branch-row branch-head">
      {HEADS.map(([by, name, className]) => (
        <span key={by} role="columnheader" className={className} aria-sort={by === sort ? direction : 'none'}>
          <button type="button" className="head-sort" onClick={() => void branchTree.sortBy(by)}>
            <span>{name}</span>
            {by === sort && <Arrow aria-hidden />}
          </button>
        </span>
      ))}
    </div>
  );
}

interface BranchLineProps {
  readonly row: BranchRow;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  /** The grid shows what is under it. */
  readonly chosen: boolean;
}

const BranchLine = memo(function BranchLine({ row, index, top, active, chosen }: BranchLineProps) {
  const { branch, level, open, place, of } = row;
  return (
    <div
      role="row"
      id={rowId(branch.path)}
      aria-rowindex={index + 2}
      aria-level={level}
      aria-posinset={place}
      aria-setsize={of}
      aria-expanded={branch.opens ? open : undefined}
      aria-selected={chosen}
      data-active={active || undefined}
      className="branch-row"
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => choose(branch.path)}
      onDoubleClick={() => void branchTree.toggle(branch.path)}
    >
      <span
        role="gridcell"
        className="branch-name"
        style={{ paddingLeft: (level - 1) * INDENT }}
        title={branch.path}
      >
        <span
          aria-hidden
          className="branch-chevron"
          data-open={open || undefined}
          onClick={(event) => {
            if (!branch.opens) return;
            event.stopPropagation();
            branchTree.stand(branch.path);
            void branchTree.toggle(branch.path);
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          {branch.opens && <ChevronRight size={14} />}
        </span>
        <span className="mono truncate">{branch.name}</span>
      </span>
      <span role="gridcell" className="num text-muted">
        {formatCount(branch.count)}
      </span>
      <span role="gridcell" className="num text-muted">
        {formatBytes(branch.bodyBytes)}
      </span>
    </div>
  );
});

/** The grid shows what is under the branch. Again: everything. */
function choose(path: string): void {
  branchTree.stand(path);
  entrySelection.clear();
  const { under } = storedList.store.getState();
  void storedList.filter({ under: under === path ? null : path });
}

/** @returns the row that the key led to, or null */
function onTreeKey(
  event: KeyboardEvent<HTMLElement>,
  rows: readonly BranchRow[],
  active: number,
): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const page = Math.floor(event.currentTarget.clientHeight / ROW_HEIGHT) - 1;
  const next =
    gridStep(event.key, { index: active, rows: rows.length, page }) ?? sideways(event.key, rows, active);
  const row = rows[active];
  if (next !== null) branchTree.stand(rows[next]?.branch.path ?? null);
  else if (row === undefined || !actOn(row, event.key)) return null;
  event.preventDefault();
  return next;
}

/** Right leads into an open branch, left out of one: the row it leads to; null where it opens or closes. */
function sideways(key: string, rows: readonly BranchRow[], active: number): number | null {
  const row = rows[active];
  if (row === undefined) return null;
  if (key === 'ArrowRight' && row.open) return active + 1;
  if (key !== 'ArrowLeft' || row.open) return null;
  for (let index = active - 1; index >= 0; index -= 1)
    if ((rows[index]?.level ?? 0) < row.level) return index;
  return null;
}

function actOn({ branch, open }: BranchRow, key: string): boolean {
  if (key === 'ArrowRight' && branch.opens && !open) void branchTree.open(branch.path);
  else if (key === 'ArrowLeft' && open) branchTree.close(branch.path);
  else if (key === 'Enter' || key === ' ') choose(branch.path);
  else if (key === 'Delete') deleteBranch(branch);
  else return false;
  return true;
}
