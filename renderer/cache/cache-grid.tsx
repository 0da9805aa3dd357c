/** Stored responses as a grid; ages grow and lifetimes count down. */
import { useCallback, useState } from 'react';
import { useStore } from 'zustand';
import { formatBytes, formatCount, formatDurationWords, formatPercent } from '../../shared/format';
import type { StoredEntry } from '../../shared/stored-entry';
import { useNow } from '../app/use-now';
import type { RowPlace } from '../controls/grid-frame';
import { GridFrame } from '../controls/grid-frame';
import { engineStore } from '../state/engine-store';
import { openEntry, windowStore } from '../state/window-store';
import { CacheHead } from './cache-head';
import { storedList } from './stored-responses';

const entryRowId = (id: string) => `entry-row-${id}`;

export function CacheGrid() {
  const entries = useStore(storedList.store, (state) => state.entries);
  const activeId = useStore(windowStore, (state) => state.entryId);
  const origin = useStore(engineStore, (state) => state.status?.origin ?? null);
  const now = useNow();
  const [nearEnd, setNearEnd] = useState(-1);
  const activeIndex = activeId === null ? -1 : entries.findIndex((entry) => entry.id === activeId);
  const onLastRow = useCallback(
    (lastIndex: number) => {
      // Once for each length, when its end comes into sight.
      if (lastIndex < entries.length - 1 || nearEnd === entries.length) return;
      setNearEnd(entries.length);
      void storedList.more();
    },
    [entries.length, nearEnd],
  );
  const renderRow = ({ index, top }: RowPlace) => {
    const entry = entries[index];
    if (entry === undefined) return null;
    const shared = { index, top, now, origin, selected: entry.id === activeId };
    return <EntryRow key={entry.id} entry={entry} {...shared} />;
  };
  return (
    <GridFrame
      label="Stored responses"
      rowCount={entries.length}
      activeIndex={activeIndex}
      activeRowId={activeId === null || activeIndex < 0 ? undefined : entryRowId(activeId)}
      head={<CacheHead />}
      renderRow={renderRow}
      onStep={(index) => windowStore.setState({ entryId: entries[index]?.id ?? null })}
      onOpen={() => windowStore.setState(({ entryId }) => ({ entryDetails: entryId !== null }))}
      onClose={() => windowStore.setState({ entryDetails: false })}
      onLastRow={onLastRow}
    />
  );
}

interface EntryRowProps {
  readonly entry: StoredEntry;
  readonly index: number;
  readonly top: number;
  readonly now: number;
  readonly origin: string | null;
  readonly selected: boolean;
}

function EntryRow({ entry, index, top, now, origin, selected }: EntryRowProps) {
  const left = (entry.expiresAt - now) / 1000;
  return (
    <div
      role="row"
      id={entryRowId(entry.id)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className="grid-row cache-row"
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => openEntry(entry.id)}
    >
      <span role="gridcell" className="mono" title={entry.url}>
        {entry.method !== 'GET' && `${entry.method} `}
        {shortUrl(entry.url, origin)}
        {entry.vary.length > 0 && <span className="text-faint"> · {varyText(entry)}</span>}
        {entry.forOneUser && <span className="text-faint"> · one user</span>}
      </span>
      <span role="gridcell" className="mono">
        {entry.status}
      </span>
      <span role="gridcell" className="col-type text-muted" title={entry.contentType ?? ''}>
        {entry.contentType?.split(';', 1)[0] ?? '–'}
      </span>
      <span role="gridcell" className="col-size num text-muted">
        {formatBytes(entry.bodyBytes)}
      </span>
      <span role="gridcell" className="col-kept num text-muted" title={keptTitle(entry)}>
        {formatBytes(entry.storedBytes)}
      </span>
      <span role="gridcell" className="col-age num text-muted">
        {formatDurationWords(Math.floor((now - entry.storedAt) / 1000))}
      </span>
      <span role="gridcell" className={left > 0 ? 'num' : 'num text-stale'}>
        {left > 0 ? formatDurationWords(Math.ceil(left)) : 'expired'}
      </span>
      <span role="gridcell" className="num text-muted">
        {formatCount(entry.hits)}
      </span>
    </div>
  );
}

function keptTitle({ bodyBytes, storedBytes }: StoredEntry): string {
  if (storedBytes >= bodyBytes) return 'Kept as it came';
  return `Compressed: ${formatPercent(bodyBytes - storedBytes, bodyBytes)} saved`;
}

/** What is stored from the present origin goes without its name. */
function shortUrl(url: string, origin: string | null): string {
  const base = origin?.replace(/\/$/, '');
  return base !== undefined && url.startsWith(`${base}/`) ? url.slice(base.length) : url;
}

const varyText = (entry: StoredEntry) => entry.vary.map(([name, value]) => `${name}: ${value}`).join(', ');
