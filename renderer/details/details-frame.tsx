/** The region beside a grid: resizable, one scroll, its sections reachable from a row of buttons. */
import { X } from 'lucide-react';
import type { PointerEvent, ReactNode, RefObject } from 'react';
import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { windowStore } from '../state/window-store';

export const SECTIONS = ['Why', 'Request', 'Response', 'Body'] as const;
type SectionName = (typeof SECTIONS)[number];

const NARROWEST = 300;
const NAV_HEIGHT = 36;
const KEY_STEP = 24;

/** The scrolling element, for what draws only its visible part. */
const ScrollContext = createContext<RefObject<HTMLDivElement | null>>({ current: null });
export const useDetailsScroll = () => useContext(ScrollContext);

interface DetailsFrameProps {
  readonly title: ReactNode;
  readonly actions: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** What is shown; another begins at the top. */
  readonly subject: string;
}

export function DetailsFrame({ title, actions, children, onClose, subject }: DetailsFrameProps) {
  const scrollRef = useRef<HTMLDivElement>(null);
  const width = useStore(windowStore, (state) => state.detailsWidth);
  const sectionRef = useRef<HTMLElement>(null);
  useEscape(sectionRef, onClose);
  useEffect(() => {
    scrollRef.current?.scrollTo({ top: 0 });
  }, [subject]);
  return (
    <section
      ref={sectionRef}
      aria-label="Details"
      className="details"
      style={{ width: `min(${width}px, 62%)`, minWidth: NARROWEST }}
    >
      <ResizeHandle />
      <div ref={scrollRef} className="details-scroll" tabIndex={-1}>
        <div className="flex items-start gap-2 pt-3 pb-2">
          <div className="min-w-0 flex-1">{title}</div>
          <button type="button" className="btn ghost icon small" aria-label="Close details" onClick={onClose}>
            <X aria-hidden />
          </button>
        </div>
        <div className="flex flex-wrap gap-1.5 pb-3">{actions}</div>
        <SectionNav scrollRef={scrollRef} />
        <ScrollContext value={scrollRef}>{children}</ScrollContext>
      </div>
    </section>
  );
}

/** Escape anywhere in the details closes them and gives the focus back to the grid. */
function useEscape(ref: RefObject<HTMLElement | null>, onClose: () => void): void {
  useEffect(() => {
    const element = ref.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      onClose();
      document.querySelector<HTMLElement>('[role="grid"]')?.focus();
    };
    element?.addEventListener('keydown', onKeyDown);
    return () => element?.removeEventListener('keydown', onKeyDown);
  }, [ref, onClose]);
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

function sectionTop(scroll: HTMLElement, name: SectionName): number {
  const section = scroll.querySelector<HTMLElement>(`[data-section="${name}"]`);
  return section === null ? 0 : section.offsetTop - NAV_HEIGHT;
}

function SectionNav({ scrollRef }: { readonly scrollRef: RefObject<HTMLDivElement | null> }) {
  const [current, setCurrent] = useState<SectionName>('Why');
  useEffect(() => {
    const scroll = scrollRef.current;
    if (scroll === null) return undefined;
    const follow = () => {
      const atEnd = scroll.scrollTop > 0 && scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 2;
      const passed = SECTIONS.filter((name) => sectionTop(scroll, name) <= scroll.scrollTop + 24);
      setCurrent(atEnd ? 'Body' : (passed.at(-1) ?? 'Why'));
    };
    scroll.addEventListener('scroll', follow, { passive: true });
    return () => scroll.removeEventListener('scroll', follow);
  }, [scrollRef]);
  return (
    <div className="details-nav" role="group" aria-label="Sections">
      {SECTIONS.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={current === name}
          onClick={() => {
            const scroll = scrollRef.current;
            scroll?.scrollTo({ top: name === 'Why' ? 0 : sectionTop(scroll, name) });
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

function ResizeHandle() {
  const width = useStore(windowStore, (state) => state.detailsWidth);
  const setWidth = useCallback((wanted: number) => {
    const detailsWidth = Math.round(Math.max(NARROWEST, Math.min(wanted, window.innerWidth * 0.6)));
    windowStore.setState({ detailsWidth });
  }, []);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? window.innerWidth;
    setWidth(right - event.clientX);
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the details"
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={1200}
      tabIndex={0}
      className="details-handle"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') setWidth(width + KEY_STEP);
        if (event.key === 'ArrowRight') setWidth(width - KEY_STEP);
      }}
    />
  );
}
