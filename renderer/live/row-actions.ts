/** What the context menu of a row of the log does. */
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import { copyText } from '../app/engine-actions';
import { tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import type { CurlRequest } from '../details/curl-command';
import { curlCommand } from '../details/curl-command';
import { fetchCommand } from '../details/fetch-command';
import { larderUrl } from '../details/larder-url';
import { liveLog } from '../state/live-log';
import { withFilterValues } from '../state/log-filter';

export const copyAsCurl = (exchange: ExchangeSummary) =>
  copyRequest(exchange, 'the curl command', curlCommand);

export const copyAsFetch = (exchange: ExchangeSummary) =>
  copyRequest(exchange, 'the fetch call', fetchCommand);

async function copyRequest(
  exchange: ExchangeSummary,
  what: string,
  write: (request: CurlRequest) => string,
): Promise<void> {
  const fields = (await detailsOf(exchange))?.requestFields;
  const text = write({ method: exchange.method, url: larderUrl(exchange.target), fields: fields ?? [] });
  await copyText(text, fields === undefined ? `${what}; its fields are no longer kept` : what);
}

/** Null: no longer kept. */
async function detailsOf(exchange: ExchangeSummary): Promise<ExchangeDetails | null> {
  const answer = await ask('exchange.details', { id: exchange.id });
  if (!answer.ok || answer.value === null) return null;
  // Numbers start over with the engine: another exchange may have this one.
  return answer.value.summary.startedAt === exchange.startedAt ? answer.value : null;
}

/** At the proxy, so that the browser gets what the app got. */
export async function openInBrowser({ target }: ExchangeSummary): Promise<void> {
  const answer = await ask('shell.open', { url: larderUrl(target) });
  if (answer.ok && answer.value.opened) return;
  tellProblem(
    'The browser was not opened',
    answer.ok ? 'The URL is not one for a browser.' : answer.error.message,
  );
}

/** Whatever the query. Other terms of the filter stay. */
export function filterByPath({ target }: ExchangeSummary): void {
  const { filterText, outcomes } = liveLog.store.getState();
  liveLog.setFilter(withFilterValues(filterText, 'path', [target.split('?', 1)[0] ?? target]), outcomes);
}
