/** Settings to and from a file, and back to the defaults. */
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Download, Upload } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { activeProfile, profilesStore } from '../profiles/profiles-store';
import { resetAll } from './reset-settings';
import { SettingLine } from './setting-field';
import { exportSettings, importSettings } from './settings-file-actions';

export function FileSettings() {
  return (
    <section className="settings-section" aria-labelledby="settings-files">
      <h2 id="settings-files">Import and export</h2>
      <SettingLine label="Project file">
        <div className="flex flex-wrap gap-2">
          <button type="button" className="btn" onClick={() => void exportSettings()}>
            <Upload aria-hidden />
            Export…
          </button>
          <button type="button" className="btn" onClick={() => void importSettings()}>
            <Download aria-hidden />
            Import…
          </button>
        </div>
        <p className="mt-1 text-sm text-pretty text-muted">
          Writes what is in force as <code>larder.json</code>, which the command line reads too: origin, port
          and what differs from the defaults. Never a password.
        </p>
      </SettingLine>
      <SettingLine label="Defaults">
        <ResetAll />
      </SettingLine>
    </section>
  );
}

function ResetAll() {
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState(false);
  const name = useStore(profilesStore, (state) => activeProfile(state)?.name);
  const reset = async () => {
    setBusy(true);
    await resetAll();
    setBusy(false);
    setOpen(false);
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className="btn">Reset all settings…</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop" />
        <AlertDialog.Popup className="dialog profile-dialog">
          <AlertDialog.Title className="mb-3 text-lg font-semibold">Reset all settings?</AlertDialog.Title>
          <AlertDialog.Description className="text-pretty">
            Every setting of the profile {name} and of the window goes back to its default: the demo API is
            the origin, and the Redis password is forgotten. Other profiles stay, and so does what is stored.
            What a flag, a variable or a project file gives for now is kept.
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close className="btn">Cancel</AlertDialog.Close>
            <button type="button" className="btn danger" disabled={busy} onClick={() => void reset()}>
              Reset all settings
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
