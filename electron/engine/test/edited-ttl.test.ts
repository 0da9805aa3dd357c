/** The TTL of one stored response, edited by the developer: until it is validated or fetched anew. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/settings';
import { onEachStore, type LarderOnStore } from './each-store';

function suite(policy: Settings['policy'], body: (larder: () => LarderOnStore) => void): void {
  onEachStore({ policy, ttlSeconds: 60 }, (current) => {
    let larder: LarderOnStore;
    beforeEach(() => {
      larder = current();
    });
    describe(`an edited TTL, ${policy}`, () => {
      body(() => larder);
    });
  });
}

/** Stored under the target; returns its id. */
async function storedAt(larder: LarderOnStore, target: string): Promise<string> {
  const { exchange } = await larder.ask(target);
  return exchange.entryId ?? '';
}

suite('override', (current) => {
  it('makes it fresh for so long from now on, with body and hits as they were', async () => {
    const larder = current();
    const id = await storedAt(larder, '/a');
    const body = (await larder.ask('/a')).body.toString();
    larder.clock.advance(50);
    const entry = await larder.engine.setEntryTtl(id, 300);
    expect(entry).toMatchObject({ id, hits: 1, expiresAt: larder.clock.now() + 300_000 });
    larder.clock.advance(299);
    const hit = await larder.ask('/a');
    expect(hit.exchange).toMatchObject({ outcome: 'HIT', reason: 'fresh' });
    expect(hit.exchange.facts.lifetimeSource).toBe('edited');
    expect(hit.body.toString()).toBe(body);
    larder.clock.advance(2);
    expect((await larder.ask('/a')).exchange).toMatchObject({ outcome: 'MISS', reason: 'expired' });
  });

  it('makes it stale at once where it is 0', async () => {
    const larder = current();
    const id = await storedAt(larder, '/a');
    expect(await larder.engine.setEntryTtl(id, 0)).toMatchObject({ expiresAt: larder.clock.now() });
    expect((await larder.ask('/a')).exchange).toMatchObject({ outcome: 'MISS', reason: 'expired' });
  });

  it('holds for a response that expired long ago', async () => {
    const larder = current();
    const id = await storedAt(larder, '/a');
    larder.clock.advance(3000);
    await larder.engine.setEntryTtl(id, 30);
    larder.clock.advance(29);
    expect((await larder.ask('/a')).exchange.outcome).toBe('HIT');
  });

  it('gives way to the ordinary one when the response is fetched anew', async () => {
    const larder = current();
    const id = await storedAt(larder, '/a');
    await larder.engine.setEntryTtl(id, 5000);
    await larder.ask('/a', { 'Cache-Control': 'no-cache' });
    const [entry] = await larder.entries();
    expect(entry?.expiresAt).toBe(larder.clock.now() + 60_000);
    larder.clock.advance(61);
    expect((await larder.ask('/a')).exchange.reason).toBe('expired');
  });

  it('is of one response, and of none that is not stored', async () => {
    const larder = current();
    const id = await storedAt(larder, '/a');
    await storedAt(larder, '/b');
    await larder.engine.setEntryTtl(id, 5000);
    larder.clock.advance(61);
    expect((await larder.ask('/a')).exchange.outcome).toBe('HIT');
    expect((await larder.ask('/b')).exchange.outcome).toBe('MISS');
    expect(await larder.engine.setEntryTtl('no-such-id', 60)).toBeNull();
    await larder.engine.deleteEntries([id]);
    expect(await larder.engine.setEntryTtl(id, 60)).toBeNull();
  });
});

suite('respect', (current) => {
  it('goes before what the origin said, no-cache too, until the origin confirms it', async () => {
    const larder = current();
    larder.says(
      { fields: { 'Cache-Control': 'no-cache', ETag: '"1"' } },
      { status: 304, fields: { 'Cache-Control': 'no-cache', ETag: '"1"' } },
    );
    const id = await storedAt(larder, '/a');
    await larder.engine.setEntryTtl(id, 60);
    larder.clock.advance(30);
    expect((await larder.ask('/a')).exchange).toMatchObject({ outcome: 'HIT', reason: 'fresh' });
    expect(larder.origin.requests).toHaveLength(1);
    larder.clock.advance(31);
    expect((await larder.ask('/a')).exchange.reason).toBe('revalidated');
    await larder.freshened('/a');
    expect((await larder.ask('/a')).exchange.reason).toBe('revalidated');
    expect(larder.origin.requests).toHaveLength(3);
  });
});
