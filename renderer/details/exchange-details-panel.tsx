/** Details of a row of the log: why it went as it did, where its time went, its fields, its body. */
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import { formatBytes, formatClockMs, formatMs } from '../../shared/format';
import { escapeControls } from '../../shared/safe-text';
import { ask } from '../bridge/larder-api';
import type { LogRow } from '../state/live-log';
import { windowStore } from '../state/window-store';
import { missingBody } from './body-missing';
import { BodySection } from './body-section';
import { DetailsFrame } from './details-frame';
import { ExchangeActions } from './exchange-actions';
import { FieldsSection } from './fields-section';
import type { SectionName } from './section-nav';
import { TimingSection } from './timing-section';
import type { Answer } from './use-answer';
import { useAnswer } from './use-answer';
import { WhySection } from './why-section';

const SECTIONS: readonly SectionName[] = ['Why', 'Timing', 'Request', 'Response', 'Body'];

const close = () => windowStore.setState({ liveDetails: false });

export function ExchangeDetailsPanel({ row }: { readonly row: LogRow }) {
  const { exchange } = row;
  const subject = `exchange ${row.seq}`;
  const answer = useAnswer(subject, () => ask('exchange.details', { id: exchange.id }));
  const details = detailsOf(answer, exchange);
  const missing = missingText(answer);
  return (
    <DetailsFrame
      subject={subject}
      sections={SECTIONS}
      title={<ExchangeTitle exchange={exchange} />}
      actions={<ExchangeActions exchange={exchange} details={details} />}
      onClose={close}
    >
      <WhySection subject={subject} exchange={exchange} details={details} />
      <TimingSection timing={details?.timing ?? null} collapsed={exchange.collapsed} missing={missing} />
      <FieldsSection
        key={`request ${row.seq}`}
        name="Request"
        fields={details?.requestFields ?? null}
        missing={missing}
      >
        {details === null ? null : `${exchange.method} ${exchange.target}`}
      </FieldsSection>
      <FieldsSection
        key={`response ${row.seq}`}
        name="Response"
        fields={details?.responseFields ?? null}
        missing={missing}
      >
        {details === null || exchange.status === null
          ? null
          : escapeControls(`${exchange.status} ${details.statusText}`)}
      </FieldsSection>
      <BodySection
        subject={subject}
        load={() => ask('exchange.body', { id: exchange.id })}
        missing={details === null ? missing : missingBody(details)}
        exchangeId={exchange.id}
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

function ExchangeTitle({ exchange }: { readonly exchange: ExchangeSummary }) {
  const facts = [
    exchange.status ?? 'no status',
    escapeControls(exchange.contentType?.split(';', 1)[0] ?? '') || undefined,
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
