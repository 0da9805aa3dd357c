/** What is selected, and what can be done to it: over the grid's foot while there is a selection. */
import { Copy, LoaderCircle, RefreshCw, Trash2, X } from 'lucide-react';
import { useStore } from 'zustand';
import { formatBytes, formatCount } from '../../shared/format';
import { copyUrls, deleteEntries, refetchEntries, refetching, stopRefetching } from './cache-actions';
import { entrySelection } from './stored-responses';

export function SelectionBar() {
  const count = useStore(entrySelection.store, (state) => state.selected.size);
  const bodyBytes = useStore(entrySelection.store, (state) => state.bodyBytes);
  const selecting = useStore(entrySelection.store, (state) => state.selecting);
  if (count === 0 && !selecting) return null;
  return (
    <div role="toolbar" aria-label="Selection" className="selection-bar">
      <p role="status" className="font-medium whitespace-nowrap">
        {selecting ? 'Selecting…' : `${formatCount(count)} selected · ${formatBytes(bodyBytes)}`}
      </p>
      <button
        type="button"
        className="btn small"
        disabled={selecting}
        onClick={() => void refetchEntries(entrySelection.ids)}
      >
        <RefreshCw aria-hidden />
        Refetch
      </button>
      <button
        type="button"
        className="btn small"
        disabled={selecting}
        onClick={() => void copyUrls(entrySelection.ids)}
      >
        <Copy aria-hidden />
        Copy URLs
      </button>
      <button
        type="button"
        className="btn small danger"
        disabled={selecting}
        onClick={() => deleteEntries(entrySelection.ids, bodyBytes)}
      >
        <Trash2 aria-hidden />
        Delete
      </button>
      <span className="flex-1" />
      <button type="button" className="btn ghost small" onClick={() => entrySelection.clear()}>
        <X aria-hidden />
        <span className="selection-clear-word">Clear selection</span>
      </button>
    </div>
  );
}

/** While requests of a refetch are under way. */
export function RefetchProgress() {
  const { done, of } = useStore(refetching);
  if (of < 2) return null;
  return (
    <div className="selection-bar">
      <LoaderCircle aria-hidden size={14} className="cache-spin text-muted" />
      <p role="status">
        Asking the origin anew: {formatCount(done)} of {formatCount(of)}
      </p>
      <span className="flex-1" />
      <button type="button" className="btn small" onClick={stopRefetching}>
        Stop
      </button>
    </div>
  );
}
