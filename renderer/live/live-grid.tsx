/** The log as a grid. Scrolling away from the newest holds the rows still; a pill leads back. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { RefObject } from 'react';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { formatPlural } from '../../shared/format';
import type { Column } from '../controls/columns';
import type { RowPlace } from '../controls/grid-frame';
import { GridFrame } from '../controls/grid-frame';
import type { MenuPoint } from '../controls/point-menu';
import type { LiveColumnId } from '../state/live-columns';
import { liveColumns } from '../state/live-columns';
import { liveLog } from '../state/live-log';
import { windowStore } from '../state/window-store';
import { LiveRow, liveRowId } from './live-row';
import { NothingShown } from './nothing-shown';
import type { OpenRowMenu } from './row-menu';
import { RowMenu } from './row-menu';

/** Within this the newest row is still in sight. */
const AT_NEWEST_PX = 4;

export function LiveGrid() {
  const revision = useStore(liveLog.store, (state) => state.revision);
  const shown = liveLog.store.getState().shown;
  const active = useStore(windowStore, (state) => state.liveRow);
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const closeMenu = useCallback(() => setMenu(null), []);
  const scrollRef = useRef<HTMLDivElement>(null);
  useFollow(scrollRef, revision);
  const onScroll = useScrolling(scrollRef);
  const activeSeq = active?.seq ?? -1;
  const activeIndex = active === null ? -1 : liveLog.indexOf(active.seq);
  const renderRow = useCallback(
    ({ index, top }: RowPlace, visible: readonly Column<LiveColumnId>[]) => {
      const row = liveLog.rowAt(index);
      if (row === undefined) return null;
      const selected = row.seq === activeSeq;
      // By place: as rows come, what is drawn is filled anew rather than moved.
      return <LiveRow key={index} row={row} index={index} top={top} selected={selected} visible={visible} />;
    },
    [activeSeq],
  );
  const onMenu = (index: number, point: MenuPoint) => {
    const row = liveLog.rowAt(index);
    if (row === undefined) return;
    windowStore.setState({ liveRow: row });
    setMenu({ exchange: row.exchange, point });
  };
  return (
    <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <GridFrame
        label="Live log"
        columns={liveColumns}
        rowCount={shown}
        activeIndex={activeIndex}
        activeRowId={active === null || activeIndex < 0 ? undefined : liveRowId(active)}
        renderRow={renderRow}
        onStep={stepTo}
        onOpen={() => windowStore.setState(({ liveRow }) => ({ liveDetails: liveRow !== null }))}
        onClose={() => windowStore.setState({ liveDetails: false })}
        onMenu={onMenu}
        onScroll={onScroll}
        scrollRef={scrollRef}
      />
      {shown === 0 && <NothingShown />}
      <NewPill />
      <RowMenu menu={menu} onClose={closeMenu} gridRef={scrollRef} />
    </div>
  );
}

function stepTo(index: number): void {
  const row = liveLog.rowAt(index);
  if (row !== undefined) windowStore.setState({ liveRow: row });
}

function isAtNewest(scroll: HTMLElement | null): boolean {
  if (scroll === null) return true;
  const { scrollTop, scrollHeight, clientHeight } = scroll;
  const away = liveLog.oldestFirst ? scrollHeight - clientHeight - scrollTop : scrollTop;
  return away <= AT_NEWEST_PX;
}

const BY_HAND = ['wheel', 'pointerdown', 'touchmove', 'keydown'] as const;

/** What to do when the grid has scrolled. Only a hand leads away: what is left of a motion that was still going on
 *  when the person went back to the newest does not. */
function useScrolling(scrollRef: RefObject<HTMLElement | null>): () => void {
  const byHand = useRef(false);
  useLayoutEffect(() => {
    const scroll = scrollRef.current;
    if (scroll === null) return undefined;
    const onHand = () => void (byHand.current = true);
    for (const name of BY_HAND) scroll.addEventListener(name, onHand, { passive: true });
    const stop = liveLog.store.subscribe(({ following }, before) => {
      if (following && !before.following) byHand.current = false;
    });
    return () => {
      for (const name of BY_HAND) scroll.removeEventListener(name, onHand);
      stop();
    };
  }, [scrollRef]);
  return useCallback(() => {
    const scroll = scrollRef.current;
    if (isAtNewest(scroll)) liveLog.setFollowing(true);
    else if (byHand.current) liveLog.setFollowing(false);
    else if (scroll !== null && liveLog.store.getState().following) toNewest(scroll);
  }, [scrollRef]);
}

function toNewest(scroll: HTMLElement): void {
  scroll.scrollTop = liveLog.oldestFirst ? scroll.scrollHeight : 0;
}

/** Keeps the newest in sight: at the top it is there by itself, at the end the view goes with it. */
function useFollow(scrollRef: RefObject<HTMLElement | null>, revision: number): void {
  const following = useStore(liveLog.store, (state) => state.following);
  const sort = useStore(liveColumns.store, (state) => state.sort);
  useLayoutEffect(() => {
    const scroll = scrollRef.current;
    if (scroll !== null && following) toNewest(scroll);
  }, [scrollRef, following, sort]);
  useLayoutEffect(() => {
    const scroll = scrollRef.current;
    if (scroll !== null && following && liveLog.oldestFirst) toNewest(scroll);
  }, [scrollRef, following, revision]);
}

function NewPill() {
  const waiting = useStore(liveLog.store, (state) => (state.paused || state.following ? 0 : state.waiting));
  const atEnd = useStore(liveColumns.store, () => liveLog.oldestFirst);
  if (waiting === 0) return null;
  const Arrow = atEnd ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      className={atEnd ? 'new-pill at-end' : 'new-pill'}
      onClick={() => liveLog.setFollowing(true)}
    >
      <Arrow aria-hidden size={13} />
      {formatPlural(waiting, 'new request')}
    </button>
  );
}
