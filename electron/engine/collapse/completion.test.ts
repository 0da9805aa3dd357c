import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldValue, type RawFields } from '../http/raw-fields';
import type { OriginHead, OriginSink } from '../origin/origin-response';
import type { Completing } from '../semantics/cache-decision';
import { missingRange, type Part } from '../semantics/partial-content';
import { anyHeld, heldOf, partOf } from '../semantics/test/parts';
import { stored } from '../semantics/test/responses';
import { completingFields, completingSink, type Completion } from './completion';

/** What went on: heads, bytes as text, and how it ended. */
function recorder() {
  const heard = {
    heads: [] as OriginHead[],
    interim: 0,
    body: [] as Uint8Array[],
    end: null as RawFields | null,
    error: null as string | null,
  };
  const sink: OriginSink = {
    onInterim: () => (heard.interim += 1),
    onHead: (head) => heard.heads.push(head),
    onData: (chunk) => heard.body.push(Uint8Array.from(chunk)) !== 1,
    onEnd: (trailers) => (heard.end = trailers),
    onError: ({ code }) => (heard.error ??= code),
  };
  return { heard, sink, bytes: () => Buffer.concat(heard.body) };
}

function completionOf({ content, body }: Part, fields: RawFields = ['ETag', '"a"']): Completion {
  const missing = missingRange(content);
  if (missing === null) throw new Error('nothing to complete');
  const part = stored({ status: 206, partial: content, bodyBytes: body.byteLength, fields });
  return { asked: { stored: part, missing, validator: '"a"' }, body };
}

const textPart = (text: string): Part =>
  partOf(
    Array.from(text, (char) => (char === '.' ? undefined : char.charCodeAt(0))),
    text.length,
  );
const head = (fields: RawFields, status = 206): OriginHead => ({ status, statusText: 'x', fields });

describe('RFC 9111 §3.4: asking for what is missing', () => {
  const asked: Completing = { stored: stored(), missing: { first: 3, last: 5 }, validator: '"a"' };

  it('takes the place of a range of its own', () => {
    const fields = ['A', '1', 'range', 'bytes=0-', 'IF-RANGE', '"x"', 'Range', 'b'];
    expect(completingFields(fields, asked)).toEqual(['A', '1', 'Range', 'bytes=3-5', 'If-Range', '"a"']);
  });
});

