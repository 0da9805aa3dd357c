/** What the filter box offers as one types: the terms, then values that were seen in the log. */
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';
import type { FilterKey } from './log-filter';
import { FILTER_KEYS } from './log-filter';

export interface Completion {
  /** What stands in the list and goes into the box, such as `status:404`. */
  readonly term: string;
  /** What it means, or how many requests of the log it selects. */
  readonly note: string | number;
  /** More is to be typed after it: a key without its value. */
  readonly open: boolean;
}

export interface Completions {
  /** Where in the text the term begins that is being typed. */
  readonly from: number;
  readonly options: readonly Completion[];
}

const MOST_OPTIONS = 8;

const KEY_NOTES: Readonly<Record<FilterKey, string>> = {
  method: 'GET, POST…',
  status: '404, 4xx or 200,304',
  is: 'hit, miss, stale, pass, error',
  path: 'part of the path',
  type: 'part of the content type',
};

/** Values of a key that an exchange has. */
const VALUES: Readonly<Record<FilterKey, (exchange: ExchangeSummary) => readonly string[]>> = {
  method: ({ method }) => [method],
  status: ({ status }) => (status === null ? [] : [`${Math.floor(status / 100)}xx`, String(status)]),
  is: ({ outcome }) => [outcome.toLowerCase()],
  path: ({ target }) => [target.split('?', 1)[0] ?? target],
  type: ({ contentType }) => (contentType === null ? [] : [contentType.split(';', 1)[0] ?? contentType]),
};

/** A word that could be a value is offered as one; paths are not, every text is looked for in them anyway. */
const KEYS_OF_WORDS: readonly FilterKey[] = ['method', 'status', 'is', 'type'];

/**
 * @param caret where one types
 * @param exchanges of the log, newest first
 */
export function completeFilter(
  text: string,
  caret: number,
  exchanges: Iterable<ExchangeSummary>,
): Completions {
  const typed = /\S*$/.exec(text.slice(0, caret))?.[0] ?? '';
  const from = caret - typed.length;
  const minus = typed.startsWith('-') ? '-' : '';
  const word = typed.slice(minus.length);
  const colon = word.indexOf(':');
  const key = FILTER_KEYS.find((one) => one === word.slice(0, Math.max(0, colon)).toLowerCase());
  if (word.includes('"') || (colon >= 0 && key === undefined)) return { from, options: [] };
  const options = key === undefined ? wordOptions(word, exchanges) : valueOptions(key, word, exchanges);
  // What has been typed whole needs no completion.
  const others = options.length === 1 && options[0]?.term === word ? [] : options;
  return { from, options: others.map((option) => ({ ...option, term: minus + option.term })) };
}

function wordOptions(word: string, exchanges: Iterable<ExchangeSummary>): Completion[] {
  const begin = word.toLowerCase();
  const keys = FILTER_KEYS.filter((key) => key.startsWith(begin)).map((key) => ({
    term: `${key}:`,
    note: KEY_NOTES[key],
    open: true,
  }));
  // One letter says too little to look for it in the log.
  if (begin.length < 2) return keys;
  const seen = [...exchanges];
  const values = KEYS_OF_WORDS.flatMap((key) =>
    seenValues(key, begin, seen)
      .filter(({ value }) => isBegun(value, begin))
      .map(asOption(key, '')),
  );
  return [...keys, ...values].slice(0, MOST_OPTIONS);
}

function isBegun(value: string, begin: string): boolean {
  return value
    .toLowerCase()
    .split('/')
    .some((part) => part.startsWith(begin));
}

function valueOptions(key: FilterKey, word: string, exchanges: Iterable<ExchangeSummary>): Completion[] {
  const typed = word.slice(key.length + 1);
  // A path may have commas of its own.
  const comma = key === 'path' || key === 'type' ? -1 : typed.lastIndexOf(',');
  const before = typed.slice(0, comma + 1);
  const wanted = typed.slice(comma + 1).toLowerCase();
  const used = new Set(before.toLowerCase().split(','));
  const values = seenValues(key, wanted, exchanges).filter(({ value }) => !used.has(value.toLowerCase()));
  return values.slice(0, MOST_OPTIONS).map(asOption(key, before));
}

interface SeenValue {
  readonly value: string;
  readonly count: number;
}

const asOption =
  (key: FilterKey, before: string) =>
  ({ value, count }: SeenValue): Completion => ({
    term: `${key}:${before}${value}`,
    note: count,
    open: false,
  });

/** Values with `wanted` in them, those seen most first; outcomes in their own order, whether seen or not. */
function seenValues(key: FilterKey, wanted: string, exchanges: Iterable<ExchangeSummary>): SeenValue[] {
  const counts = new Map<string, number>(
    key === 'is' ? OUTCOMES.map((outcome) => [outcome.toLowerCase(), 0]) : [],
  );
  for (const exchange of exchanges) {
    for (const value of VALUES[key](exchange)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts].map(([value, count]) => ({ value, count }));
  const fitting = values.filter(({ value }) =>
    key === 'path' || key === 'type'
      ? value.toLowerCase().includes(wanted)
      : value.toLowerCase().startsWith(wanted),
  );
  return key === 'is' ? fitting : fitting.sort((one, other) => other.count - one.count);
}
