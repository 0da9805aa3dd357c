import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate } from './http-date';
import { holdsRange, sliceRange } from './partial-content';
import { asksForRange, storedAnswer } from './stored-answer';
import { MANY } from './test/arbitraries';
import { anyHeld, heldOf, partOf } from './test/parts';
import { NOW, stored } from './test/responses';

const fields = ['ETag', '"a"', 'Last-Modified', formatHttpDate(NOW - 86_400_000)];
const whole = stored({ fields, bodyBytes: 100 });
const get = (...requestFields: string[]) => ({ method: 'GET', fields: requestFields });

// "206 0-4,8-9/100", "416 */100", or the kind.
function answer(request: { method: string; fields: readonly string[] }, response = whole): string {
  const made = storedAnswer(request, response);
  switch (made?.kind) {
    case 'ranges':
      return `206 ${made.ranges.map(({ first, last }) => `${first}-${last}`).join()}/${made.completeLength ?? '*'}`;
    case 'unsatisfiable':
      return `416 */${made.completeLength}`;
    default:
      return made?.kind ?? 'nothing';
  }
}

describe('RFC 9110 §14.2: a range of a stored whole', () => {
  it.each([
    ['bytes=0-4', '206 0-4/100'],
    ['bytes=90-', '206 90-99/100'],
    ['bytes=-10', '206 90-99/100'],
    ['bytes=0-', '206 0-99/100'],
    ['bytes=95-200', '206 95-99/100'],
    ['bytes=8-9,0-4', '206 0-4,8-9/100'],
    ['bytes=0-4,3-9', '206 0-9/100'],
    ['bytes=0-4,5-9', '206 0-9/100'],
    ['bytes=0-9,3-4', '206 0-9/100'],
    ['bytes=0-4,500-', '206 0-4/100'],
    ['bytes=-0,0-0', '206 0-0/100'],
    ['bytes=100-', '416 */100'],
    ['bytes=-0', '416 */100'],
    ['bytes=500-600,700-', '416 */100'],
    ['bytes=5-4', 'whole'],
    ['rows=0-4', 'whole'],
    ['bytes=0-4,x', 'whole'],
    ['', 'whole'],
  ])('%s: %s', (range, expected) => {
    expect(answer(get('Range', range))).toBe(expected);
    expect(answer(get('Range', range, 'If-Range', '"a"'))).toBe(expected);
  });

  it('sixteen ranges at most, overlaps put together; who asks for more gets the whole (§17.15)', () => {
    const apart = (count: number) =>
      `bytes=${Array.from({ length: count }, (_, at) => `${at * 2}-${at * 2}`).join()}`;
    expect(answer(get('Range', apart(16)))).toMatch(/^206 0-0,2-2,.*,30-30\/100$/);
    expect(answer(get('Range', apart(17)))).toBe('whole');
    expect(answer(get('Range', `${apart(17)},0-99`))).toBe('206 0-99/100');
  });

  it('the whole without Range, with two of them, for HEAD, and where If-Range does not hold (§13.1.5)', () => {
    expect(answer(get())).toBe('whole');
    expect(answer(get('Range', 'bytes=0-1', 'Range', 'bytes=0-1'))).toBe('whole');
    expect(answer({ method: 'HEAD', fields: ['Range', 'bytes=0-1'] })).toBe('whole');
    expect(answer(get('Range', 'bytes=0-1', 'If-Range', '"b"'))).toBe('whole');
    expect(answer(get('Range', 'bytes=500-', 'If-Range', '"b"'))).toBe('whole');
    expect(answer(get('If-Range', '"b"'))).toBe('whole');
  });

  it.each([203, 301, 404, 410])('the whole of what is no 200: %i', (status) => {
    expect(answer(get('Range', 'bytes=0-1'), stored({ status, bodyBytes: 100 }))).toBe('whole');
  });

  it('of an empty body: 416, but the whole for a suffix, which it satisfies (§14.1.2)', () => {
    const empty = stored({ bodyBytes: 0 });
    expect(answer(get('Range', 'bytes=0-'), empty)).toBe('416 */0');
    expect(answer(get('Range', 'bytes=-0'), empty)).toBe('416 */0');
    expect(answer(get('Range', 'bytes=-5'), empty)).toBe('whole');
  });
});

