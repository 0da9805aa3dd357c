/** Filter, outcome chips, follow, pause, clear and columns. */
import { ArrowDownToLine, ArrowUpToLine, Pause, Play, Plug, Trash2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useStore } from 'zustand';
import type { Outcome } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';
import { formatCount } from '../../shared/format';
import { ColumnsMenu } from '../controls/columns-menu';
import { liveColumns } from '../state/live-columns';
import { liveLog } from '../state/live-log';
import { filterProblem } from '../state/log-filter';
import { windowStore } from '../state/window-store';
import { FilterBox } from './filter-box';
import { FilterMenu } from './filter-menu';

const PROBLEM_ID = 'filter-problem';

export function LiveToolbar() {
  const problem = useStore(liveLog.store, (state) => filterProblem(state.filterText));
  return (
    <>
      <div className="live-toolbar">
        <FilterBox problemId={problem === null ? undefined : PROBLEM_ID} />
        <FilterMenu />
        <div role="group" aria-label="Outcomes" className="outcome-chips flex flex-wrap gap-1.5">
          {OUTCOMES.map((outcome) => (
            <OutcomeChip key={outcome} outcome={outcome} />
          ))}
        </div>
        <LogButtons />
      </div>
      {problem !== null && (
        <p id={PROBLEM_ID} aria-live="polite" className="live-strip text-miss">
          {problem}
        </p>
      )}
    </>
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
      title={pressed ? 'Show other outcomes again' : `Show only ${outcome}`}
      data-outcome={outcome}
      onClick={toggle}
    >
      <b className="text-(--ink)">{outcome}</b>
      {formatCount(count)}
    </button>
  );
}

function LogButtons() {
  return (
    <div className="log-buttons">
      <FollowButton />
      <PauseButton />
      <ToolButton
        icon={Trash2}
        word="Clear log"
        title="Empty this list; the cache stays"
        onClick={() => liveLog.clear()}
      />
      <ColumnsMenu columns={liveColumns} />
      <button
        type="button"
        className="btn ghost icon"
        aria-label="Connect"
        title="Point your app at Larder"
        onClick={() => windowStore.setState({ connectOpen: true })}
      >
        <Plug aria-hidden />
      </button>
    </div>
  );
}

function FollowButton() {
  const following = useStore(liveLog.store, (state) => state.following);
  const atEnd = useStore(liveColumns.store, () => liveLog.oldestFirst);
  return (
    <ToolButton
      icon={atEnd ? ArrowDownToLine : ArrowUpToLine}
      word="Follow"
      title={
        following
          ? 'The newest is followed; press to hold the rows still'
          : 'Back to the newest, and follow it'
      }
      pressed={following}
      onClick={() => liveLog.setFollowing(!following)}
    />
  );
}

function PauseButton() {
  const paused = useStore(liveLog.store, (state) => state.paused);
  return (
    <ToolButton
      icon={paused ? Play : Pause}
      word={paused ? 'Resume' : 'Pause'}
      title={paused ? 'Show what has come meanwhile' : 'Hold the rows still'}
      onClick={() => liveLog.setPaused(!paused)}
    />
  );
}

interface ToolButtonProps {
  readonly icon: LucideIcon;
  readonly word: string;
  readonly title: string;
  /** Of a toggle. */
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

function ToolButton({ icon: Icon, word, title, pressed, onClick }: ToolButtonProps) {
  return (
    <button type="button" className="btn ghost tool" title={title} aria-pressed={pressed} onClick={onClick}>
      <Icon aria-hidden />
      <span className="tool-word">{word}</span>
    </button>
  );
}
