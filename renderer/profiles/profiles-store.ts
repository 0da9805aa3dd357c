/** The profiles as main knows them, and what the window can do with them. */
import { createStore } from 'zustand/vanilla';
import type { ChangeProfilesResult } from '../../shared/ipc/profiles-channels';
import type { ProfileList, ProfileView } from '../../shared/profiles';
import { tell, tellProblem } from '../app/toasts';
import { ask, listen } from '../bridge/larder-api';
import { engineStore } from '../state/engine-store';
import { windowStore } from '../state/window-store';

export interface ProfilesState {
  /** Null until main has answered. */
  readonly list: ProfileList | null;
  readonly dialog: 'new' | 'manage' | null;
  /** The one that is being switched to. */
  readonly switching: string | null;
}

export const profilesStore = createStore<ProfilesState>(() => ({
  list: null,
  dialog: null,
  switching: null,
}));

/** Asks main once and follows what it says from then on. Returns the function that stops it. */
export function connectProfiles(): () => void {
  const stop = listen('events.profiles', receive);
  void ask('profiles.list', undefined).then((answer) => {
    if (answer.ok) profilesStore.setState(({ list }) => ({ list: list ?? answer.value }));
  });
  return stop;
}

function receive(list: ProfileList): void {
  const before = profilesStore.getState().list?.active;
  profilesStore.setState({ list });
  if (before !== undefined && before !== list.active) void forgetTheOther();
}

/** What was shown of the other profile is not of this one. */
async function forgetTheOther(): Promise<void> {
  windowStore.setState({ entryId: null, entryDetails: false });
  const [info, status] = await Promise.all([ask('app.info', undefined), ask('engine.status', undefined)]);
  if (info.ok) engineStore.setState({ info: info.value });
  if (status.ok) engineStore.setState({ status: status.value });
}

export function activeProfile({ list }: ProfilesState): ProfileView | null {
  return list?.profiles.find(({ id }) => id === list.active) ?? null;
}

export function openNewProfile(): void {
  profilesStore.setState({ dialog: 'new' });
}

export function openManageProfiles(): void {
  profilesStore.setState({ dialog: 'manage' });
}

export function closeProfileDialog(): void {
  profilesStore.setState({ dialog: null });
}

/** Where it fails the old profile goes on, and that is said. */
export async function switchProfile(id: string): Promise<void> {
  const before = activeProfile(profilesStore.getState());
  if (before?.id === id || profilesStore.getState().switching !== null) return;
  profilesStore.setState({ switching: id });
  const answer = await ask('profiles.switch', { id });
  profilesStore.setState({ switching: null });
  const stays = `Still on ${before?.name ?? 'the same profile'}`;
  if (!answer.ok) return tellProblem(stays, answer.error.message);
  if (answer.value.kind !== 'switched') return tellProblem(stays, answer.value.message);
  const { name, notice } = answer.value;
  if (notice === null) tell(`Profile ${name}`);
  else tellProblem(`Profile ${name}`, notice);
  await reload();
}

async function reload(): Promise<void> {
  const answer = await ask('profiles.list', undefined);
  if (answer.ok) receive(answer.value);
}

export interface NewProfileForm {
  readonly name: string;
  readonly origin: string;
  readonly port: string;
}

/** Null: made, and active now. Otherwise what is wrong, by field. */
export async function createProfile(form: NewProfileForm): Promise<Readonly<Record<string, string>> | null> {
  const result = await changed(ask('profiles.create', { ...form }));
  if (typeof result !== 'string') return result;
  closeProfileDialog();
  await switchProfile(result);
  return null;
}

/** Null: done. */
export async function renameProfile(id: string, name: string): Promise<string | null> {
  const result = await changed(ask('profiles.rename', { id, name }));
  return typeof result === 'string' ? null : (result['name'] ?? result['other'] ?? null);
}

export async function duplicateProfile(id: string): Promise<void> {
  const result = await changed(ask('profiles.duplicate', { id }));
  if (typeof result !== 'string')
    tellProblem('The profile was not duplicated', Object.values(result).join(' '));
}

export async function deleteProfile({ id, name }: ProfileView): Promise<void> {
  const result = await changed(ask('profiles.delete', { id }));
  if (typeof result === 'string') tell(`Deleted ${name} and its cache`);
  else tellProblem(`${name} was not deleted`, Object.values(result).join(' '));
}

/** The id of the profile that it was about, or what is wrong, by field. */
async function changed(
  asked: ReturnType<typeof ask<'profiles.create'>>,
): Promise<string | Readonly<Record<string, string>>> {
  const answer = await asked;
  if (!answer.ok) return { other: answer.error.message };
  return received(answer.value);
}

function received(result: ChangeProfilesResult): string | Readonly<Record<string, string>> {
  if (result.kind === 'refused') return { [result.field]: result.message };
  receive(result.list);
  if (result.notice !== null) tellProblem('Not all of it was done', result.notice);
  return result.id;
}
