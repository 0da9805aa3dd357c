/** A model of what clients of a cache send: arbitraries for sound HTTP/1.1 requests of all kinds, alone and pipelined. */
import fc from 'fast-check';
import { formatHttpDate } from '../../semantics/http-date';
import { etagOf, FUZZ_TIME } from './fuzz-origin';
import type { FuzzInput } from './fuzz-input';

interface ModelRequest {
  readonly prime: readonly string[];
  readonly bytes: string;
  readonly isLast: boolean;
}

/** Stored ones that many inputs ask for; nothing in the model changes them. */
const WARM = [
  's200.len.max60',
  's200.len.etag.max60.public',
  's200.chunked.etag.modified.json.max60',
  's200.len.b0.max60',
  's200.len.b9000.etag.max60',
  's200.chunked.trailers.odd.reason.max60',
  's200.len.b70000.modified.ranges',
  's204.etag.max60',
  's203.len.odd.gzip.etag.max60',
  's301.len.max60.public',
].map((words) => `/warm/${words}`);

const word = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words);
const tag = fc.stringMatching(/^[a-z0-9]{9}$/);

const responseWords = fc
  .tuple(
    word('s200', 's200', 's200', 's200', 's404', 's500', 's301', 's204', 's203', 's206', 's410'),
    word('len', 'chunked', 'close', 'close.unframed'),
    word('b0', 'b1', 'b40', 'b300', 'b5000', 'b40000'),
    word('', '', '', 'max60', 'max0', 'nostore', 'nocache', 'private', 'public'),
    fc.subarray(
      [
        'etag',
        'modified',
        'vary',
        'cookie',
        'odd',
        'hop',
        'gzip',
        'json',
        'hints',
        'trailers',
        'ranges',
        'aged',
      ],
      { maxLength: 4 },
    ),
  )
  .map(([status, framing, size, control, more]) => [status, framing, size, control, ...more].join('.'));

const query = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: fc.stringMatching(/^\?[a-c]=[0-9a-z%&=;+]{0,12}$/) },
  { weight: 1, arbitrary: word('?', '??', '?a=1;b=2', '?%00', '?%0d%0a', '?a[]=1', '?\'"<>`{|}^\\') },
);

/** Asked for by nobody else. */
const ownTarget = fc
  .tuple(
    tag,
    word('', '', '/..', '//', '/%2e%2e', '/;x.css', '/A%20b', '/@evil', '/:80'),
    responseWords,
    query,
  )
  .map(([name, odd, words, asked]) => `/c${name}${odd}/${words}${asked}`);