describe('RFC 9110 §13.2.2: conditions come before the range', () => {
  it.each<[string, string[], string]>([
    ['the client has it', ['If-None-Match', '"a"'], 'not-modified'],
    [
      'the client has it, and asks for a range',
      ['If-None-Match', '"a"', 'Range', 'bytes=0-1'],
      'not-modified',
    ],
    ['whatever the range', ['If-None-Match', '"a"', 'Range', 'bytes=500-'], 'not-modified'],
    ['not modified since', ['If-Modified-Since', formatHttpDate(NOW)], 'not-modified'],
    ['the client has another', ['If-None-Match', '"b"'], 'whole'],
    ['another, and asks for a range', ['If-None-Match', '"b"', 'Range', 'bytes=0-1'], '206 0-1/100'],
  ])('%s', (_what, requestFields, expected) => {
    expect(answer(get(...requestFields))).toBe(expected);
  });

  it('also for HEAD', () => {
    expect(answer({ method: 'HEAD', fields: ['If-None-Match', '"a"'] })).toBe('not-modified');
  });
});

describe('RFC 9111 §3.3: a stored part answers only what it holds', () => {
  const ranges = [
    { first: 0, last: 9 },
    { first: 20, last: 29 },
    { first: 90, last: 99 },
  ];
  const part = stored({ fields, status: 206, bodyBytes: 30, partial: { ranges, completeLength: 100 } });
  const unknown = stored({ ...part, partial: { ranges, completeLength: null } });

  it.each([
    ['bytes=0-9', '206 0-9/100', '206 0-9/*'],
    ['bytes=2-3,25-29', '206 2-3,25-29/100', '206 2-3,25-29/*'],
    ['bytes=95-', '206 95-99/100', 'nothing'],
    ['bytes=-10', '206 90-99/100', 'nothing'],
    ['bytes=95-200', '206 95-99/100', 'nothing'],
    ['bytes=5-12', 'nothing', 'nothing'],
    ['bytes=0-1,15-16', 'nothing', 'nothing'],
    ['bytes=0-', 'nothing', 'nothing'],
    ['bytes=-11', 'nothing', 'nothing'],
    ['bytes=0-1,500-600', '206 0-1/100', 'nothing'],
    ['bytes=500-', 'nothing', 'nothing'],
    ['bytes=x', 'nothing', 'nothing'],
  ])('%s: %s; where its length is unknown: %s', (range, expected, whereUnknown) => {
    expect(answer(get('Range', range), part)).toBe(expected);
    expect(answer(get('Range', range), unknown)).toBe(whereUnknown);
  });

  it('nothing without Range, with two of them, for HEAD, and where If-Range does not hold', () => {
    expect(answer(get(), part)).toBe('nothing');
    expect(answer(get('Range', 'bytes=0-1', 'Range', 'bytes=0-1'), part)).toBe('nothing');
    expect(answer({ method: 'HEAD', fields: ['Range', 'bytes=0-1'] }, part)).toBe('nothing');
    expect(answer(get('Range', 'bytes=0-1', 'If-Range', '"b"'), part)).toBe('nothing');
    expect(answer(get('Range', 'bytes=0-1', 'If-Range', '"a"'), part)).toBe('206 0-1/100');
  });

  it('304 only in place of what it could have answered', () => {
    expect(answer(get('If-None-Match', '"a"', 'Range', 'bytes=0-1'), part)).toBe('not-modified');
    expect(answer(get('If-None-Match', '"a"', 'Range', 'bytes=0-50'), part)).toBe('nothing');
    expect(answer(get('If-None-Match', '"a"'), part)).toBe('nothing');
    expect(answer({ method: 'HEAD', fields: ['If-None-Match', '"a"'] }, part)).toBe('nothing');
  });

  it('sixteen ranges at most', () => {
    const many = `bytes=${Array.from({ length: 17 }, (_, at) => `${at * 2}-${at * 2}`).join()}`;
    const held = stored({ ...part, partial: { ranges: [{ first: 0, last: 98 }], completeLength: 100 } });
    expect(answer(get('Range', many), held)).toBe('nothing');
  });
});

