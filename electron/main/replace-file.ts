/** Replaces a file whole or not at all; readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';

const OWNER_ONLY = 0o600;

const besides = (file: string) => `${file}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;

export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = besides(file);
  try {
    await writeFile(temporary, text, { mode: OWNER_ONLY, flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** For the moment before the app ends, when nothing waits for a promise any more. */
export function replaceFileSync(file: string, text: string): void {
  const temporary = besides(file);
  try {
    writeFileSync(temporary, text, { mode: OWNER_ONLY, flag: 'wx' });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
