/** Opens the disk cache in a folder. Whatever happens to the disk is told by the persistence's status, never by a rejection. */
import type { EpochMs } from '../../../../shared/units';
import type { Persistence } from '../persistence';
import { CacheFolder } from './cache-folder';
import { DiskCache } from './disk-cache';
import { isWantedAt, replayLog } from './disk-replay';
import { newSecret, readSecret, writeSecret } from './disk-secret';
import type { WriterTiming } from './disk-writer';
import { persistenceInUse } from './no-persistence';

export interface PersistenceOptions {
  /** Absolute; made where it is missing. For the cache only. */
  readonly folder: string;
  /** Of all files in the folder. */
  readonly budgetBytes: number;
  readonly now: () => EpochMs;
}

export interface PersistenceTuning extends WriterTiming {
  readonly maxWaitingBytes: number;
}

const TUNING: PersistenceTuning = {
  gatherMs: 20,
  retryMinMs: 1000,
  retryMaxMs: 60_000,
  existenceCheckMs: 1000,
  maxWaitingBytes: 64 * 1024 * 1024,
};

export async function openPersistence(
  options: PersistenceOptions,
  tuning: Partial<PersistenceTuning> = {},
): Promise<Persistence> {
  const { budgetBytes, now } = options;
  const { maxWaitingBytes, ...timing } = { ...TUNING, ...tuning };
  const folder = new CacheFolder(options.folder, now);
  const cacheWith = (secret: Uint8Array) =>
    new DiskCache({ folder, secret, budgetBytes, now, timing, maxWaitingBytes });
  try {
    if (!(await folder.enter())) return persistenceInUse(options.folder, newSecret(), budgetBytes);
    const { secret, isNew } = await secretOf(folder.path);
    const replayed = await replayLog(folder, isWantedAt(now(), isNew));
    const cache = cacheWith(secret);
    cache.adopt(replayed);
    return cache;
  } catch (error) {
    const cache = cacheWith(newSecret());
    cache.startFailing(error);
    return cache;
  }
}

async function secretOf(folder: string): Promise<{ readonly secret: Uint8Array; readonly isNew: boolean }> {
  const found = await readSecret(folder);
  if (found !== null) return { secret: found, isNew: false };
  const secret = newSecret();
  await writeSecret(folder, secret);
  return { secret, isNew: true };
}
