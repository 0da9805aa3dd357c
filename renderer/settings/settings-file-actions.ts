/** Export to and import from `larder.json`, from anywhere in the window. */
import { createStore } from 'zustand/vanilla';
import type { ImportReading } from '../../shared/ipc/settings-channels';
import { saveSettings } from '../app/engine-actions';
import { tell, tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import { discardEdits } from './settings-form';

type ShownReading = Exclude<ImportReading, { kind: 'cancelled' }>;

export interface ImportState {
  /** What was read and waits to be taken; null: nothing. */
  readonly reading: ShownReading | null;
  /** Why it could not be taken. */
  readonly problem: string | null;
  readonly busy: boolean;
}

const NOTHING: ImportState = { reading: null, problem: null, busy: false };

export const importStore = createStore<ImportState>(() => NOTHING);

const SCHEMA_WORDS = {
  written: ', with larder.schema.json for editors beside it',
  there: '',
  'not-written': '; larder.schema.json could not be written beside it',
} as const;

export async function exportSettings(): Promise<void> {
  const answer = await ask('settings.export', undefined);
  if (!answer.ok) return tellProblem('The settings were not exported', answer.error.message);
  if (answer.value.kind === 'cancelled') return undefined;
  const { file, schema } = answer.value;
  return tell(`Exported to ${file}${SCHEMA_WORDS[schema]}`);
}

/** Asks for a file and shows what it would change. */
export async function importSettings(): Promise<void> {
  const answer = await ask('settings.read-import', undefined);
  if (!answer.ok) return tellProblem('Nothing was imported', answer.error.message);
  if (answer.value.kind !== 'cancelled') importStore.setState({ ...NOTHING, reading: answer.value });
  return undefined;
}

export function cancelImport(): void {
  importStore.setState(NOTHING);
}

/** All of it, or nothing. */
export async function takeImport(): Promise<void> {
  const { reading } = importStore.getState();
  if (reading?.kind !== 'read') return;
  importStore.setState({ busy: true, problem: null });
  const result = await saveSettings(reading.settings);
  if (result?.kind === 'saved') {
    discardEdits();
    cancelImport();
    return;
  }
  importStore.setState({ busy: false, problem: problemOf(result) });
}

function problemOf(result: Awaited<ReturnType<typeof saveSettings>>): string {
  if (result?.kind === 'port-in-use') return result.message;
  if (result?.kind !== 'invalid') return 'The settings were not saved.';
  return result.problems.map(({ field, message }) => `${field}: ${message}`).join(' ');
}
