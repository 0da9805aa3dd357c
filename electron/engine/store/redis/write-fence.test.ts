import { describe, expect, it } from 'vitest';
import { sampleAt } from '../test/sample-response';
import { WriteFence } from './write-fence';

const LIMIT = 1000;

describe('write fence', () => {
  it('runs puts of one id one after the other, in order, and others beside them', async () => {
    const fence = new WriteFence(LIMIT);
    const done: string[] = [];
    const gate = opener();
    const first = fence.put(sampleAt('/a'), 1, async () => {
      await gate.opened;
      return done.push('first') > 0;
    });
    const second = fence.put(sampleAt('/a'), 1, () => Promise.resolve(done.push('second') > 0));
    await fence.put(sampleAt('/b'), 1, () => Promise.resolve(done.push('other') > 0));
    gate.open();
    await Promise.all([first, second]);
    expect(done).toEqual(['other', 'first', 'second']);
  });

  it('goes on with the next put of an id when one fails', async () => {
    const fence = new WriteFence(LIMIT);
    const failing = fence.put(sampleAt('/a'), 1, () => Promise.reject(new Error('no')));
    const next = fence.put(sampleAt('/a'), 1, () => Promise.resolve(true));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe(true);
  });

  it('stops what is named: the running put is told, the waiting one never runs', async () => {
    const fence = new WriteFence(LIMIT);
    const gate = opener();
    const ran: string[] = [];
    const running = fence.put(sampleAt('/a'), 1, async (ticket) => {
      await gate.opened;
      return !ticket.cancelled;
    });
    const waiting = fence.put(sampleAt('/a'), 1, () => Promise.resolve(ran.push('waiting') > 0));
    const other = fence.put(sampleAt('/b'), 1, (ticket) => Promise.resolve(!ticket.cancelled));
    let stopped = false;
    const stopping = fence.stop(({ url }) => url.endsWith('/a')).then(() => (stopped = true));
    await other;
    expect(stopped).toBe(false);
    gate.open();
    await stopping;
    expect(await Promise.all([running, waiting, other])).toEqual([false, false, true]);
    expect(ran).toEqual([]);
  });

  it('refuses more bodies than may wait at once, but never the only one', async () => {
    const fence = new WriteFence(LIMIT);
    const gate = opener();
    const write = async () => {
      await gate.opened;
      return true;
    };
    const held = fence.put(sampleAt('/a'), LIMIT * 2, write);
    await expect(fence.put(sampleAt('/b'), 1, write)).rejects.toMatchObject({ code: 'store_unavailable' });
    gate.open();
    expect(await held).toBe(true);
    expect(await fence.put(sampleAt('/b'), LIMIT, write)).toBe(true);
  });

  it('waits for all that is under way, failed or not', async () => {
    const fence = new WriteFence(LIMIT);
    await fence.settled();
    const failing = fence.put(sampleAt('/a'), 1, () => Promise.reject(new Error('no'))).catch(() => 'failed');
    await fence.settled();
    expect(await failing).toBe('failed');
  });
});

function opener(): { open: () => void; readonly opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}
