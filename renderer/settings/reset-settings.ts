/** All settings of the active profile back to their defaults. */
import { defaultSettingsOf, FIRST_PROFILE_ID } from '../../shared/profiles';
import type { Settings } from '../../shared/settings';
import { saveSettings } from '../app/engine-actions';
import { tellProblem } from '../app/toasts';
import { profilesStore } from '../profiles/profiles-store';
import { engineStore } from '../state/engine-store';
import { discardEdits } from './settings-form';

type Fields = Readonly<Record<string, unknown>>;

/** What a flag, a variable or the project file gives for now is no setting of ours to reset. */
export function resetKeeping(settings: Settings, defaults: Settings, kept: readonly string[]): Settings {
  let reset: Fields = { ...defaults };
  const now: Fields = { ...settings };
  for (const field of kept) {
    const [first = '', name] = field.split('.');
    if (!(first in reset)) continue;
    if (name === undefined) reset = { ...reset, [first]: now[first] };
    else {
      const section = { ...(reset[first] as Fields) };
      if (name in section) section[name] = (now[first] as Fields)[name];
      reset = { ...reset, [first]: section };
    }
  }
  // Each field was taken from a value of this type.
  return reset as unknown as Settings;
}

export async function resetAll(): Promise<void> {
  const { settings, info } = engineStore.getState();
  if (settings === null) return;
  const profile = profilesStore.getState().list?.active ?? FIRST_PROFILE_ID;
  const kept = Object.keys(info?.overridden ?? {});
  const reset = resetKeeping(settings, defaultSettingsOf(profile), kept);
  const forgets = info?.hasRedisPassword === true && !kept.includes('redis.password');
  const result = await saveSettings(reset, forgets ? null : undefined);
  if (result?.kind === 'saved') discardEdits();
  else if (result?.kind === 'port-in-use') tellProblem('Nothing was reset', result.message);
  else if (result !== null)
    tellProblem('Nothing was reset', result.problems.map(({ message }) => message).join(' '));
}
