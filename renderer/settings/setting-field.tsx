/** A labelled field with its note, its problem, what wins over it, and the way back to its default. */
import { RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { useStore } from 'zustand';
import { defaultSettingsOf, FIRST_PROFILE_ID } from '../../shared/profiles';
import { profilesStore } from '../profiles/profiles-store';
import { engineStore } from '../state/engine-store';
import type { DraftField, SettingsDraft } from './settings-draft';
import { SETTING_NAMES, draftOf } from './settings-draft';
import { checkField, edit, settingsForm } from './settings-form';

/** What the form shows for a field: the edit, else what is saved. */
export function useDraft<F extends DraftField>(field: F): SettingsDraft[F] | undefined {
  const saved = useStore(engineStore, ({ settings }) =>
    settings === null ? undefined : draftOf(settings)[field],
  );
  const edited = useStore(settingsForm, ({ edits }) => edits[field] as SettingsDraft[F] | undefined);
  return edited ?? saved;
}

type TextField = { [F in DraftField]: SettingsDraft[F] extends string ? F : never }[DraftField];

interface TextSettingProps {
  readonly field: TextField;
  readonly label: string;
  readonly kind?: 'text' | 'number';
  readonly mono?: boolean;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly note?: ReactNode;
  /** Beside the input. */
  readonly action?: ReactNode;
  /** Beside the problem. */
  readonly remedy?: ReactNode;
  readonly width?: string;
  /** Several lines, one value each. */
  readonly rows?: number;
}

export function TextSetting(props: TextSettingProps) {
  const { field, label } = props;
  const id = useId();
  return (
    <SettingLine label={label} labelFor={id} field={field}>
      <div className="flex flex-wrap items-center gap-2">
        <TextInput {...props} id={id} />
        {props.unit !== undefined && <span className="text-muted">{props.unit}</span>}
        {props.action}
      </div>
      <FieldNotes {...props} id={`${id}-note`} />
    </SettingLine>
  );
}

function TextInput(props: TextSettingProps & { readonly id: string }) {
  const { id, field, kind = 'text', rows } = props;
  const value = useDraft(field) ?? '';
  const problem = useStore(settingsForm, ({ problems }) => problems[field]);
  const shared = {
    id,
    name: field,
    className: `input ${props.mono === true ? 'mono' : ''} ${props.width ?? ''} setting-input`,
    value,
    placeholder: props.placeholder,
    spellCheck: false,
    autoComplete: 'off',
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-note`,
    onBlur: () => checkField(field),
  };
  if (rows === undefined)
    return <input {...shared} type={kind} onChange={(event) => edit(field, event.target.value)} />;
  return <textarea {...shared} rows={rows} onChange={(event) => edit(field, event.target.value)} />;
}

interface FieldNotesProps {
  readonly id: string;
  readonly field: DraftField;
  readonly label: string;
  readonly note?: ReactNode;
  readonly remedy?: ReactNode;
}

/** What belongs to a field, below it: what is wrong, what it means, what wins over it. */
export function FieldNotes({ id, field, label, note, remedy }: FieldNotesProps) {
  const problem = useStore(settingsForm, ({ problems }) => problems[field]);
  return (
    <div id={id}>
      {problem !== undefined && (
        <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-error">
          {problemText(label, problem)}
          {remedy}
        </p>
      )}
      {note !== undefined && <div className="mt-1 text-sm text-pretty text-muted">{note}</div>}
      <Overridden field={field} />
    </div>
  );
}

/** Problems of the schema are the second half of a sentence. */
export function problemText(label: string, problem: string): string {
  const text = /^[a-z]/.test(problem) ? `${label.replace(/ \(.*\)$/, '')} ${problem}` : problem;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

interface SettingLineProps {
  readonly label: string;
  readonly labelFor?: string;
  readonly labelId?: string;
  /** The field that the line is about: it can be found, reset, and shows that it was changed. */
  readonly field?: DraftField;
  readonly children: ReactNode;
}

export function SettingLine({ label, labelFor, labelId, field, children }: SettingLineProps) {
  const changed = useIsChanged(field);
  return (
    <div
      className="setting-line"
      data-setting={field === undefined ? undefined : SETTING_NAMES[field]}
      data-changed={changed || undefined}
    >
      {labelFor === undefined ? (
        <span id={labelId} className="setting-label">
          {label}
        </span>
      ) : (
        <label htmlFor={labelFor} className="setting-label">
          {label}
        </label>
      )}
      <div className="min-w-0">{children}</div>
      {field !== undefined && <ResetField field={field} label={label} />}
    </div>
  );
}

function useIsChanged(field: DraftField | undefined): boolean {
  const edited = useStore(settingsForm, ({ edits }) => (field === undefined ? undefined : edits[field]));
  const saved = useStore(engineStore, ({ settings }) =>
    field === undefined || settings === null ? undefined : draftOf(settings)[field],
  );
  return edited !== undefined && edited !== saved;
}

function ResetField({ field, label }: { readonly field: DraftField; readonly label: string }) {
  const value = useDraft(field);
  const profile = useStore(profilesStore, ({ list }) => list?.active ?? FIRST_PROFILE_ID);
  const byDefault = draftOf(defaultSettingsOf(profile))[field];
  if (value === undefined || value === byDefault) return null;
  const words = `Reset ${label.replace(/ \(.*\)$/, '')} to its default`;
  return (
    <button
      type="button"
      className="btn ghost icon small setting-reset"
      aria-label={words}
      title={words}
      onClick={() => edit(field, byDefault)}
    >
      <RotateCcw aria-hidden />
    </button>
  );
}

export function Overridden({ field }: { readonly field: DraftField }) {
  const name = SETTING_NAMES[field];
  const source = useStore(engineStore, ({ info }) => info?.overridden[name]);
  if (source === undefined) return null;
  return (
    <p className="mt-1 text-sm text-miss">
      <code>{source}</code> gives this for now. Change it here to use and keep your own.
    </p>
  );
}
