/** Channels about exchanges: what the log keeps of them, and sending one from the window. */
import { z } from 'zod';
import { composedRequestSchema, type SentExchange } from '../composed-request';
import type { ExchangeDetails, ExchangeSummary } from '../exchange-summary';
import type { NearestStored } from '../nearest-stored';
import type { BodyPreview } from './body-preview';

const exchangeId = z.number().int().min(0);

export const EXCHANGE_REQUESTS = {
  'exchange.recent': z.undefined(),
  'exchange.details': z.strictObject({ id: exchangeId }),
  'exchange.body': z.strictObject({ id: exchangeId }),
  'exchange.save-body': z.strictObject({ id: exchangeId }),
  /** Of a request that the store did not answer: what is stored and most like it. */
  'exchange.nearest': z.strictObject({ id: exchangeId }),
  /** A request through the proxy, for trying things out. `ticket` is the window's own number for it. */
  'exchange.send': composedRequestSchema.extend({ ticket: z.number().int().min(0).optional() }),
  /** Gives up a request that is under way. */
  'exchange.cancel': z.strictObject({ ticket: z.number().int().min(0) }),
} as const satisfies Record<string, z.ZodType>;

export interface ExchangeResponses {
  /** The newest exchanges, oldest first: what a window that opens late has missed. */
  'exchange.recent': readonly ExchangeSummary[];
  /** Null: no longer kept. */
  'exchange.details': ExchangeDetails | null;
  'exchange.body': BodyPreview | null;
  'exchange.save-body': { readonly saved: boolean };
  /** Null: nothing near, or the exchange is no longer kept. */
  'exchange.nearest': NearestStored | null;
  /** Once the answer is there whole; the exchange is null where one of Larder's own endpoints answered. */
  'exchange.send': SentExchange;
  'exchange.cancel': null;
}
