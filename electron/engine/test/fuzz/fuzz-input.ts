/** One input of the fuzzing, and how it is shown: bytes that can be pasted into a test. */

export interface FuzzInput {
  /** Targets that are asked for first, one after the other, so that they are stored. */
  readonly prime: readonly string[];
  /** What the client sends, latin1. */
  readonly bytes: string;
  /** Where it is divided into segments: indexes in `bytes`, ascending. */
  readonly cuts: readonly number[];
}

export function segmentsOf({ bytes, cuts }: Pick<FuzzInput, 'bytes' | 'cuts'>): string[] {
  const inside = [...new Set(cuts)].filter((cut) => cut > 0 && cut < bytes.length);
  const edges = [0, ...inside.sort((left, right) => left - right), bytes.length];
  return edges.slice(1).map((end, index) => bytes.slice(edges[index], end));
}

/** As a TypeScript value, escapes and all. */
export function shown(input: FuzzInput): string {
  const { prime, cuts } = input;
  return `{ prime: ${JSON.stringify(prime)}, cuts: ${JSON.stringify(cuts)}, bytes: ${literal(input.bytes)} }`;
}

export function literal(bytes: string): string {
  // eslint-disable-next-line no-control-regex -- they are what it looks for
  const escaped = JSON.stringify(bytes).replace(/[\x7f-\xff]/g, hex);
  return escaped.replaceAll(/\\u00([0-9a-f]{2})/g, String.raw`\x$1`);
}

function hex(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
