/** A clear that can be undone: what exchanges get before, meanwhile and after, and what the status says. */
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';

const UNDO = { undoForMs: 600_000 };
const FRESH = { 'Cache-Control': 'max-age=600' };

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  async function stored(...targets: string[]): Promise<void> {
    larder.says({ fields: FRESH });
    for (const target of targets) await larder.ask(target);
  }

  async function outcome(target: string): Promise<string> {
    return (await larder.ask(target)).exchange.outcome;
  }

  describe('a clear that can be undone', () => {
    it('makes misses until it is undone, and hits again after', async () => {
      await stored('/a', '/b');
      expect(await larder.engine.clear(UNDO)).toEqual({ cleared: 2 });
      expect(await outcome('/a')).toBe('MISS');
      expect(await larder.engine.undoClear()).toEqual({ restored: 1 });
      expect(await outcome('/a')).toBe('HIT');
      expect(await outcome('/b')).toBe('HIT');
      expect(larder.origin.requests).toHaveLength(3);
    });

    it('is told by the status, with how many and until when', async () => {
      const undo = () => larder.engine.status().store.undo;
      await stored('/a', '/b');
      expect(undo()).toBeNull();
      await larder.engine.clear(UNDO);
      expect(undo()).toEqual({ entries: 2, until: larder.clock.now() + UNDO.undoForMs });
      await larder.engine.undoClear();
      expect(undo()).toBeNull();
      await waitUntil(() => larder.engine.status().store.entries === 2);
    });

    it('is too late after its time', async () => {
      await stored('/a');
      await larder.engine.clear(UNDO);
      larder.clock.advance(UNDO.undoForMs / 1000);
      expect(await larder.engine.undoClear()).toEqual({ restored: 0 });
      expect(await outcome('/a')).toBe('MISS');
    });

    it('is none where the endpoint clears, or a host that does not ask for it', async () => {
      await stored('/a');
      const answer = await larder.get('/cache/clear', { method: 'POST' });
      expect(JSON.parse(answer.body.toString())).toEqual({ cleared: 1 });
      expect(await larder.engine.undoClear()).toEqual({ restored: 0 });
      await stored('/a');
      await larder.engine.clear();
      expect(larder.engine.status().store.undo).toBeNull();
      expect(await larder.engine.undoClear()).toEqual({ restored: 0 });
    });

    it('does not bring back what an unsafe request has invalidated meanwhile', async () => {
      await stored('/a', '/b');
      await larder.engine.clear(UNDO);
      await larder.ask('/a', {}, 'POST');
      expect(await larder.engine.undoClear()).toEqual({ restored: 1 });
      expect(await outcome('/a')).toBe('MISS');
      expect(await outcome('/b')).toBe('HIT');
    });

    it('stores nothing of what was under way when it was cleared, nor when that is undone', async () => {
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      await stored('/a');
      larder.origin.answer((_request, response) => {
        void held.then(() => response.writeHead(200, FRESH).end('late'));
      });
      const late = larder.get('/late');
      await waitUntil(() => larder.origin.requests.length === 2);
      await larder.engine.clear(UNDO);
      await larder.engine.undoClear();
      answer();
      expect((await late).status).toBe(200);
      await waitUntil(() => larder.exchanges.length === 2);
      expect(larder.exchanges[1]).toMatchObject({ stored: false, notStored: 'invalidated-meanwhile' });
      expect((await larder.entries()).map(({ url }) => new URL(url).pathname)).toEqual(['/a']);
    });
  });
});
