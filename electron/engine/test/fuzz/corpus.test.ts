import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KeptInput } from './fuzz-plan';
import { replay } from './fuzzing';

interface Kept {
  readonly found: string;
  readonly input: KeptInput;
}

const file = new URL('corpus/found.json', import.meta.url);
const corpus = JSON.parse(readFileSync(file, 'utf8')) as readonly Kept[];

describe('inputs that fuzzing found a fault with', () => {
  it.each(corpus)('no more: $found', async ({ input }) => {
    const failures = await replay([input]);
    expect(failures.map(({ why, shown }) => `${why}\n${shown}`)).toEqual([]);
  });
});
