/** Settings: errors stand at the field, in words, before anything is saved. */
import type { FormEvent, RefObject } from 'react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { formatPlural } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import { CachingSettings } from './caching-settings';
import { FileSettings } from './file-settings';
import { ProxySettings } from './proxy-settings';
import { LimitsSettings } from './limits-settings';
import { SectionNav } from './section-nav';
import { discardEdits, saveForm, settingsForm, unsavedCount } from './settings-form';
import { useSettingsFocus } from './settings-focus';
import { StoreSettings } from './store-settings';
import { UpstreamSettings } from './upstream-settings';
import { WindowSettings } from './window-settings';

export function SettingsPlace() {
  const ready = useStore(engineStore, (state) => state.settings !== null);
  return ready ? <SettingsForm /> : null;
}

function SettingsForm() {
  const formRef = useRef<HTMLFormElement>(null);
  const scrollRef = useRef<HTMLDivElement>(null);
  useSaveShortcut(formRef);
  useSettingsFocus(scrollRef);
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
      className="settings-form"
      onSubmit={(event) => void submit(event)}
    >
      <div className="settings-body">
        <SectionNav scrollRef={scrollRef} />
        <div ref={scrollRef} className="settings-scroll" data-scroll="settings">
          <div className="settings-column">
            <ProxySettings />
            <CachingSettings />
            <StoreSettings />
            <UpstreamSettings />
            <LimitsSettings />
            <WindowSettings />
            <FileSettings />
          </div>
        </div>
      </div>
      <SettingsFooter />
    </form>
  );
}

/** Mod+S, also while the focus is outside of the form. */
function useSaveShortcut(formRef: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isSave = event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey);
      if (!isSave || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (unsavedCount(settingsForm.getState()) > 0) formRef.current?.requestSubmit();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [formRef]);
}

function SettingsFooter() {
  const saving = useStore(settingsForm, (state) => state.saving);
  const wrong = useStore(settingsForm, (state) => Object.keys(state.problems).length);
  const other = useStore(settingsForm, (state) => state.problems.other);
  const isEdited = useStore(
    settingsForm,
    (state) => unsavedCount(state) > 0 || Object.keys(state.problems).length > 0,
  );
  return (
    <footer className="settings-footer">
      <button type="submit" className="btn primary" disabled={saving} title="Save settings (Mod+S)">
        Save settings
      </button>
      {isEdited && (
        <button type="button" className="btn ghost" onClick={discardEdits}>
          Discard changes
        </button>
      )}
      <p aria-live="polite" className="settings-state">
        <Unsaved />
        {wrong > 0 && <span>{other ?? `${formatPlural(wrong, 'field')} to mend, in red.`}</span>}
      </p>
    </footer>
  );
}

function Unsaved() {
  const count = useStore(settingsForm, unsavedCount);
  // What is saved may change beside the form.
  useStore(engineStore, (state) => state.settings);
  if (count > 0) return <b>{formatPlural(count, 'unsaved change')}</b>;
  return <span className="text-muted">Saved settings are in force at once; nothing needs a restart.</span>;
}