const name = fc.stringMatching(/^X-[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const value = fc.oneof(
  fc.stringMatching(/^[!-~]{0,20}$/),
  fc.stringMatching(/^[\t -~\x80-\xff]{0,30}$/),
  word('', '"a, b"', 'a,,b', '\xff', '='.repeat(300)),
);
const oddField = fc
  .tuple(name, word(':', ': ', ':\t', ':  '), value, word('', ' ', '\t'))
  .map((parts) => parts.join(''));

const harmless = fc.oneof(
  fc.subarray(
    [
      'Accept: */*',
      'Accept: text/html, application/json;q=0.9',
      'User-Agent: fuzz/1.0 (a; b)',
      'Accept-Encoding: gzip, deflate, br',
      'Accept-Language: de, en;q=0.5',
      'Referer: http://localhost/a?b',
      'Connection: keep-alive',
      'DNT: 1',
      'Sec-Fetch-Mode: cors',
      'X-Forwarded-Host: evil',
      '__proto__: 1',
      'constructor: 2',
      'Via: 1.1 other',
      'TE: trailers',
      'Larder-Debug: key',
    ],
    { maxLength: 5 },
  ),
  fc.array(oddField, { maxLength: 3 }),
);

const choosing = (target: string): readonly string[] => [
  `If-None-Match: ${etagOf(target)}`,
  `If-None-Match: W/${etagOf(target)}, "x"`,
  'If-None-Match: *',
  'If-None-Match: "other"',
  `If-Modified-Since: ${formatHttpDate(FUZZ_TIME)}`,
  `If-Modified-Since: ${formatHttpDate(FUZZ_TIME - 9e8)}`,
  'If-Modified-Since: yesterday',
  'Range: bytes=0-9',
  'Range: bytes=3-',
  'Range: bytes=-5',
  'Range: bytes=0-1,4-5, 7-7',
  'Range: bytes=999999-',
  'Range: lines=1-2',
  `Range: bytes=0-3\r\nIf-Range: ${etagOf(target)}`,
  'Range: bytes=0-3\r\nIf-Range: "other"',
  `If-Match: ${etagOf(target)}`,
  `If-Unmodified-Since: ${formatHttpDate(FUZZ_TIME)}`,
];

/** For targets of one's own: these make the cache ask the origin or keep users apart. */
const STEERING = [
  'Cache-Control: no-cache',
  'Cache-Control: no-store',
  'Cache-Control: max-age=0',
  'Cache-Control: max-stale',
  'Cache-Control: min-fresh=10',
  'Cache-Control: only-if-cached',
  'Pragma: no-cache',
  'Authorization: Bearer abc',
  'Cookie: session=1',
  'Cookie: _ga=1',
  'X-Api-Key: 1',
];

const host = word(
  'Host: localhost',
  'Host: localhost',
  'host:127.0.0.1:80',
  'HOST: \tlocalhost:1 ',
  'Host: [::1]:9',
);
const some = fc.integer({ min: 0, max: 99 });

interface Asked {
  readonly method: string;
  readonly target: string;
  readonly fields: readonly string[];
  readonly body?: string;
  readonly version?: string;
}

function written({ method, target, fields, body = '', version = '1.1' }: Asked): string {
  return `${method} ${target} HTTP/${version}\r\n${fields.map((line) => `${line}\r\n`).join('')}\r\n${body}`;
}

/** A question for what is stored. */
const warmRequest: fc.Arbitrary<ModelRequest> = fc
  .tuple(word(...WARM), word('GET', 'GET', 'GET', 'HEAD'), host, harmless, some)
  .map(([target, method, hostLine, lines, chance]) => {
    const fields = [hostLine, ...lines];
    const choice = choosing(target)[chance];
    if (choice !== undefined && chance < 40) fields.push(choice);
    return { prime: [target], bytes: written({ method, target, fields }), isLast: false };
  });

const PLAIN_LINES = [
  'Accept: */*',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) fuzz/1.0',
  'Accept-Encoding: gzip, deflate, br',
  'Accept-Language: de,en;q=0.5',
  'Connection: keep-alive',
  'Origin: http://localhost',
  'X-Request-Id: 0123456789',
  'Cookie: _ga=1',
];

/** What a browser or a program sends for what is stored. */
const plainRequest: fc.Arbitrary<ModelRequest> = fc
  .tuple(word(...WARM), word('GET', 'GET', 'GET', 'HEAD'), fc.subarray(PLAIN_LINES))
  .map(([target, method, lines]) => {
    const fields = ['Host: localhost:3000', ...lines];
    return { prime: [target], bytes: written({ method, target, fields }), isLast: false };
  });

/** A question for a target of its own, asked before or not. */
const ownRequest: fc.Arbitrary<ModelRequest> = fc
  .tuple(ownTarget, word('GET', 'GET', 'HEAD'), host, harmless, some, fc.boolean(), some)
  .map(([target, method, hostLine, lines, chance, isPrimed, steer]) => {
    const fields = [...lines, hostLine];
    const choice = choosing(target)[chance];
    if (choice !== undefined) fields.push(choice);
    const steering = STEERING[steer];
    if (steering !== undefined) fields.push(steering);
    return { prime: isPrimed ? [target] : [], bytes: written({ method, target, fields }), isLast: false };
  });

const bodyText = fc.oneof(
  fc.stringMatching(/^[ -~]{0,40}$/),
  word('GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n', '0\r\n\r\n', '\0\r\n\x80', 'x'.repeat(3000)),
);

const inChunks = fc
  .tuple(
    bodyText,
    fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }),
    word('', ';a=b', ';q="x y"'),
    fc.boolean(),
  )
  .map(([text, sizes, extension, hasTrailers]) => {
    let at = 0;
    let chunks = '';
    for (const size of [...sizes, text.length]) {
      const part = text.slice(at, at + size);
      at += size;
      if (part !== '') chunks += `${part.length.toString(16).toUpperCase()}${extension}\r\n${part}\r\n`;
    }
    return {
      line: 'Transfer-Encoding: chunked',
      body: `${chunks}0\r\n${hasTrailers ? 'X-Late: 1\r\n' : ''}\r\n`,
    };
  });

