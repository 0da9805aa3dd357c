/** Rows S of hostile-input.md that must be refused: bytes in, the statuses that are right. Every one closes the connection. */

export interface RefusedRow {
  readonly id: string;
  readonly what: string;
  /** `EVIL` stands for the address of the listener that must see nobody. */
  readonly bytes: string;
  readonly statuses: readonly number[];
  /** The fault is in the body: a request may have been begun upstream, never ended. */
  readonly begun?: true;
}

/** Stored before, so that the quick way could be tempted. */
export const HIT = '/hit';
/** Never asked for otherwise. */
const ROW = '/row';
const GET = `GET ${HIT} HTTP/1.1\r\nHost: localhost\r\n`;
const POST = `POST ${ROW} HTTP/1.1\r\nHost: localhost\r\n`;
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';

type Case = readonly [what: string, bytes: string];

function refused(id: string, statuses: readonly number[], cases: readonly Case[]): RefusedRow[] {
  return cases.map(([what, bytes]) => ({ id, what, bytes, statuses }));
}

/** The same field lines in a POST and in a GET of what is stored. */
function framed(lines: string, body: string, what = lines.replaceAll('\r\n', ', ')): Case[] {
  return [
    [`${what}, POST`, `${POST}${lines}\r\n\r\n${body}`],
    [`${what}, GET of a hit`, `${GET}${lines}\r\n\r\n${body}`],
  ];
}

