/**
 * One folder, one process. The lock is a socket that is listened on: the operating system lets go of it whenever
 * the process ends, kill -9 included, and no process number or time of day has to be trusted.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readdir, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

/** What the shortest of the common systems takes as a socket's path. */
const MAX_SOCKET_PATH_BYTES = 100;
const LOCK = /^lock-(\d+)$/;
const CANDIDATE = /^lock-new-/;
const MAX_TRIES = 1000;

/** `folder`: its real path. Null: another process has it. Rejects where no socket can be made. */
export function lockFolder(folder: string): Promise<FolderLock | null> {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  if (process.platform === 'win32') return lockByPipe(`\\\\.\\pipe\\larder-cache-${hash}`);
  const fits = Buffer.byteLength(candidateIn(folder)) <= MAX_SOCKET_PATH_BYTES;
  return fits ? lockBySocket(folder) : lockInTemporaryFolder(hash);
}

/** Names that belong to the lock, not to the cache. */
export function isLockName(name: string): boolean {
  return LOCK.test(name) || CANDIDATE.test(name);
}

async function lockInTemporaryFolder(hash: string): Promise<FolderLock | null> {
  const place = join(tmpdir(), `larder-${hash.slice(0, 16)}`);
  await mkdir(place, { recursive: true, mode: 0o700 });
  return lockBySocket(place);
}

async function lockByPipe(name: string): Promise<FolderLock | null> {
  try {
    return held(await listening(name));
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return null;
    throw error;
  }
}

/**
 * Locks are numbered, and the highest number counts. A dead socket never comes alive again, so whoever links his
 * own, already listening, to the number after a dead one has the folder; link fails where the name is taken.
 */
async function lockBySocket(place: string): Promise<FolderLock | null> {
  const own = candidateIn(place);
  const server = await listening(own);
  try {
    const number = await claimNumber(place, own);
    if (number !== null) {
      await removeOutdated(place, number);
      return held(server);
    }
  } catch (error) {
    await closed(server);
    throw error;
  }
  await closed(server);
  return null;
}

/** Null: another process has the highest number and is alive. */
async function claimNumber(place: string, own: string): Promise<number | null> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const highest = await highestNumber(place);
    if (highest > 0 && (await isAlive(join(place, `lock-${highest}`)))) return null;
    const number = highest + 1;
    // The number may have been used and cleaned away since the names were read: then there is a higher one by now.
    if ((await linked(own, join(place, `lock-${number}`))) && (await highestNumber(place)) === number)
      return number;
  }
  throw new Error(`the lock in ${place} cannot be taken: its names keep changing`);
}

async function linked(own: string, name: string): Promise<boolean> {
  try {
    await link(own, name);
    return true;
  } catch (error) {
    // ENOENT: the winner has cleaned up our candidate.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function highestNumber(place: string): Promise<number> {
  const numbers = (await readdir(place)).map((name) => Number(LOCK.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** The highest number stays, also when the process ends: numbers only ever rise. */
async function removeOutdated(place: string, number: number): Promise<void> {
  for (const name of await readdir(place)) {
    const isOutdated = CANDIDATE.test(name) || Number(LOCK.exec(name)?.[1] ?? Infinity) < number;
    if (isOutdated) await rm(join(place, name), { force: true });
  }
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Any other error (a full backlog, no permission) comes from a socket that somebody has.
    socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? '')));
  });
}

function listening(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

function held(server: Server): FolderLock {
  return { release: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function candidateIn(place: string): string {
  return join(place, `lock-new-${randomBytes(4).toString('hex')}`);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
