/** What can be done with a row of the log: copied, sent again, its stored response opened or deleted. */
import { Copy, PackageOpen, Repeat2, Trash2 } from 'lucide-react';
import { composedFieldProblem } from '../../shared/composed-request';
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import { copyText, deleteEntry } from '../app/engine-actions';
import { openCompose } from '../state/compose-store';
import { openEntry } from '../state/window-store';
import { curlCommand, type CurlRequest } from './curl-command';
import { fetchCommand } from './fetch-command';
import { larderUrl } from './larder-url';

interface ExchangeActionsProps {
  readonly exchange: ExchangeSummary;
  /** Null: not here, or no longer. */
  readonly details: ExchangeDetails | null;
}

/** Sent again without changes they do no harm. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export function ExchangeActions({ exchange, details }: ExchangeActionsProps) {
  const { entryId, method, target } = exchange;
  return (
    <>
      <CopyButtons exchange={exchange} details={details} />
      {REPEATABLE.has(method) && (
        <button
          type="button"
          className="btn small"
          disabled={details === null}
          onClick={() => openCompose({ method, target, fields: sendableFields(details) })}
        >
          <Repeat2 aria-hidden />
          Send again
        </button>
      )}
      {entryId !== null && (
        <>
          <button type="button" className="btn small" onClick={() => openEntry(entryId)}>
            <PackageOpen aria-hidden />
            Open stored response
          </button>
          <button type="button" className="btn small danger" onClick={() => void deleteEntry(entryId)}>
            <Trash2 aria-hidden />
            Delete
          </button>
        </>
      )}
    </>
  );
}

function CopyButtons({ exchange, details }: ExchangeActionsProps) {
  const request: CurlRequest = {
    method: exchange.method,
    url: larderUrl(exchange.target),
    fields: details?.requestFields ?? [],
  };
  return (
    <span className="btn-group" role="group" aria-label="Copy">
      <button type="button" className="btn small" onClick={() => void copyText(request.url, 'the URL')}>
        <Copy aria-hidden />
        Copy URL
      </button>
      <button
        type="button"
        className="btn small"
        aria-label="Copy as cURL"
        title="Copy as cURL"
        disabled={details === null}
        onClick={() => void copyText(curlCommand(request), 'the curl command')}
      >
        cURL
      </button>
      <button
        type="button"
        className="btn small"
        aria-label="Copy as fetch"
        title="Copy as fetch"
        disabled={details === null}
        onClick={() => void copyText(fetchCommand(request), 'the call of fetch')}
      >
        fetch
      </button>
    </span>
  );
}

/** Without those that the connection makes. */
function sendableFields(details: ExchangeDetails | null): ExchangeDetails['requestFields'] {
  return (details?.requestFields ?? []).filter(([name, value]) => composedFieldProblem(name, value) === null);
}
