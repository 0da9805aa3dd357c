/** Channels about profiles. */
import { z } from 'zod';
import type { ProfileList } from '../profiles';

const id = z.string().max(64);
const name = z.string().max(200);

export const PROFILES_REQUESTS = {
  'profiles.list': z.undefined(),
  /** Makes a profile with defaults, as the form has it. An empty origin: the demo API. */
  'profiles.create': z.strictObject({ name, origin: z.string().max(2048), port: z.string().max(32) }),
  'profiles.rename': z.strictObject({ id, name }),
  'profiles.duplicate': z.strictObject({ id }),
  /** With its cache. The active one: another becomes active first. */
  'profiles.delete': z.strictObject({ id }),
  'profiles.switch': z.strictObject({ id }),
} as const satisfies Record<string, z.ZodType>;

export type ChangeProfilesResult =
  | {
      readonly kind: 'changed';
      readonly list: ProfileList;
      /** Of the profile that was made, renamed or deleted. */
      readonly id: string;
      /** What did not go all the way, for the person to read. */
      readonly notice: string | null;
    }
  /** `message` is the second half of a sentence, as in the settings; `other` a whole one. */
  | {
      readonly kind: 'refused';
      readonly field: 'name' | 'origin' | 'port' | 'other';
      readonly message: string;
    };

export type SwitchProfileResult =
  /** `notice`: what did not go all the way, for the person to read. */
  | { readonly kind: 'switched'; readonly name: string; readonly notice: string | null }
  /** The old profile goes on. */
  | { readonly kind: 'port-in-use'; readonly message: string; readonly freePort: number | null }
  | { readonly kind: 'failed'; readonly message: string };

export interface ProfilesResponses {
  'profiles.list': ProfileList;
  'profiles.create': ChangeProfilesResult;
  'profiles.rename': ChangeProfilesResult;
  'profiles.duplicate': ChangeProfilesResult;
  'profiles.delete': ChangeProfilesResult;
  'profiles.switch': SwitchProfileResult;
}
