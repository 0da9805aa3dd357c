/** The stores' contract in memory, and in memory kept on disk too. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { openPersistence } from '../disk/open-persistence';
import type { MemoryStore } from './memory-store-contract';
import { createMemoryStore } from './memory-store';
import type { ResponseStore } from '../response-store';
import type { StoredResponse } from '../../semantics/stored-response';
import { SAMPLE_TIME } from '../test/sample-response';
import { describeStoreContract } from '../test/store-contract';

const BUDGET_BYTES = 256 * 1024 * 1024;
const now = (): number => SAMPLE_TIME;
const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

function memoryStore(): Promise<MemoryStore> {
  return Promise.resolve(createMemoryStore({ budgetBytes: BUDGET_BYTES, now }));
}

async function persistedStore(): Promise<MemoryStore> {
  const folder = await mkdtemp(path.join(tmpdir(), 'larder-contract-'));
  folders.push(folder);
  const store = await memoryStore();
  await store.attach(await openPersistence({ folder, budgetBytes: BUDGET_BYTES, now }));
  return store;
}

/** As little room as there is to be had: the least recently used goes. */
async function evict(store: ResponseStore, stored: StoredResponse): Promise<void> {
  const memory = store as MemoryStore;
  let budget = memory.stats().bytes;
  while (memory.entry(stored.id) !== null) memory.setBudget((budget -= 100));
  memory.setBudget(BUDGET_BYTES);
  return Promise.resolve();
}

describeStoreContract('memory', memoryStore, evict);
describeStoreContract('memory that is persisted', persistedStore, evict);
