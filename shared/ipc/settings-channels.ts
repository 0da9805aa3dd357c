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
} as const satisfies Record<string, z.ZodType>;

export interface SettingsResponses {
  'settings.get': Settings;
  'settings.save': SaveSettingsResult;
  'settings.test-origin': OriginTest;
  'settings.test-redis': OriginTest;
}
