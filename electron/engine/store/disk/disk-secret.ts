/** The secret of the keyed hashes in stored responses: one file, made once, as long-lived as what it partitions. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_BYTES } from '../response-store';
import { crc32 } from './crc32';
import { errorCode } from './disk-problem';

const FORM = /^([0-9a-f]{64}) ([0-9a-f]{8})\n?$/;

export function newSecret(): Uint8Array {
  return new Uint8Array(randomBytes(SECRET_BYTES));
}

/** Null: there is none, or it is damaged. */
export async function readSecret(folder: string): Promise<Uint8Array | null> {
  const text = await readOrNull(secretFile(folder));
  const hex = FORM.exec(text ?? '')?.[1];
  if (hex === undefined) return null;
  const secret = new Uint8Array(Buffer.from(hex, 'hex'));
  return text?.trimEnd() === secretText(secret) ? secret : null;
}

export async function writeSecret(folder: string, secret: Uint8Array): Promise<void> {
  const temporary = `${secretFile(folder)}.new`;
  await writeFile(temporary, `${secretText(secret)}\n`, { mode: 0o600 });
  await rename(temporary, secretFile(folder));
}

function secretFile(folder: string): string {
  return join(folder, 'secret');
}

function secretText(secret: Uint8Array): string {
  return `${Buffer.from(secret).toString('hex')} ${crc32(secret).toString(16).padStart(8, '0')}`;
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    // Unreadable for whatever reason is as good as none, as long as a new one can be written.
    return errorCode(error) === null ? Promise.reject(error) : null;
  }
}
