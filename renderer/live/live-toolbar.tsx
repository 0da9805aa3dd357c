/** Filter, outcome chips, pause and clear. */
import { Pause, Play, Plug, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import type { Outcome } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';
import { formatCount } from '../../shared/format';
import { SearchBox } from '../controls/search-box';
import { liveLog } from '../state/live-log';
import { windowStore } from '../state/window-store';

export function LiveToolbar() {
  const filterText = useStore(liveLog.store, (state) => state.filterText);
  const outcomes = useStore(liveLog.store, (state) => state.outcomes);
  return (
    <div className="flex h-11 flex-none items-center gap-2 overflow-x-auto border-b border-line px-3">
      <SearchBox
        label="Filter the log"
        placeholder="Filter: text, method:get, status:4xx"
        value={filterText}
        onChange={(text) => liveLog.setFilter(text, outcomes)}
      />
      <div role="group" aria-label="Outcomes" className="flex gap-1.5">
        {OUTCOMES.map((outcome) => (
          <OutcomeChip key={outcome} outcome={outcome} />
        ))}
      </div>
      <Dropped />
      <LogButtons />
    </div>
  );
}

/** None pressed shows all; pressed ones show only theirs. */
function OutcomeChip({ outcome }: { readonly outcome: Outcome }) {
  const count = useStore(liveLog.store, (state) => state.counts[outcome]);
  const pressed = useStore(liveLog.store, (state) => state.outcomes.includes(outcome));
  const toggle = () => {
    const { filterText, outcomes } = liveLog.store.getState();
    liveLog.setFilter(
      filterText,
      pressed ? outcomes.filter((other) => other !== outcome) : [...outcomes, outcome],
    );
  };
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={pressed}
      title={pressed ? `Show other outcomes again` : `Show only ${outcome}`}
      data-outcome={outcome}
      onClick={toggle}
    >
      <b className="text-(--ink)">{outcome}</b>
      {formatCount(count)}
    </button>
  );
}

function Dropped() {
  const dropped = useStore(liveLog.store, (state) => state.dropped);
  if (dropped === 0) return null;
  return (
    <span
      className="flex-none text-sm text-miss"
      title="They were answered, but came faster than the window could show them."
    >
      {formatCount(dropped)} not shown
    </span>
  );
}

function LogButtons() {
  const paused = useStore(liveLog.store, (state) => state.paused);
  const waiting = useStore(liveLog.store, (state) => state.waiting);
  return (
    <div className="ml-auto flex flex-none gap-0.5">
      <button
        type="button"
        className="btn ghost"
        title={paused ? 'Show what has come meanwhile' : 'Hold the rows still'}
        onClick={() => liveLog.setPaused(!paused)}
      >
        {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
        <span className="tool-word">
          {paused ? `Resume${waiting === 0 ? '' : ` (${formatCount(waiting)})`}` : 'Pause'}
        </span>
      </button>
      <button
        type="button"
        className="btn ghost"
        title="Empty this list; the cache stays"
        onClick={() => liveLog.clear()}
      >
        <Trash2 aria-hidden />
        <span className="tool-word">Clear log</span>
      </button>
      <button
        type="button"
        className="btn ghost"
        title="Point your app at Larder"
        onClick={() => windowStore.setState({ connectOpen: true })}
      >
        <Plug aria-hidden />
        <span className="tool-word">Connect</span>
      </button>
    </div>
  );
}
