import { useStore } from 'zustand';
import { ExchangeDetailsPanel } from '../details/exchange-details-panel';
import { engineStore } from '../state/engine-store';
import { liveLog } from '../state/live-log';
import { windowStore } from '../state/window-store';
import { DemoStrip } from './demo-requests';
import { FirstStart } from './first-start';
import { LiveFoot } from './live-foot';
import { LiveGrid } from './live-grid';
import { LiveToolbar } from './live-toolbar';
import { PausedStrip } from './paused-strip';

/** Live: every exchange as it happens. */
export function LivePlace() {
  const demo = useStore(engineStore, (state) => state.status?.demo ?? false);
  const isFresh = useStore(engineStore, ({ status }) => status !== null && neverUsed(status.counters));
  const isEmpty = useStore(liveLog.store, (state) => state.total + state.waiting === 0);
  const strip = useStore(windowStore, (state) => state.demoStrip);
  const row = useStore(windowStore, (state) => (state.liveDetails ? state.liveRow : null));
  if (demo && isEmpty && isFresh) return <FirstStart />;
  return (
    <>
      <LiveToolbar />
      {demo && strip && <DemoStrip />}
      <PausedStrip />
      <div className="with-details">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <LiveGrid />
          <LiveFoot />
        </div>
        {row !== null && <ExchangeDetailsPanel row={row} />}
      </div>
    </>
  );
}

function neverUsed(counters: {
  readonly hits: number;
  readonly misses: number;
  readonly passes: number;
}): boolean {
  return counters.hits + counters.misses + counters.passes === 0;
}
