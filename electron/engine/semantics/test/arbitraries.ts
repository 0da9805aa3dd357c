/** What fast-check puts into the tests of semantics. */
import fc from 'fast-check';
import { formatHttpDate } from '../http-date';
import { NOW, NOW_DATE, OVERRIDE, RESPECT } from './responses';

/** For properties that take microseconds. */
export const MANY = { numRuns: 10_000 } as const;

const MARKS = Array.from('",;=\\ \t/-*:()@%.\u0000\u00e9\u0663\ud800');
const NUMBERS = ['0', '1', '9', '99999999999999999999', '-1', '1e3', '?0', '?1'];
const DATES = ['Sun', ', ', 'Sunday', '06', 'Nov', '1994', '-94', '08:49:37', '23:59:60', ' GMT', NOW_DATE];
const WORDS =
  'max-age s-maxage no-store no-cache private must-understand max-stale bytes bytes= W/ "a" q= gzip __proto__';

/** What parsers look for, in an order that nobody would write. */
const fragments = fc
  .array(fc.constantFrom(...MARKS, ...NUMBERS, ...DATES, ...WORDS.split(' ')), { maxLength: 12 })
  .map((parts) => parts.join(''));

/** Any text: any code points, any bytes as node reads them, and the parsers' own words in disorder. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fragments,
);

/** A date within three hours of `NOW`, to the second. */
export const anyDate = fc
  .integer({ min: -10_800, max: 10_800 })
  .map((seconds) => formatHttpDate(NOW + seconds * 1000));

const seconds = fc.oneof(fc.nat(120), fc.constantFrom(0, 1, 60, 3600, 99_999_999_999));

const PLAIN =
  'no-store no-cache private public must-revalidate proxy-revalidate must-understand immutable max-age max-stale ' +
  'only-if-cached no-transform ext';
const plainDirective = fc.constantFrom(...PLAIN.split(' '));
const timedDirective = fc
  .tuple(
    fc.constantFrom(
      'max-age',
      's-maxage',
      'stale-while-revalidate',
      'stale-if-error',
      'max-stale',
      'min-fresh',
    ),
    seconds,
  )
  .map(([name, value]) => `${name}=${value}`);
const listedDirective = fc
  .tuple(
    fc.constantFrom('no-cache', 'private'),
    fc.constantFrom(
      '',
      ',',
      'a',
      'a, b',
      'etag',
      'cache-control',
      'cdn-cache-control',
      'not a field',
      'set-cookie',
    ),
  )
  .map(([name, value]) => `${name}="${value}"`);
const garbageDirective = fc.constantFrom(
  '',
  '=',
  'max-age=',
  'max-age=-1',
  'max-age="5"',
  's-maxage=x',
  '"',
  'a b',
);

export const anyDirective = fc.oneof(
  plainDirective,
  { arbitrary: timedDirective, weight: 2 },
  listedDirective,
  garbageDirective,
);

/** A line of cache directives, with odd case and space. */
export const anyControl = fc
  .tuple(fc.array(anyDirective, { maxLength: 4 }), fc.boolean(), fc.constantFrom(',', ', ', ' ,\t'))
  .map(([directives, upper, comma]) => {
    const line = directives.join(comma);
    return upper ? line.toUpperCase() : line;
  });

/** Lines of a response that say something to a cache, some of them nonsense. */
export const responseFields = fc
  .array(
    fc.oneof(
      { arbitrary: anyControl.map((value) => ['Cache-Control', value]), weight: 4 },
      fc
        .tuple(fc.constantFrom('CDN-Cache-Control', 'Larder-Cache-Control'), anyControl)
        .map(([name, value]) => [name, value.toLowerCase()]),
      fc.oneof(seconds.map(String), anyText).map((value) => ['Age', value]),
      fc
        .tuple(fc.constantFrom('Date', 'Expires', 'Last-Modified'), fc.oneof(anyDate, anyText))
        .map(([name, value]) => [name, value]),
      fc.constantFrom('"a"', '"b"', 'W/"a"', '*', 'a, b', '').map((value) => ['ETag', value]),
      fc
        .constantFrom(
          'Set-Cookie',
          'Vary',
          'Connection',
          'Content-Length',
          'Content-Type',
          'A',
          'B',
          'Proxy-X',
        )
        .chain((name) => fc.constantFrom('a', 'b', '5').map((value) => [name, value])),
    ),
    { maxLength: 7 },
  )
  .map((lines) => lines.flat());

/** Lines of a request that say something to a cache, some of them nonsense. */
export const requestFields = fc
  .array(
    fc.oneof(
      { arbitrary: anyControl.map((value) => ['Cache-Control', value]), weight: 3 },
      fc.constantFrom('no-cache', 'x').map((value) => ['Pragma', value]),
      fc.constantFrom('"a"', 'W/"a"', '*', '"b", "c"', '').map((value) => ['If-None-Match', value]),
      fc.oneof(anyDate, anyText).map((value) => ['If-Modified-Since', value]),
      fc.constantFrom('bytes=0-1', 'bytes=-1', 'bytes=5-', 'bytes=x', 'b').map((value) => ['Range', value]),
      fc.constantFrom('"a"', NOW_DATE, 'x').map((value) => ['If-Range', value]),
      fc
        .constantFrom('Authorization', 'A', 'B', 'Cookie', 'Accept-Encoding')
        .chain((name) => fc.constantFrom('a', 'b').map((value) => [name, value])),
    ),
    { maxLength: 4 },
  )
  .map((lines) => lines.flat());

export const anyPolicy = fc.constantFrom(
  OVERRIDE,
  { policy: 'override', ttlSeconds: 60, errorTtlSeconds: 5 } as const,
  RESPECT,
  { policy: 'respect', ttlSeconds: 60 } as const,
);

export const anyStatus = fc.constantFrom(
  200,
  200,
  200,
  203,
  204,
  206,
  301,
  302,
  304,
  404,
  412,
  416,
  418,
  500,
  503,
  599,
);
