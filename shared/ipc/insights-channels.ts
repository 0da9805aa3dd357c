/** Channels about insights: the figures of a span, and the same as a CSV file. */
import { z } from 'zod';
import { INSIGHT_SPANS, type InsightsReport } from '../insights';

const ofSpan = z.strictObject({ span: z.enum(INSIGHT_SPANS) });

export const INSIGHTS_REQUESTS = {
  'insights.get': ofSpan,
  /** Asks the person where to. */
  'insights.export': ofSpan,
} as const satisfies Record<string, z.ZodType>;

export interface InsightsResponses {
  'insights.get': InsightsReport;
  'insights.export': { readonly saved: boolean };
}
