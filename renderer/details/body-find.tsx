/** The bar above a body: what to find in it, how often it occurs, and what else there is to do with it. */
import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { formatCount } from '../../shared/format';
import { MOST_MATCHES } from './body-search';
import type { BodySearch, BodySearchState } from './body-search-store';

interface BodyFrameProps {
  readonly search: BodySearch;
  /** Buttons beside the search. */
  readonly tools: ReactNode;
  readonly children: ReactNode;
}

/** A body with its search. Mod+F within goes to it; Escape in it empties it before it closes Details. */
export function BodyFrame({ search, tools, children }: BodyFrameProps) {
  const frameRef = useRef<HTMLDivElement>(null);
  const inputRef = useRef<HTMLInputElement>(null);
  const state = useStore(search.store);
  useFindKeys(frameRef, inputRef, search);
  return (
    <div ref={frameRef} className="body-frame">
      <div className="body-bar">
        <div className="body-find">
          <Search aria-hidden />
          <input
            ref={inputRef}
            type="search"
            aria-label="Find in body"
            placeholder="Find in body"
            value={state.query}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => search.change(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              search.step(event.shiftKey ? -1 : 1);
            }}
          />
          <span className="body-found" role="status" aria-label="Matches">
            {countText(state)}
          </span>
          {state.query !== '' && <StepButtons search={search} disabled={state.found.length === 0} />}
        </div>
        {tools}
      </div>
      {children}
    </div>
  );
}

interface StepButtonsProps {
  readonly search: BodySearch;
  readonly disabled: boolean;
}

function StepButtons({ search, disabled }: StepButtonsProps) {
  return (
    <>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label="Previous match"
        disabled={disabled}
        onClick={() => search.step(-1)}
      >
        <ChevronUp aria-hidden />
      </button>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label="Next match"
        disabled={disabled}
        onClick={() => search.step(1)}
      >
        <ChevronDown aria-hidden />
      </button>
    </>
  );
}

function countText({ query, found, current, busy }: BodySearchState): string {
  if (query === '') return '';
  if (found.length === 0) return busy ? '…' : 'None';
  const more = found.length === MOST_MATCHES ? '+' : '';
  return `${formatCount(current + 1)} of ${formatCount(found.length)}${more}`;
}

/** Listens itself: Details and the window would have the key before React hands it on. */
function useFindKeys(
  frameRef: RefObject<HTMLElement | null>,
  inputRef: RefObject<HTMLInputElement | null>,
  search: BodySearch,
): void {
  useEffect(() => {
    const frame = frameRef.current;
    const onKeyDown = (event: KeyboardEvent) => {
      if (isFindKey(event)) {
        inputRef.current?.focus();
        inputRef.current?.select();
      } else if (event.key === 'Escape' && event.target === inputRef.current && hasQuery(search))
        search.change('');
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    frame?.addEventListener('keydown', onKeyDown);
    return () => frame?.removeEventListener('keydown', onKeyDown);
  }, [frameRef, inputRef, search]);
}

function hasQuery({ store }: BodySearch): boolean {
  return store.getState().query !== '';
}

function isFindKey(event: KeyboardEvent): boolean {
  return isMod(event) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f';
}

/** Cmd on a Mac, Ctrl elsewhere. */
export function isMod(event: Pick<KeyboardEvent, 'metaKey' | 'ctrlKey'>): boolean {
  return navigator.userAgent.includes('Mac')
    ? event.metaKey && !event.ctrlKey
    : event.ctrlKey && !event.metaKey;
}
