/** Explains the fields that matter to a cache, one line each: pure words for Details. */
import type { FieldLines } from './exchange-summary';
import { cacheControlWords, type MessageSide } from './cache-control-words';
import { cacheStatusWords } from './cache-status-words';
import { formatDurationWords } from './format';
import { listItems } from './list-items';

export interface FieldContext {
  readonly side: MessageSide;
  /** All lines of that side: Expires is told by its distance from Date. */
  readonly fields: FieldLines;
}

/** One line of an explanation, without a full stop. */
export interface FieldNote {
  /** The directive or cache that it is about, as written; null: the whole field. */
  readonly about: string | null;
  readonly words: string;
}

/**
 * What a field line means to a cache. Cache-Control and Cache-Status give one note for each directive or
 * cache, any other field one at most. Empty: the field says nothing to a cache.
 */
export function fieldExplanation(
  [name, value]: FieldLines[number],
  context: FieldContext,
): readonly FieldNote[] {
  const known = name.toLowerCase();
  if (DIRECTIVES.has(known)) {
    return cacheControlWords(value, context.side).map(({ directive, words }) => ({
      about: directive,
      words,
    }));
  }
  if (known === 'cache-status') {
    return cacheStatusWords(value).map(({ cache, words }) => ({ about: cache, words }));
  }
  const explain =
    (context.side === 'request' ? REQUEST_FIELDS : RESPONSE_FIELDS).get(known) ?? BOTH.get(known);
  return (explain?.(value, context) ?? []).map((words) => ({ about: null, words }));
}

const DIRECTIVES: ReadonlySet<string> = new Set([
  'cache-control',
  'cdn-cache-control',
  'larder-cache-control',
]);

type Explain = (value: string, context: FieldContext) => readonly string[];

function says(text: string): Explain {
  return () => [text];
}

const etag: Explain = (value) => {
  if (/^"[^"]*"$/.test(value)) return ['strong: names this version byte for byte'];
  if (/^W\/"[^"]*"$/.test(value)) return ['weak: names a version that means the same, byte for byte or not'];
  return ['not in quotes: many caches will not use it'];
};

const lastModified: Explain = (value, { fields }) => {
  const at = time(value);
  if (at === null) return ['not a date: it cannot be used to validate'];
  const date = time(lineOf(fields, 'date'));
  const ago =
    date === null || at > date ? '' : `, ${formatDurationWords((date - at) / 1000)} before this response`;
  return [`last changed then${ago}; asks the origin “changed since?”`];
};

const vary: Explain = (value) => {
  const names = listItems(value);
  if (names.length === 0) return [];
  if (names.includes('*')) return ['depends on more than the request says: no other request can match it'];
  return [`for requests with the same ${names.join(', ')} only`];
};

const age: Explain = (value) => {
  if (!/^\d+$/.test(value.trim())) return ['not a number of seconds: caches ignore it'];
  return [`left the origin, or was validated there, ${formatDurationWords(Number(value))} ago`];
};

const expires: Explain = (value, { fields }) => {
  const at = time(value);
  if (at === null) return ['not a date: stale from the start'];
  const date = time(lineOf(fields, 'date'));
  const ruled = /(?:^|[\s,])(?:max-age|s-maxage)\s*=/i.test(lineOf(fields, 'cache-control'))
    ? '; max-age goes before it'
    : '';
  if (date === null) return [`stale from then on${ruled}`];
  if (at <= date) return [`not after Date: stale from the start${ruled}`];
  return [`fresh for ${formatDurationWords((at - date) / 1000)} from Date${ruled}`];
};

const contentRange: Explain = (value) => {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value.trim());
  if (match !== null) {
    const of = match[3] === '*' ? 'a whole of unknown length' : `${match[3]} bytes`;
    return [`bytes ${match[1]} to ${match[2]} of ${of}`];
  }
  const refused = /^bytes \*\/(\d+)$/.exec(value.trim());
  return refused === null ? [] : [`no such range: the whole has ${refused[1]} bytes`];
};

const ifNoneMatch: Explain = (value) =>
  value.trim() === '*'
    ? ['only if there is nothing yet']
    : ['304 without a body will do, if one of these is still the version'];

const xCache: Explain = (value) => {
  if (/^HIT$/i.test(value)) return ['the body came from the store'];
  return /^MISS$/i.test(value) ? ['the body came from the origin'] : [];
};

const contentEncoding: Explain = (value) => [
  `the body is compressed (${value}); it is kept and sent as the origin sent it`,
];

const BOTH: ReadonlyMap<string, Explain> = new Map([
  ['connection', says('for this connection alone: neither sent on nor stored')],
  ['transfer-encoding', says('for this connection alone: how the body is framed')],
  ['via', (value) => [`came through ${listItems(value).join(', then ')}`]],
  ['date', says('when it was made; ages count from here')],
]);

const REQUEST_FIELDS: ReadonlyMap<string, Explain> = new Map([
  [
    'pragma',
    (value) =>
      /no-cache/i.test(value)
        ? ['the old way to ask for a fresh response; counts where there is no Cache-Control']
        : [],
  ],
  ['authorization', says('who asks: responses are kept apart by a hash of it, or not stored')],
  ['cookie', says('who asks: the cookies that count keep responses apart, by a hash')],
  ['range', (value) => [`wants a part: ${value}`]],
  ['if-range', says('the part only if the version is still this one, else the whole')],
  ['if-none-match', ifNoneMatch],
  ['if-modified-since', says('304 without a body will do, if nothing changed since')],
  ['if-match', says('only if this is still the version; the origin alone can tell')],
  ['if-unmodified-since', says('only if nothing changed since; the origin alone can tell')],
]);

const RESPONSE_FIELDS: ReadonlyMap<string, Explain> = new Map([
  ['etag', etag],
  ['last-modified', lastModified],
  ['vary', vary],
  ['age', age],
  ['expires', expires],
  ['pragma', says('says nothing in a response')],
  ['set-cookie', says('for one client: with the policy “override” it is passed on, but not stored')],
  ['content-range', contentRange],
  [
    'accept-ranges',
    (value) => [value.trim() === 'none' ? 'parts cannot be asked for' : 'parts can be asked for with Range'],
  ],
  ['x-cache', xCache],
  ['content-encoding', contentEncoding],
  ['content-location', says('the URL of just this version')],
]);

function lineOf(fields: FieldLines, name: string): string {
  return fields
    .filter(([field]) => field.toLowerCase() === name)
    .map(([, value]) => value)
    .join(', ');
}

/** Null: not a date. */
function time(value: string): number | null {
  // Date.parse alone takes `0` for a year.
  const at = /^[a-z]{3,9}\b.*\d\d:\d\d:\d\d/i.test(value.trim()) ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : at;
}
