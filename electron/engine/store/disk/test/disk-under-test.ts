/** Disk caches in folders of their own, and responses to keep in them. */
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { StoredResponse } from '../../../semantics/stored-response';
import type { StoredRecord } from '../../codec';
import { decodeBody, encodeBody } from '../../codec';
import type { Persistence } from '../../persistence';
import { SAMPLE_TIME, sampleAt } from '../../test/sample-response';
import type { PersistenceTuning } from '../open-persistence';
import { openPersistence } from '../open-persistence';

export const MEBIBYTE = 1024 * 1024;
/** Fast enough to be waited for. */
const QUICK: Partial<PersistenceTuning> = { gatherMs: 0, retryMinMs: 5, retryMaxMs: 20 };

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'larder-disk-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function opened(
  folder: string,
  { budgetBytes = 16 * MEBIBYTE, now = SAMPLE_TIME, ...tuning }: OpenOptions = {},
): Promise<Persistence> {
  const options = { folder, budgetBytes, now: () => now };
  const persistence = await openPersistence(options, { ...QUICK, ...tuning });
  closing.push(() => persistence.close());
  return persistence;
}

type OpenOptions = Partial<PersistenceTuning> & { budgetBytes?: number; now?: number };

/** What a process finds that starts after this one was killed. */
export async function afterKill(folder: string, options: OpenOptions = {}): Promise<Persistence> {
  const copy = join(await temporaryFolder(), 'cache');
  await cp(folder, copy, { recursive: true, filter: (name) => !name.includes('lock-') });
  return opened(copy, options);
}

export interface Sample {
  readonly record: StoredRecord;
  readonly kept: Uint8Array;
}

export async function sample(
  path: string,
  body: Uint8Array | string = path,
  overrides: Partial<StoredResponse> & { keepUntil?: number } = {},
): Promise<Sample> {
  const { keepUntil = SAMPLE_TIME + 1e9, ...stored } = overrides;
  const bytes = new Uint8Array(Buffer.from(body));
  const response = sampleAt(path, { bodyBytes: bytes.byteLength, ...stored });
  const { record, kept } = await encodeBody(response, bytes, 0);
  return { record: { stored: response, body: record, keepUntil }, kept };
}

export function idOf({ record }: Sample): string {
  return record.stored.id;
}

export async function bodyOf(persistence: Persistence, record: StoredRecord): Promise<Uint8Array | null> {
  const kept = await persistence.body(record.stored.id, record.body.version);
  return kept === null ? null : decodeBody(record.body, kept);
}

export function binary(bytes: number): Uint8Array {
  return new Uint8Array(randomBytes(bytes));
}

/** A generator of numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
