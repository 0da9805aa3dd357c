/** Sends the request of the form and shows its row in Live when the answer is there. */
import type { ComposedRequest } from '../../shared/composed-request';
import { ask } from '../bridge/larder-api';
import { rememberSent } from '../state/compose-store';
import { closeDialog } from '../state/dialog-store';
import { liveLog, type LogRow } from '../state/live-log';
import { openLiveRow, showPlace } from '../state/window-store';
import { tell } from '../app/toasts';

/** The log may get the row a few frames after the answer. */
const WAIT_FOR_ROW_MS = 1000;
const ROWS_LOOKED_AT = 2000;

let lastTicket = 0;

export interface Sending {
  /** Null: done. Else what went wrong, in words. */
  readonly result: Promise<string | null>;
  readonly cancel: () => void;
}

export function sendComposed(request: ComposedRequest): Sending {
  const ticket = (lastTicket += 1);
  rememberSent(request);
  return {
    result: send(request, ticket),
    cancel: () => void ask('exchange.cancel', { ticket }),
  };
}

async function send(request: ComposedRequest, ticket: number): Promise<string | null> {
  const fields = request.fields.map(([name, value]): [string, string] => [name, value]);
  const answer = await ask('exchange.send', { ...request, fields, ticket });
  if (!answer.ok) return answer.error.message;
  const { exchangeId, status } = answer.value;
  closeDialog('compose');
  if (exchangeId === null) tell(`Answered ${status} by Larder itself; that is not in the log`);
  else await showExchange(exchangeId);
  return null;
}

async function showExchange(id: number): Promise<void> {
  showPlace('live');
  const row = await rowOf(id);
  if (row !== null) return openLiveRow(row);
  // Held back or filtered out: its details are there all the same.
  const details = await ask('exchange.details', { id });
  if (details.ok && details.value !== null) openLiveRow({ seq: 0, exchange: details.value.summary });
}

/** Null: it does not show within a moment. */
function rowOf(id: number): Promise<LogRow | null> {
  return new Promise((resolve) => {
    const done = (row: LogRow | null) => {
      clearTimeout(timer);
      unsubscribe();
      resolve(row);
    };
    const look = () => {
      const row = findRow(id);
      if (row !== null) done(row);
    };
    const timer = setTimeout(() => done(null), WAIT_FOR_ROW_MS);
    const unsubscribe = liveLog.store.subscribe(look);
    look();
  });
}

function findRow(id: number): LogRow | null {
  for (let index = 0; index < ROWS_LOOKED_AT; index += 1) {
    const row = liveLog.rowAt(index);
    if (row === undefined) return null;
    if (row.exchange.id === id) return row;
  }
  return null;
}
