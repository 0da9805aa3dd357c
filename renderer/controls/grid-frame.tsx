/**
 * A virtual grid of rows of one height, walked with the arrow keys. The grid has the focus and
 * names its active row, so that rows may come and go under it.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { gridStep } from '../state/grid-step';

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 27;
const OVERSCAN = 8;

export interface RowPlace {
  readonly index: number;
  readonly top: number;
}

interface GridFrameProps {
  readonly label: string;
  readonly rowCount: number;
  /** Row the keys stand on; -1: none. */
  readonly activeIndex: number;
  readonly activeRowId: string | undefined;
  readonly head: ReactNode;
  readonly renderRow: (place: RowPlace) => ReactNode;
  readonly onStep: (index: number) => void;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onScroll?: (scrollTop: number) => void;
  readonly onLastRow?: (lastIndex: number) => void;
  readonly scrollRef?: RefObject<HTMLDivElement | null>;
}

export function GridFrame(props: GridFrameProps) {
  const ownRef = useRef<HTMLDivElement>(null);
  const scrollRef = props.scrollRef ?? ownRef;
  const rows = useVirtualizer({
    count: props.rowCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    paddingStart: 0,
    scrollMargin: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    useFlushSync: false,
  });
  const items = rows.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  const { onLastRow } = props;
  useLayoutEffect(() => {
    onLastRow?.(lastIndex);
  }, [lastIndex, onLastRow]);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1;
    const next = gridStep(event.key, { index: props.activeIndex, rows: props.rowCount, page });
    if (next !== null) {
      props.onStep(next);
      rows.scrollToIndex(next);
    } else if (event.key === 'Enter') props.onOpen();
    else if (event.key === 'Escape') props.onClose();
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scrollRef}
      className="grid-scroll"
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.rowCount + 1}
      aria-activedescendant={props.activeRowId}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => props.onScroll?.(event.currentTarget.scrollTop)}
    >
      <div role="rowgroup">{props.head}</div>
      <div role="rowgroup" className="grid-body" style={{ height: rows.getTotalSize() }}>
        {items.map((item) => props.renderRow({ index: item.index, top: item.start - HEAD_HEIGHT }))}
      </div>
    </div>
  );
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
