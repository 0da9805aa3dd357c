/** Stored responses as a grid; ages grow and lifetimes count down, of the rows in sight. */
import type { KeyboardEvent, MouseEvent, RefObject } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { StoredEntry } from '../../shared/stored-entry';
import { useNow } from '../app/use-now';
import type { Column } from '../controls/columns';
import type { RowPlace } from '../controls/grid-frame';
import { GridFrame } from '../controls/grid-frame';
import type { MenuPoint } from '../controls/point-menu';
import { engineStore } from '../state/engine-store';
import { gridStep } from '../state/grid-step';
import { openEntry, windowStore } from '../state/window-store';
import { deleteEntries } from './cache-actions';
import type { CacheColumnId } from './cache-columns';
import { cacheColumns, listingOrder } from './cache-columns';
import { EntryMenu } from './entry-menu';
import { EntryRow, entryRowId } from './entry-row';
import { entrySelection, storedList } from './stored-responses';

/** Rows that Shift with Page Up or Page Down reaches over. */
const PAGE = 10;
const ROW_HEIGHT = 28;

interface MenuState {
  readonly entry: StoredEntry;
  readonly point: MenuPoint;
}

export function CacheGrid() {
  useFollowOrder();
  const scrollRef = useRef<HTMLDivElement>(null);
  useTopOfAnother(scrollRef);
  const [menu, setMenu] = useState<MenuState | null>(null);
  const total = useStore(storedList.store, (state) => state.total);
  // The rows at hand: a new array is new rows.
  useStore(storedList.store, (state) => state.entries);
  const { activeId, activeIndex } = useStore(entrySelection.store);
  const selected = useStore(entrySelection.store, (state) => state.selected);
  const origin = useStore(engineStore, (state) => state.status?.origin ?? null);
  const now = useNow();
  const renderRow = ({ index, top }: RowPlace, visible: readonly Column<CacheColumnId>[]) => {
    const entry = storedList.entryAt(index);
    const active = entry !== undefined && entry.id === activeId;
    const isSelected = entry !== undefined && (selected.size === 0 ? active : selected.has(entry.id));
    const shared = { index, top, visible, now, origin, active, selected: isSelected, onPick };
    return <EntryRow key={index} entry={entry} {...shared} />;
  };
  return (
    <>
      <GridFrame
        label="Stored responses"
        columns={cacheColumns}
        multiselectable
        rowCount={total}
        activeIndex={activeIndex}
        activeRowId={activeId === null || storedList.indexOf(activeId) < 0 ? undefined : entryRowId(activeId)}
        renderRow={renderRow}
        onStep={standOn}
        onOpen={() => windowStore.setState(({ entryId }) => ({ entryDetails: entryId !== null }))}
        onClose={close}
        onKey={onKey}
        onMenu={(index, point) => {
          const entry = storedList.entryAt(index);
          if (entry === undefined) return;
          const { selected: all } = entrySelection.store.getState();
          if (!all.has(entry.id)) entrySelection.stand(entry.id, index);
          setMenu({ entry, point });
        }}
        onRange={useCallback((first: number, last: number) => storedList.show(first, last), [])}
        scrollRef={scrollRef}
      />
      <EntryMenu menu={menu} onClose={() => setMenu(null)} returnFocus={scrollRef} />
    </>
  );
}

/** Main sorts: the head's order is asked for. */
function useFollowOrder(): void {
  useEffect(() => {
    const ask = () => void storedList.order(listingOrder(cacheColumns.store.getState().sort));
    ask();
    return cacheColumns.store.subscribe(({ sort }, before) => {
      if (sort !== before.sort) ask();
    });
  }, []);
}

/** Another order or filter is shown from its beginning. */
function useTopOfAnother(scrollRef: RefObject<HTMLElement | null>): void {
  useEffect(
    () =>
      storedList.store.subscribe(({ q, state, under, order }, before) => {
        const same = q === before.q && state === before.state && under === before.under;
        if (!same || order !== before.order) scrollRef.current?.scrollTo({ top: 0 });
      }),
    [scrollRef],
  );
}

function onPick(event: MouseEvent, entry: StoredEntry, index: number): void {
  const { activeId } = entrySelection.store.getState();
  if (event.shiftKey) void entrySelection.extend(index, entry.id);
  else if (event.ctrlKey || event.metaKey) {
    entrySelection.toggle(entry, index, storedList.entryAt(storedList.indexOf(activeId)));
  } else {
    entrySelection.stand(entry.id, index);
    openEntry(entry.id);
  }
}

/** A row that is not at hand yet is stood on once it is. */
function standOn(index: number): void {
  withEntry(index, (entry) => entrySelection.stand(entry.id, index));
}

function withEntry(index: number, act: (entry: StoredEntry) => void): void {
  const entry = storedList.entryAt(index);
  if (entry !== undefined) return act(entry);
  const stop = storedList.store.subscribe(() => {
    const come = storedList.entryAt(index);
    if (come === undefined) return;
    stop();
    act(come);
  });
  storedList.show(index, index);
  return undefined;
}

function close(): void {
  if (entrySelection.store.getState().selected.size > 0) entrySelection.clear();
  else windowStore.setState({ entryDetails: false });
}

function onKey(event: KeyboardEvent): boolean {
  const isMod = event.ctrlKey || event.metaKey;
  if (isMod && event.key.toLowerCase() === 'a') {
    void entrySelection.all(storedList.store.getState().total);
    return true;
  }
  if (isMod || event.shiftKey) return isMod !== event.shiftKey && onWalk(event);
  return !event.altKey && onPlainKey(event.key);
}

/** With Shift the selection reaches to the row; with Mod it stays as it is. */
function onWalk(event: KeyboardEvent): boolean {
  const { activeIndex } = entrySelection.store.getState();
  const rows = storedList.store.getState().total;
  const next = gridStep(event.key, { index: activeIndex, rows, page: PAGE });
  if (next === null) return false;
  const reaches = event.shiftKey;
  keepInSight(event.currentTarget, next);
  withEntry(next, (entry) => {
    if (reaches) void entrySelection.extend(next, entry.id);
    else entrySelection.walk(entry.id, next);
  });
  return true;
}

function onPlainKey(key: string): boolean {
  const { activeId, activeIndex, selected, bodyBytes } = entrySelection.store.getState();
  const entry = storedList.entryAt(storedList.indexOf(activeId));
  if (key === ' ' && entry !== undefined) {
    entrySelection.toggle(entry, activeIndex, undefined);
    return true;
  }
  if (key !== 'Delete') return false;
  if (selected.size > 0) deleteEntries([...selected.keys()], bodyBytes);
  else if (entry !== undefined) deleteEntries([entry.id], entry.bodyBytes);
  return true;
}

/** The heads cover the top of what scrolls. */
function keepInSight(grid: Element, index: number): void {
  const top = index * ROW_HEIGHT;
  const room = grid.clientHeight - ROW_HEIGHT;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + ROW_HEIGHT > grid.scrollTop + room) grid.scrollTop = top + ROW_HEIGHT - room;
}
