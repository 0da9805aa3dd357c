/** One row of the Cache grid. */
import { User } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { memo } from 'react';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDateTime,
  formatDurationWords,
  formatPercent,
} from '../../shared/format';
import type { StoredEntry } from '../../shared/stored-entry';
import type { Column } from '../controls/columns';
import type { CacheColumnId } from './cache-columns';

export const entryRowId = (id: string) => `entry-row-${id}`;

interface EntryRowProps {
  /** Undefined: on its way. */
  readonly entry: StoredEntry | undefined;
  readonly index: number;
  readonly top: number;
  readonly visible: readonly Column<CacheColumnId>[];
  readonly now: number;
  /** Base of the URLs that go without it. */
  readonly origin: string | null;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onPick: (event: MouseEvent, entry: StoredEntry, index: number) => void;
}

export const EntryRow = memo(function EntryRow(props: EntryRowProps) {
  const { entry, index, top, visible, active, selected, onPick } = props;
  const place = { 'aria-rowindex': index + 2, style: { transform: `translateY(${top}px)` } };
  if (entry === undefined) {
    return (
      <div role="row" className="grid-row cache-waiting" {...place}>
        {visible.map(({ id }) => (
          <span key={id} role="gridcell" aria-label="Loading" />
        ))}
      </div>
    );
  }
  return (
    <div
      role="row"
      id={entryRowId(entry.id)}
      aria-selected={selected}
      data-active={active || undefined}
      className="grid-row"
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={(event) => onPick(event, entry, index)}
      {...place}
    >
      {visible.map((column) => (
        <EntryCell key={column.id} column={column} entry={entry} now={props.now} origin={props.origin} />
      ))}
    </div>
  );
});

interface EntryCellProps {
  readonly column: Column<CacheColumnId>;
  readonly entry: StoredEntry;
  readonly now: number;
  readonly origin: string | null;
}

function EntryCell({ column, entry, now, origin }: EntryCellProps) {
  switch (column.id) {
    case 'url':
      return <UrlCell entry={entry} origin={origin} />;
    case 'method':
      return <Cell className="mono text-muted">{entry.method}</Cell>;
    case 'status':
      return <Cell className={entry.status >= 400 ? 'mono text-error' : 'mono'}>{entry.status}</Cell>;
    case 'type':
      return (
        <Cell className="text-muted" title={entry.contentType ?? 'No Content-Type'}>
          {entry.contentType?.split(';', 1)[0] ?? '–'}
        </Cell>
      );
    case 'size':
      return <Cell className="num text-muted">{formatBytes(entry.bodyBytes)}</Cell>;
    case 'kept':
      return (
        <Cell className="num text-muted" title={keptTitle(entry)}>
          {formatBytes(entry.storedBytes)}
        </Cell>
      );
    case 'stored':
      return (
        <Cell className="num text-muted" title={formatDateTime(entry.storedAt)}>
          {formatClock(entry.storedAt)}
        </Cell>
      );
    case 'age':
      return (
        <Cell className="num text-muted" title={`Stored at ${formatDateTime(entry.storedAt)}`}>
          {formatDurationWords(Math.max(0, Math.floor((now - entry.storedAt) / 1000)))}
        </Cell>
      );
    case 'left':
      return <LeftCell expiresAt={entry.expiresAt} now={now} />;
    case 'hits':
      return <Cell className="num text-muted">{formatCount(entry.hits)}</Cell>;
  }
}

interface CellProps {
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Cell({ className, title, children }: CellProps) {
  return (
    <span role="gridcell" className={className} title={title}>
      {children}
    </span>
  );
}

function LeftCell({ expiresAt, now }: { readonly expiresAt: number; readonly now: number }) {
  const left = (expiresAt - now) / 1000;
  return (
    <Cell
      className={left > 0 ? 'num' : 'num text-stale'}
      title={`${left > 0 ? 'Fresh until' : 'Expired at'} ${formatDateTime(expiresAt)}`}
    >
      {left > 0 ? formatDurationWords(Math.ceil(left)) : 'expired'}
    </Cell>
  );
}

/** The URL gives way; what tells two responses of the same URL apart stays. */
function UrlCell({ entry, origin }: { readonly entry: StoredEntry; readonly origin: string | null }) {
  return (
    <span role="gridcell" className="cache-url" title={entry.url}>
      <span className="mono">{shortUrl(entry.url, origin)}</span>
      {entry.vary.length > 0 && (
        <span className="cache-mark" title={`Chosen by ${varyText(entry)}`}>
          <span>{varyText(entry)}</span>
        </span>
      )}
      {entry.forOneUser && (
        <span className="cache-mark" title="Belongs to the credentials of one user">
          <User aria-hidden />
          <span>one user</span>
        </span>
      )}
    </span>
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

const varyText = (entry: StoredEntry) =>
  entry.vary.map(([name, value]) => (value === '' ? `no ${name}` : `${name}: ${value}`)).join(', ');
