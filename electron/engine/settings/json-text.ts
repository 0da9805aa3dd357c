/** JSON files of people: what is in them, and where they are broken. */

/** The value as an object with unknown fields; null where it is none. */
export function asObject(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return value as Record<string, unknown>;
}

/** Where a JSON text is broken, without repeating any of it: it may hold a secret.
 *  @returns ` (line 3, column 5)`, or an empty string where the parser does not say */
export function placeInJson(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return /end of JSON input/.test(message) ? ' (it ends too early)' : '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}
