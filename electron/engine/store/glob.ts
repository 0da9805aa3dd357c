/**
 * Globs over URLs, for "delete what matches". Beside the request's path: the
 * stores use it for deleteMatching. No regular expression is built from input;
 * at worst a match costs text × pattern steps, never more.
 */

const STAR = 42;
const QUESTION_MARK = 63;

/** Whether the whole of `text` matches: `*` any run of characters, `?` exactly one, all else itself. */
export function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let inGlob = 0;
  let afterStar = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const wanted = inGlob < glob.length ? glob.charCodeAt(inGlob) : -1;
    if (wanted === STAR) {
      // Only the last star is ever widened: an earlier one has already found its nearest match.
      afterStar = ++inGlob;
      resumeAt = at;
    } else if (wanted === QUESTION_MARK || wanted === text.charCodeAt(at)) {
      inGlob += 1;
      at += 1;
    } else if (afterStar >= 0) {
      inGlob = afterStar;
      at = ++resumeAt;
    } else return false;
  }
  while (inGlob < glob.length && glob.charCodeAt(inGlob) === STAR) inGlob += 1;
  return inGlob === glob.length;
}

/** Whether the glob matches a whole absolute URL, or its path with query. */
export function urlMatchesGlob(glob: string, url: string): boolean {
  return matchesGlob(glob, url) || matchesGlob(glob, pathWithQuery(url));
}

function pathWithQuery(url: string): string {
  const authority = url.indexOf('://');
  const path = url.indexOf('/', authority < 0 ? 0 : authority + 3);
  return path < 0 ? '/' : url.slice(path);
}
