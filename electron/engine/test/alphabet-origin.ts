/** The alphabet under `/a`, in parts: what the tests of parts and of their completion ask for, and how they look at it. */
import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import type { ClientAnswer } from './client';
import type { LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { keeps } from './kept-responses';
import { ranged } from './ranged-origin';

export const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
export const FRESH = { 'Cache-Control': 'max-age=60' };
export const TAGGED = { ...FRESH, 'Content-Type': 'text/plain', ETag: '"v1"' };

/** `current` gives the engine of the test that runs. */
export function alphabetOrigin(current: () => LarderOnStore) {
  const serve = (body: string | Buffer, fields: Record<string, string> = TAGGED): void => {
    const { origin, clock } = current();
    origin.answer(ranged(clock, { body, fields }));
  };

  const ask = (range: string, headers: Record<string, string> = {}): Promise<ClientAnswer> =>
    current().get('/a', { headers: { Range: range, ...headers } });

  /** Asks for the range; from the origin, and stored as told. */
  const store = async (range: string, ...kept: string[]): Promise<void> => {
    const answer = await ask(range);
    expect([answer.status, answer.headers['x-cache']]).toEqual([206, 'MISS']);
    await keeps(current(), ...kept);
  };

  /** Each range from the origin, one after another; then what is stored. */
  const storeParts = async (kept: string, ...ranges: string[]): Promise<void> => {
    for (const range of ranges) {
      await ask(range);
      await waitUntil(async () => (await current().entries()).length === 1);
    }
    await keeps(current(), `GET 206 ${kept}`);
    current().origin.requests.length = 0;
  };

  /** `abcdefghij` of the alphabet. */
  const storeFirstTen = (): Promise<void> => storeParts('abcdefghij', 'bytes=0-9');

  /** Range and If-Range of each request that the origin had. */
  const asked = (): [string | undefined, unknown][] =>
    current().origin.requests.map(({ headers }) => [headers.range, headers['if-range']]);

  /** The origin's responses, to be answered by the test. */
  const hold = (): ServerResponse[] => {
    const held: ServerResponse[] = [];
    current().origin.answer((_request, response) => void held.push(response));
    return held;
  };

  return { serve, ask, store, storeParts, storeFirstTen, asked, hold };
}
