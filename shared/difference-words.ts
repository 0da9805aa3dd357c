/** What differed between a request and the nearest stored response, in words for a row of a table. */
import { formatClock, formatDurationWords } from './format';
import type { Difference } from './nearest-stored';
import type { EpochMs } from './units';

export interface DifferenceWords {
  /** `Parameter`, `Field`; what differs. */
  readonly what: string;
  /** Of the parameter or field, as it is written. */
  readonly name: string | null;
  readonly here: Shown;
  readonly there: Shown;
}

/** `isValue`: from the wire, to be shown as it is; else words. */
export interface Shown {
  readonly text: string;
  readonly isValue: boolean;
}

/** @param startedAt when the request came */
export function differenceWords(difference: Difference, startedAt: EpochMs): DifferenceWords {
  switch (difference.kind) {
    case 'origin':
      return row('Origin', value(difference.here), value(difference.there));
    case 'path':
      return row('Path', value(difference.here), value(difference.there));
    case 'method':
      return row('Method', value(difference.here), value(difference.there));
    case 'query':
      return { ...row('Parameter', part(difference.here), part(difference.there)), name: difference.name };
    case 'query-order':
      return row('Order or spelling of the query', value(difference.here), value(difference.there));
    case 'field':
      return { ...row('Field', ...fieldValues(difference)), name: difference.name };
    case 'credentials':
      return row('Credentials', words('of one user'), words('of another'));
    case 'policy':
      return row('Policy', words('the one in force'), words('the other one'));
    case 'expired':
      return row('Freshness', words('wanted fresh'), words(expiredWords(startedAt - difference.since)));
    case 'must-validate':
      return row('Freshness', words('to be answered at once'), words('to be validated first'));
    case 'reload':
      return row('Freshness', words('asks for a new response'), words('stored before'));
    case 'part':
      return row('Bytes', words('others, too'), value(difference.there));
    case 'stored-later':
      return row(
        'Time',
        words(`came at ${formatClock(startedAt)}`),
        words(`stored later, at ${formatClock(difference.at)}`),
      );
    default:
      return difference satisfies never;
  }
}

function row(what: string, here: Shown, there: Shown): DifferenceWords {
  return { what, name: null, here, there };
}

function words(text: string): Shown {
  return { text, isValue: false };
}

function value(text: string): Shown {
  return { text, isValue: true };
}

function part(text: string | null): Shown {
  if (text === null) return words('not there');
  return text === '' ? words('empty') : value(text);
}

function fieldValues({ here, there, secret }: Difference & { kind: 'field' }): [Shown, Shown] {
  return secret ? [words('withheld'), words('another, withheld')] : [part(here), part(there)];
}

function expiredWords(ms: number): string {
  return ms < 500 ? 'expired just before' : `expired ${formatDurationWords(ms / 1000)} before`;
}
