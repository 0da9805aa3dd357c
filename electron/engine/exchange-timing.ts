/** Divides the time of an exchange that is over into the phases that Details shows. Beside the request's path. */
import type { ExchangeSummary, ExchangeTiming, TimingPhase } from '../../shared/exchange-summary';
import type { Milliseconds } from '../../shared/units';
import type { OriginTimes } from './origin/origin-response';

export interface TimingInput {
  readonly summary: Pick<ExchangeSummary, 'durationMs' | 'outcome' | 'collapsed'>;
  /** From the start until the head was sent to the client. */
  readonly firstByteMs: Milliseconds | null;
  /** Null: the origin was not asked. */
  readonly origin: Readonly<OriginTimes> | null;
  /** When the exchange began, by the clock of `origin`. */
  readonly startedAt: Milliseconds;
}

type Boundary = readonly [phase: TimingPhase, endsAfterMs: Milliseconds];

/** Phases that add up to `durationMs`, none negative. */
export function exchangeTiming(input: TimingInput): ExchangeTiming {
  const { summary, firstByteMs, origin } = input;
  const totalMs = summary.durationMs;
  const phases: { phase: TimingPhase; ms: Milliseconds }[] = [];
  let reached = 0;
  for (const [phase, endsAfterMs] of boundaries(input)) {
    const end = Math.min(Math.max(endsAfterMs, reached), totalMs);
    phases.push({ phase, ms: end - reached });
    reached = end;
  }
  const connection = summary.collapsed ? null : (origin?.connection ?? null);
  return { firstByteMs, totalMs, phases, connection };
}

function boundaries({ summary, firstByteMs, origin, startedAt }: TimingInput): readonly Boundary[] {
  const { durationMs, outcome, collapsed } = summary;
  const isHit = outcome === 'HIT' || outcome === 'STALE';
  const headSent = firstByteMs ?? durationMs;
  const last: Boundary = [isHit ? 'write' : 'download', durationMs];
  if (origin === null)
    return [
      [isHit ? 'lookup' : 'waiting', headSent],
      ['write', durationMs],
    ];
  // The other's request was on its way before this one began.
  if (collapsed) return [['waiting', headSent], last];
  const { dispatchedAt, sentAt, headAt, connection } = origin;
  const after = (time: number | null) => (time === null ? durationMs : time - startedAt);
  // Without a connection in the end, the time went into the attempt.
  const connecting: readonly Boundary[] = connection === 'reused' ? [] : [['connecting', after(sentAt)]];
  const waited = connection === 'reused' ? after(sentAt) : after(dispatchedAt);
  const answering: readonly Boundary[] = sentAt === null ? [] : [['first-byte', after(headAt)]];
  return [['waiting', waited], ...connecting, ...answering, ...(headAt === null ? [] : [last])];
}
