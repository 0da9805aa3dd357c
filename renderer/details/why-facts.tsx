/** The facts behind an exchange's reason, as a list of names and values. */
import type { ExchangeDetails, ExchangeSummary, LifetimeSource } from '../../shared/exchange-summary';
import { formatDurationWords, formatMs } from '../../shared/format';
import { NOT_STORED_BY } from '../../shared/reason-text';
import type { Fact } from './fact-list';

export function whyFacts(exchange: ExchangeSummary, details: ExchangeDetails | null): Fact[] {
  const { facts, ageSeconds, savedMs } = exchange;
  return [
    details === null || details.cacheKey === ''
      ? null
      : ['Cache key', <code key="key">{details.cacheKey}</code>],
    facts.decidedBy === undefined ? null : ['Decided by', facts.decidedBy],
    facts.storedRanges === undefined ? null : ['Bytes stored', <code key="part">{facts.storedRanges}</code>],
    exchange.forward === null ? null : ['Stored now', storedNow(exchange)],
    ageSeconds === null ? null : ['Age', formatDurationWords(ageSeconds)],
    lifetimeFact(exchange),
    savedMs === null ? null : ['Saved', `${formatMs(savedMs)} of waiting for the origin`],
    details === null || details.cacheStatus === ''
      ? null
      : ['Cache-Status', <code key="status">{details.cacheStatus}</code>],
  ];
}

function storedNow({ stored, notStored, ttlSeconds }: ExchangeSummary): string {
  if (!stored) return notStored === null ? 'no' : `no (${NOT_STORED_BY[notStored]})`;
  return ttlSeconds === null ? 'yes' : `yes, fresh for ${formatDurationWords(ttlSeconds)}`;
}

/** What is left of it, how long it is in all, and what gave it. */
function lifetimeFact({ facts, ttlSeconds, forward }: ExchangeSummary): Fact {
  const { lifetimeSeconds, lifetimeSource } = facts;
  const whole = lifetimeSeconds === undefined ? null : formatDurationWords(lifetimeSeconds);
  const by = lifetimeSource === undefined ? '' : ` (${LIFETIME_SOURCES[lifetimeSource]})`;
  if (forward !== null) return whole === null ? null : ['Had lasted', `${whole}${by}`];
  if (ttlSeconds === null) return null;
  return ['Lifetime', `${lifetimeText(ttlSeconds)}${whole === null ? '' : ` of ${whole}`}${by}`];
}

const LIFETIME_SOURCES: Readonly<Record<LifetimeSource, string>> = {
  's-maxage': 's-maxage',
  'max-age': 'max-age',
  expires: 'Expires',
  heuristic: 'a tenth of the time since Last-Modified',
  ttl: 'the TTL',
  edited: 'set by hand',
  none: 'none given',
};

function lifetimeText(ttlSeconds: number): string {
  return ttlSeconds < 0
    ? `over since ${formatDurationWords(-ttlSeconds)}`
    : `${formatDurationWords(ttlSeconds)} left`;
}
