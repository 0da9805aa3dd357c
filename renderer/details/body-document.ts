/** A long text made into a document for the editor, a slice at a time, so that the window is never held up. */
import { Text } from '@codemirror/state';
import type { Cuts } from './body-cuts';
import { countBelow } from './body-cuts';

const SLICE = 256 * 1024;

/** @param cuts where lines are broken that are not in the text. Null: given up. */
export async function textInSlices(text: string, cuts: Cuts, signal: AbortSignal): Promise<Text | null> {
  const appendFrom = async (doc: Text, from: number): Promise<Text | null> => {
    if (signal.aborted) return null;
    const to = Math.min(text.length, from + SLICE);
    const next = doc.append(Text.of(linesBetween(text, cuts, from, to)));
    if (to === text.length) return next;
    await new Promise((resolve) => setTimeout(resolve));
    return appendFrom(next, to);
  };
  return appendFrom(Text.empty, 0);
}

/** The first goes on with what stands before; a cut at `to` belongs to the next slice. */
function linesBetween(text: string, cuts: Cuts, from: number, to: number): string[] {
  const lines: string[] = [];
  let start = from;
  for (let at = countBelow(cuts, (place) => (cuts[place] ?? 0) < from); (cuts[at] ?? to) < to; at += 1) {
    const cut = cuts[at] ?? to;
    for (const line of text.slice(start, cut).split('\n')) lines.push(line);
    start = cut;
  }
  for (const line of text.slice(start, to).split('\n')) lines.push(line);
  return lines;
}
