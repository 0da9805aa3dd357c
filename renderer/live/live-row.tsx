/** One row of the log, and the row of headings above. */
import { memo } from 'react';
import { useStore } from 'zustand';
import { formatBytes, formatClock, formatMs } from '../../shared/format';
import { reasonShort } from '../../shared/reason-text';
import { OutcomeBadge } from '../controls/outcome-badge';
import type { LogRow } from '../state/live-log';
import { openLiveRow, windowStore } from '../state/window-store';

const COLUMNS = ['Time', 'Method', 'Path', 'Status', 'Outcome', 'Why', 'Size', 'Took', 'Saved'] as const;
const COLUMN_CLASSES: Readonly<Partial<Record<(typeof COLUMNS)[number], string>>> = {
  Time: 'col-time',
  Why: 'col-why',
  Size: 'col-size num',
  Took: 'num',
  Saved: 'col-saved num',
};
/** A duration that fills the bar. */
const FULL_BAR_MS = 500;
const LONGEST_BAR_PX = 60;

export const liveRowId = (row: LogRow) => `live-row-${row.seq}`;

export function LiveHead() {
  return (
    <div role="row" aria-rowindex={1} className="grid-row grid-head live-row">
      {COLUMNS.map((name) => (
        <span key={name} role="columnheader" className={COLUMN_CLASSES[name]}>
          {name}
        </span>
      ))}
    </div>
  );
}

interface LiveRowProps {
  readonly row: LogRow;
  readonly index: number;
  readonly top: number;
}

export const LiveRow = memo(function LiveRow({ row, index, top }: LiveRowProps) {
  const selected = useStore(windowStore, (state) => state.liveRow?.seq === row.seq);
  const { exchange } = row;
  const { method, target, status, outcome, savedMs } = exchange;
  const why = reasonShort(exchange);
  const failed = status !== null && status >= 400;
  return (
    <div
      role="row"
      id={liveRowId(row)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className="grid-row live-row"
      style={{ transform: `translateY(${top}px)` }}
      // Not on click: by the time the button is released another row may have come under the pointer.
      onMouseDown={({ button }) => button === 0 && openLiveRow(row)}
    >
      <Cell className="col-time mono text-faint">{formatClock(exchange.startedAt)}</Cell>
      <Cell className="mono text-muted">{method}</Cell>
      <Cell className="mono" title={target}>
        {target}
      </Cell>
      <Cell className={failed ? 'mono text-error' : 'mono'}>{status ?? '–'}</Cell>
      <Cell>
        <OutcomeBadge outcome={outcome} />
      </Cell>
      <Cell className="col-why text-muted" title={why}>
        {why}
      </Cell>
      <Cell className="col-size num text-muted">{sizeText(exchange.bodyBytes, status)}</Cell>
      <DurationCell durationMs={exchange.durationMs} hit={outcome === 'HIT' || outcome === 'STALE'} />
      <Cell className="col-saved num text-hit">{savedMs === null ? '' : formatMs(savedMs)}</Cell>
    </div>
  );
});

interface CellProps {
  readonly className?: string;
  readonly title?: string;
  readonly children: React.ReactNode;
}

function Cell({ className, title, children }: CellProps) {
  return (
    <span role="gridcell" className={className} title={title}>
      {children}
    </span>
  );
}

function DurationCell({ durationMs, hit }: { readonly durationMs: number; readonly hit: boolean }) {
  const width = Math.round(Math.min(1, durationMs / FULL_BAR_MS) * LONGEST_BAR_PX);
  return (
    <span role="gridcell" className="num duration text-muted" data-hit={hit ? '' : undefined}>
      {formatMs(durationMs)}
      <i aria-hidden style={{ width }} />
    </span>
  );
}

/** An upgraded connection has no body to measure. */
function sizeText(bytes: number, status: number | null): string {
  return bytes === 0 && (status === 101 || status === null) ? '' : formatBytes(bytes);
}
