/** Finds a text in a body, without regard to case. Runs in the body's worker. */
import type { JsonIndex } from './json-index';
import { keyOf, valueText } from './json-index';

/** More are neither counted nor walked. */
export const MOST_MATCHES = 100_000;

/** Matches what is typed, as it is typed; null: nothing was. */
export function searchPattern(query: string): RegExp | null {
  if (query === '') return null;
  return new RegExp(query.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`), 'giu');
}

/** Where it begins in a text, in order. */
export function findInText(text: string, query: string): Int32Array<ArrayBuffer> {
  const found: number[] = [];
  const pattern = searchPattern(query);
  if (pattern !== null) {
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      found.push(match.index);
      if (found.length === MOST_MATCHES) break;
    }
  }
  return Int32Array.from(found);
}

/** Which values of a document have it in their key or, where they are no object or array, in themselves. */
export function findInJson(text: string, index: JsonIndex, query: string): Int32Array<ArrayBuffer> {
  const found: number[] = [];
  const pattern = searchPattern(query);
  if (pattern === null) return new Int32Array(0);
  const has = (part: string) => {
    pattern.lastIndex = 0;
    return pattern.test(part);
  };
  for (let node = 0; node < index.start.length && found.length < MOST_MATCHES; node += 1) {
    const key = keyOf(text, index, node);
    if ((key !== null && has(key)) || (isScalar(text, index, node) && has(valueText(text, index, node)))) {
      found.push(node);
    }
  }
  return Int32Array.from(found);
}

function isScalar(text: string, index: JsonIndex, node: number): boolean {
  const first = text[index.start[node] ?? 0];
  return first !== '{' && first !== '[';
}

export interface MarkedPart {
  readonly text: string;
  readonly marked: boolean;
}

/** A text in parts, those that match marked. */
export function markedParts(text: string, query: string): readonly MarkedPart[] {
  const pattern = searchPattern(query);
  if (pattern === null) return [{ text, marked: false }];
  const parts: MarkedPart[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), marked: false });
    parts.push({ text: match[0], marked: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), marked: false });
  return parts;
}
