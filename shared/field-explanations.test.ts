import { describe, expect, it } from 'vitest';
import type { FieldLines } from './exchange-summary';
import { fieldExplanation, type FieldContext } from './field-explanations';

const DATE = 'Tue, 03 Mar 2026 10:00:00 GMT';

const told = (line: FieldLines[number], context: FieldContext) =>
  fieldExplanation(line, context).map(({ about, words }) => (about === null ? words : `${about}: ${words}`));

const response = (name: string, value: string, others: FieldLines = []) =>
  told([name, value], { side: 'response', fields: [[name, value], ...others] });

const request = (name: string, value: string) =>
  told([name, value], { side: 'request', fields: [[name, value]] });

describe('Cache-Control of a response', () => {
  it.each([
    ['max-age=300', 'fresh for 5 min'],
    ['max-age=0', 'to be validated before any reuse'],
    ['max-age="300"', 'fresh for 5 min'],
    ['s-maxage=60', 'fresh for 1 min in shared caches'],
    ['no-store', 'not to be stored'],
    ['no-cache', 'may be stored, but is to be validated before each reuse'],
    ['no-cache="Set-Cookie, X-A"', 'Set-Cookie, X-A only after validation; the rest may be reused'],
    ['private', 'for one user: not for shared caches'],
    ['private="X-User"', 'X-User is for one user; the rest may be shared'],
    ['public', 'may be stored by any cache, even where the request has Authorization'],
    ['must-revalidate', 'once stale, never used without validation'],
    ['proxy-revalidate', 'once stale, never used by a shared cache without validation'],
    ['must-understand', 'only for caches that know what the status asks of them'],
    ['no-transform', 'the body is to be left as it is'],
    ['immutable', 'does not change while it is fresh: a reload need not validate it'],
    ['stale-while-revalidate=30', 'may be used for 30 s after it went stale, while a new one is fetched'],
    ['stale-if-error=3600', 'may be used for 1 h after it went stale, if the origin fails'],
    ['max-age=soon', 'its value is not valid'],
    ['max-age', 'its value is not valid'],
    ['x-thing=1', 'not known: caches ignore it'],
  ])('%s: %s', (directive, words) => {
    expect(response('Cache-Control', directive)).toEqual([`${directive}: ${words}`]);
    expect(response('CDN-Cache-Control', directive)).toEqual([`${directive}: ${words}`]);
  });

  it('goes directive by directive, commas within quotes aside', () => {
    expect(response('cache-control', 'PUBLIC, ,no-cache="a, b" , max-age=60')).toEqual([
      'PUBLIC: may be stored by any cache, even where the request has Authorization',
      'no-cache="a, b": a, b only after validation; the rest may be reused',
      'max-age=60: fresh for 1 min',
    ]);
  });
});

describe('Cache-Control of a request', () => {
  it.each([
    ['max-age=0', 'wants a fresh response: validate first'],
    ['max-age=60', 'wants nothing older than 1 min'],
    ['max-stale', 'takes a stale response, however old'],
    ['max-stale=60', 'takes what went stale up to 1 min ago'],
    ['max-stale=x', 'its value is not valid'],
    ['min-fresh=10', 'wants what stays fresh for another 10 s'],
    ['no-cache', 'wants a fresh response: validate first'],
    ['no-store', 'nothing of this exchange is to be stored'],
    ['no-transform', 'the body is to be left as it is'],
    ['only-if-cached', 'wants what is stored, or 504: the origin is not to be asked'],
    ['stale-if-error=60', 'takes what went stale up to 1 min ago, if the origin fails'],
    ['private', 'not known: caches ignore it'],
  ])('%s: %s', (directive, words) => {
    expect(request('Cache-Control', directive)).toEqual([`${directive}: ${words}`]);
  });
});

