/** The phases of an exchange in words, for the Timing section of Details. */
import type { ExchangeTiming, TimingPhase } from './exchange-summary';

export interface PhaseWords {
  readonly name: string;
  /** What it is made of. */
  readonly note: string;
}

export const PHASE_WORDS: Readonly<Record<TimingPhase, PhaseWords>> = {
  waiting: { name: 'Waiting', note: 'until it was sent on' },
  connecting: { name: 'Connecting', note: 'DNS, TCP and TLS' },
  'first-byte': { name: 'First byte', note: 'until the origin answered' },
  download: { name: 'Download', note: 'until the client had the whole' },
  lookup: { name: 'Lookup', note: 'in the store' },
  write: { name: 'Write', note: 'to the client' },
};

/** Which connection to the origin served it; null: none did. */
export function connectionWords({ connection }: ExchangeTiming, collapsed: boolean): string | null {
  if (collapsed) return 'It waited for the answer to the same request, which was on its way already.';
  if (connection === null) return null;
  return connection === 'new'
    ? 'A connection to the origin was opened for it.'
    : 'It used a connection that was open already, so there was none to make.';
}
