/** Globs of cookie names (`settings.credentialCookies`): `*` any run of characters, `?` one, `!` excludes. */

type NameTest = (lowerName: string) => boolean;

interface CookiePattern {
  readonly selects: boolean;
  readonly matches: NameTest;
}

const compiled = new WeakMap<readonly string[], NameTest>();

/** Whether a cookie's name is selected: the last pattern that matches decides, without regard to case. */
export function cookieSelector(patterns: readonly string[]): NameTest {
  const known = compiled.get(patterns);
  if (known !== undefined) return known;
  const lastFirst = patterns.map(compilePattern).reverse();
  const selector: NameTest = (name) => {
    const lowerName = name.toLowerCase();
    return lastFirst.find((pattern) => pattern.matches(lowerName))?.selects ?? false;
  };
  compiled.set(patterns, selector);
  return selector;
}

function compilePattern(pattern: string): CookiePattern {
  const selects = !pattern.startsWith('!');
  return { selects, matches: globTest((selects ? pattern : pattern.slice(1)).toLowerCase()) };
}

function globTest(glob: string): NameTest {
  if (glob === '*') return () => true;
  if (!/[*?]/.test(glob)) return (name) => name === glob;
  const prefix = glob.slice(0, -1);
  if (glob.endsWith('*') && !/[*?]/.test(prefix)) return (name) => name.startsWith(prefix);
  return (name) => matchesGlob(glob, name);
}

/** Goes back to the last star only, so that no pattern takes more than length times length. */
function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let inGlob = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const char = glob[inGlob];
    if (char === '*') {
      star = inGlob;
      starAt = at;
      inGlob += 1;
    } else if (char === '?' || char === text[at]) {
      at += 1;
      inGlob += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      inGlob = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(inGlob));
}
