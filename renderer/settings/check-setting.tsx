import type { ReactNode } from 'react';
import { useId } from 'react';
import { Overridden, useDraft } from './setting-field';
import type { SettingsDraft } from './settings-draft';
import { SETTING_NAMES } from './settings-draft';
import { edit } from './settings-form';

type CheckField = {
  [F in keyof SettingsDraft]: SettingsDraft[F] extends boolean ? F : never;
}[keyof SettingsDraft];

interface CheckBoxProps {
  readonly label: string;
  readonly note?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A box to tick, with a sentence. */
export function CheckBox({ label, note, checked, onChange }: CheckBoxProps) {
  const id = useId();
  return (
    <div className="choice">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {note !== undefined && <p id={`${id}-note`}>{note}</p>}
    </div>
  );
}

interface CheckSettingProps {
  readonly field: CheckField;
  readonly label: string;
  readonly note?: ReactNode;
}

/** The same for a setting of the form. */
export function CheckSetting({ field, label, note }: CheckSettingProps) {
  const checked = useDraft(field) ?? false;
  return (
    <div data-setting={SETTING_NAMES[field]}>
      <CheckBox label={label} note={note} checked={checked} onChange={(value) => edit(field, value)} />
      <Overridden field={field} />
    </div>
  );
}