describe('RFC 9111 §3.4: the rest makes a whole', () => {
  const rest = ['Content-Range', 'bytes 2-3/6', 'ETag', '"a"'];

  it('of status 200, framed as such, with the fields that came last', () => {
    const { heard, sink, bytes } = recorder();
    const held = ['ETag', '"a"', 'X', 'held', 'Content-Type', 'text/plain', 'Content-Digest', 'd'];
    const through = completingSink(sink, completionOf(textPart('ab..ef'), held));
    through.onHead(
      head([...rest, 'x', 'new', 'Content-Length', '2', 'Content-Digest', 'e', 'Content-MD5', 'f']),
    );
    expect(bytes().toString()).toBe('ab');
    expect(through.onData(Buffer.from('cd'))).toBe(true);
    through.onEnd(['T', '1']);
    expect(bytes().toString()).toBe('abcdef');
    expect(heard).toMatchObject({ end: ['T', '1'], error: null });
    expect(heard.heads).toEqual([
      {
        status: 200,
        statusText: 'OK',
        originStatus: 206,
        fields: ['ETag', '"a"', 'x', 'new', 'Content-Type', 'text/plain', 'Content-Length', '6'],
      },
    ]);
  });

  it('tells the origin to wait where the client does, and passes interim responses and errors on', () => {
    const { heard, sink } = recorder();
    const through = completingSink({ ...sink, onData: () => false }, completionOf(textPart('..cd')));
    through.onInterim(head([], 103));
    through.onHead(head(['Content-Range', 'bytes 0-1/4', 'ETag', '"a"']));
    expect(through.onData(Buffer.from('a'))).toBe(false);
    through.onError(Object.assign(new Error('gone'), { code: 'origin_unreachable' }) as never);
    expect(heard).toMatchObject({ interim: 1, error: 'origin_unreachable', end: null });
  });

  it.each<[string, OriginHead]>([
    ['200: it has changed', head(['ETag', '"b"'], 200)],
    ['416', head(['Content-Range', 'bytes */6'], 416)],
    ['another strong validator', head(['Content-Range', 'bytes 2-3/6', 'ETag', '"b"'])],
    ['its weak form', head(['Content-Range', 'bytes 2-3/6', 'ETag', 'W/"a"'])],
    ['no validator', head(['Content-Range', 'bytes 2-3/6'])],
    ['another range', head(['Content-Range', 'bytes 2-4/6', 'ETag', '"a"'])],
    ['a shorter range', head(['Content-Range', 'bytes 2-2/6', 'ETag', '"a"'])],
    ['another length', head(['Content-Range', 'bytes 2-3/7', 'ETag', '"a"'])],
    ['an unknown length', head(['Content-Range', 'bytes 2-3/*', 'ETag', '"a"'])],
    ['a Content-Length that denies it', head([...rest, 'Content-Length', '3'])],
    ['no Content-Range', head(['ETag', '"a"'])],
    ['several ranges', head([...rest, 'Content-Type', 'multipart/byteranges; boundary=x'])],
  ])('passes on as it came what does not complete it: %s', (_what, came) => {
    const { heard, sink, bytes } = recorder();
    const through = completingSink(sink, completionOf(textPart('ab..ef')));
    through.onHead(came);
    through.onData(Buffer.from('whatever it is'));
    through.onEnd([]);
    expect(heard).toMatchObject({ heads: [came], end: [], error: null });
    expect(bytes().toString()).toBe('whatever it is');
  });

  it('is broken off where fewer bytes came than Content-Range says', () => {
    const { heard, sink, bytes } = recorder();
    const through = completingSink(sink, completionOf(textPart('ab..ef')));
    through.onHead(head(rest));
    through.onData(Buffer.from('c'));
    through.onEnd([]);
    expect(heard).toMatchObject({ end: null, error: 'origin_invalid_response' });
    expect(bytes().toString()).toBe('abc');
  });

  it('is broken off where more came, of which nothing goes on', () => {
    const { heard, sink, bytes } = recorder();
    const through = completingSink(sink, completionOf(textPart('ab..ef')));
    through.onHead(head(rest));
    through.onData(Buffer.from('cd'));
    expect(through.onData(Buffer.from('e'))).toBe(false);
    expect(heard).toMatchObject({ end: null, error: 'origin_invalid_response' });
    expect(bytes().toString()).toBe('abcd');
  });

  it('is the whole, byte for byte, whatever is held and however the rest comes (2000 runs)', () => {
    const input = fc
      .uint8Array({ minLength: 2, maxLength: 24 })
      .chain((whole) => fc.record({ whole: fc.constant(whole), held: anyHeld(whole.length) }))
      .filter(({ held }) => held.includes(false) && (held[0] === true || held.at(-1) === true));
    const cuts = fc.array(fc.nat(24), { maxLength: 4 });
    fc.assert(
      fc.property(input, cuts, ({ whole, held }, places) => {
        const completion = completionOf(partOf(heldOf(whole, held), whole.length));
        const { first, last } = completion.asked.missing;
        const { heard, sink, bytes } = recorder();
        const through = completingSink(sink, completion);
        through.onHead(head(['content-range', `bytes ${first}-${last}/${whole.length}`, 'ETag', '"a"']));
        const rest = whole.slice(first, last + 1);
        const ends = [
          ...places.filter((at) => at < rest.length).sort((left, right) => left - right),
          rest.length,
        ];
        ends.reduce((from, to) => {
          through.onData(rest.slice(from, to));
          return to;
        }, 0);
        through.onEnd([]);
        expect(heard.error).toBeNull();
        expect(Buffer.compare(bytes(), whole)).toBe(0);
        expect(fieldValue(heard.heads[0]?.fields ?? [], 'content-length')).toBe(String(whole.length));
        expect(fieldValue(heard.heads[0]?.fields ?? [], 'content-range')).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});
