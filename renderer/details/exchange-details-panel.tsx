/** Details of a row of the log: why it went as it did, its fields, its body. */
import { Copy, PackageOpen, Terminal, Trash2 } from 'lucide-react';
import type { ExchangeDetails, ExchangeSummary, LifetimeSource } from '../../shared/exchange-summary';
import { formatBytes, formatClockMs, formatDurationWords, formatMs } from '../../shared/format';
import { NOT_STORED_BY, reasonSentence } from '../../shared/reason-text';
import { copyText, deleteEntry } from '../app/engine-actions';
import { ask } from '../bridge/larder-api';
import { OutcomeBadge } from '../controls/outcome-badge';
import { engineStore } from '../state/engine-store';
import type { LogRow } from '../state/live-log';
import { openEntry, windowStore } from '../state/window-store';
import { BodySection } from './body-section';
import { curlCommand } from './curl-command';
import { DetailsFrame, DetailsSection } from './details-frame';
import type { Fact } from './fact-list';
import { FactList } from './fact-list';
import { FieldsSection } from './fields-section';
import type { Answer } from './use-answer';
import { useAnswer } from './use-answer';

export function ExchangeDetailsPanel({ row }: { readonly row: LogRow }) {
  const { exchange } = row;
  const answer = useAnswer(`exchange ${row.seq}`, () => ask('exchange.details', { id: exchange.id }));
  const details = detailsOf(answer, exchange);
  return (
    <DetailsFrame
      subject={`exchange ${row.seq}`}
      title={<ExchangeTitle exchange={exchange} />}
      actions={<ExchangeActions exchange={exchange} details={details} />}
      onClose={() => windowStore.setState({ liveDetails: false })}
    >
      <DetailsSection name="Why" aside={<OutcomeBadge outcome={exchange.outcome} />}>
        <p className="mb-2.5 text-pretty select-text">{reasonSentence(exchange)}</p>
        <FactList facts={whyFacts(exchange, details)} />
      </DetailsSection>
      <FieldsSection name="Request" fields={details?.requestFields ?? null} missing={missingText(answer)}>
        {details === null ? null : `${exchange.method} ${exchange.target}`}
      </FieldsSection>
      <FieldsSection name="Response" fields={details?.responseFields ?? null} missing={missingText(answer)}>
        {details === null || exchange.status === null ? null : `${exchange.status} ${details.statusText}`}
      </FieldsSection>
      <BodySection
        subject={`exchange ${row.seq}`}
        load={() => ask('exchange.body', { id: exchange.id })}
        missing={details === null ? missingText(answer) : missingBody(details)}
        entryId={exchange.entryId}
      />
    </DetailsFrame>
  );
}

/** Null while they are awaited, and where the ring of main no longer has them. */
function detailsOf(
  answer: Answer<ExchangeDetails | null>,
  exchange: ExchangeSummary,
): ExchangeDetails | null {
  if (answer.kind !== 'here' || answer.value === null) return null;
  // Numbers start over with the engine: another exchange may have this one.
  return answer.value.summary.startedAt === exchange.startedAt ? answer.value : null;
}

function missingText(answer: Answer<unknown>): string | null {
  switch (answer.kind) {
    case 'waiting':
      return 'Loading…';
    case 'failed':
      return answer.message;
    case 'here':
      return 'No longer kept: only the newest exchanges keep their details.';
    default:
      return answer satisfies never;
  }
}

function missingBody({ body }: ExchangeDetails): string | null {
  if (body === 'none') return 'No body.';
  return body === 'too-large' ? 'The body was too large to keep for the window.' : null;
}

function ExchangeTitle({ exchange }: { readonly exchange: ExchangeSummary }) {
  const facts = [
    exchange.status ?? 'no status',
    exchange.contentType?.split(';', 1)[0],
    formatBytes(exchange.bodyBytes),
    formatClockMs(exchange.startedAt),
    formatMs(exchange.durationMs),
  ];
  return (
    <>
      <h2 className="break-all select-text">
        {exchange.method} <span className="mono font-semibold">{exchange.target}</span>
      </h2>
      <p className="text-sm text-muted">{facts.filter((fact) => fact !== undefined).join(' · ')}</p>
    </>
  );
}

