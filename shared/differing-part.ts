/** Where two texts made of segments (paths, origins) differ, for marking just that. */

export interface DifferingPart {
  readonly before: string;
  readonly differs: string;
  readonly after: string;
}

/** Of `text`, what is not the same as in `other` at the beginning and at the end; whole segments only. */
export function differingPart(text: string, other: string): DifferingPart {
  const [mine, theirs] = [segments(text), segments(other)];
  const most = Math.min(mine.length, theirs.length);
  let start = 0;
  while (start < most && mine[start] === theirs[start]) start += 1;
  let end = 0;
  while (end < most - start && mine.at(-1 - end) === theirs.at(-1 - end)) end += 1;
  const stop = mine.length - end;
  return {
    before: mine.slice(0, start).join(''),
    differs: mine.slice(start, stop).join(''),
    after: mine.slice(stop).join(''),
  };
}

/** With the dividers as segments of their own. */
function segments(text: string): readonly string[] {
  return text.split(/([/:])/).filter((segment) => segment !== '');
}
