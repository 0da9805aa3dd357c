/**
 * Where very long lines are broken for the editor, which draws whole lines: a minified body of megabytes is often a
 * single one. Offsets into the text and into the document differ by the breaks before them.
 */

/** Longer lines are cut … */
const LONG_LINE = 10_000;
/** … into pieces of at most this many characters … */
const PIECE = 2_000;
/** … where there is a place for it among the last of them. */
const LOOK_BACK = 500;
const GOOD_PLACE = /[\s,;}>](?=[^\s,;}>]*$)/;

export type Cuts = Int32Array<ArrayBuffer>;

/** Offsets into the text before which a break is put, in order. */
export function lineCuts(text: string): Cuts {
  const cuts: number[] = [];
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    if (end - start > LONG_LINE) addCuts(cuts, text, start, end);
    start = end + 1;
  }
  return Int32Array.from(cuts);
}

function addCuts(cuts: number[], text: string, start: number, end: number): void {
  for (let from = start; end - from > PIECE;) {
    from = cutBefore(text, from + PIECE);
    cuts.push(from);
  }
}

function cutBefore(text: string, limit: number): number {
  const place = GOOD_PLACE.exec(text.slice(limit - LOOK_BACK, limit));
  if (place !== null) return limit - LOOK_BACK + place.index + 1;
  // Not between the two halves of a character.
  return /[\udc00-\udfff]/.test(text[limit] ?? '') ? limit - 1 : limit;
}

/** Where a character of the text stands in the document. */
export function documentOffset(cuts: Cuts, offset: number): number {
  return offset + countBelow(cuts, (at) => (cuts[at] ?? 0) <= offset);
}

/** Which character of the text stands, or comes next, at a place in the document. */
export function textOffset(cuts: Cuts, offset: number): number {
  return offset - countBelow(cuts, (at) => (cuts[at] ?? 0) + at < offset);
}

/** The number of the line that begins here in the document; null: it goes on from the one before. */
export function lineNumberAt(
  cuts: Cuts,
  line: { readonly from: number; readonly number: number },
): number | null {
  const start = textOffset(cuts, line.from);
  const before = countBelow(cuts, (at) => (cuts[at] ?? 0) <= start);
  return before > 0 && cuts[before - 1] === start ? null : line.number - before;
}

/** How many of them, from the first, are so; those that are come first. */
export function countBelow(places: Int32Array, isSo: (at: number) => boolean): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
