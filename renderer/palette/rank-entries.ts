/** Which entries of the palette fit what was typed, and in which order. */

export interface PaletteEntry {
  /** Unique. */
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** What people call it as well. */
  readonly alsoKnownAs?: string | undefined;
  readonly keys?: string | undefined;
  readonly kind: 'command' | 'profile' | 'path' | 'send' | 'stored' | 'setting';
  /** Part of the title that stands in the type of URLs: its end. */
  readonly code?: string;
  /** `searched`: has been looked up elsewhere and fits. `only-searched`: shown only when something is typed. */
  readonly shown?: 'searched' | 'only-searched';
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly name: string;
  readonly entries: readonly PaletteEntry[];
}

const BEGINS = 1;
const WORD_BEGINS = 0.8;
const WITHIN = 0.6;
const ALSO_BEGINS = 0.5;
const ALSO_WITHIN = 0.3;
const SCATTERED = 0.1;
/** Letters that lie this much further apart than they were typed are no abbreviation. */
const WIDEST = 3;

/** Groups in their order, or the best match first where something was typed; each with its best entry first. */
export function rankEntries(entries: readonly PaletteEntry[], query: string): readonly PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = entries
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0);
  const groups = new Map<string, { best: number; scored: typeof scored }>();
  for (const one of scored) {
    const group = groups.get(one.entry.group) ?? { best: 0, scored: [] };
    group.best = Math.max(group.best, one.score);
    group.scored.push(one);
    groups.set(one.entry.group, group);
  }
  return [...groups]
    .sort(([, a], [, b]) => b.best - a.best)
    .map(([name, group]) => ({
      name,
      entries: group.scored.sort((a, b) => b.score - a.score).map(({ entry }) => entry),
    }));
}

/** 0: does not fit. Every word has to be found; the worst of them decides. */
function scoreOf({ title, alsoKnownAs = '', shown }: PaletteEntry, words: readonly string[]): number {
  if (words.length === 0) return shown === 'only-searched' ? 0 : 1;
  if (shown === 'searched') return WITHIN;
  const name = title.toLowerCase();
  const also = alsoKnownAs.toLowerCase();
  return Math.min(...words.map((word) => wordScore(word, name, also)));
}

function wordScore(word: string, name: string, also: string): number {
  if (name.startsWith(word)) return BEGINS;
  if (beginsWord(name, word)) return WORD_BEGINS;
  if (name.includes(word)) return WITHIN;
  if (beginsWord(also, word)) return ALSO_BEGINS;
  if (also.includes(word)) return ALSO_WITHIN;
  return isScattered(name, word) ? SCATTERED : 0;
}

const beginsWord = (text: string, word: string): boolean =>
  text.startsWith(word) || text.split(/[\s(/:]+/).some((part) => part.startsWith(word));

/** `clch` in `clear cache`: its letters in their order, from the beginning of a word, not too far apart. */
function isScattered(name: string, word: string): boolean {
  for (const start of name.matchAll(/\b\w/g)) {
    let at = start.index - 1;
    const found = Array.from(word).every((letter) => (at = name.indexOf(letter, at + 1)) !== -1);
    if (found && name[start.index] === word[0] && at - start.index < word.length * WIDEST) return true;
  }
  return false;
}
