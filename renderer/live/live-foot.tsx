/** Below the log: what it holds, and what the hits saved. */
import { useStore } from 'zustand';
import { formatCount, formatMs, formatPercent, formatPlural } from '../../shared/format';
import type { LiveLogState } from '../state/live-log';
import { liveLog } from '../state/live-log';

export function LiveFoot() {
  const text = useStore(liveLog.store, footText);
  const dropped = useStore(liveLog.store, (state) => state.dropped);
  return (
    <footer className="live-foot">
      <span>{text}</span>
      {dropped > 0 && (
        <span
          className="text-miss"
          title="They were answered, but came faster than the window could show them."
        >
          {formatCount(dropped)} left out
        </span>
      )}
    </footer>
  );
}

function footText({ total, shown, savedMs, counts, outcomes }: LiveLogState): string {
  const isShown = (outcome: keyof typeof counts) => outcomes.length === 0 || outcomes.includes(outcome);
  const hits = (isShown('HIT') ? counts.HIT : 0) + (isShown('STALE') ? counts.STALE : 0);
  const misses = isShown('MISS') ? counts.MISS : 0;
  const requests =
    shown === total
      ? formatPlural(total, 'request')
      : `${formatCount(shown)} of ${formatPlural(total, 'request')}`;
  const parts = [requests];
  if (hits + misses > 0) parts.push(`${formatPercent(hits, hits + misses)} hits`);
  if (savedMs > 0) parts.push(`${formatMs(savedMs)} saved`);
  return parts.join(' · ');
}
