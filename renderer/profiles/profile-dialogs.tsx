/** The dialogs about profiles, at any place of the window. */
import { useRef } from 'react';
import { useStore } from 'zustand';
import { AppDialog } from '../app/app-dialog';
import { ManageProfiles } from './manage-profiles';
import { NewProfile } from './new-profile';
import { closeProfileDialog, profilesStore } from './profiles-store';

export function ProfileDialogs() {
  const open = useStore(profilesStore, ({ dialog }) => dialog);
  const nameRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <AppDialog
        title="New profile"
        className="profile-dialog"
        open={open === 'new'}
        onClose={closeProfileDialog}
        initialFocus={nameRef}
      >
        <NewProfile nameRef={nameRef} />
      </AppDialog>
      <AppDialog
        title="Profiles"
        className="profile-dialog"
        open={open === 'manage'}
        onClose={closeProfileDialog}
      >
        <ManageProfiles />
      </AppDialog>
    </>
  );
}
