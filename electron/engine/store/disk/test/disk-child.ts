/**
 * A process of its own that has a disk cache, for tests that kill it. Told to begin by a message, it opens the folder,
 * says in which state it is, and where asked makes changes without end: what they are follows from the seed.
 */
import { openPersistence } from '../open-persistence';
import { changesOf, NOW } from './disk-changes';

interface Order {
  readonly folder: string;
  /** Null: only holds the folder. */
  readonly seed: number | null;
}

process.on('message', (order: Order) => {
  void begin(order);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function begin({ folder, seed }: Order): Promise<void> {
  const disk = await openPersistence({ folder, budgetBytes: 64 * 1024 * 1024, now: () => NOW });
  disk.restored();
  process.send?.(disk.status().state);
  if (seed === null) return;
  let done = 0;
  for (const group of changesOf(seed)) {
    for (const change of group) {
      if (change.kind === 'put') disk.put(change.record, change.kept);
      else if (change.kind === 'remove') disk.remove([change.id]);
      else if (change.kind === 'unhide') disk.undoClear();
      else disk.clear(change.kind === 'hide');
    }
    done += group.length;
    await disk.flushed();
    process.send?.(done);
  }
}
