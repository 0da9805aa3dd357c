/** How the window looks and what the desktop shows: the same for all profiles, and in force at once. */
import { useId } from 'react';
import { useStore } from 'zustand';
import type { Appearance, Settings } from '../../shared/settings';
import { APPEARANCES } from '../../shared/settings';
import { saveChange } from '../app/engine-actions';
import { engineStore } from '../state/engine-store';
import { CheckBox } from './check-setting';
import { SettingLine } from './setting-field';

const APPEARANCE_NAMES: Readonly<Record<Appearance, string>> = {
  system: 'System',
  light: 'Light',
  dark: 'Dark',
};

/** Shown at once, and taken back where it could not be saved. */
async function change(part: Partial<Pick<Settings, 'appearance' | 'desktop'>>): Promise<void> {
  const { settings } = engineStore.getState();
  if (settings === null) return;
  engineStore.setState({ settings: { ...settings, ...part } });
  const result = await saveChange(part);
  if (result?.kind !== 'saved') engineStore.setState({ settings });
}

export function WindowSettings() {
  const id = useId();
  const appearance = useStore(engineStore, ({ settings }) => settings?.appearance);
  return (
    <section className="settings-section" aria-labelledby="settings-window">
      <h2 id="settings-window">Window</h2>
      <p className="settings-lead">For all profiles. Each change is in force at once.</p>
      <SettingLine label="Appearance" labelId={id}>
        <div role="radiogroup" aria-labelledby={id} className="segments" data-setting="appearance">
          {APPEARANCES.map((value) => (
            <label key={value}>
              <input
                type="radio"
                name={`${id}-appearance`}
                checked={appearance === value}
                onChange={() => void change({ appearance: value })}
              />
              {APPEARANCE_NAMES[value]}
            </label>
          ))}
        </div>
      </SettingLine>
      <DesktopSettings />
    </section>
  );
}

function DesktopSettings() {
  const desktop = useStore(engineStore, ({ settings }) => settings?.desktop);
  if (desktop === undefined) return null;
  return (
    <SettingLine label="Desktop">
      <div data-setting="desktop.tray">
        <CheckBox
          label="Show Larder in the tray"
          note="With start, stop and clear. Closing the window then keeps the proxy running."
          checked={desktop.tray}
          onChange={(tray) => void change({ desktop: { ...desktop, tray } })}
        />
      </div>
      <div data-setting="desktop.notifications">
        <CheckBox
          label="Notify when something needs a person"
          note="The port is lost, the origin or Redis cannot be reached. Only while the window is not in front."
          checked={desktop.notifications}
          onChange={(notifications) => void change({ desktop: { ...desktop, notifications } })}
        />
      </div>
    </SettingLine>
  );
}
