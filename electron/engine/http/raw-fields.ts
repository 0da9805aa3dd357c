/**
 * Field lines as the wire had them: a flat list name, value, name, value, in
 * order, repetition and case kept (the shape of node's `rawHeaders`).
 * Every step of the request's path reads fields through these functions.
 */

export type RawFields = readonly string[];

/** Values of every line with that name, in order. `name` in lower case. */
export function fieldLines(fields: RawFields, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (isNamed(fields[index] ?? '', name)) values.push(fields[index + 1] ?? '');
  }
  return values;
}

/** The field's combined value (RFC 9110 §5.3), or undefined where there is no such line. `name` in lower case. */
export function fieldValue(fields: RawFields, name: string): string | undefined {
  let combined: string | undefined;
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (!isNamed(fields[index] ?? '', name)) continue;
    const value = fields[index + 1] ?? '';
    combined = combined === undefined ? value : `${combined}, ${value}`;
  }
  return combined;
}

export function hasField(fields: RawFields, name: string): boolean {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (isNamed(fields[index] ?? '', name)) return true;
  }
  return false;
}

/** The lines that `keep` wants; it gets the name in lower case. */
export function filterFields(fields: RawFields, keep: (name: string, value: string) => boolean): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? '';
    const value = fields[index + 1] ?? '';
    if (keep(name.toLowerCase(), value)) kept.push(name, value);
  }
  return kept;
}

/** Members of a comma-separated list (RFC 9110 §5.6.1); commas inside quoted strings do not divide. Empty members are dropped. */
export function listMembers(value: string): string[] {
  const members: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < value.length; index += 1) {
    const char = value[index];
    if (quoted && char === '\\') index += 1;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      members.push(value.slice(start, index).trim());
      start = index + 1;
    }
  }
  members.push(value.slice(start).trim());
  return members.filter((member) => member !== '');
}

function isNamed(received: string, lowerName: string): boolean {
  return (
    received.length === lowerName.length && (received === lowerName || received.toLowerCase() === lowerName)
  );
}
