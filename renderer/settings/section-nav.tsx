/** The sections of the form: where one is, and the way to the others. */
import type { RefObject } from 'react';
import { useEffect, useState } from 'react';

const SECTIONS = [
  { id: 'settings-proxy', name: 'Proxy' },
  { id: 'settings-caching', name: 'Caching' },
  { id: 'settings-store', name: 'Storage' },
  { id: 'settings-upstream', name: 'Upstream' },
  { id: 'settings-limits', name: 'Limits' },
  { id: 'settings-window', name: 'Window' },
  { id: 'settings-files', name: 'Import and export' },
] as const;

/** How far below the top edge a heading counts as reached, in CSS pixels. */
const REACHED = 72;

/** @param scrollRef what scrolls, with the headings in it */
export function SectionNav({ scrollRef }: { readonly scrollRef: RefObject<HTMLElement | null> }) {
  const current = useCurrentSection(scrollRef);
  return (
    <nav className="settings-nav" aria-label="Settings sections">
      <ul>
        {SECTIONS.map(({ id, name }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              aria-current={current === id ? 'location' : undefined}
              onClick={(event) => {
                event.preventDefault();
                goTo(id);
              }}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function goTo(id: string): void {
  const heading = document.getElementById(id);
  heading?.closest('section')?.scrollIntoView({ block: 'start' });
  // The next Tab goes to the first field of the section.
  heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}

function useCurrentSection(scrollRef: RefObject<HTMLElement | null>): string {
  const [current, setCurrent] = useState<string>(SECTIONS[0].id);
  useEffect(() => {
    const scroll = scrollRef.current;
    if (scroll === null) return undefined;
    const look = () => setCurrent(sectionAt(scroll));
    scroll.addEventListener('scroll', look, { passive: true });
    look();
    return () => scroll.removeEventListener('scroll', look);
  }, [scrollRef]);
  return current;
}

function sectionAt(scroll: HTMLElement): string {
  const isAtEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 2;
  if (isAtEnd && scroll.scrollTop > 0) return 'settings-files';
  const edge = scroll.getBoundingClientRect().top + REACHED;
  let reached: string = SECTIONS[0].id;
  for (const { id } of SECTIONS) {
    const top = document.getElementById(id)?.getBoundingClientRect().top;
    if (top !== undefined && top <= edge) reached = id;
  }
  return reached;
}
