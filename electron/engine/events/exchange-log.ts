/**
 * The newest exchanges with their details, for whoever looks. A bounded ring:
 * summaries and fields by reference, and bodies that are not in the store up
 * to a budget, oldest let go first.
 */
import type { ExchangeDetails, ExchangeSummary } from '../../../shared/exchange-summary';
import type { EpochMs } from '../../../shared/units';

export const LOGGED_EXCHANGES = 2000;
export const OBSERVED_BODY_BYTES = 256 * 1024;
const OBSERVED_BODIES_BYTES = 32 * 1024 * 1024;

export interface LoggedExchange {
  readonly summary: ExchangeSummary;
  /** Made when asked for. */
  readonly details: () => ExchangeDetails;
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
  const byId = new Map<number, LoggedExchange>();
  const observed: { id: number; bytes: number }[] = [];
  let observedBytes = 0;

  const letGoOfBodies = (): void => {
    while (observedBytes > OBSERVED_BODIES_BYTES) {
      const oldest = observed.shift();
      if (oldest === undefined) return;
      observedBytes -= oldest.bytes;
      const exchange = byId.get(oldest.id);
      if (exchange !== undefined) byId.set(oldest.id, { ...exchange, body: { kind: 'none' } });
    }
  };

  return {
    add: (exchange) => {
      byId.set(exchange.summary.id, exchange);
      if (exchange.body.kind === 'observed' && exchange.body.keptBytes > 0) {
        observed.push({ id: exchange.summary.id, bytes: exchange.body.keptBytes });
        observedBytes += exchange.body.keptBytes;
        letGoOfBodies();
      }
      if (byId.size > LOGGED_EXCHANGES) {
        const oldest = byId.keys().next().value;
        if (oldest !== undefined) byId.delete(oldest);
      }
    },
    find: (id) => byId.get(id) ?? null,
    summaries: () => [...byId.values()].map((exchange) => exchange.summary),
  };
}
