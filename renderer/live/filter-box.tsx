/** The filter box of the log, which completes terms and values as one types. */
import { Search, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { formatCount, formatPlural } from '../../shared/format';
import { FILTER_BOX } from '../app/window-commands';
import type { Completion, Completions } from '../state/filter-completion';
import { completeFilter } from '../state/filter-completion';
import { liveLog } from '../state/live-log';

const LABEL = 'Filter the log';

function filterBy(text: string): void {
  liveLog.setFilter(text, liveLog.store.getState().outcomes);
}

interface Offer extends Completions {
  /** The option the keys stand on; -1: none. */
  readonly active: number;
}

/** What the box offers, and what it does with a choice. */
function useOffer() {
  const inputRef = useRef<HTMLInputElement>(null);
  const caretRef = useRef<number | null>(null);
  const text = useStore(liveLog.store, (state) => state.filterText);
  const [offer, setOffer] = useState<Offer | null>(null);
  useLayoutEffect(() => {
    if (caretRef.current !== null) inputRef.current?.setSelectionRange(caretRef.current, caretRef.current);
    caretRef.current = null;
  }, [text]);
  const ask = (value: string, caret: number, active: number) => {
    const found = completeFilter(value, caret, liveLog.exchanges());
    setOffer(found.options.length === 0 ? null : { ...found, active });
  };
  const accept = (option: Completion) => {
    const caret = inputRef.current?.selectionStart ?? text.length;
    const before = text.slice(0, offer?.from ?? caret) + option.term + (option.open ? '' : ' ');
    const value = before + text.slice(caret).trimStart();
    caretRef.current = before.length;
    filterBy(value);
    if (option.open) ask(value, before.length, -1);
    else setOffer(null);
  };
  const onInput = (value: string, caret: number) => {
    filterBy(value);
    // Nothing is being typed after a space.
    if (/\S$/.test(value.slice(0, caret))) ask(value, caret, -1);
    else setOffer(null);
  };
  return { inputRef, text, offer, setOffer, ask, accept, onInput };
}

type OfferActions = ReturnType<typeof useOffer>;

export function FilterBox({ problemId }: { readonly problemId: string | undefined }) {
  const listId = useId();
  const actions = useOffer();
  const { inputRef, text, offer, setOffer, accept, onInput } = actions;
  const optionId = (index: number) => `${listId}-${index}`;
  return (
    <div className="search-box filter-box">
      <Search aria-hidden />
      <input
        ref={inputRef}
        type="search"
        className="input"
        aria-label={LABEL}
        aria-autocomplete="list"
        aria-controls={offer === null ? undefined : listId}
        aria-activedescendant={offer === null || offer.active < 0 ? undefined : optionId(offer.active)}
        aria-describedby={problemId}
        placeholder="Filter: text, is:miss, status:4xx"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onInput(target.value, target.selectionStart ?? target.value.length)}
        onKeyDown={(event) => onFilterKey(event, actions)}
        onBlur={() => setOffer(null)}
        {...{ [FILTER_BOX]: '' }}
      />
      {text !== '' && (
        <button
          type="button"
          className="btn ghost icon small absolute right-0.5"
          aria-label={`Empty ${LABEL.toLowerCase()}`}
          title="Empty the filter"
          onClick={() => {
            filterBy('');
            inputRef.current?.focus();
          }}
        >
          <X aria-hidden />
        </button>
      )}
      {offer !== null && <OfferList offer={offer} listId={listId} optionId={optionId} onChoose={accept} />}
      <span className="sr-only" aria-live="polite">
        {offer === null ? '' : formatPlural(offer.options.length, 'suggestion')}
      </span>
    </div>
  );
}

function onFilterKey(event: KeyboardEvent<HTMLInputElement>, actions: OfferActions): void {
  const { offer } = actions;
  const done = offer === null ? onClosedKey(event, actions) : onOfferKey(event, offer, actions);
  if (done) event.preventDefault();
}

function onClosedKey(
  { key, currentTarget }: KeyboardEvent<HTMLInputElement>,
  { text, ask }: OfferActions,
): boolean {
  if (key === 'ArrowDown') ask(text, currentTarget.selectionStart ?? text.length, 0);
  else if (key === 'Escape') filterBy('');
  else return false;
  return true;
}

function onOfferKey(
  { key, shiftKey }: KeyboardEvent<HTMLInputElement>,
  offer: Offer,
  { setOffer, accept }: OfferActions,
): boolean {
  const { options, active } = offer;
  const step = (to: number) => setOffer({ ...offer, active: (to + options.length) % options.length });
  if (key === 'ArrowDown') step(active + 1);
  else if (key === 'ArrowUp') step(active < 0 ? options.length - 1 : active - 1);
  else if (key === 'Escape') setOffer(null);
  else if (key === 'Tab' && !shiftKey) acceptAt(Math.max(0, active));
  else if (key === 'Enter' && active >= 0) acceptAt(active);
  else if (key === 'Enter') setOffer(null);
  else return false;
  return true;

  function acceptAt(index: number): void {
    const option = options[index];
    if (option !== undefined) accept(option);
  }
}

interface OfferListProps {
  readonly offer: Offer;
  readonly listId: string;
  readonly optionId: (index: number) => string;
  readonly onChoose: (option: Completion) => void;
}

function OfferList({ offer, listId, optionId, onChoose }: OfferListProps) {
  return (
    <div id={listId} role="listbox" tabIndex={-1} aria-label="Suggestions" className="menu offer-list">
      {offer.options.map((option, index) => (
        <div
          key={option.term}
          id={optionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === offer.active}
          className="menu-item"
          data-highlighted={index === offer.active ? '' : undefined}
          // On the press: the box keeps the focus.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(option);
          }}
        >
          <span className="mono">{option.term}</span>
          <span className="menu-aside">
            {typeof option.note === 'number' ? formatCount(option.note) : option.note}
          </span>
        </div>
      ))}
    </div>
  );
}
