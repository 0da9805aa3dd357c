/** Why an exchange has no body to load. */
import type { ExchangeDetails } from '../../shared/exchange-summary';

/** Null: there is one, or the beginning of one. */
export function missingBody({ body, summary }: ExchangeDetails): string | null {
  if (body !== 'none') return null;
  if (summary.bodyBytes === 0) return 'No body.';
  return 'No longer kept: only the newest bodies that are not stored are kept for the window.';
}
