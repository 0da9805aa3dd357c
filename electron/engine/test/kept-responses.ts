/** What a client got, and what the store holds, in words that tests compare. */
import { expect } from 'vitest';
import type { ClientAnswer } from './client';
import { waitUntil, type EngineUnderTest } from './engine-under-test';

/** Each stored response as `GET 206 body`, sorted. */
async function keptResponses({ engine }: Pick<EngineUnderTest, 'engine'>): Promise<string[]> {
  const { entries } = await engine.entries({ limit: 1000 });
  const kept = await Promise.all(
    entries.map(async ({ id, method, status }) => {
      const body = await engine.entryBody(id);
      return `${method} ${status} ${body === null ? '(gone)' : Buffer.from(body.bytes).toString('latin1')}`;
    }),
  );
  return kept.sort();
}

/** Until the store holds exactly these; says what it holds instead where that never happens. */
export async function keeps(larder: Pick<EngineUnderTest, 'engine'>, ...wanted: string[]): Promise<void> {
  const sorted = wanted.sort();
  let kept: string[] = [];
  try {
    await waitUntil(async () => {
      kept = await keptResponses(larder);
      return kept.length === sorted.length && kept.every((one, index) => one === sorted[index]);
    });
  } catch {
    expect(kept).toEqual(sorted);
  }
}

/** `HIT 206 body`. */
export function inWords({ status, headers, text }: ClientAnswer): string {
  return `${headers['x-cache']} ${status} ${text}`;
}
