import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContentRange } from '../semantics/range';
import { multipartRanges, type RangeContent } from './multipart-ranges';

interface ReadPart {
  readonly fields: string[];
  readonly bytes: Buffer;
}

/** As RFC 2046 §5.1.1 has it: delimiters are CRLF, two hyphens and the boundary; the last has two more. */
function readMultipart(contentType: string, body: Uint8Array): ReadPart[] {
  const boundary = /^multipart\/byteranges; boundary=([0-9a-f]+)$/.exec(contentType)?.[1] ?? '';
  const text = `\r\n${Buffer.from(body).toString('latin1')}`;
  const [preamble, ...rest] = text.split(`\r\n--${boundary}`);
  expect(preamble).toBe('');
  expect(rest.pop()).toBe('--\r\n');
  return rest.map((part) => {
    const end = part.indexOf('\r\n\r\n');
    expect(part.startsWith('\r\n')).toBe(true);
    return {
      fields: part.slice(2, end).split('\r\n'),
      bytes: Buffer.from(part.slice(end + 4), 'latin1'),
    };
  });
}

const range = (first: number, text: string, completeLength: number | null = 100): RangeContent => ({
  range: { first, last: first + text.length - 1 },
  completeLength,
  bytes: Buffer.from(text),
});

describe('RFC 9110 §14.6: multipart/byteranges', () => {
  it('has each range with its type and its Content-Range', () => {
    const made = multipartRanges([range(0, 'abc'), range(10, 'de')], 'text/plain; charset=utf-8');
    expect(readMultipart(made.contentType, made.body)).toEqual([
      {
        fields: ['Content-Type: text/plain; charset=utf-8', 'Content-Range: bytes 0-2/100'],
        bytes: Buffer.from('abc'),
      },
      {
        fields: ['Content-Type: text/plain; charset=utf-8', 'Content-Range: bytes 10-11/100'],
        bytes: Buffer.from('de'),
      },
    ]);
  });

  it('has no type where none is known, and says so where the length is not', () => {
    const made = multipartRanges([range(0, 'abc', null), range(10, 'de', null)], undefined);
    expect(readMultipart(made.contentType, made.body).map(({ fields }) => fields)).toEqual([
      ['Content-Range: bytes 0-2/*'],
      ['Content-Range: bytes 10-11/*'],
    ]);
  });

  it('keeps a type as its bytes came', () => {
    const type = 'text/plain; title=\u00e9';
    const made = multipartRanges([range(0, 'a')], type);
    expect(readMultipart(made.contentType, made.body)[0]?.fields[0]).toBe(`Content-Type: ${type}`);
  });

  it('has another boundary each time, which no body can foresee', () => {
    const types = Array.from({ length: 100 }, () => multipartRanges([range(0, 'a')], undefined).contentType);
    expect(new Set(types).size).toBe(100);
    expect(types[0]).toMatch(/^multipart\/byteranges; boundary=[0-9a-f]{24}$/);
  });

  it('can be taken apart again, whatever the bytes, delimiters among them (2000 runs)', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.constantFrom('\r\n--', '--', '\r\n\r\n', '\r\n').map((text) => Uint8Array.from(Buffer.from(text))),
    );
    const bytes = fc
      .array(piece, { minLength: 1, maxLength: 4 })
      .map((pieces) => Uint8Array.from(Buffer.concat(pieces)))
      .filter(({ length }) => length > 0);
    const part = fc.record({ first: fc.nat(1e9), bytes, completeLength: fc.constantFrom(null, 2e9) });
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 5 }), (list) => {
        const parts = list.map(({ first, bytes: content, completeLength }) => ({
          range: { first, last: first + content.length - 1 },
          completeLength,
          bytes: content,
        }));
        const made = multipartRanges(parts, 'a/b');
        const read = readMultipart(made.contentType, made.body).map(({ fields, bytes: content }) => ({
          ...parseContentRange(fields[1]?.replace('Content-Range: ', '') ?? ''),
          bytes: Uint8Array.from(content),
        }));
        expect(read).toEqual(parts);
      }),
      { numRuns: 2000 },
    );
  });
});
