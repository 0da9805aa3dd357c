/** Lines of one height of which only the visible ones exist, within the scroll of Details. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';
import { useDetailsScroll } from './details-frame';

const LINE_HEIGHT = 20;
const OVERSCAN = 20;

interface CodeLinesProps {
  readonly label: string;
  readonly count: number;
  readonly renderLine: (index: number) => ReactNode;
}

export function CodeLines({ label, count, renderLine }: CodeLinesProps) {
  const scrollRef = useDetailsScroll();
  const ownRef = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const lines = useVirtualizer({
    count,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin,
    useFlushSync: false,
  });
  // What stands above may have grown since; offsetTop is relative to the scrolling element.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  useLayoutEffect(() => setScrollMargin(ownRef.current?.offsetTop ?? 0));
  const items = lines.getVirtualItems();
  const before = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const after = Math.max(0, lines.getTotalSize() - before - items.length * LINE_HEIGHT);
  return (
    <div ref={ownRef} className="code-lines" role="group" aria-label={label} tabIndex={0}>
      <div style={{ height: before }} />
      {items.map((item) => renderLine(item.index))}
      <div style={{ height: after }} />
    </div>
  );
}
