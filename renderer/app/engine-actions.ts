/** What the buttons do: ask main, then say how it went. */
import { formatPlural } from '../../shared/format';
import type { SaveSettingsResult } from '../../shared/ipc/settings-channels';
import type { Settings } from '../../shared/settings';
import { ask } from '../bridge/larder-api';
import { entrySelection, storedList } from '../cache/stored-responses';
import { engineStore } from '../state/engine-store';
import { windowStore } from '../state/window-store';
import { tell, tellProblem } from './toasts';
import { offerUndo } from './undo-clear';

export async function clearCache(): Promise<void> {
  const answer = await ask('cache.clear', undefined);
  if (!answer.ok) return tellProblem('The cache was not cleared', answer.error.message);
  const { cleared } = answer.value;
  if (cleared > 0) offerUndo(cleared);
  else tell('Cleared 0 stored responses');
  entrySelection.clear();
  windowStore.setState({ entryId: null, entryDetails: false });
  await storedList.reload();
}

export async function startEngine(): Promise<void> {
  const answer = await ask('engine.start', undefined);
  if (answer.ok) engineStore.setState({ status: answer.value });
  else tellProblem('Larder did not start', answer.error.message);
}

export async function stopEngine(): Promise<void> {
  const answer = await ask('engine.stop', undefined);
  if (answer.ok) engineStore.setState({ status: answer.value });
  else tellProblem('Larder did not stop', answer.error.message);
}

export async function copyText(text: string, what: string): Promise<void> {
  const answer = await ask('clipboard.write', { text });
  if (answer.ok) tell(`Copied ${what}`);
  else tellProblem('Nothing was copied', answer.error.message);
}

export async function sendRequest(target: string): Promise<void> {
  const answer = await ask('exchange.send', { method: 'GET', target, fields: [], body: '' });
  if (!answer.ok) tellProblem(`GET ${target} was not sent`, answer.error.message);
}

export async function deleteEntry(id: string): Promise<boolean> {
  const answer = await ask('cache.delete', { ids: [id] });
  if (!answer.ok) tellProblem('The stored response was not deleted', answer.error.message);
  else if (answer.value.cleared === 0) tell('It was no longer stored');
  else tell(`Deleted ${formatPlural(answer.value.cleared, 'stored response')}`);
  return answer.ok;
}

/** Saves a change of some settings at once. Null where main did not answer, which has been told. */
export async function saveChange(change: Partial<Settings>): Promise<SaveSettingsResult | null> {
  const { settings } = engineStore.getState();
  if (settings === null) return null;
  return saveSettings({ ...settings, ...change });
}

/** `redisPassword`: a string sets it, null removes it, undefined leaves it. */
export async function saveSettings(
  settings: Settings,
  redisPassword?: string | null,
): Promise<SaveSettingsResult | null> {
  // The contract's type is that of the parsed input, whose arrays are not readonly.
  const plain = structuredClone(settings) as Parameters<typeof ask<'settings.save'>>[1]['settings'];
  const answer = await ask('settings.save', {
    settings: plain,
    ...(redisPassword === undefined ? {} : { redisPassword }),
  });
  if (!answer.ok) {
    tellProblem('The settings were not saved', answer.error.message);
    return null;
  }
  if (answer.value.kind === 'saved') await afterSaving(answer.value.settings, answer.value.notice);
  return answer.value;
}

async function afterSaving(settings: Settings, notice: string | null): Promise<void> {
  engineStore.setState({ settings });
  if (notice === null) tell('Settings saved');
  else tellProblem('Settings saved', notice);
  const info = await ask('app.info', undefined);
  if (info.ok) engineStore.setState({ info: info.value });
}
