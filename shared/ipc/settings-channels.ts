/** Channels about the settings. */
import { z } from 'zod';
import type { SettingProblem, Settings } from '../settings';
import { settingsSchema } from '../settings';

export type SaveSettingsResult =
  | { readonly kind: 'saved'; readonly settings: Settings; readonly notice: string | null }
  | { readonly kind: 'invalid'; readonly problems: readonly SettingProblem[] }
  /** The port is taken: the old listener goes on. */
  | { readonly kind: 'port-in-use'; readonly message: string; readonly freePort: number | null };

export interface OriginTest {
  readonly ok: boolean;
  /** `Answered 200 in 84 ms (HTTP/1.1, TLS 1.3)` or why not. */
  readonly message: string;
}

/** What an import would change: a key of the project file, and its values in words. */
export interface SettingChange {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

export type ExportResult =
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'saved';
      readonly file: string;
      /** Of the schema for editors, which lies beside it. */
      readonly schema: 'written' | 'there' | 'not-written';
    };

export type ImportReading =
  | { readonly kind: 'cancelled' }
  /** Nothing of it is taken. Each problem names its key. */
  | { readonly kind: 'wrong'; readonly name: string; readonly problems: readonly string[] }
  | {
      readonly kind: 'read';
      readonly name: string;
      /** What they would be; not in force yet. */
      readonly settings: Settings;
      readonly changes: readonly SettingChange[];
      /** Keys that concern the command line only. */
      readonly ignored: readonly string[];
    };

/** `redisPassword`: a string sets it, null removes it, undefined leaves it. */
const saveSettings = z.strictObject({
  settings: settingsSchema,
  redisPassword: z.string().max(1024).nullable().optional(),
});

export const SETTINGS_REQUESTS = {
  'settings.get': z.undefined(),
  'settings.save': saveSettings,
  'settings.test-origin': z.strictObject({ origin: z.string().max(2048), acceptSelfSigned: z.boolean() }),
  'settings.test-redis': saveSettings,
  /** Asks for the file to write, and writes it. */
  'settings.export': z.undefined(),
  /** Asks for the file to read, and says what it would change. */
  'settings.read-import': z.undefined(),
} as const satisfies Record<string, z.ZodType>;

export interface SettingsResponses {
  'settings.get': Settings;
  'settings.save': SaveSettingsResult;
  'settings.test-origin': OriginTest;
  'settings.test-redis': OriginTest;
  'settings.export': ExportResult;
  'settings.read-import': ImportReading;
}
