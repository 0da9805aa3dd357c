/**
 * Puts the engine's reason codes into words for the live log, Details and the
 * command line. Decides nothing: every fact comes with the exchange.
 */
import type { ExchangeSummary, NotStoredReason, ReasonCode, ReasonFacts } from './exchange-summary';
import { formatClock, formatDurationWords } from './format';

type Phrase = (exchange: ExchangeSummary) => string;

/** A few words for a row of the log, without a full stop. */
export function reasonShort(exchange: ExchangeSummary): string {
  if (exchange.notStored !== null && PLAIN_MISSES.has(exchange.reason)) {
    return NOT_STORED_SHORT[exchange.notStored](exchange);
  }
  const text = SHORT[exchange.reason](exchange);
  return exchange.facts.forThisUser === true ? `${text}, for this user` : text;
}

/** Part of a sentence; `fact`: what is particular to this exchange. */
export interface SentencePart {
  readonly text: string;
  readonly fact: boolean;
}

/** One or two full sentences with the facts. */
export function reasonSentence(exchange: ExchangeSummary): string {
  return markedSentence(exchange).replaceAll(FACT_MARKS, '');
}

/** The same in parts, so that the facts can stand out. */
export function reasonParts(exchange: ExchangeSummary): readonly SentencePart[] {
  // Facts are in pairs of marks: every second piece.
  return markedSentence(exchange)
    .split(FACT_MARKS)
    .map((text, index) => ({ text, fact: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

const FACT_MARKS = /\uE000|\uE001/g;

/** @param text without marks of its own: what came over the wire is not trusted */
function fact(text: string): string {
  return `\uE000${text.replaceAll(FACT_MARKS, '')}\uE001`;
}

function markedSentence(exchange: ExchangeSummary): string {
  const sentences = [SENTENCES[exchange.reason](exchange)];
  if (exchange.notStored !== null && exchange.reason !== exchange.notStored) {
    sentences.push(`It was not stored: ${NOT_STORED_CLAUSES[exchange.notStored](exchange)}.`);
  } else if (exchange.facts.forThisUser === true) {
    sentences.push('It is kept apart for this user, by a hash of the credentials.');
  }
  return sentences.join(' ');
}

/** Misses of which "why was it not stored" says more than "nothing was stored". */
const PLAIN_MISSES: ReadonlySet<ReasonCode> = new Set(['no-stored-response', 'reload', 'changed']);

const SHORT: Readonly<Record<ReasonCode, Phrase>> = {
  fresh: ({ ttlSeconds }) => (ttlSeconds === null ? 'fresh' : `fresh for ${formatDurationWords(ttlSeconds)}`),
  revalidated: () => 'revalidated, unchanged',
  'stale-while-revalidate': (exchange) => `${expired(exchange)}, revalidating`,
  'stale-if-error': (exchange) => `${expired(exchange)}, origin failed`,
  'max-stale': (exchange) => `${expired(exchange)}, accepted stale`,
  'not-modified': () => 'not modified',
  collapsed: () => 'shared a request in flight',
  'no-stored-response': () => 'no stored response',
  invalidated: ({ facts }) =>
    facts.invalidatedBy === undefined ? 'invalidated' : `invalidated by ${facts.invalidatedBy}`,
  'vary-differs': ({ facts: { varyFields } }) =>
    `vary: ${names(varyFields, 'a field')} ${(varyFields?.length ?? 0) > 1 ? 'differ' : 'differs'}`,
  'credentials-differ': () => 'stored for another user',
  expired: (exchange) => expired(exchange),
  'must-validate': () => 'must be validated',
  reload: () => 'reload asked for',
  changed: () => 'origin changed it',
  'partial-stored': ({ facts }) => `only a part is stored${inBrackets(storedRangesOf(facts))}`,
  'method-not-cached': () => 'method not cached',
  'request-no-store': () => 'request says no-store',
  'conditional-request': () => 'conditional request',
  'request-body': () => 'request has a body',
  'unkeyed-input': ({ facts }) => `not in the key: ${names(facts.requestFields, 'a field')}`,
  upgrade: ({ facts }) => protocolName(facts),
  'only-if-cached': () => 'only-if-cached, nothing stored',
  'store-unavailable': () => 'store unavailable',
  'origin-error': (exchange) => errorShort(exchange, 'origin failed'),
  'request-error': (exchange) => errorShort(exchange, 'bad request'),
  'client-left': () => 'client left',
};

const NOT_STORED_SHORT: Readonly<Record<NotStoredReason, Phrase>> = {
  'status-not-stored': ({ status }) =>
    (status ?? 0) >= 400 ? 'errors are not stored' : `not stored: status ${status ?? 'unknown'}`,
  'response-no-store': () => 'not stored: no-store',
  'response-private': () => 'not stored: private',
  authorization: () => 'not stored: Authorization',
  'vary-star': () => 'not stored: Vary: *',
  'no-freshness': () => 'not stored: no lifetime given',
  'ttl-zero': () => 'not stored: TTL is 0',
  endless: () => 'not stored: endless',
  'too-large': () => 'not stored: too large',
  'memory-busy': () => 'not stored: memory busy',
  incomplete: () => 'not stored: incomplete',
  'request-no-store': () => 'not stored: request says no-store',
  'partial-content': () => 'not stored: partial content',
  'invalidated-meanwhile': () => 'not stored: invalidated meanwhile',
  'method-not-cached': () => 'method not cached',
  'store-unavailable': () => 'not stored: store unavailable',
};

const SENTENCES: Readonly<Record<ReasonCode, Phrase>> = {
  fresh: freshSentence,
  revalidated: () =>
    'What was stored had to be validated. The origin answered 304 Not Modified, so the stored body was sent again.',
  'stale-while-revalidate': (exchange) =>
    `What was stored ${fact(expired(exchange))}. It was sent at once, while a new one is fetched in the background.`,
  'stale-if-error': (exchange) =>
    `What was stored ${fact(expired(exchange))}, and the origin failed: the stale response was sent instead of an error.`,
  'max-stale': (exchange) =>
    `What was stored ${fact(expired(exchange))}, but the request accepts stale responses (max-stale).`,
  'not-modified': () =>
    'The client already holds what is stored. Its own condition matched, so it got 304 Not Modified without a body.',
  collapsed: () =>
    'The same request was already on its way to the origin. This one shared its response instead of sending a second.',
  'no-stored-response': () => 'Nothing was stored for this request, so it went to the origin.',
  invalidated: ({ facts }) =>
    `What was stored had been removed${facts.invalidatedBy === undefined ? '' : ` by ${fact(facts.invalidatedBy)}`}, so the request went to the origin.`,
  'vary-differs': varySentence,
  'credentials-differ': () =>
    'A response is stored for this URL, but for a request with other credentials, so it was not used.',
  expired: (exchange) => `What was stored ${fact(expired(exchange))}, so the request went to the origin.`,
  'must-validate': () =>
    'What is stored may only be used once the origin has validated it, so the request went to the origin.',
  reload: ({ facts }) =>
    `The request asks for a fresh response${factInBrackets(facts.requestFields)}, so it went to the origin.`,
  'partial-stored': ({ facts }) =>
    `Only a part of it is stored${factInBrackets(storedRangesOf(facts))}, and the request needs more, so it went to the origin.`,
  changed: () => 'The origin was asked whether what is stored still holds, and sent a new response.',
  'method-not-cached': ({ method }) =>
    `${fact(method)} requests are passed to the origin: only GET and HEAD are answered from the store.`,
  'request-no-store': () =>
    'The request says Cache-Control: no-store, so it was passed to the origin and nothing of it is kept.',
  'conditional-request': ({ facts }) =>
    `The request carries a condition that the store cannot answer${factInBrackets(facts.requestFields)}, so it was passed to the origin.`,
  'request-body': () =>
    'The request has a body, which may change the answer and is not part of the cache key, so it was passed to the origin.',
  'unkeyed-input': ({ facts }) =>
    `The request carries ${factNames(facts.requestFields, 'a field')}, which may change the answer and is not part of the cache key, so it was passed to the origin.`,
  upgrade: ({ facts }) =>
    `The connection was upgraded (${fact(protocolName(facts))}) and tunnelled to the origin.`,
  'only-if-cached': () =>
    'The request says only-if-cached and nothing usable is stored, so it was answered 504 without asking the origin.',
  'store-unavailable': () =>
    'The store did not answer in time, so the request went to the origin as if nothing were stored.',
  'origin-error': ({ error }) => fullStop(error?.message ?? 'The origin failed'),
  'request-error': ({ error }) => fullStop(error?.message ?? 'The request could not be handled'),
  'client-left': () => 'The client closed the connection before the response was complete.',
};

const NOT_STORED_CLAUSES: Readonly<Record<NotStoredReason, Phrase>> = {
  'status-not-stored': ({ status }) =>
    `responses with status ${fact(String(status ?? 'unknown'))} are not kept, so that the next request sees what has changed`,
  'response-no-store': () => 'the origin says Cache-Control: no-store',
  'response-private': () => 'the origin says Cache-Control: private',
  authorization: () =>
    'the request carries Authorization, and the origin does not allow sharing the response',
  'vary-star': () => 'the origin says Vary: *, so no other request can match it',
  'no-freshness': () => 'the origin gives no lifetime, and no TTL is set',
  'ttl-zero': () => 'the TTL is 0',
  endless: () => 'it is a stream without an end',
  'too-large': () => 'its body is larger than the largest that is stored',
  'memory-busy': () => 'too many responses were being stored at that moment',
  incomplete: () => 'it did not arrive whole',
  'request-no-store': () => 'the request says Cache-Control: no-store',
  'partial-content': () => 'it is only a part of the resource (206)',
  'invalidated-meanwhile': () => 'the URL was invalidated or the cache cleared while it was on its way',
  'method-not-cached': ({ method }) => `responses to ${fact(method)} are not kept`,
  'store-unavailable': () => 'the store did not take it',
};

const ERROR_SHORT: Readonly<Record<string, string>> = {
  origin_unreachable: 'origin unreachable',
  origin_timeout: 'origin did not answer in time',
  origin_tls: 'certificate not trusted',
  origin_invalid_response: 'origin sent a broken response',
};

function errorShort(exchange: ExchangeSummary, otherwise: string): string {
  if (exchange.error === null) return otherwise;
  return ERROR_SHORT[exchange.error.code] ?? exchange.error.code.replaceAll('_', ' ');
}

/** What forbids storing, for a person. */
export const NOT_STORED_BY: Readonly<Record<NotStoredReason, string>> = {
  'status-not-stored': 'RFC 9111 §3, RFC 9110 §15.1',
  'response-no-store': 'RFC 9111 §5.2.2.5',
  'response-private': 'RFC 9111 §5.2.2.7',
  authorization: 'RFC 9111 §3.5',
  'vary-star': 'RFC 9111 §4.1',
  'no-freshness': 'RFC 9111 §3',
  'ttl-zero': 'the TTL setting',
  endless: 'RFC 9111 §3.3',
  'too-large': 'the setting maxBodyBytes',
  'memory-busy': 'what bodies under way may take',
  incomplete: 'RFC 9111 §3.3',
  'request-no-store': 'RFC 9111 §5.2.1.5',
  'partial-content': 'RFC 9111 §3.3',
  'invalidated-meanwhile': 'RFC 9111 §4.4',
  'method-not-cached': 'RFC 9110 §9.2.3',
  'store-unavailable': 'the store',
};

function freshSentence({ ageSeconds, ttlSeconds }: ExchangeSummary): string {
  const parts = [
    ...(ageSeconds === null ? [] : [`was stored ${fact(`${formatDurationWords(ageSeconds)} ago`)}`]),
    ...(ttlSeconds === null ? [] : [`stays fresh for another ${fact(formatDurationWords(ttlSeconds))}`]),
  ];
  return parts.length === 0
    ? 'Answered from the store.'
    : `Answered from the store. It ${parts.join(' and ')}.`;
}

function expired({ facts, ttlSeconds }: ExchangeSummary): string {
  const seconds = facts.expiredForSeconds ?? (ttlSeconds !== null && ttlSeconds < 0 ? -ttlSeconds : null);
  return seconds === null ? 'expired' : `expired ${formatDurationWords(seconds)} ago`;
}

function varySentence({ facts, startedAt }: ExchangeSummary): string {
  const first = `Nothing stored matches the ${factNames(facts.varyFields, 'fields named in Vary')} of this request.`;
  if (facts.nearestStoredAt === undefined) return first;
  const ago = formatDurationWords((startedAt - facts.nearestStoredAt) / 1000);
  return `${first} The nearest stored response was stored ${fact(`${ago} ago`)}, at ${formatClock(facts.nearestStoredAt)}.`;
}

function protocolName({ protocol = 'upgrade' }: ReasonFacts): string {
  return protocol.toLowerCase() === 'websocket' ? 'WebSocket' : protocol;
}

function names(fields: readonly string[] | undefined, otherwise: string): string {
  return fields === undefined || fields.length === 0 ? otherwise : fields.join(', ');
}

function inBrackets(fields: readonly string[] | undefined): string {
  return fields === undefined || fields.length === 0 ? '' : ` (${fields.join(', ')})`;
}

function factNames(fields: readonly string[] | undefined, otherwise: string): string {
  return fields === undefined || fields.length === 0 ? otherwise : fact(fields.join(', '));
}

function factInBrackets(fields: readonly string[] | undefined): string {
  return fields === undefined || fields.length === 0 ? '' : ` (${fact(fields.join(', '))})`;
}

function storedRangesOf({ storedRanges }: ReasonFacts): readonly string[] {
  return storedRanges === undefined ? [] : [`bytes ${storedRanges}`];
}

function fullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
