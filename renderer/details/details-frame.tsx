/** The region of a grid's details: resizable, one scroll, its sections reachable from a row of buttons. */
import { X } from 'lucide-react';
import type { CSSProperties, ReactNode, RefObject } from 'react';
import { createContext, useContext, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { windowStore } from '../state/window-store';
import { useDetailsPlace, type DetailsPlace } from './details-place';
import { LOWEST, NARROWEST, ResizeHandle } from './resize-handle';
import { SectionNav, type SectionName } from './section-nav';

/** The scrolling element, for what draws only its visible part. */
const ScrollContext = createContext<RefObject<HTMLDivElement | null>>({ current: null });
export const useDetailsScroll = () => useContext(ScrollContext);

interface DetailsFrameProps {
  readonly title: ReactNode;
  readonly actions: ReactNode;
  readonly children: ReactNode;
  /** In the order of `children`. */
  readonly sections: readonly SectionName[];
  readonly onClose: () => void;
  /** What is shown; another begins at the top. */
  readonly subject: string;
}

export function DetailsFrame({ title, actions, children, sections, onClose, subject }: DetailsFrameProps) {
  const scrollRef = useRef<HTMLDivElement>(null);
  const sectionRef = useRef<HTMLElement>(null);
  const place = useDetailsPlace();
  const style = useSize(place);
  const close = useClosing(sectionRef, onClose);
  useEffect(() => {
    scrollRef.current?.scrollTo({ top: 0 });
  }, [subject]);
  useEffect(() => {
    // What lies under them cannot keep the focus.
    if (place === 'over') sectionRef.current?.focus();
  }, [place]);
  return (
    <section
      ref={sectionRef}
      aria-label="Details"
      className="details"
      data-place={place}
      style={style}
      tabIndex={-1}
    >
      {place !== 'over' && <ResizeHandle axis={place} />}
      <div ref={scrollRef} className="details-scroll" tabIndex={-1}>
        <div className="details-head">
          <div className="min-w-0 flex-1">{title}</div>
          <button type="button" className="btn ghost icon small" aria-label="Close details" onClick={close}>
            <X aria-hidden />
          </button>
        </div>
        <div className="details-actions">{actions}</div>
        <SectionNav sections={sections} scrollRef={scrollRef} />
        <ScrollContext value={scrollRef}>{children}</ScrollContext>
      </div>
    </section>
  );
}

function useSize(place: DetailsPlace): CSSProperties {
  const width = useStore(windowStore, (state) => state.detailsWidth);
  const height = useStore(windowStore, (state) => state.detailsHeight);
  if (place === 'over') return {};
  return place === 'beside'
    ? { width: `min(${width}px, 62%)`, minWidth: NARROWEST }
    : { height: `min(${height}px, 70%)`, minHeight: LOWEST };
}

/** Escape anywhere in the details closes them, too; the focus goes back to the grid.
 *  @param onClose the same in every rendering */
function useClosing(ref: RefObject<HTMLElement | null>, onClose: () => void): () => void {
  useEffect(() => {
    const element = ref.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') closeAndReturn(onClose);
    };
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  }, [ref, onClose]);
  return () => closeAndReturn(onClose);
}

function closeAndReturn(close: () => void): void {
  close();
  const focusGrid = () => document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  focusGrid();
  // A grid that was covered can take the focus only once it shows again.
  if (document.activeElement?.getAttribute('role') !== 'grid') requestAnimationFrame(focusGrid);
}

interface DetailsSectionProps {
  readonly name: SectionName;
  /** Beside the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function DetailsSection({ name, aside, children }: DetailsSectionProps) {
  return (
    <div className="details-section" data-section={name}>
      <header>
        <h3>{name}</h3>
        {aside}
      </header>
      {children}
    </div>
  );
}
