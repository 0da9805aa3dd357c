/** What the window remembers over a restart, in localStorage: nothing that matters if it is lost. */

const PREFIX = 'larder.';

/** The remembered value where it is there and of the right kind, else the fallback. */
export function recall<T>(name: string, fallback: T, isValid: (value: unknown) => value is T): T {
  try {
    const text = localStorage.getItem(PREFIX + name);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return isValid(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch (cause) {
    console.info(`Larder cannot remember ${name}`, cause);
  }
}

export const isString = (value: unknown): value is string => typeof value === 'string';
export const isNumber = (value: unknown): value is number => Number.isFinite(value);
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

/** Makes a check for one of a few words. */
export function isOneOf<T extends string>(words: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => words.some((word) => word === value);
}

/** Makes a check for a list of some of a few words. */
export function isSomeOf<T extends string>(words: readonly T[]): (value: unknown) => value is readonly T[] {
  const isWord = isOneOf(words);
  return (value): value is readonly T[] => Array.isArray(value) && value.every(isWord);
}
