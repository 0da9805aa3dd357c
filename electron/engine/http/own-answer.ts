/** Larder's own answers: errors as JSON, or as a page where a browser asks for one, and JSON of the endpoints. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { ERROR_CODES, type LarderError } from '../../../shared/error-codes';
import { endResponse } from './ending';
import { fieldValue, type RawFields } from './raw-fields';

export interface OwnAnswer {
  readonly status: number;
  readonly fields: RawFields;
  readonly body: string;
}

/** @param requestFields decide between JSON and a page. */
export function errorAnswer(error: LarderError, requestFields: RawFields, cacheStatus: string): OwnAnswer {
  const page = wantsPage(requestFields);
  return {
    status: error.status,
    fields: [
      'Content-Type',
      page ? 'text/html; charset=utf-8' : 'application/json',
      'Cache-Control',
      'no-store',
      ...(page ? ['Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'"] : []),
      'X-Content-Type-Options',
      'nosniff',
      'X-Cache',
      'MISS',
      'Cache-Status',
      cacheStatus,
    ],
    body: page ? errorPage(error) : `${JSON.stringify({ error: error.report() })}\n`,
  };
}

/** Writes the answer whole and ends the response; `close` also ends the connection. */
export function writeOwnAnswer(response: ServerResponse, answer: OwnAnswer, close = false): void {
  const body = Buffer.from(answer.body, 'utf8');
  const fields = [
    ...answer.fields,
    'Content-Length',
    String(body.byteLength),
    'Date',
    new Date().toUTCString(),
  ];
  response.sendDate = false;
  if (close) response.shouldKeepAlive = false;
  response.writeHead(answer.status, STATUS_CODES[answer.status] ?? '', fields);
  // Who is too late is not sending: nothing is to be let in before the connection closes.
  const letIn = answer.status !== 408;
  endResponse(response, response.req.method === 'HEAD' ? undefined : body, letIn);
}

export function jsonAnswer(status: number, value: unknown, extra: RawFields = []): OwnAnswer {
  return {
    status,
    fields: [
      'Content-Type',
      'application/json',
      'Cache-Control',
      'no-store',
      'X-Content-Type-Options',
      'nosniff',
      ...extra,
    ],
    body: `${JSON.stringify(value)}\n`,
  };
}

function wantsPage(fields: RawFields): boolean {
  return (fieldValue(fields, 'accept') ?? '').toLowerCase().includes('text/html');
}

function errorPage(error: LarderError): string {
  const title = ERROR_CODES[error.code].title;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} · Larder</title>
<style>
:root{color-scheme:light dark}
body{font:15px/1.55 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}
main{max-width:34rem;padding:2rem}
h1{font-size:1.25rem;margin:0 0 .5rem}
p{margin:0 0 1rem}
code{font:13px ui-monospace,monospace;opacity:.75}
</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(error.message)}</p><code>${error.status} ${error.code} · Larder</code></main></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
