/**
 * The filter box of the live log: words, and terms such as `method:post`, `status:4xx`,
 * `is:miss`, `path:/v2`, `type:json`; a leading `-` turns one round. All must hold.
 */
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';

export type ExchangeTest = (exchange: ExchangeSummary) => boolean;

export const FILTER_KEYS = ['method', 'status', 'is', 'path', 'type'] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];

const TERM = /(-?)(?:([a-z]+):("[^"]*"?|\S*)|("[^"]*"?|\S+))/gi;
const STATUS_WORD = /^[1-5](?:\d{0,2}|\dx|x{1,2})$/;
const OUTCOME_WORDS = OUTCOMES.map((outcome) => outcome.toLowerCase());

interface Term {
  /** As it was typed. */
  readonly text: string;
  readonly negated: boolean;
  /** Empty: plain words. */
  readonly key: string;
  /** Without its quotes. */
  readonly value: string;
}

function termsOf(text: string): Term[] {
  return [...text.matchAll(TERM)].map(([term, minus = '', key = '', keyed, plain]) => ({
    text: term,
    negated: minus === '-' && term.length > 1,
    key: key.toLowerCase(),
    value: (keyed ?? plain ?? '').replaceAll('"', ''),
  }));
}

/** Compiles what was typed; null where it lets everything through. */
export function compileFilter(text: string): ExchangeTest | null {
  const tests = termsOf(text).map(({ text: typed, negated, key, value }): ExchangeTest => {
    const test = compileTerm(key, value.toLowerCase()) ?? textTest(typed.replaceAll('"', ''));
    return negated ? (exchange) => !test(exchange) : test;
  });
  if (tests.length === 0) return null;
  return (exchange) => tests.every((test) => test(exchange));
}

/** Null: not a term of ours, so it is plain text (`http://…`). */
function compileTerm(key: string, value: string): ExchangeTest | null {
  switch (key) {
    case '':
      return textTest(value);
    case 'method':
      return anyOf(value, (word) => (exchange) => exchange.method.toLowerCase() === word);
    case 'status':
      return anyOf(value, statusTest);
    case 'is':
      return anyOf(value, outcomeTest);
    case 'path':
      return (exchange) => exchange.target.toLowerCase().includes(value);
    case 'type':
      return (exchange) => exchange.contentType?.toLowerCase().includes(value) ?? false;
    default:
      return null;
  }
}

const wordsOf = (value: string) => value.split(',').filter((word) => word !== '');

function anyOf(value: string, compile: (word: string) => ExchangeTest): ExchangeTest {
  const tests = wordsOf(value).map(compile);
  return (exchange) => tests.length === 0 || tests.some((test) => test(exchange));
}

function textTest(text: string): ExchangeTest {
  const wanted = text.toLowerCase();
  return ({ target, method }) => target.toLowerCase().includes(wanted) || method.toLowerCase() === wanted;
}

/** `404`, `4xx`, `4`: the digits that are given must agree. */
function statusTest(word: string): ExchangeTest {
  const digits = word.replace(/x+$/, '');
  return (exchange) => exchange.status?.toString().startsWith(digits) ?? false;
}

/** `hit`, `miss`…; a word still being typed selects by its beginning. */
function outcomeTest(word: string): ExchangeTest {
  const wanted = new Set(OUTCOMES.filter((outcome) => outcome.toLowerCase().startsWith(word)));
  return (exchange) => wanted.has(exchange.outcome);
}

/** What of it is not understood, in words; null: all is. */
export function filterProblem(text: string): string | null {
  for (const { key, value } of termsOf(text)) {
    const problem = termProblem(key, value.toLowerCase());
    if (problem !== null) return problem;
  }
  return null;
}

function termProblem(key: string, value: string): string | null {
  const unknown = (isWord: (word: string) => boolean) => wordsOf(value).find((word) => !isWord(word));
  if (key === 'status') {
    const word = unknown((one) => STATUS_WORD.test(one));
    return word === undefined ? null : `“${word}” is not a status. Try 404, 4xx or 200,304.`;
  }
  if (key === 'is') {
    const word = unknown((one) => OUTCOME_WORDS.some((outcome) => outcome.startsWith(one)));
    return word === undefined ? null : `“${word}” is not an outcome. There are ${OUTCOME_WORDS.join(', ')}.`;
  }
  if (key === '' || FILTER_KEYS.some((known) => known === key) || value.startsWith('//')) return null;
  const known = FILTER_KEYS.map((one) => `${one}:`).join(', ');
  return `“${key}:” is not a term, so it is looked for as text. Terms are ${known}.`;
}

/** The values that the text asks for by a key, in lower case: `status:4xx,5xx` gives two. */
export function filterValues(text: string, key: FilterKey): string[] {
  return termsOf(text)
    .filter((term) => term.key === key && !term.negated)
    .flatMap(({ value }) => wordsOf(value.toLowerCase()));
}

/** The text with the key asking for these values and no others; none: without the key. */
export function withFilterValues(text: string, key: FilterKey, values: readonly string[]): string {
  const value = values.join(',');
  const term = `${key}:${/\s/.test(value) ? `"${value}"` : value}`;
  const others = termsOf(text)
    .filter((other) => other.key !== key || other.negated)
    .map((other) => other.text);
  return [...others, ...(values.length === 0 ? [] : [term])].join(' ');
}
