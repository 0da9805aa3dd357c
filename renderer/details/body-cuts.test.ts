import { describe, expect, it } from 'vitest';
import { documentOffset, lineCuts, lineNumberAt, textOffset } from './body-cuts';
import { textInSlices } from './body-document';

const minified = Array.from({ length: 5000 }, (_, place) => `{"place":${place}}`).join(',');

describe('lineCuts', () => {
  it('leaves lines alone that can be drawn', () => {
    expect(lineCuts(`${'x'.repeat(10_000)}\n`.repeat(3))).toHaveLength(0);
  });

  it('cuts a long line into short pieces at places that break nothing', () => {
    const cuts = [...lineCuts(`short\n${minified}\nshort`)];
    const ends = cuts.map((cut) => `short\n${minified}`[cut - 1]);
    expect(new Set(ends)).toEqual(new Set([',']));
    const pieces = [6, ...cuts].map((cut, at) => (cuts[at] ?? minified.length + 6) - cut);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(2000);
  });

  it('cuts what has no good place, but no character in two', () => {
    const text = `x${'😀'.repeat(20_000)}`;
    for (const cut of lineCuts(text)) expect(text.charCodeAt(cut)).toBe('😀'.charCodeAt(0));
  });
});

describe('the document', () => {
  const text = `first\n${minified}\nlast ${'y'.repeat(600_000)}\nend`;
  const cuts = lineCuts(text);
  const made = () => textInSlices(text, cuts, new AbortController().signal);

  it('has the text, and breaks only where it was cut', async () => {
    const doc = (await made())!;
    expect(doc.length).toBe(text.length + cuts.length);
    expect(doc.lines).toBe(4 + cuts.length);
    expect(Math.max(...Array.from(doc.iterLines(), (line) => line.length))).toBeLessThanOrEqual(10_000);
    expect(doc.sliceString(doc.length - 4)).toBe('\nend');
  });

  it('has every character of the text where its offset says', async () => {
    const doc = (await made())!;
    for (const offset of [0, 5, 6, ...cuts, ...cuts.map((cut) => cut - 1), text.length - 1]) {
      const at = documentOffset(cuts, offset);
      expect(doc.sliceString(at, at + 1)).toBe(text[offset]);
      expect(textOffset(cuts, at)).toBe(offset);
    }
  });

  it('numbers its lines as the text does', async () => {
    const doc = (await made())!;
    const numbers = Array.from({ length: doc.lines }, (_, at) => lineNumberAt(cuts, doc.line(at + 1)));
    expect(numbers.filter((number) => number !== null)).toEqual([1, 2, 3, 4]);
    expect(numbers.slice(0, 3)).toEqual([1, 2, null]);
  });

  it('is given up when it is no longer wanted', async () => {
    expect(await textInSlices(text, cuts, AbortSignal.abort())).toBeNull();
  });
});
