/**
 * The filter box of the live log: words, and terms such as `method:post`, `status:4xx`,
 * `is:miss`, `path:/v2`, `type:json`; a leading `-` turns one round. All must hold.
 */
import type { ExchangeSummary, Outcome } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';

export type ExchangeTest = (exchange: ExchangeSummary) => boolean;

const TERM = /(-?)(?:([a-z]+):("[^"]*"?|\S*)|("[^"]*"?|\S+))/gi;

/** Compiles what was typed; null where it lets everything through. */
export function compileFilter(text: string, outcomes: readonly Outcome[] = []): ExchangeTest | null {
  const tests: ExchangeTest[] = [];
  if (outcomes.length > 0) {
    const wanted = new Set(outcomes);
    tests.push((exchange) => wanted.has(exchange.outcome));
  }
  for (const [term, minus, key, keyed, plain] of text.matchAll(TERM)) {
    const value = (keyed ?? plain ?? '').replaceAll('"', '').toLowerCase();
    const test = compileTerm((key ?? '').toLowerCase(), value) ?? textTest(term.replaceAll('"', ''));
    tests.push(minus === '-' && term.length > 1 ? (exchange) => !test(exchange) : test);
  }
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

function anyOf(value: string, compile: (word: string) => ExchangeTest): ExchangeTest {
  const tests = value
    .split(',')
    .filter((word) => word !== '')
    .map(compile);
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
