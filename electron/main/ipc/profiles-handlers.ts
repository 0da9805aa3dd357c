/** What the window may ask about profiles. */
import type { ProfilesResponses } from '../../../shared/ipc/profiles-channels';
import { createProfile, deleteProfile, duplicateProfile, renameProfile } from '../settings/profile-changes';
import type { HandlerContext } from './handlers';
import type { IpcHandlers } from './ipc-dispatcher';

export function profilesHandlers({
  keeper,
  engine,
}: HandlerContext): Pick<IpcHandlers, keyof ProfilesResponses> {
  return {
    'profiles.list': () => keeper.profiles(),
    'profiles.create': (request) => createProfile(keeper, request),
    'profiles.rename': (request) => renameProfile(keeper, request),
    'profiles.duplicate': ({ id }) => duplicateProfile(keeper, id),
    'profiles.delete': ({ id }) => deleteProfile(keeper, engine, id),
    'profiles.switch': ({ id }) => keeper.switchTo(id),
  };
}
