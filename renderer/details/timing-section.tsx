/** Where the time of an exchange went: one bar, and the same as a table. */
import type { ExchangeTiming, TimingPhase } from '../../shared/exchange-summary';
import { formatMs, formatPercent } from '../../shared/format';
import { connectionWords, PHASE_WORDS } from '../../shared/timing-words';
import { DetailsSection } from './details-frame';

interface TimingSectionProps {
  /** Null: not here, and `missing` says why. */
  readonly timing: ExchangeTiming | null;
  readonly collapsed: boolean;
  readonly missing: string | null;
}

export function TimingSection({ timing, collapsed, missing }: TimingSectionProps) {
  if (timing === null) {
    return (
      <DetailsSection name="Timing">
        <p className="text-sm text-muted">{missing}</p>
      </DetailsSection>
    );
  }
  const connection = connectionWords(timing, collapsed);
  return (
    <DetailsSection name="Timing">
      <div className="timing-bar" aria-hidden>
        {timing.phases.map(({ phase, ms }) => (
          <i key={phase} data-phase={phase} style={{ flexGrow: ms }} />
        ))}
      </div>
      <table className="timing" aria-label="Timing">
        <thead className="sr-only">
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Share</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {timing.phases.map(({ phase, ms }) => (
            <PhaseRow key={phase} phase={phase} ms={ms} totalMs={timing.totalMs} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">In all</th>
            <td className="num">{formatPercent(timing.totalMs, timing.totalMs)}</td>
            <td className="num">{formatMs(timing.totalMs)}</td>
          </tr>
        </tfoot>
      </table>
      {connection !== null && <p className="mt-1.5 text-sm text-muted">{connection}</p>}
    </DetailsSection>
  );
}

interface PhaseRowProps {
  readonly phase: TimingPhase;
  readonly ms: number;
  readonly totalMs: number;
}

function PhaseRow({ phase, ms, totalMs }: PhaseRowProps) {
  const { name, note } = PHASE_WORDS[phase];
  return (
    <tr>
      <th scope="row">
        <i aria-hidden data-phase={phase} />
        {name} <span>{note}</span>
      </th>
      <td className="num">{formatPercent(ms, totalMs)}</td>
      <td className="num">{formatMs(ms)}</td>
    </tr>
  );
}