function whyFacts(exchange: ExchangeSummary, details: ExchangeDetails | null): Fact[] {
  const { facts, ageSeconds, savedMs } = exchange;
  const firstByte = details?.timing.firstByteMs ?? null;
  return [
    details === null ? null : ['Cache key', <code key="key">{details.cacheKey}</code>],
    facts.decidedBy === undefined ? null : ['Decided by', facts.decidedBy],
    facts.nearestUrl === undefined ? null : ['Nearest', <code key="near">{facts.nearestUrl}</code>],
    facts.varyFields === undefined
      ? null
      : ['Differs in', <code key="vary">{facts.varyFields.join(', ')}</code>],
    facts.storedRanges === undefined ? null : ['Bytes stored', <code key="part">{facts.storedRanges}</code>],
    facts.nearestAgeSeconds === undefined ? null : ['Its age', formatDurationWords(facts.nearestAgeSeconds)],
    exchange.forward === null ? null : ['Stored now', storedNow(exchange)],
    ageSeconds === null ? null : ['Age', formatDurationWords(ageSeconds)],
    lifetimeFact(exchange),
    savedMs === null ? null : ['Saved', formatMs(savedMs)],
    firstByte === null ? null : ['First byte', `after ${formatMs(firstByte)}`],
    details === null ? null : ['Cache-Status', <code key="status">{details.cacheStatus}</code>],
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
  if (forward !== null) return whole === null ? null : ['Its lifetime', `${whole}${by}`];
  if (ttlSeconds === null) return null;
  return ['Lifetime', `${lifetimeText(ttlSeconds)}${whole === null ? '' : ` of ${whole}`}${by}`];
}

const LIFETIME_SOURCES: Readonly<Record<LifetimeSource, string>> = {
  's-maxage': 's-maxage',
  'max-age': 'max-age',
  expires: 'Expires',
  heuristic: 'a tenth of the time since Last-Modified',
  ttl: 'the TTL',
  none: 'none given',
};

function lifetimeText(ttlSeconds: number): string {
  return ttlSeconds < 0
    ? `over since ${formatDurationWords(-ttlSeconds)}`
    : `${formatDurationWords(ttlSeconds)} left`;
}

interface ExchangeActionsProps {
  readonly exchange: ExchangeSummary;
  readonly details: ExchangeDetails | null;
}

function ExchangeActions({ exchange, details }: ExchangeActionsProps) {
  const { entryId } = exchange;
  return (
    <>
      <button
        type="button"
        className="btn small"
        onClick={() => void copyText(larderUrl(exchange), 'the URL')}
      >
        <Copy aria-hidden />
        Copy URL
      </button>
      <button
        type="button"
        className="btn small"
        disabled={details === null}
        onClick={() => void copyText(curlText(exchange, details), 'the curl command')}
      >
        <Terminal aria-hidden />
        Copy as cURL
      </button>
      {entryId !== null && (
        <>
          <button type="button" className="btn small" onClick={() => openEntry(entryId)}>
            <PackageOpen aria-hidden />
            Open stored response
          </button>
          <button type="button" className="btn small danger" onClick={() => void deleteEntry(entryId)}>
            <Trash2 aria-hidden />
            Delete
          </button>
        </>
      )}
    </>
  );
}

/** The URL at Larder, so that what is pasted takes the same way. */
function larderUrl({ target }: ExchangeSummary): string {
  const { status, settings } = engineStore.getState();
  const listening = status?.listen.kind === 'listening' ? status.listen.url : null;
  return `${(listening ?? `http://localhost:${settings?.port ?? 3000}`).replace(/\/$/, '')}${target}`;
}

function curlText(exchange: ExchangeSummary, details: ExchangeDetails | null): string {
  const fields = details?.requestFields ?? [];
  return curlCommand({ method: exchange.method, url: larderUrl(exchange), fields });
}
