/** Details of a stored response. */
import { Copy, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import {
  formatBytes,
  formatDateTime,
  formatDurationWords,
  formatPercent,
  formatPlural,
} from '../../shared/format';
import { escapeControls } from '../../shared/safe-text';
import type { StoredEntryDetails } from '../../shared/stored-entry';
import { copyText, deleteEntry } from '../app/engine-actions';
import { useNow } from '../app/use-now';
import { ask } from '../bridge/larder-api';
import { storedList } from '../cache/stored-responses';
import { windowStore } from '../state/window-store';
import { BodySection } from './body-section';
import { DetailsFrame, DetailsSection } from './details-frame';
import { FactList } from './fact-list';
import { FieldsSection } from './fields-section';
import type { SectionName } from './section-nav';
import { useAnswer } from './use-answer';

const SECTIONS: readonly SectionName[] = ['Why', 'Request', 'Response', 'Body'];

const close = () => windowStore.setState({ entryDetails: false });

interface EntryDetailsPanelProps {
  readonly id: string;
  /** Further buttons, such as to refetch it. */
  readonly actions?: (entry: StoredEntryDetails) => ReactNode;
}

export function EntryDetailsPanel({ id, actions }: EntryDetailsPanelProps) {
  // The list is followed, so it knows of later hits, and of a newer response in the same place.
  const listed = useStore(storedList.store, ({ entries }) => entries.find((entry) => entry.id === id));
  const subject = `entry ${id} ${listed?.storedAt ?? ''}`;
  const answer = useAnswer(subject, () => ask('cache.entry', { id }));
  const entry = answer.kind === 'here' && answer.value !== null ? { ...answer.value, ...listed } : null;
  if (entry === null) {
    const text = answer.kind === 'failed' ? answer.message : 'This response is no longer stored.';
    return (
      <DetailsFrame subject={id} sections={SECTIONS} title={null} actions={null} onClose={close}>
        <p className="pt-4 text-muted">{answer.kind === 'waiting' ? 'Loading…' : text}</p>
      </DetailsFrame>
    );
  }
  return (
    <DetailsFrame
      subject={id}
      sections={SECTIONS}
      title={<EntryTitle entry={entry} />}
      actions={<EntryActions entry={entry} more={actions?.(entry)} />}
      onClose={close}
    >
      <EntryWhy entry={entry} />
      <EntryRequest entry={entry} />
      <FieldsSection name="Response" fields={entry.fields} missing={null}>
        {escapeControls(`${entry.status} ${entry.statusText}`)}
      </FieldsSection>
      <BodySection subject={subject} load={() => ask('cache.body', { id })} missing={null} entryId={id} />
    </DetailsFrame>
  );
}

interface EntryProps {
  readonly entry: StoredEntryDetails;
}

function EntryTitle({ entry }: EntryProps) {
  const facts = [entry.status, entry.contentType?.split(';', 1)[0], formatBytes(entry.bodyBytes)];
  return (
    <>
      <h2 className="break-all select-text">
        {entry.method} <span className="mono font-semibold">{entry.url}</span>
      </h2>
      <p className="text-sm text-muted">{facts.filter((fact) => fact !== undefined).join(' · ')}</p>
    </>
  );
}

function EntryActions({ entry, more }: EntryProps & { readonly more?: ReactNode }) {
  const remove = async () => {
    if (!(await deleteEntry(entry.id))) return;
    storedList.forget(new Set([entry.id]));
    windowStore.setState({ entryId: null, entryDetails: false });
    document.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };
  return (
    <>
      <button type="button" className="btn small" onClick={() => void copyText(entry.url, 'the URL')}>
        <Copy aria-hidden />
        Copy URL
      </button>
      {more}
      <button type="button" className="btn small danger" onClick={() => void remove()}>
        <Trash2 aria-hidden />
        Delete
      </button>
    </>
  );
}

function EntryWhy({ entry }: EntryProps) {
  const now = useNow();
  const left = (entry.expiresAt - now) / 1000;
  return (
    <DetailsSection name="Why">
      <div className="why-card">
        <p className="why-sentence">
          It was stored{' '}
          <b className="whitespace-nowrap">{formatDurationWords((now - entry.storedAt) / 1000)} ago</b>,{' '}
          {left > 0 ? (
            <>
              stays fresh for another <b className="whitespace-nowrap">{formatDurationWords(left)}</b>
            </>
          ) : (
            <b className="whitespace-nowrap">expired {formatDurationWords(-left)} ago</b>
          )}
          , and has answered <b className="whitespace-nowrap">{formatPlural(entry.hits, 'request')}</b>.
        </p>
      </div>
      <FactList
        facts={[
          ['Cache key', <code key="key">{entry.cacheKey}</code>],
          ['Stored at', formatDateTime(entry.storedAt)],
          ['Fresh until', formatDateTime(entry.expiresAt)],
          entry.forOneUser ? ['For', 'one user, told apart by a hash of the credentials'] : null,
          ['Size', formatBytes(entry.bodyBytes)],
          ['Kept', kept(entry)],
        ]}
      />
    </DetailsSection>
  );
}

function kept({ bodyBytes, storedBytes }: StoredEntryDetails): string {
  if (storedBytes >= bodyBytes) return 'as it came';
  return `as ${formatBytes(storedBytes)}, compressed: ${formatPercent(bodyBytes - storedBytes, bodyBytes)} saved`;
}

function EntryRequest({ entry }: EntryProps) {
  const note =
    entry.vary.length === 0
      ? 'Answers any request for this URL: no request field was used to choose it.'
      : 'Answers requests with these fields, which the response varies by:';
  return (
    <FieldsSection
      name="Request"
      fields={entry.vary.length === 0 ? null : entry.vary}
      missing={null}
      note={<p className="mb-1 text-sm text-muted">{note}</p>}
    >
      {`${entry.method} ${entry.url}`}
    </FieldsSection>
  );
}
