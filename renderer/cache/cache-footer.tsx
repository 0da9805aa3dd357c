/** What the grid lists, in figures: a quiet line under it. */
import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { formatBytes, formatCount, formatPercent, formatPlural } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import type { StoredListState } from '../state/stored-list';
import { storedList } from './stored-responses';

export function CacheFooter() {
  const state = useStore(storedList.store);
  const stored = useStore(engineStore, ({ status }) => status?.store.entries ?? 0);
  const isWhole = state.q === '' && state.state === null && state.under === null;
  if (!state.loaded || state.problem !== null) return null;
  return (
    <div className="cache-footer">
      <span>{isWhole ? totals(state) : `${formatPlural(state.total, 'response')} found${sizes(state)}`}</span>
      {state.under !== null && <UnderBranch under={state.under} />}
      <span className="flex-1" />
      {state.readSoFar !== null && (
        <span role="status">
          Reading the store: {formatCount(state.readSoFar)} of{' '}
          {formatCount(Math.max(stored, state.readSoFar))}
        </span>
      )}
      {state.cappedAt !== null && (
        <span>Only the first {formatCount(state.cappedAt)} stored responses are listed</span>
      )}
    </div>
  );
}

type Totals = Pick<StoredListState, 'total' | 'bodyBytes' | 'storedBytes'>;

function totals(state: Totals): string {
  return `${formatPlural(state.total, 'response')}${sizes(state)}`;
}

/** Bodies as they came, and what compression saves of them. */
function sizes({ total, bodyBytes, storedBytes }: Totals): string {
  if (total === 0) return '';
  if (storedBytes >= bodyBytes) return ` · ${formatBytes(bodyBytes)} of bodies`;
  const saved = formatPercent(bodyBytes - storedBytes, bodyBytes);
  return ` · ${formatBytes(bodyBytes)} of bodies, kept as ${formatBytes(storedBytes)} (${saved} saved)`;
}

function UnderBranch({ under }: { readonly under: string }) {
  return (
    <button
      type="button"
      className="chip min-w-0 shrink"
      title={`Only what is stored under ${under}`}
      onClick={() => void storedList.filter({ under: null })}
    >
      <span className="mono truncate">{under}</span>
      <X aria-label="Show all paths" size={12} />
    </button>
  );
}
