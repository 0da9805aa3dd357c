/** Lines of one height in a scroll of their own, of which only the visible ones exist, however many there are. */
import type { HTMLAttributes, ReactNode, Ref } from 'react';
import { useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { useBodyHeight } from './body-height';

const LINE_HEIGHT = 20;
const OVERSCAN = 10;
/** Browsers stop at about 33 million pixels: above this, the scroll moves faster than the lines are high. */
const TALLEST = 8_000_000;

export interface LinesHandle {
  /** Scrolls as little as shows a line near by; one far away comes to the middle. */
  reveal(line: number): void;
  /** How many lines are in sight. */
  page(): number;
}

interface CodeLinesProps {
  readonly count: number;
  readonly renderLine: (index: number) => ReactNode;
  /** Of the element that scrolls: its role and name, and what it listens to. */
  readonly attributes: HTMLAttributes<HTMLDivElement>;
  readonly handle?: Ref<LinesHandle>;
}

export function CodeLines({ count, renderLine, attributes, handle }: CodeLinesProps) {
  const ref = useRef<HTMLDivElement>(null);
  const maxHeight = useBodyHeight();
  const [sight, setSight] = useState({ top: 0, height: maxHeight });
  const extent = extentOf(count, sight.height);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const look = () => setSight({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  useImperativeHandle(handle, () => ({
    reveal: (line) => {
      if (ref.current !== null) reveal(ref.current, line, count);
    },
    page: () => Math.max(1, Math.floor((ref.current?.clientHeight ?? 0) / LINE_HEIGHT) - 1),
  }));
  const top = sight.top * extent.ratio;
  const first = Math.max(0, Math.floor(top / LINE_HEIGHT) - OVERSCAN);
  const last = Math.min(count, Math.ceil((top + sight.height) / LINE_HEIGHT) + OVERSCAN);
  return (
    <div ref={ref} className="code-lines" style={{ maxHeight }} tabIndex={0} {...attributes}>
      <div className="code-extent" style={{ height: extent.height }}>
        <div className="code-block" style={{ top: sight.top - (top - first * LINE_HEIGHT) }}>
          {Array.from({ length: Math.max(0, last - first) }, (_, index) => renderLine(first + index))}
        </div>
      </div>
    </div>
  );
}

/** `ratio`: pixels of lines for each pixel of scroll. */
function extentOf(count: number, height: number): { readonly height: number; readonly ratio: number } {
  const full = count * LINE_HEIGHT;
  if (full <= TALLEST) return { height: full, ratio: 1 };
  return { height: TALLEST, ratio: (full - height) / (TALLEST - height) };
}

function reveal(element: HTMLElement, line: number, count: number): void {
  const { clientHeight } = element;
  const { ratio } = extentOf(count, clientHeight);
  const top = element.scrollTop * ratio;
  const above = line * LINE_HEIGHT;
  const below = above + LINE_HEIGHT - clientHeight;
  if (above >= top && below <= top) return;
  const far = Math.abs(above - top) > 2 * clientHeight;
  const nearest = above < top ? above : below;
  element.scrollTop = (far ? above - clientHeight / 2 : nearest) / ratio;
}
