/** A labelled field with its note, its problem, and what wins over it. */
import type { ReactNode } from 'react';
import { useId } from 'react';
import { useStore } from 'zustand';
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
}

export function TextSetting(props: TextSettingProps) {
  const { field, label, kind = 'text' } = props;
  const id = useId();
  const value = useDraft(field) ?? '';
  const problem = useStore(settingsForm, ({ problems }) => problems[field]);
  return (
    <SettingLine label={label} labelFor={id}>
      <div className="flex items-center gap-2">
        <input
          id={id}
          name={field}
          type={kind}
          className={`input ${props.mono === true ? 'mono' : ''} ${props.width ?? ''}`}
          value={value}
          placeholder={props.placeholder}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => edit(field, event.target.value)}
          onBlur={() => checkField(field)}
        />
        {props.unit !== undefined && <span className="text-muted">{props.unit}</span>}
        {props.action}
      </div>
      <FieldNotes {...props} id={`${id}-note`} />
    </SettingLine>
  );
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
      {note !== undefined && <p className="mt-1 text-sm text-pretty text-muted">{note}</p>}
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
  readonly children: ReactNode;
}

export function SettingLine({ label, labelFor, labelId, children }: SettingLineProps) {
  return (
    <div className="setting-line">
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
    </div>
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
