/**
 * A virtual grid of rows of one height, walked with the arrow keys. The grid has the focus and
 * names its active row, so that rows may come and go under it.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { CSSProperties, KeyboardEvent, MouseEvent, ReactNode, RefObject } from 'react';
import { memo, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { gridStep } from '../state/grid-step';
import type { Column, Columns } from './columns';
import { columnTemplate, leastRowWidth } from './columns';
import { GridHead } from './grid-head';
import type { MenuPoint } from './point-menu';

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 28;
const OVERSCAN = 6;

/** Rows come many times a second; the heads stay. */
const Heads = memo(GridHead) as typeof GridHead;

export interface RowPlace {
  readonly index: number;
  readonly top: number;
}

interface GridFrameProps<Id extends string> {
  readonly label: string;
  readonly columns: Columns<Id>;
  readonly rowCount: number;
  /** Row the keys stand on; -1: none. */
  readonly activeIndex: number;
  readonly activeRowId: string | undefined;
  readonly multiselectable?: boolean;
  /** A row has `role="row"`, `aria-rowindex={index + 2}` and a gridcell for each visible column, in order. */
  readonly renderRow: (place: RowPlace, visible: readonly Column<Id>[]) => ReactNode;
  readonly onStep: (index: number) => void;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  /** Asked first; true: the key is done with. */
  readonly onKey?: (event: KeyboardEvent<HTMLElement>) => boolean;
  /** The right button on a row, or Shift+F10 on the active one. */
  readonly onMenu?: (index: number, at: MenuPoint) => void;
  readonly onScroll?: (scrollTop: number) => void;
  /** The first and the last row that are drawn. */
  readonly onRange?: (first: number, last: number) => void;
  readonly scrollRef?: RefObject<HTMLDivElement | null>;
}

export function GridFrame<Id extends string>(props: GridFrameProps<Id>) {
  const { columns, onRange } = props;
  const ownRef = useRef<HTMLDivElement>(null);
  const scrollRef = props.scrollRef ?? ownRef;
  const visible = useStore(columns.store, (state) => state.visible);
  const widths = useStore(columns.store, (state) => state.widths);
  useMeasured(scrollRef, columns);
  const rows = useVirtualizer({
    count: props.rowCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    useFlushSync: false,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? -1;
  const last = items.at(-1)?.index ?? -1;
  useLayoutEffect(() => {
    onRange?.(first, last);
  }, [first, last, onRange]);
  const style = {
    '--columns': columnTemplate(visible, widths),
    '--row-width': `${leastRowWidth(visible, widths)}px`,
  };
  return (
    <div className="grid-box">
      <div
        ref={scrollRef}
        className="grid-scroll"
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.rowCount + 1}
        aria-colcount={visible.length}
        aria-multiselectable={props.multiselectable}
        aria-activedescendant={props.activeRowId}
        tabIndex={0}
        style={style as CSSProperties}
        onKeyDown={(event) => onGridKey(event, props, (index) => rows.scrollToIndex(index))}
        onContextMenu={(event) => onGridMenu(event, props)}
        onScroll={(event) => props.onScroll?.(event.currentTarget.scrollTop)}
      >
        <div role="rowgroup" className="grid-heads">
          <Heads columns={columns} gridRef={scrollRef} />
        </div>
        <div role="rowgroup" className="grid-body" style={{ height: rows.getTotalSize() }}>
          {items.map((item) =>
            props.renderRow({ index: item.index, top: item.start - HEAD_HEIGHT }, visible),
          )}
        </div>
      </div>
    </div>
  );
}

function onGridKey<Id extends string>(
  event: KeyboardEvent<HTMLElement>,
  props: GridFrameProps<Id>,
  scrollTo: (index: number) => void,
): void {
  // Keys of the heads and of what a cell holds are theirs.
  if (event.target !== event.currentTarget) return;
  if (props.onKey?.(event) === true) return event.preventDefault();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.floor(event.currentTarget.clientHeight / ROW_HEIGHT) - 1;
  const next = gridStep(event.key, { index: props.activeIndex, rows: props.rowCount, page });
  if (next !== null) {
    props.onStep(next);
    scrollTo(next);
  } else if (event.key === 'Enter') props.onOpen();
  else if (event.key === 'Escape') props.onClose();
  else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) menuOfActiveRow(props);
  else return;
  event.preventDefault();
}

function menuOfActiveRow<Id extends string>({ activeIndex, activeRowId, onMenu }: GridFrameProps<Id>): void {
  const row = activeRowId === undefined ? null : document.getElementById(activeRowId);
  if (row === null) return;
  const { left, bottom } = row.getBoundingClientRect();
  onMenu?.(activeIndex, { x: left + 24, y: bottom });
}

function onGridMenu<Id extends string>(event: MouseEvent<HTMLElement>, { onMenu }: GridFrameProps<Id>): void {
  // What is open above the grid is its child for React, but not in the document.
  if (!(event.target instanceof Element) || !event.currentTarget.contains(event.target)) return;
  event.preventDefault();
  const row = event.target.closest('.grid-body > [role="row"]');
  const index = Number(row?.getAttribute('aria-rowindex') ?? 1) - 2;
  if (index >= 0) onMenu?.(index, { x: event.clientX, y: event.clientY });
}

/** Tells the columns how much room there is. */
function useMeasured<Id extends string>(ref: RefObject<HTMLElement | null>, columns: Columns<Id>): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    columns.measured(element.clientWidth);
    const observer = new ResizeObserver(() => columns.measured(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, columns]);
}

/** The width of an element, followed. */
export function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
