/** One row of the log. */
import type { CSSProperties, ReactElement, ReactNode } from 'react';
import { memo } from 'react';
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { formatBytes, formatClock, formatMs } from '../../shared/format';
import { reasonShort } from '../../shared/reason-text';
import type { Column } from '../controls/columns';
import { OutcomeBadge } from '../controls/outcome-badge';
import type { LiveColumnId } from '../state/live-columns';
import type { LogRow } from '../state/live-log';
import { openLiveRow } from '../state/window-store';

/** A duration that fills the bar. */
const FULL_BAR_MS = 500;

export const liveRowId = (row: LogRow) => `live-row-${row.seq}`;

interface LiveRowProps {
  readonly row: LogRow;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly visible: readonly Column<LiveColumnId>[];
}

export const LiveRow = memo(function LiveRow({ row, index, top, selected, visible }: LiveRowProps) {
  return (
    <div
      role="row"
      id={liveRowId(row)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className="grid-row"
      style={{ transform: `translateY(${top}px)` }}
      // Not on click: by the time the button is released another row may have come under the pointer.
      onMouseDown={({ button, ctrlKey }) => button === 0 && !ctrlKey && openLiveRow(row)}
    >
      {visible.map(({ id }) => CELLS[id](row.exchange))}
    </div>
  );
});

function cell(name: string, className: string, text: ReactNode, title?: string): ReactElement {
  return (
    <span key={name} role="gridcell" className={className} title={title}>
      {text}
    </span>
  );
}

const CELLS: Readonly<Record<LiveColumnId, (exchange: ExchangeSummary) => ReactElement>> = {
  time: ({ startedAt }) => cell('time', 'mono text-faint', formatClock(startedAt)),
  method: ({ method }) => cell('method', method === 'GET' ? 'mono text-muted' : 'mono', method),
  path: ({ target }) => cell('path', 'mono', target, target),
  status: ({ status }) => cell('status', `mono ${statusColour(status)}`, status ?? '–'),
  outcome: ({ outcome }) => cell('outcome', 'flex', <OutcomeBadge outcome={outcome} />),
  why: (exchange) => {
    const why = reasonShort(exchange);
    return cell('why', 'text-muted', why, why);
  },
  size: ({ bodyBytes, status }) => cell('size', 'num text-muted', sizeText(bodyBytes, status)),
  took: durationCell,
  saved: ({ savedMs }) => cell('saved', 'num text-hit', savedMs === null ? '' : formatMs(savedMs)),
};

function durationCell({ durationMs, outcome }: ExchangeSummary): ReactElement {
  const share = Math.min(1, durationMs / FULL_BAR_MS).toFixed(3);
  const hit = outcome === 'HIT' || outcome === 'STALE';
  return (
    <span
      key="took"
      role="gridcell"
      className={hit ? 'num duration hit' : 'num duration'}
      style={{ '--share': share } as CSSProperties}
    >
      {formatMs(durationMs)}
    </span>
  );
}

function statusColour(status: number | null): string {
  if (status === null) return 'text-faint';
  return status >= 400 ? 'text-error' : '';
}

/** An upgraded connection has no body to measure. */
function sizeText(bytes: number, status: number | null): string {
  return bytes === 0 && (status === 101 || status === null) ? '' : formatBytes(bytes);
}
