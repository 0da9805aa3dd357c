/**
 * Where the values of a JSON text stand in it, in document order: made once in the body's worker, read by the
 * tree. The text itself is kept as it was written, so numbers, repeated keys and their order are as sent.
 */

/** One place for each value; a value's descendants follow it. Offsets are into the text. */
export interface JsonIndex {
  readonly start: Int32Array<ArrayBuffer>;
  /** After its last character. */
  readonly end: Int32Array<ArrayBuffer>;
  /** Where its key's opening quote stands; -1: it has none. */
  readonly key: Int32Array<ArrayBuffer>;
  /** -1: the whole document. */
  readonly parent: Int32Array<ArrayBuffer>;
  /** Itself and all its descendants. */
  readonly size: Int32Array<ArrayBuffer>;
  /** Direct members; 0 for anything but objects and arrays. */
  readonly members: Int32Array<ArrayBuffer>;
  /** Among its parent's members, from 0. */
  readonly place: Int32Array<ArrayBuffer>;
  /** 0: the whole document. */
  readonly depth: Uint16Array<ArrayBuffer>;
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'literal';

/** More than these make no tree that anyone could walk, and too much to keep. */
const MOST_VALUES = 2_000_000;
const DEEPEST = 500;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ESCAPES: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));
const HEX = /[\da-f]{4}/iy;

/** Throws SyntaxError where the text is not JSON, with line and column, or holds too much for a tree. */
export function indexJson(text: string): JsonIndex {
  return new JsonIndexer(text).document();
}

export function jsonKind(text: string, start: number): JsonKind {
  switch (text.charCodeAt(start)) {
    case OPEN_OBJECT:
      return 'object';
    case OPEN_ARRAY:
      return 'array';
    case QUOTE:
      return 'string';
    case 0x74: // true
    case 0x66: // false
    case 0x6e: // null
      return 'literal';
    default:
      return 'number';
  }
}

/** The offset after a string that begins here; the text is known to be JSON. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
    at += code === BACKSLASH ? 2 : 1;
  }
  return at + 1;
}

/** What a quoted string says. */
function unquoted(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

/** Null in arrays, and for the whole document. */
export function keyOf(text: string, index: JsonIndex, node: number): string | null {
  const start = index.key[node] ?? -1;
  return start < 0 ? null : unquoted(text, start, stringEnd(text, start));
}

/** A string without its quotes and escapes; anything else as it was written. */
export function valueText(text: string, index: JsonIndex, node: number): string {
  const start = index.start[node] ?? 0;
  const end = index.end[node] ?? 0;
  return text.charCodeAt(start) === QUOTE ? unquoted(text, start, end) : text.slice(start, end);
}

class JsonIndexer {
  readonly #text: string;
  #at = 0;
  #count = 0;
  #start = new Int32Array(1024);
  #end = new Int32Array(1024);
  #key = new Int32Array(1024);
  #parent = new Int32Array(1024);
  #size = new Int32Array(1024);
  #members = new Int32Array(1024);
  #place = new Int32Array(1024);
  #depth = new Uint16Array(1024);

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonIndex {
    this.#value(-1, 0, 0);
    this.#space();
    if (this.#at !== this.#text.length) this.#fail('the end');
    return {
      start: this.#start.slice(0, this.#count),
      end: this.#end.slice(0, this.#count),
      key: this.#key.slice(0, this.#count),
      parent: this.#parent.slice(0, this.#count),
      size: this.#size.slice(0, this.#count),
      members: this.#members.slice(0, this.#count),
      place: this.#place.slice(0, this.#count),
      depth: this.#depth.slice(0, this.#count),
    };
  }

  #value(parent: number, place: number, depth: number, key = -1): void {
    this.#space();
    const node = this.#add(parent, place, depth);
    this.#key[node] = key;
    const code = this.#text.charCodeAt(this.#at);
    if (code === OPEN_OBJECT) this.#container(node, depth, CLOSE_OBJECT);
    else if (code === OPEN_ARRAY) this.#container(node, depth, CLOSE_ARRAY);
    else if (code === QUOTE) this.#string();
    else if (!this.#match(NUMBER) && !this.#match(LITERAL)) this.#fail('a value');
    this.#end[node] = this.#at;
    this.#size[node] = this.#count - node;
  }

  #container(node: number, depth: number, close: number): void {
    if (depth >= DEEPEST) throw new SyntaxError(`More than ${DEEPEST} levels deep`);
    this.#at += 1;
    if (this.#take(close)) return;
    let place = 0;
    do {
      const key = close === CLOSE_OBJECT ? this.#property() : -1;
      this.#value(node, place, depth + 1, key);
      place += 1;
    } while (this.#take(COMMA));
    if (!this.#take(close)) this.#fail(close === CLOSE_OBJECT ? 'a comma or }' : 'a comma or ]');
    this.#members[node] = place;
  }

  /** The offset of a key, which is passed with its colon. */
  #property(): number {
    this.#space();
    const start = this.#at;
    if (this.#text.charCodeAt(start) !== QUOTE) this.#fail('a key in double quotes');
    this.#string();
    if (!this.#take(COLON)) this.#fail('a colon');
    return start;
  }

  #string(): void {
    const text = this.#text;
    let at = this.#at + 1;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) {
      if (code !== BACKSLASH) {
        // NaN, after the end, is not above it.
        if (!(code >= 0x20)) this.#failAt(at, 'the end of a string');
        at += 1;
      } else at = this.#escape(at);
    }
    this.#at = at + 1;
  }

  #escape(at: number): number {
    const code = this.#text.charCodeAt(at + 1);
    if (ESCAPES.has(code)) return at + 2;
    HEX.lastIndex = at + 2;
    if (code !== 0x75 || !HEX.test(this.#text)) this.#failAt(at, 'an escape that JSON knows');
    return at + 6;
  }

  #add(parent: number, place: number, depth: number): number {
    const node = this.#count;
    if (node >= MOST_VALUES) throw new SyntaxError(`More than ${MOST_VALUES / 1e6} million values`);
    if (node === this.#start.length) this.#grow();
    this.#count = node + 1;
    this.#start[node] = this.#at;
    this.#parent[node] = parent;
    this.#place[node] = place;
    this.#depth[node] = depth;
    return node;
  }

  #grow(): void {
    this.#start = doubled(this.#start);
    this.#end = doubled(this.#end);
    this.#key = doubled(this.#key);
    this.#parent = doubled(this.#parent);
    this.#size = doubled(this.#size);
    this.#members = doubled(this.#members);
    this.#place = doubled(this.#place);
    const depth = new Uint16Array(this.#depth.length * 2);
    depth.set(this.#depth);
    this.#depth = depth;
  }

  #space(): void {
    const text = this.#text;
    let at = this.#at;
    for (let code = text.charCodeAt(at); isSpace(code); code = text.charCodeAt(at)) at += 1;
    this.#at = at;
  }

  #take(code: number): boolean {
    this.#space();
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #fail(expected: string): never {
    return this.#failAt(this.#at, expected);
  }

  #failAt(at: number, expected: string): never {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    throw new SyntaxError(`Expected ${expected} at line ${line}, column ${column}`);
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function doubled(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
