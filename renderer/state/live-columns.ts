/** The columns of the live log, and the value by which each of them sorts. */
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';
import { reasonShort } from '../../shared/reason-text';
import type { Column } from '../controls/columns';
import { Columns } from '../controls/columns';

export type LiveColumnId =
  | 'time'
  | 'method'
  | 'path'
  | 'status'
  | 'outcome'
  | 'why'
  | 'size'
  | 'took'
  | 'saved';

/** What falls away first as the grid narrows is what Details says as well. */
const LIVE_COLUMNS: readonly Column<LiveColumnId>[] = [
  { id: 'time', name: 'Time', width: 58, minWidth: 40, fromGridWidth: 640 },
  { id: 'method', name: 'Method', width: 56, minWidth: 36, fromGridWidth: 420 },
  { id: 'path', name: 'Path', width: 120, minWidth: 60, grow: 1.3, always: true },
  { id: 'status', name: 'Status', width: 42, minWidth: 34 },
  { id: 'outcome', name: 'Outcome', width: 72, minWidth: 68 },
  { id: 'why', name: 'Why', width: 96, minWidth: 50, grow: 1, fromGridWidth: 550 },
  { id: 'size', name: 'Size', width: 58, minWidth: 44, numeric: true, fromGridWidth: 660 },
  { id: 'took', name: 'Took', width: 64, minWidth: 48, numeric: true },
  { id: 'saved', name: 'Saved', width: 60, minWidth: 44, numeric: true, fromGridWidth: 800 },
];

export const liveColumns = new Columns<LiveColumnId>('live', LIVE_COLUMNS);

/** By what a column sorts a row: a number or a word; what is missing comes below everything. */
export const SORT_VALUES: Readonly<
  Record<Exclude<LiveColumnId, 'time'>, (exchange: ExchangeSummary) => number | string>
> = {
  method: ({ method }) => method,
  path: ({ target }) => target,
  status: ({ status }) => status ?? -1,
  outcome: ({ outcome }) => OUTCOMES.indexOf(outcome),
  why: reasonShort,
  size: ({ bodyBytes }) => bodyBytes,
  took: ({ durationMs }) => durationMs,
  saved: ({ savedMs }) => savedMs ?? -1,
};
