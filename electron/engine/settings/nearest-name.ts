/** What someone may have meant: the nearest known name to one that is unknown. */

/** Smallest number of single-character edits between two words (Levenshtein). */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

const bare = (name: string): string => name.slice(0, 64).toLowerCase().replace(/[-_]/g, '');

/** The known name nearest to `name`; null where none is near enough to be meant. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const started = known.filter(
    (candidate) => bare(name).length > 2 && bare(candidate).startsWith(bare(name)),
  );
  if (started.length === 1) return started[0] ?? null;
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(bare(name).length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(bare(name), bare(candidate));
    if (distance >= bestDistance || distance >= bare(candidate).length) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}
