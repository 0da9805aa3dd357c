/** Writes a stored response to the client: whole, as ranges, or as the 304 or 416 that it amounts to. */
import type { Exchange } from '../exchange';
import type { CachePolicy } from '../semantics/freshness';
import { OF_ONE_CONTENT, sliceRange, type PartialContent } from '../semantics/partial-content';
import { unvalidatedFields } from '../semantics/storable';
import type { StoredAnswer } from '../semantics/stored-answer';
import type { StoredResponse } from '../semantics/stored-response';
import { multipartRanges } from './multipart-ranges';
import { fieldValue, filterFields, hasField, type RawFields } from './raw-fields';
import { isBodiless, pairs, writeHead, type Head } from './response-writer';

/** What a 304 need not repeat (RFC 9110 §15.4.5). */
const NOT_IN_304: ReadonlySet<string> = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'content-language',
  'content-range',
  'trailer',
]);

/** What describes the whole, or its type, where the ranges have their own. */
const NOT_IN_RANGES: ReadonlySet<string> = new Set([...OF_ONE_CONTENT, 'trailer']);
const NOT_IN_MULTIPART: ReadonlySet<string> = new Set([...NOT_IN_RANGES, 'content-type']);
const NOT_IN_416: ReadonlySet<string> = new Set([...NOT_IN_304, ...OF_ONE_CONTENT]);

const NOTHING = new Uint8Array(0);

export interface StoredSending {
  readonly stored: StoredResponse;
  readonly answer: StoredAnswer;
  /** The stored body, whole or of the part. */
  readonly body: Uint8Array;
  readonly ageSeconds: number;
  readonly cacheStatus: string;
  /** The origin has just confirmed it: fields that `no-cache="…"` withholds are sent too. */
  readonly validated: boolean;
}

interface Message extends Head {
  readonly body: Uint8Array;
}

/** Fields of a stored response as sent, but for Age and Cache-Status: made once per stored response. */
const preparedFields = new WeakMap<StoredResponse, RawFields>();

export function writeStored(exchange: Exchange, sending: StoredSending): void {
  const { response, report, request } = exchange;
  const { stored, answer } = sending;
  const message = messageOf(exchange, sending);
  const hasTrailers = answer.kind === 'whole' && stored.trailers.length > 0;
  // They need chunks, which HTTP/1.0 does not know, and a body (RFC 9112 §7.1.2).
  const sendsTrailers = hasTrailers && request.method !== 'HEAD' && request.httpVersion !== '1.0';
  const own =
    hasTrailers && !sendsTrailers
      ? filterFields(message.fields, (name) => name !== 'trailer')
      : message.fields;
  const fields = [...own, ...ageFields(sending.ageSeconds, sending.cacheStatus)];
  const { status, statusText, body } = message;
  if (!writeHead(exchange, { status, statusText, fields })) return;
  const isEmpty = body.byteLength === 0 && stored.trailers.length === 0;
  if (request.method === 'HEAD' || isBodiless(status) || isEmpty) {
    response.end();
    return;
  }
  report.bodyBytes = body.byteLength;
  if (sendsTrailers) response.addTrailers(pairs(stored.trailers));
  response.end(body);
}

/** What every response from the store says of itself, behind its own fields. */
export function ageFields(ageSeconds: number, cacheStatus: string): RawFields {
  return ['Age', String(Math.floor(ageSeconds)), 'X-Cache', 'HIT', 'Cache-Status', cacheStatus];
}

function messageOf(exchange: Exchange, sending: StoredSending): Message {
  const { stored, answer, body } = sending;
  const fields = fieldsOf(exchange, sending);
  switch (answer.kind) {
    case 'whole':
      return { status: stored.status, statusText: stored.statusText, fields, body };
    case 'not-modified': {
      const kept = filterFields(fields, (name) => !NOT_IN_304.has(name));
      return { status: 304, statusText: 'Not Modified', fields: kept, body: NOTHING };
    }
    case 'unsatisfiable': {
      const kept = filterFields(fields, (name) => !NOT_IN_416.has(name));
      const range = `bytes */${answer.completeLength}`;
      const own = ['Content-Range', range, 'Content-Length', '0'];
      return { status: 416, statusText: 'Range Not Satisfiable', fields: [...kept, ...own], body: NOTHING };
    }
    case 'ranges':
      return { status: 206, statusText: 'Partial Content', ...rangesOf(stored, answer, fields, body) };
  }
}

function rangesOf(
  stored: StoredResponse,
  { ranges, completeLength }: StoredAnswer & { kind: 'ranges' },
  fields: RawFields,
  body: Uint8Array,
): { fields: RawFields; body: Uint8Array } {
  const whole: PartialContent = { ranges: [{ first: 0, last: body.byteLength - 1 }], completeLength };
  const part = { content: stored.partial ?? whole, body };
  const parts = ranges.map((range) => ({ range, completeLength, bytes: sliceRange(part, range) }));
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) {
    const { first, last } = only.range;
    const kept = filterFields(fields, (name) => !NOT_IN_RANGES.has(name));
    const own = [
      'Content-Range',
      `bytes ${first}-${last}/${completeLength ?? '*'}`,
      'Content-Length',
      String(only.bytes.byteLength),
    ];
    return { fields: [...kept, ...own], body: only.bytes };
  }
  const multipart = multipartRanges(parts, fieldValue(fields, 'content-type'));
  const kept = filterFields(fields, (name) => !NOT_IN_MULTIPART.has(name));
  const length = String(multipart.body.byteLength);
  return {
    fields: [...kept, 'Content-Type', multipart.contentType, 'Content-Length', length],
    body: multipart.body,
  };
}

function fieldsOf({ config }: Exchange, { stored, validated }: StoredSending): RawFields {
  if (validated) return prepare(stored, () => true);
  const known = preparedFields.get(stored);
  if (known !== undefined) return known;
  const fields = sentFields(stored, config.settings);
  preparedFields.set(stored, fields);
  return fields;
}

/** Of a stored response that was not validated just now: what is sent of it, but for Age and Cache-Status. */
export function sentFields(stored: StoredResponse, policy: CachePolicy): RawFields {
  const withheld = unvalidatedFields(stored.fields, policy);
  return prepare(stored, (name) => !withheld.has(name));
}

function prepare(stored: StoredResponse, mayBeSent: (name: string) => boolean): RawFields {
  const needsLength =
    stored.method === 'GET' &&
    stored.partial === null &&
    stored.trailers.length === 0 &&
    !isBodiless(stored.status) &&
    !hasField(stored.fields, 'content-length');
  const kept = filterFields(
    stored.fields,
    (name) => name !== 'x-cache' && (name !== 'trailer' || stored.trailers.length > 0) && mayBeSent(name),
  );
  return [...kept, ...(needsLength ? ['Content-Length', String(stored.bodyBytes)] : []), 'Via', '1.1 larder'];
}
