/** Details of a stored response. */
import { Copy, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import {
  formatBytes,
  formatDateTime,
  formatDurationWords,
  formatPercent,
  formatPlural,
} from '../../shared/format';
import type { StoredEntryDetails } from '../../shared/stored-entry';
import { copyText, deleteEntry } from '../app/engine-actions';
import { useNow } from '../app/use-now';
import { ask } from '../bridge/larder-api';
import { storedList } from '../cache/stored-responses';
import { windowStore } from '../state/window-store';
import { BodySection } from './body-section';
import { DetailsFrame, DetailsSection } from './details-frame';
import { FactList, FieldTable } from './fact-list';
import { FieldsSection } from './fields-section';
import { useAnswer } from './use-answer';

const close = () => windowStore.setState({ entryDetails: false });

export function EntryDetailsPanel({ id }: { readonly id: string }) {
  // The list is followed, so it knows of later hits, and of a newer response in the same place.
  const listed = useStore(storedList.store, ({ entries }) => entries.find((entry) => entry.id === id));
  const subject = `entry ${id} ${listed?.storedAt ?? ''}`;
  const answer = useAnswer(subject, () => ask('cache.entry', { id }));
  const entry = answer.kind === 'here' && answer.value !== null ? { ...answer.value, ...listed } : null;
  if (entry === null) {
    const text = answer.kind === 'failed' ? answer.message : 'This response is no longer stored.';
    return (
      <DetailsFrame subject={id} title={null} actions={null} onClose={close}>
        <p className="pt-4 text-muted">{answer.kind === 'waiting' ? 'Loading…' : text}</p>
      </DetailsFrame>
    );
  }
  return (
    <DetailsFrame
      subject={id}
      title={<EntryTitle entry={entry} />}
      actions={<EntryActions entry={entry} />}
      onClose={close}
    >
      <EntryWhy entry={entry} />
      <EntryRequest entry={entry} />
      <FieldsSection name="Response" fields={entry.fields} missing={null}>
        {`${entry.status} ${entry.statusText}`}
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

function EntryActions({ entry }: EntryProps) {
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
  const age = formatDurationWords((now - entry.storedAt) / 1000);
  const lifetime =
    left > 0
      ? `stays fresh for another ${formatDurationWords(left)}`
      : `expired ${formatDurationWords(-left)} ago`;
  return (
    <DetailsSection name="Why">
      <p className="mb-2.5 text-pretty select-text">
        It was stored {age} ago, {lifetime}, and has answered {formatPlural(entry.hits, 'request')}.
      </p>
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
  return (
    <DetailsSection name="Request">
      <p className="mono mb-1 break-all select-text">
        {entry.method} {entry.url}
      </p>
      {entry.vary.length === 0 ? (
        <p className="text-sm text-muted">
          Answers any request for this URL: no request field was used to choose it.
        </p>
      ) : (
        <>
          <p className="mb-1 text-sm text-muted">
            Answers requests with these fields, which the response varies by:
          </p>
          <FieldTable label="Request fields" fields={entry.vary} />
        </>
      )}
    </DetailsSection>
  );
}
