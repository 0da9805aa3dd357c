/**
 * Cache-Control in words, directive by directive (RFC 9111 §5.2, RFC 5861, RFC 8246), for Details. Says what each
 * asks for; what Larder makes of it depends on the policy, and Why tells that.
 */
import { formatDurationWords } from './format';
import { listItems, parameter } from './list-items';

export type MessageSide = 'request' | 'response';

export interface DirectiveWords {
  /** As it was written. */
  readonly directive: string;
  readonly words: string;
}

/** One for each directive, in order. */
export function cacheControlWords(value: string, side: MessageSide): readonly DirectiveWords[] {
  return listItems(value).map((directive) => ({ directive, words: directiveWords(directive, side) }));
}

/** Null where the value is none that the directive can have. */
type Explain = (value: string | null) => string | null;

function directiveWords(directive: string, side: MessageSide): string {
  const { name, value } = parameter(directive);
  const explain = (side === 'request' ? IN_REQUESTS : IN_RESPONSES).get(name.toLowerCase());
  if (explain === undefined) return 'not known: caches ignore it';
  return explain(value) ?? 'its value is not valid';
}

/** Whole seconds in words. */
function seconds(words: (duration: string, zero: boolean) => string): Explain {
  return (value) => {
    if (value === null || !/^\d+$/.test(value)) return null;
    const count = Math.min(Number(value), 2 ** 31);
    return words(formatDurationWords(count), count === 0);
  };
}

/** Without a value; one that is given all the same changes nothing. */
function plain(words: string): Explain {
  return () => words;
}

function withFieldList(whole: string, some: (fields: string) => string): Explain {
  return (value) => (value === null || value === '' ? whole : some(value));
}

const IN_RESPONSES: ReadonlyMap<string, Explain> = new Map([
  ['max-age', seconds((time, zero) => (zero ? 'to be validated before any reuse' : `fresh for ${time}`))],
  [
    's-maxage',
    seconds((time, zero) =>
      zero ? 'in shared caches, to be validated before any reuse' : `fresh for ${time} in shared caches`,
    ),
  ],
  ['no-store', plain('not to be stored')],
  [
    'no-cache',
    withFieldList(
      'may be stored, but is to be validated before each reuse',
      (fields) => `${fields} only after validation; the rest may be reused`,
    ),
  ],
  [
    'private',
    withFieldList(
      'for one user: not for shared caches',
      (fields) => `${fields} is for one user; the rest may be shared`,
    ),
  ],
  ['public', plain('may be stored by any cache, even where the request has Authorization')],
  ['must-revalidate', plain('once stale, never used without validation')],
  ['proxy-revalidate', plain('once stale, never used by a shared cache without validation')],
  ['must-understand', plain('only for caches that know what the status asks of them')],
  ['no-transform', plain('the body is to be left as it is')],
  ['immutable', plain('does not change while it is fresh: a reload need not validate it')],
  [
    'stale-while-revalidate',
    seconds((time) => `may be used for ${time} after it went stale, while a new one is fetched`),
  ],
  ['stale-if-error', seconds((time) => `may be used for ${time} after it went stale, if the origin fails`)],
]);

const IN_REQUESTS: ReadonlyMap<string, Explain> = new Map([
  [
    'max-age',
    seconds((time, zero) =>
      zero ? 'wants a fresh response: validate first' : `wants nothing older than ${time}`,
    ),
  ],
  [
    'max-stale',
    (value) =>
      value === null
        ? 'takes a stale response, however old'
        : seconds((time) => `takes what went stale up to ${time} ago`)(value),
  ],
  ['min-fresh', seconds((time) => `wants what stays fresh for another ${time}`)],
  ['no-cache', plain('wants a fresh response: validate first')],
  ['no-store', plain('nothing of this exchange is to be stored')],
  ['no-transform', plain('the body is to be left as it is')],
  ['only-if-cached', plain('wants what is stored, or 504: the origin is not to be asked')],
  ['stale-if-error', seconds((time) => `takes what went stale up to ${time} ago, if the origin fails`)],
]);
