/**
 * The heads of a grid: sort by a click or Enter, drawn to a width by their edge or Shift and an arrow,
 * fitted by a double click or Shift+Enter. One stop for Tab; the arrows go from head to head.
 */
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { KeyboardEvent, MouseEvent, PointerEvent, RefObject } from 'react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Column, Columns } from './columns';
import { columnTemplate } from './columns';
import { ColumnItems } from './columns-menu';
import type { MenuPoint } from './point-menu';
import { PointMenu } from './point-menu';

const KEY_STEP = 8;
/** Beside what a cell holds, when it is fitted. */
const FIT_ROOM = 4;

interface GridHeadProps<Id extends string> {
  readonly columns: Columns<Id>;
  readonly gridRef: RefObject<HTMLElement | null>;
}

export function GridHead<Id extends string>({ columns, gridRef }: GridHeadProps<Id>) {
  const visible = useStore(columns.store, (state) => state.visible);
  const [focused, setFocused] = useState<Id | null>(null);
  const [menuAt, setMenuAt] = useState<MenuPoint | null>(null);
  const stop = visible.some(({ id }) => id === focused) ? focused : visible[0]?.id;
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setMenuAt({ x: event.clientX, y: event.clientY });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const { left, bottom } = event.currentTarget.getBoundingClientRect();
      setMenuAt({ x: left, y: bottom });
    } else if (!walk(event)) return;
    event.preventDefault();
  };
  return (
    <div role="row" aria-rowindex={1} className="grid-row grid-head" onContextMenu={onContextMenu}>
      {visible.map((column) => (
        <HeadCell
          key={column.id}
          column={column}
          columns={columns}
          gridRef={gridRef}
          tabIndex={column.id === stop ? 0 : -1}
          onFocus={() => setFocused(column.id)}
          onKeyDown={onKeyDown}
        />
      ))}
      <PointMenu label="Columns" point={menuAt} onClose={() => setMenuAt(null)}>
        <ColumnItems columns={columns} />
      </PointMenu>
    </div>
  );
}

/** Left, Right, Home and End lead to another head. */
function walk({ key, shiftKey, currentTarget }: KeyboardEvent<HTMLElement>): boolean {
  if (shiftKey) return false;
  const row = currentTarget.closest('[role="row"]');
  const heads = [...(row?.querySelectorAll<HTMLElement>('.head-sort') ?? [])];
  const at = heads.indexOf(currentTarget);
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: heads.length - 1,
  };
  const target = targets[key];
  if (target === undefined) return false;
  heads[target]?.focus();
  return true;
}

interface HeadCellProps<Id extends string> extends GridHeadProps<Id> {
  readonly column: Column<Id>;
  readonly tabIndex: number;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

function HeadCell<Id extends string>({ column, columns, gridRef, ...focus }: HeadCellProps<Id>) {
  const { id, name, numeric, unsorted } = column;
  const sort = useStore(columns.store, (state) => (state.sort?.column === id ? state.sort : null));
  const Arrow = sort?.descending === true ? ArrowDown : ArrowUp;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!event.shiftKey) return focus.onKeyDown(event);
    const width = event.currentTarget.parentElement?.clientWidth ?? 0;
    if (event.key === 'ArrowLeft') columns.resize(id, width - KEY_STEP);
    else if (event.key === 'ArrowRight') columns.resize(id, width + KEY_STEP);
    else if (event.key === 'Enter') fit(column, columns, gridRef.current);
    else return focus.onKeyDown(event);
    event.preventDefault();
    return undefined;
  };
  return (
    <div
      role="columnheader"
      className={numeric === true ? 'head-cell num' : 'head-cell'}
      aria-sort={unsorted === true ? undefined : direction(sort?.descending)}
    >
      <button
        type="button"
        className="head-sort"
        tabIndex={focus.tabIndex}
        aria-disabled={unsorted}
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight Shift+Enter"
        onFocus={focus.onFocus}
        onKeyDown={onKeyDown}
        onClick={() => columns.sortBy(id)}
      >
        <span>{name}</span>
        {sort !== null && <Arrow aria-hidden />}
      </button>
      <HeadEdge column={column} columns={columns} gridRef={gridRef} />
    </div>
  );
}

function direction(descending: boolean | undefined): 'ascending' | 'descending' | 'none' {
  if (descending === undefined) return 'none';
  return descending ? 'descending' : 'ascending';
}

interface HeadEdgeProps<Id extends string> extends GridHeadProps<Id> {
  readonly column: Column<Id>;
}

/** For the pointer; the keys do the same on the head. */
function HeadEdge<Id extends string>({ column, columns, gridRef }: HeadEdgeProps<Id>) {
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
    columns.resize(column.id, event.clientX - left);
  };
  return (
    <span
      aria-hidden
      className="head-edge"
      title="Drag to change the width; double-click to fit"
      onPointerDown={(event) => {
        if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onDoubleClick={() => fit(column, columns, gridRef.current)}
    />
  );
}

/** As wide as the widest cell in sight: measured in the grid itself, with the column at its least. */
function fit<Id extends string>(column: Column<Id>, columns: Columns<Id>, grid: HTMLElement | null): void {
  if (grid === null) return;
  const { visible, widths } = columns.store.getState();
  const place = visible.indexOf(column) + 1;
  const before = grid.style.getPropertyValue('--columns');
  grid.style.setProperty('--columns', columnTemplate(visible, { ...widths, [column.id]: 0 }));
  const cells = grid.querySelectorAll(
    `.grid-head > :nth-child(${place}) > .head-sort, .grid-body > [role="row"] > :nth-child(${place})`,
  );
  const widest = Math.max(0, ...[...cells].map((cell) => cell.scrollWidth));
  grid.style.setProperty('--columns', before);
  columns.resize(column.id, widest + FIT_ROOM);
}