describe('RFC 9110 §14: what asks for a range', () => {
  it('GET with Range, valid or not', () => {
    expect(asksForRange(get('range', 'x'))).toBe(true);
    expect(asksForRange(get('If-Range', '"a"'))).toBe(false);
    expect(asksForRange({ method: 'HEAD', fields: ['Range', 'bytes=0-1'] })).toBe(false);
  });
});

describe('RFC 9110 §15.3.7: every 206 is a slice of the whole', () => {
  const position = fc.nat(40);
  const spec = fc.oneof(
    fc.tuple(position, fc.nat(8)).map(([first, more]) => [first, first + more] as const),
    position.map((first) => [first, null] as const),
    position.map((last) => [null, last] as const),
  );
  const specs = fc.array(spec, { minLength: 1, maxLength: 4 });
  const text = (list: readonly (readonly [number | null, number | null])[]) =>
    `bytes=${list.map(([first, last]) => `${first ?? ''}-${last ?? ''}`).join()}`;
  const asks = (list: readonly (readonly [number | null, number | null])[], at: number, length: number) =>
    list.some(([first, last]) =>
      first === null ? at >= length - (last ?? 0) : at >= first && at <= (last ?? length),
    );

  it('of a stored whole: exactly the bytes that were asked for, in order, each once (10,000 runs)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), specs, (body, list) => {
        const made = storedAnswer(get('Range', text(list)), stored({ bodyBytes: body.length }));
        const asked = body.filter((_, at) => asks(list, at, body.length));
        if (made?.kind === 'unsatisfiable') return asked.length === 0 && made.completeLength === body.length;
        if (made?.kind === 'whole') return body.length === 0;
        if (made?.kind !== 'ranges' || made.completeLength !== body.length) return false;
        const apart = made.ranges.every(
          ({ first }, index) => first > (made.ranges[index - 1]?.last ?? -2) + 1,
        );
        const sent = made.ranges.flatMap(({ first, last }) => Array.from(body.slice(first, last + 1)));
        return apart && asked.length > 0 && Buffer.compare(Uint8Array.from(sent), asked) === 0;
      }),
      MANY,
    );
  });

  it('of a stored part: the same bytes as of the whole, or nothing (10,000 runs)', () => {
    const input = fc
      .uint8Array({ minLength: 1, maxLength: 32 })
      .chain((body) => anyHeld(body.length).map((held) => ({ body, held })));
    fc.assert(
      fc.property(input, specs, fc.boolean(), ({ body, held }, list, known) => {
        const { length } = body;
        const part = partOf(heldOf(body, held), known ? length : null);
        const partial = part.content;
        const made = storedAnswer(get('Range', text(list)), stored({ status: 206, partial }));
        const asked = Array.from(body.keys()).filter((at) => asks(list, at, length));
        const isHeld = asked.length > 0 && asked.every((at) => held[at] === true);
        if (made === null) return !isHeld || !known;
        if (made.kind !== 'ranges' || !isHeld) return false;
        if (!made.ranges.every((range) => holdsRange(partial, range))) return false;
        const sent = made.ranges.flatMap((range) => Array.from(sliceRange(part, range)));
        return (
          Buffer.compare(
            Uint8Array.from(sent),
            body.filter((_, at) => asked.includes(at)),
          ) === 0
        );
      }),
      MANY,
    );
  });
});
