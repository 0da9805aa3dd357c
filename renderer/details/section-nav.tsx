/** The row of buttons that scrolls to a section and says which one is in sight. It stays in sight itself. */
import type { RefObject } from 'react';
import { useEffect, useState } from 'react';

export type SectionName = 'Why' | 'Timing' | 'Request' | 'Response' | 'Body';

/** What it covers, the line above a section included. */
const NAV_HEIGHT = 33;

interface SectionNavProps {
  readonly sections: readonly SectionName[];
  readonly scrollRef: RefObject<HTMLDivElement | null>;
}

export function SectionNav({ sections, scrollRef }: SectionNavProps) {
  const [current, setCurrent] = useState<SectionName>('Why');
  useEffect(() => {
    const scroll = scrollRef.current;
    if (scroll === null) return undefined;
    const follow = () => setCurrent(sectionInSight(scroll, sections));
    follow();
    scroll.addEventListener('scroll', follow, { passive: true });
    return () => scroll.removeEventListener('scroll', follow);
  }, [scrollRef, sections]);
  return (
    <div className="details-nav" role="group" aria-label="Sections">
      {sections.map((name) => (
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

function sectionInSight(scroll: HTMLElement, sections: readonly SectionName[]): SectionName {
  const { scrollTop, clientHeight, scrollHeight } = scroll;
  const there = sections.filter((name) => sectionOf(scroll, name) !== null);
  if (scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 2) return there.at(-1) ?? 'Why';
  return there.filter((name) => sectionTop(scroll, name) <= scrollTop + 24).at(-1) ?? 'Why';
}

function sectionTop(scroll: HTMLElement, name: SectionName): number {
  return (sectionOf(scroll, name)?.offsetTop ?? 0) - NAV_HEIGHT;
}

function sectionOf(scroll: HTMLElement, name: SectionName): HTMLElement | null {
  return scroll.querySelector<HTMLElement>(`[data-section="${name}"]`);
}
