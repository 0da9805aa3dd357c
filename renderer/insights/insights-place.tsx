/** Insights: the counters of this run in plain numbers. */
import { useStore } from 'zustand';
import type { EngineCounters } from '../../shared/engine-status';
import type { Outcome } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';
import { formatBytes, formatCount, formatDurationWords, formatMs, formatPercent } from '../../shared/format';
import { OutcomeBadge } from '../controls/outcome-badge';
import { engineStore } from '../state/engine-store';
import { InsightsSection } from './insights-section';
import { StoreUsage } from './store-usage';

export function InsightsPlace() {
  const status = useStore(engineStore, (state) => state.status);
  if (status === null) return null;
  const { counters } = status;
  const decided = counters.hits + counters.misses;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="max-w-[860px] px-6 py-6">
        <p className="text-muted">
          {status.uptimeSeconds > 0
            ? `Since Larder started, ${formatDurationWords(status.uptimeSeconds)} ago.`
            : 'Larder is not running.'}
        </p>
        <div className="insight-figures">
          <Figure
            name="Hit ratio"
            value={formatPercent(counters.hits, decided)}
            note={
              decided === 0
                ? 'of no requests so far'
                : `${formatCount(counters.hits)} of ${formatCount(decided)} that could be hits`
            }
          />
          <Figure name="Waiting saved" value={formatMs(counters.savedMs)} note="that hits did not take" />
          <Figure
            name="Bytes saved"
            value={formatBytes(counters.savedBytes)}
            note={`${formatCount(counters.upstreamRequests)} requests went to the origin`}
          />
        </div>
        <Outcomes counters={counters} />
        <StoreUsage status={status} />
      </div>
    </div>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

function Figure({ name, value, note }: FigureProps) {
  return (
    <div>
      <h2 className="text-sm font-medium text-muted">{name}</h2>
      <p className="text-[28px] leading-9 font-semibold tracking-tight">{value}</p>
      <p className="text-sm text-muted">{note}</p>
    </div>
  );
}

/** hits counts HIT and STALE: here they stand apart. */
function countsOf(counters: EngineCounters): Readonly<Record<Outcome, number>> {
  return {
    HIT: counters.hits - counters.stale,
    MISS: counters.misses,
    STALE: counters.stale,
    PASS: counters.passes,
    ERROR: counters.errors,
  };
}

const MEANINGS: Readonly<Record<Outcome, string>> = {
  HIT: 'answered from the store',
  MISS: 'went to the origin',
  STALE: 'answered from the store although expired',
  PASS: 'not for the cache: went to the origin',
  ERROR: 'the origin or the request failed',
};

function Outcomes({ counters }: { readonly counters: EngineCounters }) {
  const counts = countsOf(counters);
  const total = OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
  return (
    <InsightsSection title="Requests by outcome">
      <div className="outcome-bar" aria-hidden>
        {OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => (
          <i key={outcome} data-outcome={outcome} style={{ flexGrow: counts[outcome] }} />
        ))}
      </div>
      <table className="insight-table">
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col">Meaning</th>
            <th scope="col" className="num">
              Requests
            </th>
            <th scope="col" className="num">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {OUTCOMES.map((outcome) => (
            <tr key={outcome}>
              <th scope="row">
                <OutcomeBadge outcome={outcome} />
              </th>
              <td className="text-muted">{MEANINGS[outcome]}</td>
              <td className="num">{formatCount(counts[outcome])}</td>
              <td className="num text-muted">{formatPercent(counts[outcome], total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </InsightsSection>
  );
}
