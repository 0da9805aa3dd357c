/** The log as a grid, newest first. Scrolling away holds the rows still; a pill leads back. */
import { ArrowUp } from 'lucide-react';
import { useCallback, useRef } from 'react';
import { useStore } from 'zustand';
import { formatPlural } from '../../shared/format';
import type { RowPlace } from '../controls/grid-frame';
import { GridFrame } from '../controls/grid-frame';
import { liveLog } from '../state/live-log';
import { windowStore } from '../state/window-store';
import { LiveHead, LiveRow, liveRowId } from './live-row';

/** Within this the newest row is still in sight. */
const AT_TOP_PX = 4;

export function LiveGrid() {
  useStore(liveLog.store, (state) => state.revision);
  const shown = liveLog.store.getState().shown;
  const active = useStore(windowStore, (state) => state.liveRow);
  const scrollRef = useRef<HTMLDivElement>(null);
  const activeIndex = active === null ? -1 : liveLog.indexOf(active.seq);
  const renderRow = useCallback(({ index, top }: RowPlace) => {
    const row = liveLog.rowAt(index);
    return row === undefined ? null : <LiveRow key={index} row={row} index={index} top={top} />;
  }, []);
  return (
    <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <GridFrame
        label="Live log"
        rowCount={shown}
        activeIndex={activeIndex}
        activeRowId={active === null || activeIndex < 0 ? undefined : liveRowId(active)}
        head={<LiveHead />}
        renderRow={renderRow}
        onStep={stepTo}
        onOpen={() => windowStore.setState(({ liveRow }) => ({ liveDetails: liveRow !== null }))}
        onClose={() => windowStore.setState({ liveDetails: false })}
        onScroll={(scrollTop) => liveLog.setScrolledAway(scrollTop > AT_TOP_PX)}
        scrollRef={scrollRef}
      />
      {shown === 0 && <NothingShown />}
      <NewPill onClick={() => scrollRef.current?.scrollTo({ top: 0 })} />
    </div>
  );
}

function stepTo(index: number): void {
  const row = liveLog.rowAt(index);
  if (row !== undefined) windowStore.setState({ liveRow: row });
}

function NewPill({ onClick }: { readonly onClick: () => void }) {
  const waiting = useStore(liveLog.store, (state) => (state.paused ? 0 : state.waiting));
  if (waiting === 0) return null;
  return (
    <button type="button" className="new-pill inline-flex items-center gap-1.5" onClick={onClick}>
      <ArrowUp aria-hidden size={13} />
      {formatPlural(waiting, 'new request')}
    </button>
  );
}

function NothingShown() {
  const { total, filterText, outcomes } = liveLog.store.getState();
  const filtered = total > 0 && (filterText !== '' || outcomes.length > 0);
  return (
    <div className="pointer-events-none absolute inset-x-0 top-24 flex flex-col items-center gap-2 px-6 text-center text-muted">
      <p>{filtered ? 'No request in the log passes the filter.' : 'Waiting for requests…'}</p>
      {filtered && (
        <button
          type="button"
          className="btn small pointer-events-auto"
          onClick={() => liveLog.setFilter('', [])}
        >
          Show all
        </button>
      )}
    </div>
  );
}
