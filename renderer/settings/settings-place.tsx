/** Settings: errors stand at the field, in words, before anything is saved. */
import type { FormEvent } from 'react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { engineStore } from '../state/engine-store';
import { CachingSettings, ProxySettings } from './proxy-settings';
import { discardEdits, saveForm, settingsForm } from './settings-form';
import { StoreSettings } from './store-settings';
import { AppearanceSettings, UpstreamSettings } from './upstream-settings';

export function SettingsPlace() {
  const ready = useStore(engineStore, (state) => state.settings !== null);
  const formRef = useRef<HTMLFormElement>(null);
  if (!ready) return null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await saveForm()) return;
    formRef.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  return (
    <form
      ref={formRef}
      noValidate
      aria-label="Settings"
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => void submit(event)}
    >
      <div className="min-h-0 flex-1 overflow-auto" data-scroll="settings">
        <div className="settings-column">
          <ProxySettings />
          <CachingSettings />
          <StoreSettings />
          <UpstreamSettings />
          <AppearanceSettings />
        </div>
      </div>
      <SettingsFooter />
    </form>
  );
}

function SettingsFooter() {
  const saving = useStore(settingsForm, (state) => state.saving);
  const wrong = useStore(settingsForm, (state) => Object.keys(state.problems).length);
  const other = useStore(settingsForm, (state) => state.problems.other);
  const dirty = useStore(
    settingsForm,
    (state) => Object.keys(state.edits).length > 0 || state.redisPassword !== undefined,
  );
  const text =
    other ?? (wrong > 0 ? 'Nothing was saved: see the fields in red.' : dirty ? 'Not saved yet.' : '');
  return (
    <footer className="flex h-12 flex-none items-center gap-2 border-t border-line px-6">
      <button type="submit" className="btn primary" disabled={saving}>
        Save settings
      </button>
      {dirty && (
        <button type="button" className="btn ghost" onClick={discardEdits}>
          Discard changes
        </button>
      )}
      <span className={`ml-1 text-sm ${wrong > 0 ? 'text-error' : 'text-muted'}`}>{text}</span>
    </footer>
  );
}