const S01 = refused(
  'S01',
  [400],
  [
    ...framed('Content-Length: 5\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`),
    ...framed('Transfer-Encoding: chunked\r\nContent-Length: 5', `0\r\n\r\n${SMUGGLED}`),
    ...framed('Content-Length: 0\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`),
    ...framed('content-length: 3\r\nX-A: 1\r\nTRANSFER-ENCODING: Chunked', `0\r\n\r\n${SMUGGLED}`),
  ],
);

const LENGTHS: readonly string[] = [
  '3\r\nContent-Length: 3',
  '3\r\nContent-Length: 4',
  '3, 3',
  '3 3',
  '+3',
  '-1',
  '',
  '0x3',
  '3.0',
  '1e1',
  '18446744073709551617',
];
const S02 = refused(
  'S02',
  [400],
  LENGTHS.flatMap((value) => framed(`Content-Length: ${value}`, 'abc')),
);

const CODINGS: readonly string[] = [
  'xchunked',
  'identity',
  'chunked, identity',
  'chunked\r\nTransfer-Encoding: chunked',
  'chunked\r\nTransfer-Encoding: identity',
  'chunked, chunked',
  '"chunked"',
  '\x0bchunked',
];
const S03 = refused(
  'S03',
  [400],
  [
    ...CODINGS.flatMap((value) =>
      framed(`Transfer-Encoding: ${value}`, '0\r\n\r\n', JSON.stringify(`Transfer-Encoding: ${value}`)),
    ),
    ...framed('Transfer-Encoding : chunked', '0\r\n\r\n'),
    ...framed('Transfer-Encoding\t: chunked', '0\r\n\r\n', 'Transfer-Encoding, a tab, a colon'),
  ],
);

const S04 = refused(
  'S04',
  [400, 501],
  [
    ...framed('Transfer-Encoding: gzip, chunked', '0\r\n\r\n'),
    ...framed('Transfer-Encoding: chunked, gzip', '0\r\n\r\n'),
    ...framed('Transfer-Encoding: gzip', '0\r\n\r\n'),
    ...framed('Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
  ],
);

const S05 = refused(
  'S05',
  [400],
  [
    [
      'HTTP/1.0 with chunked, POST',
      `POST ${ROW} HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'HTTP/1.0 with chunked, kept alive',
      `GET ${HIT} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'HTTP/1.0 with chunked and a length',
      `POST ${ROW} HTTP/1.0\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
  ],
);

/** All control characters but the tab, CR and LF; and DEL. */
const CONTROLS = [...Array(32).keys(), 127].filter((code) => ![9, 10, 13].includes(code));
const shown = (code: number): string => `0x${code.toString(16).padStart(2, '0')}`;
const S06 = refused(
  'S06',
  [400],
  [
    ['obs-fold with a space', `${GET}X-A: 1\r\n 2\r\n\r\n`],
    ['obs-fold with a tab', `${GET}X-A: 1\r\n\t2\r\n\r\n`],
    ['obs-fold of the first field', `GET ${HIT} HTTP/1.1\r\n Host: localhost\r\n\r\n`],
    ['obs-fold of the framing', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
    ['a bare LF after a field', `${GET}X-A: 1\n\r\n`],
    ['a bare LF within a field', `${GET}X-A: 1\nX-B: 2\r\n\r\n`],
    ['bare LFs throughout', `GET ${HIT} HTTP/1.1\nHost: localhost\n\n`],
    ['a bare LF after the request line', `GET ${HIT} HTTP/1.1\nHost: localhost\r\n\r\n`],
    ['a bare LF as the empty line', `${GET}X-A: 1\r\n\n`],
    ['a bare CR within a field', `${GET}X-A: 1\r2\r\n\r\n`],
    ['a bare CR after a field', `${GET}X-A: 1\rX-B: 2\r\n\r\n`],
    ['two CRs after a field', `${GET}X-A: 1\r\r\n\r\n`],
    ['a bare CR in the request line', `GET ${HIT}\r HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ...CONTROLS.map((code): Case => [
      `${shown(code)} in a value`,
      `${GET}X-A: 1${String.fromCharCode(code)}2\r\n\r\n`,
    ]),
    ...CONTROLS.map((code): Case => [
      `${shown(code)} in a name`,
      `${GET}X-A${String.fromCharCode(code)}: 1\r\n\r\n`,
    ]),
    ...CONTROLS.map((code): Case => [
      `${shown(code)} in the target`,
      `GET ${HIT}${String.fromCharCode(code)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    ]),
  ],
);

const S07 = refused(
  'S07',
  [400],
  [
    ['an empty field name', `${GET}: 1\r\n\r\n`],
    ['a space before the colon', `${GET}X-A : 1\r\n\r\n`],
    ['a tab before the colon', `${GET}X-A\t: 1\r\n\r\n`],
    ['a space before the colon of Host', `GET ${HIT} HTTP/1.1\r\nHost : localhost\r\n\r\n`],
    ['a line without a colon', `${GET}X-A\r\n\r\n`],
    ...Array.from('()<>@,;\\"/[]?={} \xe9').map((sign): Case => [
      `${JSON.stringify(sign)} in a name`,
      `${GET}X${sign}A: 1\r\n\r\n`,
    ]),
  ],
);

const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const CHUNKED_GET = `${GET}Transfer-Encoding: chunked\r\n\r\n`;
const CHUNKS: readonly Case[] = [
  ['a chunk size with LF only', '3\nabc\r\n0\r\n\r\n'],
  ['a last chunk with LF only', '3\r\nabc\r\n0\n\r\n'],
  ['a chunk extension with a CR', '3;a\rb\r\nabc\r\n0\r\n\r\n'],
  ['a chunk extension with a LF', '3;a\nabc\r\n0\r\n\r\n'],
  ['no CRLF after the data', '3\r\nabc0\r\n\r\n'],
  ['more data than the size', '3\r\nabcd\r\n0\r\n\r\n'],
  ['a LF only after the data', '3\r\nabc\n0\r\n\r\n'],
  ['a chunk size of 0x3', '0x3\r\nabc\r\n0\r\n\r\n'],
  ['a chunk size of -3', '-3\r\nabc\r\n0\r\n\r\n'],
  ['a chunk size of +3', '+3\r\nabc\r\n0\r\n\r\n'],
  ['a space before the chunk size', ' 3\r\nabc\r\n0\r\n\r\n'],
  ['an empty chunk size', '\r\nabc\r\n0\r\n\r\n'],
  ['a chunk size that overflows 64 bits', '10000000000000003\r\nabc\r\n0\r\n\r\n'],
  ['a chunk size of seventeen f', 'fffffffffffffffff\r\nabc\r\n0\r\n\r\n'],
];
const S08 = refused(
  'S08',
  [400],
  CHUNKS.flatMap(([what, body]): Case[] => [
    [`${what}, POST`, `${CHUNKED}${body}`],
    [`${what}, GET of a hit`, `${CHUNKED_GET}${body}`],
  ]),
).map((row): RefusedRow => ({ ...row, begun: true }));

const S09 = refused(
  'S09',
  [400, 413],
  [
    ['a chunk extension of 64 KB', `${CHUNKED}3;${'x'.repeat(65_536)}\r\nabc\r\n0\r\n\r\n`],
    ['many chunk extensions, 64 KB in all', `${CHUNKED}3${';x=1'.repeat(16_384)}\r\nabc\r\n0\r\n\r\n`],
  ],
).map((row): RefusedRow => ({ ...row, begun: true }));

const HOSTS: readonly string[] = ['a b/../@c', '', 'a/b', 'user@a', 'a:b', 'a?b', 'a#b', 'a\\b', 'http://a'];
const S11 = refused(
  'S11',
  [400],
  [
    ['no Host', `GET ${HIT} HTTP/1.1\r\n\r\n`],
    ['no Host, other fields', `GET ${HIT} HTTP/1.1\r\nAccept: */*\r\n\r\n`],
    ['two Hosts that differ', `${GET}Host: evil\r\n\r\n`],
    ['two Hosts that agree', `${GET}host: localhost\r\n\r\n`],
    ...HOSTS.map((host): Case => [`Host: ${host}`, `GET ${HIT} HTTP/1.1\r\nHost: ${host}\r\n\r\n`]),
  ],
);

const S12 = refused(
  'S12',
  [400, 421],
  [
    ['GET http://evil/hit with its own Host', `GET http://EVIL${HIT} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['GET http://evil/hit with evil as Host', `GET http://EVIL${HIT} HTTP/1.1\r\nHost: EVIL\r\n\r\n`],
    ['GET https://evil/hit', `GET https://EVIL${HIT} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['GET http://localhost/hit', `GET http://localhost${HIT} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    [
      'POST http://evil/row',
      `POST http://EVIL${ROW} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`,
    ],
    ['OPTIONS http://evil', 'OPTIONS http://EVIL HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ],
);

const S14 = refused(
  'S14',
  [400],
  [
    ['GET @evil/', 'GET @EVIL/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['GET evil:80', 'GET EVIL HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['GET evil/', 'GET EVIL/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['GET .evil/', 'GET .EVIL/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['GET ?a', 'GET ?a HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['GET \\hit', 'GET \\hit HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['GET without a target', 'GET  HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ],
);

const S15 = refused(
  'S15',
  [400],
  [
    ['GET *', 'GET * HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['POST *', 'POST * HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'],
    ['GET *hit', 'GET *hit HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['OPTIONS */', 'OPTIONS */ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ],
);

const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n';
const S16 = [
  ...refused(
    'S16',
    [405, 501],
    [
      ['CONNECT evil', 'CONNECT EVIL HTTP/1.1\r\nHost: EVIL\r\n\r\n'],
      ['CONNECT evil with bytes behind', `CONNECT EVIL HTTP/1.1\r\nHost: EVIL\r\n\r\n${SMUGGLED}`],
      ['Upgrade: h2c', `${GET}${H2C}`],
      ['Upgrade: h2c with bytes behind', `${GET}${H2C}${SMUGGLED}`],
      ['Upgrade: h2c with the preface behind', `${GET}${H2C}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`],
      ['Upgrade: H2C, POST', `POST ${ROW} HTTP/1.1\r\nHost: localhost\r\n${H2C.replace('h2c', 'H2C')}`],
    ],
  ),
  ...refused('S16', [400, 405, 501, 505], [['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']]),
];

const S17 = refused(
  'S17',
  [400, 505],
  [
    ['HTTP/0.9', `GET ${HIT}\r\n\r\n`],
    ['HTTP/0.9 with fields', `GET ${HIT}\r\nHost: localhost\r\n\r\n`],
    ...[
      'HTTP/0.9',
      'HTTP/1.2',
      'HTTP/1.10',
      'HTTP/2.0',
      'HTTP/3',
      'HTTP/11',
      'http/1.1',
      'HTTP/1,1',
      'HTTP /1.1',
      'HTTP/ 1.1',
      'XHTTP/1.1',
      'HTTP/1.1 x',
    ].map((version): Case => [
      `${version} in the request line`,
      `GET ${HIT} ${version}\r\nHost: localhost\r\n\r\n`,
    ]),
    ['a fragment', `GET ${HIT}#frag HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['a fragment after a query', `GET ${HIT}?a#frag HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['a space in the target', `GET ${HIT} x HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['a tab for a space', `GET\t${HIT}\tHTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['a method in small letters', `get ${HIT} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  ],
);

const EXPECTATIONS: readonly string[] = [
  'y 100-continue',
  'foo',
  '100-continue, foo',
  '100-continue y',
  '100',
];
const S18 = refused(
  'S18',
  [417],
  EXPECTATIONS.flatMap((value): Case[] => [
    [`Expect: ${value}, POST`, `${POST}Expect: ${value}\r\nContent-Length: 0\r\n\r\n`],
    [`Expect: ${value}, GET of a hit`, `${GET}Expect: ${value}\r\n\r\n`],
  ]),
);

const S19 = refused(
  'S19',
  [400],
  [
    ...framed('Transfer_Encoding: chunked\r\nContent-Length: 3', 'abc'),
    ...framed('Content-Length: 3\r\ntransfer_encoding: chunked', 'abc'),
    ...framed('Content_Length: 3', 'abc'),
  ],
);

const many = (count: number): string => 'a:b\r\n'.repeat(count);
const S22 = [
  ...refused(
    'S22',
    [431],
    [
      ['one field of 17 KB', `${GET}X: ${'x'.repeat(17_408)}\r\n\r\n`],
      ['fields of 17 KB', `${GET}${`X: ${'x'.repeat(1018)}\r\n`.repeat(17)}\r\n`],
      ['fields of 80 KB', `${GET}X: ${'x'.repeat(81_920)}\r\n\r\n`],
      ['2,500 fields', `${GET}${many(2500)}\r\n`],
      ['201 fields', `${GET}${many(200)}\r\n`],
    ],
  ),
  ...refused(
    'S22',
    [414],
    [
      ['a URL of 20 KB', `GET ${HIT}?${'a'.repeat(20_480)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
      [
        'a URL of 8 KiB and one byte',
        `GET ${`${HIT}?`.padEnd(8193, 'a')} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      ],
    ],
  ),
];

export const REFUSED: readonly RefusedRow[] = [
  ...S01,
  ...S02,
  ...S03,
  ...S04,
  ...S05,
  ...S06,
  ...S07,
  ...S08,
  ...S09,
  ...S11,
  ...S12,
  ...S14,
  ...S15,
  ...S16,
  ...S17,
  ...S18,
  ...S19,
  ...S22,
];
