/** Comma-separated lists of fields (RFC 9110 §5.6.1), taken apart for showing. */

/** As written, without the space around them. Commas within quoted strings do not divide; empty members are dropped. */
export function listItems(value: string, divider = ','): readonly string[] {
  const items: string[] = [];
  let start = 0;
  let quoted = false;
  const take = (end: number): void => {
    const text = value.slice(start, end).trim();
    if (text !== '') items.push(text);
    start = end + 1;
  };
  for (let index = 0; index < value.length; index += 1) {
    const char = value[index];
    if (quoted && char === '\\') index += 1;
    else if (char === '"') quoted = !quoted;
    else if (char === divider && !quoted) take(index);
  }
  take(value.length);
  return items;
}

/** `name=value`, the value without its quotes; null: no `=`. */
export function parameter(text: string): { readonly name: string; readonly value: string | null } {
  const equals = text.indexOf('=');
  if (equals < 0) return { name: text.trim(), value: null };
  const value = text.slice(equals + 1).trim();
  const inner = /^"(.*)"$/s.exec(value)?.[1];
  return {
    name: text.slice(0, equals).trim(),
    value: inner === undefined ? value : inner.replaceAll(/\\(.)/g, '$1'),
  };
}
