/** Why a path is missed, in a few words without the facts of one exchange: for Insights. */
import type { MissCause } from './insights';

const WORDS: Readonly<Partial<Record<MissCause, string>>> = {
  'vary-differs': 'a varying field differs',
  'credentials-differ': 'stored for another user',
  reload: 'reload asked for',
  changed: 'origin changed it',
  'partial-stored': 'only a part is stored',
  'must-validate': 'must be validated',
  'status-not-stored': 'status is not stored',
  'response-no-store': 'not stored: no-store',
  'response-private': 'not stored: private',
  authorization: 'not stored: Authorization',
  'vary-star': 'not stored: Vary: *',
  'no-freshness': 'not stored: no lifetime given',
  'ttl-zero': 'not stored: TTL is 0',
  endless: 'not stored: endless',
  'too-large': 'not stored: too large',
  'memory-busy': 'not stored: memory busy',
  incomplete: 'not stored: incomplete',
  'request-no-store': 'request says no-store',
  'partial-content': 'not stored: partial content',
  'invalidated-meanwhile': 'invalidated meanwhile',
};

/** `expired`, `not stored: no-store`. */
export function missCauseText(cause: MissCause): string {
  // Codes are words themselves: `no-stored-response`, `store-unavailable`.
  return WORDS[cause] ?? cause.replaceAll('-', ' ');
}
