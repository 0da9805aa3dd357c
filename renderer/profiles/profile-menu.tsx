/** The profile switcher of the header: which proxy this is, and which others there are. */
import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown, Plus, Settings2 } from 'lucide-react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import type { ProfileView } from '../../shared/profiles';
import {
  activeProfile,
  openManageProfiles,
  openNewProfile,
  profilesStore,
  switchProfile,
} from './profiles-store';

export function ProfileMenu() {
  const list = useStore(profilesStore, (state) => state.list);
  const switching = useStore(profilesStore, (state) => state.switching);
  const active = useStore(profilesStore, activeProfile);
  // Within the header, so that it belongs to a landmark.
  const hostRef = useRef<HTMLDivElement>(null);
  if (list === null || active === null) return null;
  return (
    <div ref={hostRef} className="profile-switcher">
      <Menu.Root>
        <Menu.Trigger
          className="profile-button"
          aria-label={`Profile: ${active.name}`}
          title={`Profile: ${active.name}`}
          disabled={switching !== null}
        >
          <span className="truncate">{active.name}</span>
          <ChevronDown aria-hidden />
        </Menu.Trigger>
        <Menu.Portal container={hostRef}>
          <Menu.Positioner
            className="menu-positioner"
            side="bottom"
            align="start"
            sideOffset={4}
            collisionPadding={8}
          >
            <Menu.Popup className="menu profile-menu" aria-label="Profiles">
              <Menu.RadioGroup value={list.active} onValueChange={(id: string) => void switchProfile(id)}>
                {list.profiles.map((profile) => (
                  <ProfileItem key={profile.id} profile={profile} />
                ))}
              </Menu.RadioGroup>
              <Menu.Separator className="menu-line" />
              <Menu.Item className="menu-item" onClick={openNewProfile}>
                <span className="menu-mark">
                  <Plus aria-hidden />
                </span>
                New profile…
              </Menu.Item>
              <Menu.Item className="menu-item" onClick={openManageProfiles}>
                <span className="menu-mark">
                  <Settings2 aria-hidden />
                </span>
                Manage profiles…
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}

function ProfileItem({ profile }: { readonly profile: ProfileView }) {
  return (
    <Menu.RadioItem value={profile.id} className="menu-item profile-item" closeOnClick label={profile.name}>
      <span className="menu-mark">
        <Menu.RadioItemIndicator>
          <Check aria-hidden />
        </Menu.RadioItemIndicator>
      </span>
      <span className="min-w-0">
        <span className="block truncate font-medium">{profile.name}</span>
        <ProfileTarget profile={profile} />
      </span>
    </Menu.RadioItem>
  );
}

/** Where its requests go, and where they come in. */
export function ProfileTarget({ profile: { origin, port } }: { readonly profile: ProfileView }) {
  return (
    <span className="block truncate text-sm text-muted" title={origin ?? undefined}>
      {origin === null ? 'Demo API' : <span className="mono">{origin}</span>}
      {port === 0 ? ' · any free port' : ` · port ${port}`}
    </span>
  );
}
