/**
 * The folder of the disk cache: made, locked, of our format. A folder of another format is not touched beyond
 * setting it aside.
 */
import type { BigIntStats } from 'node:fs';
import { chmod, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { EpochMs } from '../../../../shared/units';
import { errorCode } from './disk-problem';
import type { FolderLock } from './folder-lock';
import { isLockName, lockFolder } from './folder-lock';
import { segmentNumber } from './segment';

const FORMAT_FILE = 'format';
const FORMAT = 'larder disk cache 1\n';
const PROBE_FILE = 'probe';

export class CacheFolder {
  readonly path: string;
  /** What the person should know about the folder that was found; null: nothing. */
  notice: string | null = null;
  private readonly now: () => EpochMs;
  private lock: FolderLock | null = null;
  private identity: string | null = null;

  constructor(path: string, now: () => EpochMs) {
    this.path = path;
    this.now = now;
  }

  /** Makes what is missing. False: another process has the folder. Rejects where the disk refuses. */
  async enter(): Promise<boolean> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await chmod(this.path, 0o700);
    const identity = identityOf(await stat(this.path, { bigint: true }));
    // Deleted and made anew under us: our lock went with the old one.
    if (this.lock !== null && identity !== this.identity) await this.leave();
    this.lock ??= await lockFolder(await realpath(this.path));
    this.identity = identity;
    if (this.lock === null) return false;
    await this.ensureFormat();
    return true;
  }

  async leave(): Promise<void> {
    const { lock } = this;
    this.lock = null;
    await lock?.release();
  }

  /** Rejects where not even so much can be written. */
  async tryToWrite(bytes: number): Promise<void> {
    const file = join(this.path, PROBE_FILE);
    try {
      await writeFile(file, Buffer.alloc(bytes), { mode: 0o600 });
    } finally {
      await rm(file, { force: true });
    }
  }

  /** Numbers of the segments that have an index, in order. Bodies without one are left over, and deleted. */
  async segmentNumbers(): Promise<number[]> {
    const found = (await readdir(this.path)).map((name) => ({ name, segment: segmentNumber(name) }));
    const numbers = found.flatMap(({ segment }) => (segment?.kind === 'index' ? [segment.number] : []));
    for (const { name, segment } of found) {
      const isLeftOver = segment?.kind === 'bodies' && !numbers.includes(segment.number);
      if (isLeftOver || name === PROBE_FILE) await rm(join(this.path, name), { force: true });
    }
    return numbers.sort((left, right) => left - right);
  }

  private async ensureFormat(): Promise<void> {
    const found = await readFormat(join(this.path, FORMAT_FILE));
    if (found === FORMAT) return;
    if (found !== null) await this.setAside();
    await writeFile(join(this.path, FORMAT_FILE), FORMAT, { mode: 0o600 });
  }

  /** The names move, the folder stays: the lock is in it. At most one is kept. */
  private async setAside(): Promise<void> {
    const prefix = `${basename(this.path)}.bad-`;
    const parent = dirname(this.path);
    for (const name of await readdir(parent)) {
      if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
    }
    const aside = join(parent, `${prefix}${this.now()}`);
    await mkdir(aside, { mode: 0o700 });
    // The format last: until it is moved, what is left is not taken for ours.
    const names = (await readdir(this.path)).filter((name) => !isLockName(name) && name !== FORMAT_FILE);
    for (const name of [...names, FORMAT_FILE]) await rename(join(this.path, name), join(aside, name));
    this.notice = `The cache in ${this.path} is not of this version's format: it was set aside as ${aside}, and a new one begun. Delete it if you do not need it.`;
  }
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

async function readFormat(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
