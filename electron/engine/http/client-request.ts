/**
 * The request as the client sent it, checked where node:http does not: a
 * target in origin-form, one valid Host, framing that the next hop would read
 * the same way (RFC 9112 §3.2, §6.3).
 */
import type { IncomingMessage } from 'node:http';
import { LarderError } from '../../../shared/error-codes';
import type { Limits } from '../../../shared/settings';
import { targetProblem } from '../semantics/cache-key';
import { connectionProblem } from '../semantics/hop-by-hop';
import { fieldLines, fieldValue, hasField, listMembers, type RawFields } from './raw-fields';

/** `name: value CR LF` without name and value. */
const FIELD_OVERHEAD = 4;
/** `METHOD target HTTP/1.1 CR LF` without method and target. */
const LINE_OVERHEAD = 12;
/** More than these many times through a Larder, and the origin leads back to where it came from. */
const MAX_LARDERS = 5;
/** For Larder alone: it does not go upstream. */
export const DEBUG_FIELD = 'larder-debug';
const HOST = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

export interface ClientRequest {
  readonly method: string;
  readonly target: string;
  readonly fields: RawFields;
  readonly httpVersion: string;
  readonly hasBody: boolean;
  readonly clientAddress: string;
  /** Value of Host; '' for HTTP/1.0 without one. */
  readonly host: string;
  /** Cache-Status is to name the cache key (RFC 9211 §2.8): the request says `Larder-Debug: key`. */
  readonly wantsKey: boolean;
}

/** Reads the request. It may still have a problem: see `requestProblem`. */
export function readClientRequest(message: IncomingMessage): ClientRequest {
  const fields = message.rawHeaders;
  const length = message.headers['content-length'];
  return {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    fields,
    httpVersion: message.httpVersion,
    hasBody:
      message.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0),
    clientAddress: message.socket.remoteAddress ?? '',
    host: message.headers.host ?? '',
    wantsKey: message.headers[DEBUG_FIELD] === 'key',
  };
}

/** What makes the request one that must not be forwarded; null where it is sound.
 *  A body that does not say how long it is counts while it is read: origin/request-body.ts. */
export function requestProblem(request: ClientRequest, limits: Limits): LarderError | null {
  return (
    versionProblem(request) ??
    headProblem(request, limits) ??
    hostProblem(request) ??
    framingProblem(request) ??
    bodyProblem(request, limits) ??
    expectationProblem(request) ??
    formProblem(request) ??
    loopProblem(request)
  );
}

function expectationProblem({ fields }: ClientRequest): LarderError | null {
  const expect = fieldValue(fields, 'expect');
  if (expect === undefined || expect.trim().toLowerCase() === '100-continue') return null;
  const message = `Expect: ${expect} cannot be met; only 100-continue is known`;
  return new LarderError('expectation_failed', message);
}

function loopProblem({ fields }: ClientRequest): LarderError | null {
  if (larderHops(fields) <= MAX_LARDERS) return null;
  return new LarderError(
    'misdirected_request',
    `The request came through Larder ${MAX_LARDERS} times: the origin leads back to Larder itself; set another origin`,
  );
}

/** How many Larders Via names (RFC 9110 §7.6.3). */
export function larderHops(fields: RawFields): number {
  const via = fieldValue(fields, 'via');
  return via === undefined ? 0 : listMembers(via).filter((member) => /^[\d.]+ larder$/.test(member)).length;
}

function headProblem({ method, target, fields }: ClientRequest, limits: Limits): LarderError | null {
  if (target.length > limits.targetBytes) {
    return new LarderError(
      'target_too_long',
      `The request target is longer than ${limits.targetBytes} bytes; shorten it, or raise limits.targetBytes`,
    );
  }
  let length = method.length + target.length + LINE_OVERHEAD + (fields.length / 2) * FIELD_OVERHEAD;
  for (const part of fields) length += part.length;
  if (length > limits.headBytes) {
    return new LarderError(
      'fields_too_large',
      `The request's head is larger than ${limits.headBytes} bytes; send fewer cookies and fields, or raise limits.headBytes`,
    );
  }
  if (fields.length / 2 <= limits.fields) return null;
  const message = `The request has more than ${limits.fields} fields; send fewer, or raise limits.fields`;
  return new LarderError('fields_too_large', message);
}

function bodyProblem({ fields, hasBody }: ClientRequest, { requestBodyBytes }: Limits): LarderError | null {
  const length = hasBody ? fieldValue(fields, 'content-length') : undefined;
  return length !== undefined && Number(length) > requestBodyBytes ? bodyTooLarge(requestBodyBytes) : null;
}

/** @param limit bytes */
export function bodyTooLarge(limit: number): LarderError {
  return new LarderError(
    'body_too_large',
    `The request's body is larger than ${limit} bytes; send less, or raise limits.requestBodyBytes`,
  );
}

function versionProblem({ httpVersion }: ClientRequest): LarderError | null {
  if (httpVersion === '1.1' || httpVersion === '1.0') return null;
  return new LarderError('http_version', `HTTP/${httpVersion} is not spoken here; use HTTP/1.1`);
}

function hostProblem({ fields, httpVersion, host }: ClientRequest): LarderError | null {
  const lines = fieldLines(fields, 'host');
  if (lines.length > 1) return new LarderError('bad_request', 'The request has more than one Host');
  if (lines.length === 0 && httpVersion === '1.0') return null;
  if (lines.length === 1 && HOST.test(host)) return null;
  return new LarderError('bad_request', 'The request needs one valid Host');
}

function framingProblem({ fields, httpVersion }: ClientRequest): LarderError | null {
  const coding = fieldValue(fields, 'transfer-encoding');
  if (coding !== undefined && httpVersion === '1.0') {
    return new LarderError('bad_request', 'HTTP/1.0 has no Transfer-Encoding');
  }
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') return codingProblem(coding);
  if (hasField(fields, 'transfer_encoding') || hasField(fields, 'content_length')) {
    return new LarderError('bad_request', 'The request has a field that could be read as its framing');
  }
  const connection = connectionProblem(fields);
  return connection === null ? null : new LarderError('bad_request', connection);
}

/** RFC 9112 §6.1, §6.3: without one chunked, the last, nobody can tell where the body ends. */
function codingProblem(coding: string): LarderError {
  const codings = listMembers(coding.toLowerCase());
  const first = codings.indexOf('chunked');
  return first !== -1 && first === codings.length - 1
    ? new LarderError('not_implemented', `Transfer-Encoding: ${coding} is not implemented; use chunked`)
    : new LarderError(
        'bad_request',
        `Transfer-Encoding: ${coding} does not tell where the body ends; use chunked`,
      );
}

function formProblem({ target }: ClientRequest): LarderError | null {
  const problem = targetProblem(target);
  return problem === null ? null : new LarderError('bad_request', `The request target ${problem}`);
}
