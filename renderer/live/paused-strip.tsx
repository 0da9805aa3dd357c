/** Says that the log is paused and what has come since; while it runs there is nothing here. */
import { Pause } from 'lucide-react';
import { useStore } from 'zustand';
import { formatPlural } from '../../shared/format';
import { liveLog } from '../state/live-log';

export function PausedStrip() {
  const paused = useStore(liveLog.store, (state) => state.paused);
  const waiting = useStore(liveLog.store, (state) => (state.paused ? state.waiting : 0));
  if (!paused) return null;
  return (
    <p className="live-strip paused">
      <Pause aria-hidden />
      <b>Paused</b>
      <span>
        {waiting === 0 ? 'Requests go on being answered.' : `${formatPlural(waiting, 'request')} since.`}
      </span>
      <button type="button" className="link-button" onClick={() => liveLog.setPaused(false)}>
        Show them
      </button>
    </p>
  );
}
