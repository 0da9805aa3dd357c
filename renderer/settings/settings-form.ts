/** The form's state: what was edited over what is saved, what is wrong, what is under way. Each profile has its own. */
import { createStore } from 'zustand/vanilla';
import type { OriginTest } from '../../shared/ipc/settings-channels';
import { saveSettings } from '../app/engine-actions';
import { tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import { profilesStore } from '../profiles/profiles-store';
import { engineStore } from '../state/engine-store';
import type { DraftField, FieldProblems, SettingsDraft } from './settings-draft';
import { changedFields, draftOf, fieldProblems, readDraft } from './settings-draft';

export type TestState = OriginTest | 'running' | null;

export interface SettingsFormState {
  readonly edits: Partial<SettingsDraft>;
  /** Undefined: as it is; null: to be removed. */
  readonly redisPassword: string | null | undefined;
  readonly problems: FieldProblems;
  /** The free port to offer after the chosen one was taken. */
  readonly freePort: number | null;
  readonly saving: boolean;
  readonly originTest: TestState;
  readonly redisTest: TestState;
}

const PRISTINE: SettingsFormState = {
  edits: {},
  redisPassword: undefined,
  problems: {},
  freePort: null,
  saving: false,
  originTest: null,
  redisTest: null,
};

export const settingsForm = createStore<SettingsFormState>(() => PRISTINE);

/** Of the profiles that are not active now. */
const laidAside = new Map<string, SettingsFormState>();

/** What was edited for one profile is not for the next; it waits until that one is active again. */
profilesStore.subscribe(({ list }, before) => {
  if (list === null || before.list === null || list.active === before.list.active) return;
  laidAside.set(before.list.active, settingsForm.getState());
  settingsForm.setState(laidAside.get(list.active) ?? PRISTINE);
  laidAside.delete(list.active);
});

/** How many changes wait to be saved. */
export function unsavedCount({ edits, redisPassword }: SettingsFormState): number {
  const { settings } = engineStore.getState();
  if (settings === null) return 0;
  return changedFields(edits, settings).length + (redisPassword === undefined ? 0 : 1);
}

export function edit<F extends DraftField>(field: F, value: SettingsDraft[F]): void {
  settingsForm.setState(({ edits, problems, freePort, originTest, redisTest }) => {
    return {
      edits: { ...edits, [field]: value },
      problems: unsolved(problems, field),
      freePort: field === 'port' ? null : freePort,
      originTest: field === 'origin' || field === 'acceptSelfSigned' ? null : originTest,
      redisTest: field.startsWith('redis') ? null : redisTest,
    };
  });
}

/** The longest pause may be right again once the shortest is changed. */
function unsolved(problems: FieldProblems, edited: DraftField): FieldProblems {
  const solved: readonly string[] = edited === 'redisRetryMinMs' ? [edited, 'redisRetryMaxMs'] : [edited];
  return Object.fromEntries(Object.entries(problems).filter(([field]) => !solved.includes(field)));
}

export function editRedisPassword(redisPassword: string | null | undefined): void {
  settingsForm.setState({ redisPassword, redisTest: null });
}

export function discardEdits(): void {
  settingsForm.setState(PRISTINE);
}

/** Says at once, when a field is left, what is wrong with it. */
export function checkField(field: DraftField): void {
  const reading = readForm();
  const problem = reading?.ok === false ? reading.problems[field] : undefined;
  if (problem !== undefined) {
    settingsForm.setState(({ problems }) => ({ problems: { ...problems, [field]: problem } }));
  }
}

function readForm() {
  const { settings } = engineStore.getState();
  if (settings === null) return null;
  return readDraft({ ...draftOf(settings), ...settingsForm.getState().edits }, settings);
}

/** Checks, saves and says how it went. Returns whether it is saved. */
export async function saveForm(): Promise<boolean> {
  const reading = readForm();
  if (reading === null) return false;
  if (!reading.ok) {
    settingsForm.setState({ problems: reading.problems });
    return false;
  }
  settingsForm.setState({ saving: true, problems: {}, freePort: null });
  const result = await saveSettings(reading.settings, settingsForm.getState().redisPassword);
  settingsForm.setState({ saving: false });
  switch (result?.kind) {
    case 'saved':
      discardEdits();
      return true;
    case 'invalid':
      settingsForm.setState({ problems: fieldProblems(result.problems) });
      return false;
    case 'port-in-use':
      settingsForm.setState({ problems: { port: result.message }, freePort: result.freePort });
      return false;
    case undefined:
      return false;
    default:
      return result satisfies never;
  }
}

export async function testOrigin(): Promise<void> {
  const reading = readForm();
  if (reading?.ok === false && reading.problems.origin !== undefined) return checkField('origin');
  const draft = settingsForm.getState().edits;
  const { settings } = engineStore.getState();
  const origin = (draft.origin ?? settings?.origin ?? '').trim();
  const acceptSelfSigned = draft.acceptSelfSigned ?? settings?.upstream.acceptSelfSigned ?? false;
  settingsForm.setState({ originTest: 'running' });
  const answer = await ask('settings.test-origin', { origin, acceptSelfSigned });
  const originTest = answer.ok ? answer.value : { ok: false, message: answer.error.message };
  settingsForm.setState({ originTest });
}

export async function testRedis(): Promise<void> {
  const reading = readForm();
  if (reading === null) return;
  if (!reading.ok) {
    settingsForm.setState({ problems: reading.problems });
    tellProblem('Not tested', 'Some fields are wrong.');
    return;
  }
  settingsForm.setState({ redisTest: 'running' });
  const { redisPassword } = settingsForm.getState();
  const answer = await ask('settings.test-redis', {
    settings: structuredClone(reading.settings) as Parameters<
      typeof ask<'settings.test-redis'>
    >[1]['settings'],
    ...(redisPassword === undefined ? {} : { redisPassword }),
  });
  const redisTest = answer.ok ? answer.value : { ok: false, message: answer.error.message };
  settingsForm.setState({ redisTest });
}
