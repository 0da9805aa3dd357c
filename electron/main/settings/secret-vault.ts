/**
 * Keeps each profile's Redis password in the system's keychain: `secrets.json` holds them encrypted with a key that
 * only the keychain knows. Where there is no keychain nothing is written, and the caller says so.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import { LarderError } from '../../../shared/error-codes';
import { FIRST_PROFILE_ID } from '../../../shared/profiles';
import { replaceFile } from '../replace-file';

/** Version 1 is from before there were profiles. */
const fileSchema = z.union([
  z.object({ version: z.literal(1), redisPassword: z.base64().nullable() }),
  z.object({ version: z.literal(2), redisPasswords: z.record(z.string(), z.base64()) }),
]);
type Encrypted = Readonly<Record<string, string>>;

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
  redisPassword(profile: string = FIRST_PROFILE_ID): string | null {
    const encrypted = this.#read()[profile];
    if (encrypted === undefined || !this.available) return null;
    try {
      return safeStorage.decryptString(Buffer.from(encrypted, 'base64'));
    } catch {
      // Written by another keychain: there is no password then.
      return null;
    }
  }

  /** @returns false where it could not be kept
   *  @throws LarderError `settings_unwritable` */
  async saveRedisPassword(profile: string, password: string | null): Promise<boolean> {
    const kept = password === null || this.available;
    const { [profile]: _before, ...others } = this.#read();
    const encrypted =
      password === null || !kept
        ? others
        : { ...others, [profile]: safeStorage.encryptString(password).toString('base64') };
    try {
      await replaceFile(this.#file, `${JSON.stringify({ version: 2, redisPasswords: encrypted })}\n`);
    } catch (cause) {
      throw new LarderError('settings_unwritable', `The password cannot be saved to ${this.#file}`, {
        cause,
      });
    }
    return kept;
  }

  #read(): Encrypted {
    try {
      const file = fileSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      if (file.version === 2) return file.redisPasswords;
      return file.redisPassword === null ? {} : { [FIRST_PROFILE_ID]: file.redisPassword };
    } catch {
      // No file, or one that is not ours: there is no password then.
      return {};
    }
  }
}
