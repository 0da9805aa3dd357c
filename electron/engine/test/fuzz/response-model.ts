/** A model of what origins send, sound and broken: exact bytes, and how the connection goes on after them. */
import fc from 'fast-check';
import type { Scripted } from './fuzz-origin';
import { mutated, mutations } from './mutations';
import { namesFraming } from './strict-grammar';
import { readOriginResponse, type StrictResponse } from './strict-responses';

export interface OriginInput {
  /** Whose request is answered with it; no other input has it. */
  readonly target: string;
  readonly scripted: Scripted;
}

/** What a strict reader makes of the bytes, for GET. */
export type Reading = WholeReading | { readonly kind: 'cut' | 'invalid' };

export interface WholeReading {
  readonly kind: 'whole';
  readonly response: StrictResponse;
  readonly hasMore: boolean;
}

const HTTP_100 = /(?:^|\r\n)HTTP\/1\.[01] 100 /;

export function readingOf({ bytes, after }: Scripted): Reading {
  const read = readOriginResponse(bytes, 0, 'GET');
  if (read.kind !== 'read') return { kind: read.kind };
  const response = read.value;
  // undici knows no 100 that was not asked for; an error is what comes of it.
  if (response.status === 101 || HTTP_100.test(bytes) || namesFraming(response.trailers))
    return { kind: 'invalid' };
  if (response.untilClose)
    return after === 'end' ? { kind: 'whole', response, hasMore: false } : { kind: 'cut' };
  // What is reset may be lost on the way.
  if (after === 'reset') return { kind: 'invalid' };
  return { kind: 'whole', response, hasMore: read.end < bytes.length };
}

const STATUSES = [
  '200 OK',
  '200 OK',
  '200 OK',
  '404 Not Found',
  '500 ',
  '206 Partial Content',
  '204 No Content',
];
const MORE_STATUSES = ['301 Moved', '304 Not Modified', '205 Reset', '203 \xfcber', '999 Odd', '416 Range'];

const FIELDS = [
  'Cache-Control: max-age=60',
  'Cache-Control: no-store',
  'Cache-Control: private="x", no-cache=" set-cookie"',
  'ETag: "1"',
  'ETag: W/1',
  'Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT',
  'Last-Modified: 0',
  'Expires: 0',
  'Age: -1',
  'Age: 99999999999999999999',
  'Vary: Accept, *',
  'Vary: accept-encoding',
  'Set-Cookie: a=1',
  'Content-Type: application/json',
  'Content-Type:',
  'Content-Encoding: gzip, gzip, gzip',
  'Content-Range: bytes 0-4/10',
  'Connection: close',
  'Connection: x-hop, content-length',
  'Keep-Alive: timeout=1',
  'Trailer: X-Sum',
  'Date: yesterday',
  'X-Latin: \xe9\xff',
  'X-Empty:',
  'Location: /a\tb',
  'Warning: 110',
  'X-Cache: HIT',
  'Cache-Status: other; hit',
  'Via: 1.1 larder',
];

const INTERIM = [
  '',
  '',
  '',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
];
const BODIES = [
  '',
  'a',
  'hello',
  'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
  '0\r\n\r\n',
  'x'.repeat(20_000),
];

function framed(framing: string, body: string): readonly [fields: string, content: string] {
  if (framing === 'length') return [`Content-Length: ${body.length}\r\n`, body];
  if (framing === 'none') return ['', body];
  const chunks = body === '' ? '' : `${body.length.toString(16)};a=b\r\n${body}\r\n`;
  return [
    'Transfer-Encoding: chunked\r\n',
    `${chunks}0\r\n${framing === 'trailers' ? 'X-Sum: 1\r\n' : ''}\r\n`,
  ];
}

const sound = fc
  .record({
    interim: fc.constantFrom(...INTERIM),
    version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
    status: fc.constantFrom(...STATUSES, ...MORE_STATUSES),
    fields: fc.subarray(FIELDS, { maxLength: 5 }),
    framing: fc.constantFrom('length', 'length', 'chunked', 'trailers', 'none'),
    body: fc.constantFrom(...BODIES),
  })
  .map(({ interim, version, status, fields, framing, body }) => {
    const [lines, content] = framed(framing, body);
    const hasBody = !status.startsWith('204') && !status.startsWith('304');
    const head = `HTTP/${version} ${status}\r\n${fields.map((line) => `${line}\r\n`).join('')}`;
    return `${interim}${head}${hasBody ? lines : ''}\r\n${hasBody ? content : ''}`;
  });

const MORE = ['', '', '', '\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil', 'x'];

export const originInput: fc.Arbitrary<OriginInput> = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9]{10}$/),
    sound,
    fc.constantFrom(...MORE),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: mutations }),
    fc.constantFrom<Scripted['after'][]>('keep', 'keep', 'end', 'reset'),
  )
  .map(([tag, bytes, more, changes, after]) => {
    const sent = mutated(bytes, changes) + more;
    // Who waits for the rest would wait until the time is up.
    const isEnding = readingOf({ bytes: sent, after }).kind === 'whole' || after !== 'keep';
    return { target: `/o${tag}`, scripted: { bytes: sent, after: isEnding ? after : 'end' } };
  });
