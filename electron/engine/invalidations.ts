/** What removed a stored response last, so that the next miss can say so. Bounded: the oldest are forgotten. */
const REMEMBERED = 1000;

export interface Invalidations {
  record(keys: readonly string[], by: string): void;
  by(key: string): string | undefined;
  forget(key: string): void;
  forgetAll(): void;
}

export function createInvalidations(): Invalidations {
  const byKey = new Map<string, string>();
  return {
    record: (keys, by) => {
      for (const key of keys) {
        byKey.delete(key);
        byKey.set(key, by);
        const oldest = byKey.keys().next().value;
        if (byKey.size > REMEMBERED && oldest !== undefined) byKey.delete(oldest);
      }
    },
    by: (key) => byKey.get(key),
    forget: (key) => {
      byKey.delete(key);
    },
    forgetAll: () => byKey.clear(),
  };
}
