/** Last step of the request's path: writes stored responses, streamed ones and errors to the client. */
import type { LarderError } from '../../../shared/error-codes';
import type { SharedBody } from '../collapse/shared-body';
import type { Exchange } from '../exchange';
import type { StoredResponse } from '../semantics/stored-response';
import { endResponse } from './ending';
import { errorAnswer, writeOwnAnswer } from './own-answer';
import { fieldPairs } from './field-pairs';
import { filterFields, hasField, type RawFields } from './raw-fields';

/** What a 304 need not repeat (RFC 9110 §15.4.5). */
const NOT_IN_304 = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'content-language',
  'content-range',
  'trailer',
]);

const NOTHING = new Uint8Array(0);

export interface StoredAnswer {
  readonly stored: StoredResponse;
  readonly body: Uint8Array;
  readonly ageSeconds: number;
  readonly cacheStatus: string;
  /** The client has it already. */
  readonly notModified: boolean;
}

/** Fields of a stored response as sent, but for Age and Cache-Status: made once per stored response. */
const preparedFields = new WeakMap<StoredResponse, RawFields>();

export function writeStored(exchange: Exchange, answer: StoredAnswer): void {
  const { stored } = answer;
  const prepared = prepare(stored);
  const fields = answer.notModified ? filterFields(prepared, (name) => !NOT_IN_304.has(name)) : [...prepared];
  fields.push(
    'Age',
    String(Math.floor(answer.ageSeconds)),
    'X-Cache',
    'HIT',
    'Cache-Status',
    answer.cacheStatus,
  );
  const head = exchange.request.method === 'HEAD';
  if (
    !writeHead(exchange, {
      status: answer.notModified ? 304 : stored.status,
      statusText: answer.notModified ? 'Not Modified' : stored.statusText,
      fields,
    })
  )
    return;
  if (answer.notModified || head || isBodiless(stored.status)) {
    exchange.response.end();
    return;
  }
  exchange.report.bodyBytes = answer.body.byteLength;
  if (stored.trailers.length > 0) exchange.response.addTrailers(pairs(stored.trailers));
  exchange.response.end(answer.body);
}

function prepare(stored: StoredResponse): RawFields {
  const known = preparedFields.get(stored);
  if (known !== undefined) return known;
  const needsLength =
    stored.method === 'GET' &&
    stored.trailers.length === 0 &&
    !isBodiless(stored.status) &&
    !hasField(stored.fields, 'content-length');
  const kept = filterFields(
    stored.fields,
    (name) => name !== 'x-cache' && (name !== 'trailer' || stored.trailers.length > 0),
  );
  const fields = [
    ...kept,
    ...(needsLength ? ['Content-Length', String(stored.bodyBytes)] : []),
    'Via',
    '1.1 larder',
  ];
  preparedFields.set(stored, fields);
  return fields;
}

export interface StreamedAnswer {
  readonly status: number;
  readonly statusText: string;
  /** From `passedFields`. */
  readonly fields: RawFields;
  readonly cacheStatus: string;
}

/** Writes the head and lets the body flow as fast as the client takes it. */
export function writeStreamed(exchange: Exchange, answer: StreamedAnswer, body: SharedBody): void {
  const { response } = exchange;
  if (!writeHead(exchange, { ...answer, fields: streamedFields(exchange, answer) })) return;
  // Not flushHeaders: that writes latin1 bytes as UTF-8.
  if (body.receivedBytes === 0) response.write(NOTHING);
  const reader = body.read({
    write: (chunk) => {
      exchange.observe(chunk);
      return response.write(chunk);
    },
    end: (trailers) => {
      if (trailers.length > 0 && response.chunkedEncoding) response.addTrailers(pairs(trailers));
      endResponse(response);
    },
    fail: (error) => {
      exchange.report.error = error;
      response.destroy();
    },
  });
  response.on('drain', () => reader.drain());
  response.on('close', () => reader.leave());
}

function streamedFields(exchange: Exchange, { fields, cacheStatus, status }: StreamedAnswer): string[] {
  const framed =
    hasField(fields, 'content-length') || exchange.request.method === 'HEAD' || isBodiless(status);
  const kept = filterFields(fields, (name) => name !== 'x-cache' && (name !== 'trailer' || !framed));
  kept.push('Via', '1.1 larder', 'X-Cache', 'MISS', 'Cache-Status', cacheStatus);
  return kept;
}

/** Larder's own error; where a response is under way already, the connection is cut instead. */
export function writeError(exchange: Exchange, error: LarderError, cacheStatus: string): void {
  const { response, report } = exchange;
  report.error = error;
  report.cacheStatus = cacheStatus;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const answer = errorAnswer(error, exchange.request.fields, cacheStatus);
  report.status = answer.status;
  report.responseFields = answer.fields;
  report.firstByteMs = exchange.elapsedMs();
  exchange.observe(Buffer.from(answer.body));
  writeOwnAnswer(response, answer, exchange.request.hasBody && !exchange.message.complete);
}

interface Head {
  readonly status: number;
  readonly statusText: string;
  readonly fields: RawFields;
}

/** @returns false where the head cannot be sent as it is; the client's connection is then closed. */
function writeHead(exchange: Exchange, head: Head): boolean {
  const { response, report } = exchange;
  if (response.destroyed) return false;
  report.firstByteMs = exchange.elapsedMs();
  response.sendDate = false;
  report.status = head.status;
  report.statusText = head.statusText;
  report.responseFields = head.fields;
  response.writeHead(head.status, head.statusText, head.fields as string[]);
  return true;
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304 || status === 205;
}

function pairs(fields: RawFields): [string, string][] {
  return fieldPairs(fields).map(([name, value]) => [name, value]);
}
