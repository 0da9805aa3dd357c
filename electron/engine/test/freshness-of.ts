/** How long a reply stays fresh, as Cache-Status says it and as requests find it. */
import { expect } from 'vitest';
import type { LarderOnStore } from './each-store';
import type { Reply } from './scripted-origin';

/** What Redis keeps for reuse is shorter than this; longer lifetimes are only read. */
const LONGEST_TRIED_SECONDS = 366 * 86_400;

let targets = 0;

/** What is left of its lifetime when it is received, in whole seconds, at most 0 where it is stale at once;
 *  null: it is not stored. */
export async function remaining(larder: LarderOnStore, reply: Reply): Promise<number | null> {
  const target = `/freshness/${(targets += 1)}`;
  larder.says(reply);
  const { text, exchange, cacheStatus } = await larder.ask(target);
  const ttl = /; stored; ttl=(-?\d+)$/.exec(cacheStatus)?.[1];
  expect(exchange.stored).toBe(ttl !== undefined);
  const left = ttl === undefined ? null : Number(ttl);
  if (left === null || left <= 0) {
    expect((await larder.ask(target)).cache).toBe('MISS');
  } else if (left <= LONGEST_TRIED_SECONDS) {
    larder.clock.advance(left - 1);
    const last = await larder.ask(target);
    expect([last.cache, last.text, last.cacheStatus]).toEqual(['HIT', text, 'larder; hit; ttl=1']);
    larder.clock.advance(1);
    expect((await larder.ask(target)).cache).toBe('MISS');
  }
  return left;
}
