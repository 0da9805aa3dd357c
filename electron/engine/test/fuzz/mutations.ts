/** What makes sound bytes odd, and how bytes are divided into segments: the same for requests and for responses. */
import fc from 'fast-check';

/** Bytes and words that parsers disagree about. */
const NASTY = [
  '\r',
  '\n',
  '\0',
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '\r\n ',
  '\r\n\t',
  ' ',
  '\t',
  '\x0b',
  '\x7f',
  '\x80',
  '\xff',
  ':',
  ',',
  '"',
  ';',
  '/',
  '#',
  '%00',
  '0',
  '-',
  '+',
  'A',
] as const;

/** Field lines that say something of framing, routing or caching. */
const LINES = [
  'Content-Length: 5',
  'Content-Length: 0',
  'Content-Length: 3, 3',
  'Content-Length: +3',
  'Content-Length: 0x3',
  'Content-Length:',
  'Content-Length: 36893488147419103233',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding : chunked',
  'Transfer_Encoding: chunked',
  'transfer-encoding:\tchunked',
  'Host: evil',
  'Host: a b/../@c',
  'Connection: close',
  'Connection: keep-alive, close',
  'Connection: host, content-length',
  'Connection: x-a, cookie',
  'Keep-Alive: timeout=5',
  'Expect: 100-continue',
  'Expect: y 100-continue',
  'Upgrade: h2c',
  'Connection: Upgrade\r\nUpgrade: websocket',
  'Cache-Control: no-cache',
  'Cache-Control: max-age=0',
  'Pragma: no-cache',
  'Range: bytes=0-1',
  'If-None-Match: *',
  'Authorization: Basic YTpi',
  'Cookie: session=2',
  'Vary: Accept',
  'Trailer: Host',
  ': empty',
  'X-A : 1',
  'X-A: 1\r\n 2',
  'no colon',
  'Age: 1',
] as const;

type Place = number;

type Mutation =
  | { readonly kind: 'flip'; readonly at: Place; readonly bit: number }
  | { readonly kind: 'replace' | 'insert'; readonly at: Place; readonly text: string }
  | { readonly kind: 'delete' | 'double'; readonly at: Place; readonly length: number }
  | { readonly kind: 'cut'; readonly at: Place }
  | {
      readonly kind: 'add line' | 'double line' | 'drop line' | 'move line';
      readonly at: Place;
      readonly text: string;
    };

/** A place in bytes of any length: the fraction of it. */
const place: fc.Arbitrary<Place> = fc.integer({ min: 0, max: 9999 });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({
    kind: fc.constantFrom('replace' as const, 'insert'),
    at: place,
    text: fc.constantFrom(...NASTY),
  }),
  fc.record({
    kind: fc.constantFrom('delete' as const, 'double'),
    at: place,
    length: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
  fc.record({
    kind: fc.constantFrom(
      'add line' as const,
      'add line',
      'add line',
      'double line',
      'drop line',
      'move line',
    ),
    at: place,
    text: fc.constantFrom(...LINES),
  }),
);

export const mutations = fc.array(mutation, { minLength: 1, maxLength: 3 });

export function mutated(bytes: string, changes: readonly Mutation[]): string {
  return changes.reduce(apply, bytes);
}

function apply(bytes: string, change: Mutation): string {
  const at = Math.floor((bytes.length * change.at) / 10_000);
  const [before, after] = [bytes.slice(0, at), bytes.slice(at)];
  switch (change.kind) {
    case 'flip':
      return before + String.fromCharCode((after.charCodeAt(0) || 0) ^ (1 << change.bit)) + after.slice(1);
    case 'replace':
      return before + change.text + after.slice(1);
    case 'insert':
      return before + change.text + after;
    case 'delete':
      return before + after.slice(change.length);
    case 'double':
      return before + after.slice(0, change.length) + after;
    case 'cut':
      return before;
    case 'add line':
    case 'double line':
    case 'drop line':
    case 'move line':
      return changeLine(bytes, change.kind, change);
  }
}

function changeLine(bytes: string, kind: string, { at, text }: { at: Place; text: string }): string {
  const lines = bytes.split('\r\n');
  const index = 1 + Math.floor(((lines.length - 1) * at) / 10_000);
  const line = lines[index] ?? '';
  if (kind === 'add line') lines.splice(index, 0, text);
  else if (kind === 'double line') lines.splice(index, 0, line);
  else lines.splice(index, 1);
  if (kind === 'move line') lines.splice(1, 0, line);
  return lines.join('\r\n');
}

/** Whole mostly; else divided at some places, seldom after every byte. Numbers are fractions as in `place`. */
export const divisions: fc.Arbitrary<readonly Place[] | 'every byte'> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<readonly Place[]>([]) },
  { weight: 30, arbitrary: fc.array(place, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant<'every byte'>('every byte') },
);

export function cutsOf(bytes: string, division: readonly Place[] | 'every byte'): readonly number[] {
  if (division === 'every byte') {
    return bytes.length > 600 ? [] : Array.from({ length: bytes.length }, (_, index) => index);
  }
  return division.map((at) => Math.floor((bytes.length * at) / 10_000)).sort((left, right) => left - right);
}