const content = fc.oneof(
  bodyText.map((text) => ({ line: `Content-Length: ${text.length}`, body: text })),
  inChunks,
);

/** Requests with a body: of unsafe methods mostly, sometimes of GET. */
const bodyRequest: fc.Arbitrary<ModelRequest> = fc
  .tuple(
    ownTarget,
    word('POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'GET'),
    host,
    content,
    harmless,
    some,
    fc.boolean(),
  )
  .map(([target, method, hostLine, { line, body }, lines, chance, isPrimed]) => {
    const fields = [hostLine, ...lines, line];
    if (chance < 10) fields.push('Expect: 100-continue');
    const prime = isPrimed && method !== 'GET' ? [target] : [];
    return { prime, bytes: written({ method, target, fields, body }), isLast: false };
  });

const emptyUnsafe: fc.Arbitrary<ModelRequest> = fc
  .tuple(ownTarget, word('POST', 'DELETE', 'OPTIONS'), host, fc.boolean())
  .map(([target, method, hostLine, hasLength]) => {
    const fields = hasLength ? [hostLine, 'Content-Length: 0'] : [hostLine];
    return { prime: [target], bytes: written({ method, target, fields }), isLast: false };
  });

const lastRequest: fc.Arbitrary<ModelRequest> = fc
  .tuple(
    fc.oneof(word(...WARM), ownTarget),
    word('GET', 'HEAD'),
    word('close', 'old', 'asterisk', 'kept'),
    harmless,
  )
  .map(([target, method, kind, lines]) => {
    const others = lines.filter((line) => !line.startsWith('Connection'));
    const fields = ['Host: localhost', ...others];
    const prime = target.startsWith('/warm') ? [target] : [];
    if (kind === 'close') {
      return {
        prime,
        bytes: written({ method, target, fields: [...fields, 'Connection: close'] }),
        isLast: true,
      };
    }
    if (kind === 'old')
      return { prime, bytes: written({ method, target, fields, version: '1.0' }), isLast: true };
    if (kind === 'kept') {
      const kept = [...others, 'Connection: keep-alive'];
      return { prime, bytes: written({ method, target, fields: kept, version: '1.0' }), isLast: false };
    }
    return { prime: [], bytes: written({ method: 'OPTIONS', target: '*', fields }), isLast: false };
  });

const anyRequest = fc.oneof(
  { weight: 12, arbitrary: plainRequest },
  { weight: 6, arbitrary: warmRequest },
  { weight: 3, arbitrary: ownRequest },
  { weight: 2, arbitrary: bodyRequest },
  { weight: 1, arbitrary: emptyUnsafe },
  { weight: 1, arbitrary: lastRequest },
);

/** One request, or some sent ahead; nothing follows one that ends the connection. */
export const soundRequests: fc.Arbitrary<Pick<FuzzInput, 'prime' | 'bytes'>> = fc
  .oneof(
    { weight: 6, arbitrary: anyRequest.map((request) => [request]) },
    { weight: 1, arbitrary: fc.array(anyRequest, { minLength: 2, maxLength: 4 }) },
  )
  .map((requests) => {
    const last = requests.findIndex(({ isLast }) => isLast);
    const sent = last < 0 ? requests : requests.slice(0, last + 1);
    return {
      prime: [...new Set(sent.flatMap(({ prime }) => prime))],
      bytes: sent.map(({ bytes }) => bytes).join(''),
    };
  });