describe('fields of a response', () => {
  it.each([
    ['ETag', '"a"', 'strong: names this version byte for byte'],
    ['ETag', 'W/"a"', 'weak: names a version that means the same, byte for byte or not'],
    ['ETag', 'a', 'not in quotes: many caches will not use it'],
    ['Vary', 'Accept , Origin', 'for requests with the same Accept, Origin only'],
    ['Vary', 'Accept, *', 'depends on more than the request says: no other request can match it'],
    ['Age', '75', 'left the origin, or was validated there, 1 min 15 s ago'],
    ['Age', '-1', 'not a number of seconds: caches ignore it'],
    ['Content-Range', 'bytes 0-99/400', 'bytes 0 to 99 of 400 bytes'],
    ['Content-Range', 'bytes 0-99/*', 'bytes 0 to 99 of a whole of unknown length'],
    ['Content-Range', 'bytes */400', 'no such range: the whole has 400 bytes'],
    ['Accept-Ranges', 'bytes', 'parts can be asked for with Range'],
    ['Accept-Ranges', 'none', 'parts cannot be asked for'],
    ['X-Cache', 'HIT', 'the body came from the store'],
    ['X-Cache', 'MISS', 'the body came from the origin'],
    ['Set-Cookie', 'a=1', 'for one client: with the policy “override” it is passed on, but not stored'],
    ['Content-Encoding', 'gzip', 'the body is compressed (gzip); it is kept and sent as the origin sent it'],
    ['Transfer-Encoding', 'chunked', 'for this connection alone: how the body is framed'],
    ['Connection', 'close', 'for this connection alone: neither sent on nor stored'],
    ['Via', '1.1 varnish, 1.1 larder', 'came through 1.1 varnish, then 1.1 larder'],
    ['Pragma', 'no-cache', 'says nothing in a response'],
    ['Date', DATE, 'when it was made; ages count from here'],
    ['Last-Modified', 'yesterday', 'not a date: it cannot be used to validate'],
    ['Expires', '0', 'not a date: stale from the start'],
    ['Expires', DATE, 'stale from then on'],
  ])('%s: %s', (name, value, words) => {
    expect(response(name, value)).toEqual([words]);
  });

  it('tells Expires and Last-Modified by their distance from Date', () => {
    const date: FieldLines = [['date', DATE]];
    expect(response('Expires', 'Tue, 03 Mar 2026 10:10:00 GMT', date)).toEqual([
      'fresh for 10 min from Date',
    ]);
    expect(response('Expires', 'Tue, 03 Mar 2026 09:59:59 GMT', date)).toEqual([
      'not after Date: stale from the start',
    ]);
    expect(response('Last-Modified', 'Tue, 03 Mar 2026 08:00:00 GMT', date)).toEqual([
      'last changed then, 2 h before this response; asks the origin “changed since?”',
    ]);
  });

  it('says that max-age goes before Expires', () => {
    const others: FieldLines = [
      ['date', DATE],
      ['cache-control', 'public, max-age=60'],
    ];
    expect(response('Expires', 'Tue, 03 Mar 2026 10:10:00 GMT', others)).toEqual([
      'fresh for 10 min from Date; max-age goes before it',
    ]);
  });

  it('explains Cache-Status cache by cache', () => {
    const value = '"ExampleCache"; hit; ttl=-30, larder; fwd=uri-miss; fwd-status=200; stored; ttl=300';
    expect(response('Cache-Status', value)).toEqual([
      'ExampleCache: answered from the store, expired 30 s ago',
      'larder: forwarded (nothing stored for this URL), answered 200, stored, fresh for 5 min',
    ]);
    expect(response('Cache-Status', 'other; odd=1')).toEqual(['other: says no more']);
  });
});

describe('fields of a request', () => {
  it.each([
    ['Authorization', 'Bearer x', 'who asks: responses are kept apart by a hash of it, or not stored'],
    ['Cookie', 'a=1', 'who asks: the cookies that count keep responses apart, by a hash'],
    ['Range', 'bytes=0-99', 'wants a part: bytes=0-99'],
    ['If-None-Match', '"a"', '304 without a body will do, if one of these is still the version'],
    ['If-None-Match', '*', 'only if there is nothing yet'],
    ['If-Modified-Since', DATE, '304 without a body will do, if nothing changed since'],
    ['If-Range', '"a"', 'the part only if the version is still this one, else the whole'],
    ['If-Match', '"a"', 'only if this is still the version; the origin alone can tell'],
    ['Pragma', 'no-cache', 'the old way to ask for a fresh response; counts where there is no Cache-Control'],
  ])('%s: %s', (name, value, words) => {
    expect(request(name, value)).toEqual([words]);
  });

  it('has nothing to say of what does not matter to a cache', () => {
    expect(request('User-Agent', 'curl')).toEqual([]);
    expect(response('Server', 'x')).toEqual([]);
    expect(request('ETag', '"a"')).toEqual([]);
  });
});
