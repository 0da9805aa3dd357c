/**
 * The newest exchanges with their details, for whoever looks. A bounded ring:
 * summaries and fields by reference, and bodies that are not in the store up
 * to a budget, oldest let go first.
 */
import type { ExchangeDetails, ExchangeSummary } from '../../../shared/exchange-summary';
import type { EpochMs } from '../../../shared/units';
import type { ClientRequest } from '../http/client-request';

export const LOGGED_EXCHANGES = 2000;
export const OBSERVED_BODY_BYTES = 256 * 1024;
const OBSERVED_BODIES_BYTES = 32 * 1024 * 1024;

export interface LoggedExchange {
  readonly summary: ExchangeSummary;
  readonly request: ClientRequest;
  /** What it was looked up by; '' where it did not come to that. */
  readonly key: string;
  readonly partition: string;
  /** Made when asked for; `body` is what is still kept by then. */
  readonly details: (body: LoggedBody) => ExchangeDetails;
  readonly body: LoggedBody;
  readonly contentEncoding: string | null;
}

export type LoggedBody =
  | { readonly kind: 'none' }
  /** In the store, as long as it is still the one stored then. */
  | { readonly kind: 'stored'; readonly entryId: string; readonly storedAt: EpochMs }
  | {
      readonly kind: 'observed';
      readonly chunks: readonly Uint8Array[];
      readonly totalBytes: number;
      readonly keptBytes: number;
    };

export interface ExchangeLog {
  add(exchange: LoggedExchange): void;
  find(id: number): LoggedExchange | null;
  summaries(): readonly ExchangeSummary[];
}

export function createExchangeLog(): ExchangeLog {
  /** The place after the newest holds the oldest. */
  const ring: LoggedExchange[] = [];
  let next = 0;
  /** Bytes of observed bodies still kept, oldest first. */
  const observed = new Map<number, number>();
  let observedBytes = 0;

  const forgetBody = (id: number): void => {
    observedBytes -= observed.get(id) ?? 0;
    observed.delete(id);
  };
  const letGoOfBodies = (): void => {
    for (const id of observed.keys()) {
      if (observedBytes <= OBSERVED_BODIES_BYTES) return;
      forgetBody(id);
      const place = ring.findIndex(({ summary }) => summary.id === id);
      const exchange = ring[place];
      if (exchange !== undefined) ring[place] = { ...exchange, body: { kind: 'none' } };
    }
  };

  return {
    add: (exchange) => {
      const { body, summary } = exchange;
      const oldest = ring[next];
      if (oldest !== undefined && observed.size > 0) forgetBody(oldest.summary.id);
      ring[next] = exchange;
      next = (next + 1) % LOGGED_EXCHANGES;
      if (body.kind === 'observed' && body.keptBytes > 0) {
        observed.set(summary.id, body.keptBytes);
        observedBytes += body.keptBytes;
        letGoOfBodies();
      }
    },
    // A person asks now and then, where adding is for every exchange.
    find: (id) => ring.find(({ summary }) => summary.id === id) ?? null,
    summaries: () => [...ring.slice(next), ...ring.slice(0, next)].map((exchange) => exchange.summary),
  };
}
