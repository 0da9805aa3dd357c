/** Channels about exchanges: what the log keeps of them, and sending one from the window. */
import { z } from 'zod';
import type { ExchangeDetails, ExchangeSummary } from '../exchange-summary';
import type { BodyPreview } from './body-preview';

const exchangeId = z.number().int().min(0);

export const EXCHANGE_REQUESTS = {
  'exchange.recent': z.undefined(),
  'exchange.details': z.strictObject({ id: exchangeId }),
  'exchange.body': z.strictObject({ id: exchangeId }),
  /** A GET through the proxy, for trying things out: path at the current origin. */
  'exchange.send': z.strictObject({ target: z.string().startsWith('/').max(8192) }),
} as const satisfies Record<string, z.ZodType>;

export interface ExchangeResponses {
  /** The newest exchanges, oldest first: what a window that opens late has missed. */
  'exchange.recent': readonly ExchangeSummary[];
  /** Null: no longer kept. */
  'exchange.details': ExchangeDetails | null;
  'exchange.body': BodyPreview | null;
  'exchange.send': { readonly status: number };
}
