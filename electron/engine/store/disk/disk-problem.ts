/** What keeps the disk cache from being written, in words for the person, and what follows from it. */

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS']);
const GONE = new Set(['ENOENT', 'ENOTDIR']);

/** The folder was deleted, although what is open in it can still be written. */
export class FolderGoneError extends Error {
  readonly code = 'ENOENT';
}

export function errorCode(error: unknown): string | null {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : null;
}

/** Deleting something of ours makes room. */
export function isDiskFull(error: unknown): boolean {
  return FULL.has(errorCode(error) ?? '');
}

/** What was there is not to be counted on any more. */
export function isFolderGone(error: unknown): boolean {
  return GONE.has(errorCode(error) ?? '');
}

export function problemSentence(error: unknown, folder: string): string {
  return `${cause(error, folder)} What is stored now is kept in memory only. ${remedy(error)}`;
}

export function inUseSentence(folder: string): string {
  return `Another Larder keeps its cache in ${folder}; this one keeps its cache in memory only.`;
}

function cause(error: unknown, folder: string): string {
  const code = errorCode(error) ?? '';
  if (FULL.has(code)) return `The disk is full: no more fits in ${folder} (${code}).`;
  if (REFUSED.has(code)) return `The cache in ${folder} may not be written (${code}).`;
  if (GONE.has(code)) return `The folder of the cache, ${folder}, is not there any more (${code}).`;
  const reason = error instanceof Error ? error.message : String(error);
  return `The cache in ${folder} cannot be written: ${reason}.`;
}

function remedy(error: unknown): string {
  const code = errorCode(error) ?? '';
  if (FULL.has(code)) return 'Free some space: Larder tries again by itself.';
  if (REFUSED.has(code)) return 'Make the folder writable: Larder tries again by itself.';
  return 'Larder tries again by itself; if this stays, check the disk.';
}
