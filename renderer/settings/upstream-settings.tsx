/** How Larder talks to the origin, and how the window looks. */
import { useId } from 'react';
import { useStore } from 'zustand';
import type { Appearance } from '../../shared/settings';
import { APPEARANCES } from '../../shared/settings';
import { saveChange } from '../app/engine-actions';
import { engineStore } from '../state/engine-store';
import { CheckSetting } from './check-setting';
import { SettingLine, TextSetting } from './setting-field';

export function UpstreamSettings() {
  return (
    <section className="settings-section" aria-labelledby="settings-upstream">
      <h2 id="settings-upstream">Upstream</h2>
      <TextSetting
        field="connectTimeoutMs"
        label="Connect timeout"
        kind="number"
        width="max-w-28"
        unit="ms"
      />
      <TextSetting
        field="headTimeoutMs"
        label="Response timeout"
        kind="number"
        width="max-w-28"
        unit="ms"
        note="Until the status and the fields are there."
      />
      <TextSetting
        field="bodyTimeoutMs"
        label="Body timeout"
        kind="number"
        width="max-w-28"
        unit="ms"
        note="The longest pause within a body. Event streams may pause as they like."
      />
      <SettingLine label="Certificates">
        <CheckSetting
          field="acceptSelfSigned"
          label="Accept self-signed certificates"
          note="Only for an origin of your own: anyone on the way could then pretend to be it."
        />
      </SettingLine>
    </section>
  );
}

const APPEARANCE_NAMES = { system: 'System', light: 'Light', dark: 'Dark' } as const;

/** Shown at once, and taken back where it could not be saved. */
async function changeAppearance(appearance: Appearance): Promise<void> {
  const { settings } = engineStore.getState();
  if (settings === null) return;
  engineStore.setState({ settings: { ...settings, appearance } });
  const result = await saveChange({ appearance });
  if (result?.kind !== 'saved') engineStore.setState({ settings });
}

/** Applies at once: it concerns the window only. */
export function AppearanceSettings() {
  const id = useId();
  const appearance = useStore(engineStore, ({ settings }) => settings?.appearance);
  return (
    <section className="settings-section" aria-labelledby="settings-window">
      <h2 id="settings-window">Window</h2>
      <SettingLine label="Appearance" labelId={id}>
        <div role="radiogroup" aria-labelledby={id} className="segments">
          {APPEARANCES.map((value) => (
            <label key={value}>
              <input
                type="radio"
                name={`${id}-appearance`}
                checked={appearance === value}
                onChange={() => void changeAppearance(value)}
              />
              {APPEARANCE_NAMES[value]}
            </label>
          ))}
        </div>
        <p className="mt-1 text-sm text-muted">Applies at once.</p>
      </SettingLine>
    </section>
  );
}
