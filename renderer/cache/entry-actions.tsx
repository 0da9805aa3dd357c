/** What can be done to the stored response whose details are open, beside copying and deleting it. */
import { Clock, RefreshCw } from 'lucide-react';
import type { StoredEntryDetails } from '../../shared/stored-entry';
import { refetchEntries } from './cache-actions';
import { openCacheDialog } from './cache-dialogs';

export function EntryActions({ entry }: { readonly entry: StoredEntryDetails }) {
  return (
    <>
      <button
        type="button"
        className="btn small"
        title={entry.forOneUser ? 'It belongs to one user: only your app can ask for it again' : undefined}
        onClick={() => void refetchEntries([entry.id])}
      >
        <RefreshCw aria-hidden />
        Refetch
      </button>
      <button
        type="button"
        className="btn small"
        onClick={() => openCacheDialog({ kind: 'edit-ttl', entry })}
      >
        <Clock aria-hidden />
        Edit TTL…
      </button>
    </>
  );
}
