/** Last step of the request's path: writes what the origin streams, and errors, to the client. stored-writer.ts writes what is stored. */
import type { LarderError } from '../../../shared/error-codes';
import type { SharedBody } from '../collapse/shared-body';
import type { Exchange } from '../exchange';
import { endResponse } from './ending';
import { isClientFault } from '../origin/request-body';
import { errorAnswer, writeOwnAnswer } from './own-answer';
import { fieldPairs } from './field-pairs';
import { filterFields, hasField, type RawFields } from './raw-fields';

const NOTHING = new Uint8Array(0);

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
  const { method, httpVersion } = exchange.request;
  const framed =
    hasField(fields, 'content-length') || method === 'HEAD' || httpVersion === '1.0' || isBodiless(status);
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
  const bodyIsComing = exchange.request.hasBody && !exchange.message.complete;
  writeOwnAnswer(response, answer, bodyIsComing || isClientFault(error));
}

export interface Head {
  readonly status: number;
  readonly statusText: string;
  readonly fields: RawFields;
}

/** @returns false where the head cannot be sent as it is; the client's connection is then closed. */
export function writeHead(exchange: Exchange, head: Head): boolean {
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

export function isBodiless(status: number): boolean {
  return status === 204 || status === 304 || status === 205;
}

export function pairs(fields: RawFields): [string, string][] {
  return fieldPairs(fields).map(([name, value]) => [name, value]);
}
