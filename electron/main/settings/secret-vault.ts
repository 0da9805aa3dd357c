/**
 * Keeps the Redis password in the system's keychain: `secrets.json` holds it encrypted with a key that only
 * the keychain knows. Where there is no keychain nothing is written, and the caller says so.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import { LarderError } from '../../../shared/error-codes';
import { replaceFile } from '../replace-file';

const fileSchema = z.object({ version: z.literal(1), redisPassword: z.base64().nullable() });

export class SecretVault {
  readonly #file: string;

  constructor(dataDir: string) {
    this.#file = path.join(dataDir, 'secrets.json');
  }

  /** False where the system has no keychain, or only one that hides nothing. Once the app is ready. */
  get available(): boolean {
    if (!safeStorage.isEncryptionAvailable()) return false;
    // Electron before 27 does not have this, and there says 'not available' instead of falling back.
    if (process.platform !== 'linux' || typeof safeStorage.getSelectedStorageBackend !== 'function')
      return true;
    return !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend());
  }

  /** Null: none saved, or it can no longer be decrypted. */
  redisPassword(): string | null {
    try {
      const { redisPassword } = fileSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      if (redisPassword === null || !this.available) return null;
      return safeStorage.decryptString(Buffer.from(redisPassword, 'base64'));
    } catch {
      // No file, or one that this keychain did not write: there is no password then.
      return null;
    }
  }

  /** @returns false where it could not be kept
   *  @throws LarderError `settings_unwritable` */
  async saveRedisPassword(password: string | null): Promise<boolean> {
    const kept = password === null || this.available;
    const encrypted =
      password === null || !kept ? null : safeStorage.encryptString(password).toString('base64');
    try {
      await replaceFile(this.#file, `${JSON.stringify({ version: 1, redisPassword: encrypted })}\n`);
    } catch (cause) {
      throw new LarderError('settings_unwritable', `The password cannot be saved to ${this.#file}`, {
        cause,
      });
    }
    return kept;
  }
}
