/**
 * Reads JSON for display: numbers stay as they were written, repeated keys stay repeated,
 * nothing becomes a JavaScript object. Throws where the text is not JSON or too deep to show.
 */

export type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'string' | 'number' | 'literal'; readonly text: string };

export interface JsonMember {
  /** Null in arrays. */
  readonly key: string | null;
  readonly value: JsonNode;
}

const DEEPEST = 500;
const SPACE = /[\t\n\r ]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

export function parseJsonDocument(text: string): JsonNode {
  return new JsonReader(text).document();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value();
    this.#match(SPACE);
    if (this.#at !== this.#text.length) this.#fail('the end');
    return node;
  }

  #value(): JsonNode {
    this.#match(SPACE);
    const first = this.#text[this.#at];
    if (first === '{') return { kind: 'object', members: this.#members('}', () => this.#property()) };
    if (first === '[') return { kind: 'array', members: this.#members(']', () => this.#item()) };
    if (first === '"') return { kind: 'string', text: this.#string() };
    const number = this.#match(NUMBER);
    if (number !== '') return { kind: 'number', text: number };
    const literal = this.#match(LITERAL);
    return literal === '' ? this.#fail('a value') : { kind: 'literal', text: literal };
  }

  #members(end: ']' | '}', read: () => JsonMember): JsonMember[] {
    this.#at += 1;
    if ((this.#depth += 1) > DEEPEST) this.#fail('less depth');
    const members: JsonMember[] = [];
    if (!this.#take(end)) {
      do members.push(read());
      while (this.#take(','));
      if (!this.#take(end)) this.#fail(`, or ${end}`);
    }
    this.#depth -= 1;
    return members;
  }

  #item(): JsonMember {
    return { key: null, value: this.#value() };
  }

  #property(): JsonMember {
    this.#match(SPACE);
    if (this.#text[this.#at] !== '"') this.#fail('a key');
    const key = this.#string();
    if (!this.#take(':')) this.#fail(':');
    return { key, value: this.#value() };
  }

  #string(): string {
    let end = this.#at + 1;
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length) this.#fail('the end of a string');
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    const quoted = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return JSON.parse(quoted) as string;
  }

  #take(character: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(expected: string): never {
    throw new SyntaxError(`Expected ${expected} at ${this.#at}`);
  }
}
