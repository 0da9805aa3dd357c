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
  const byId = new Map<number, LoggedExchange>();
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
      const exchange = byId.get(id);
      if (exchange !== undefined) byId.set(id, { ...exchange, body: { kind: 'none' } });
    }
  };
  const letGoOfOldest = (): void => {
    const oldest = byId.size > LOGGED_EXCHANGES ? byId.keys().next().value : undefined;
    if (oldest === undefined) return;
    byId.delete(oldest);
    forgetBody(oldest);
  };

  return {
    add: (exchange) => {
      const { body, summary } = exchange;
      byId.set(summary.id, exchange);
      if (body.kind === 'observed' && body.keptBytes > 0) {
        observed.set(summary.id, body.keptBytes);
        observedBytes += body.keptBytes;
        letGoOfBodies();
      }
      letGoOfOldest();
    },
    find: (id) => byId.get(id) ?? null,
    summaries: () => [...byId.values()].map((exchange) => exchange.summary),
  };
}
