/** The way down to a value, as JSONPath writes it (RFC 9535). */
import type { JsonIndex } from './json-index';
import { keyOf } from './json-index';

const PLAIN_KEY = /^[A-Za-z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*$/u;

/** `$.items[3].price`; keys that are no plain names are quoted: `$['content type']`. */
export function jsonPath(text: string, index: JsonIndex, node: number): string {
  const steps: string[] = [];
  for (let at = node; (index.parent[at] ?? -1) >= 0; at = index.parent[at] ?? -1) {
    const key = keyOf(text, index, at);
    steps.push(key === null ? `[${index.place[at] ?? 0}]` : keyStep(key));
  }
  return `$${steps.reverse().join('')}`;
}

function keyStep(key: string): string {
  if (PLAIN_KEY.test(key)) return `.${key}`;
  // As a JSON string, but for which quotes need escaping.
  const inner = JSON.stringify(key)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`);
  return `['${inner}']`;
}
