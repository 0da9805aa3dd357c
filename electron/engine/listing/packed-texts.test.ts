import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackedTexts } from './packed-texts';

function packed(texts: readonly string[]): PackedTexts {
  const all = new PackedTexts();
  all.grow(texts.length);
  for (const [row, text] of texts.entries()) all.set(row, text);
  return all;
}

describe('PackedTexts', () => {
  it('gives back what it was given, and compares by code points', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 20 }), (texts) => {
        const all = packed(texts);
        expect(texts.map((_, row) => all.at(row))).toEqual(texts);
        const [one = '', other = ''] = texts;
        expect(Math.sign(all.compare(0, 1))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      }),
    );
  });

  it('holds texts that are longer than a piece of its memory', () => {
    const long = 'ü'.repeat(700_000);
    expect(packed(['a', long, 'b']).at(1)).toBe(long);
  });
});
