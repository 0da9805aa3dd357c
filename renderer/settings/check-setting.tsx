import type { ReactNode } from 'react';
import { useId } from 'react';
import { Overridden, useDraft } from './setting-field';
import type { SettingsDraft } from './settings-draft';
import { edit } from './settings-form';

type CheckField = {
  [F in keyof SettingsDraft]: SettingsDraft[F] extends boolean ? F : never;
}[keyof SettingsDraft];

interface CheckSettingProps {
  readonly field: CheckField;
  readonly label: string;
  readonly note?: ReactNode;
}

/** A box to tick, with a sentence. */
export function CheckSetting({ field, label, note }: CheckSettingProps) {
  const id = useId();
  const checked = useDraft(field) ?? false;
  return (
    <>
      <div className="choice">
        <input
          id={id}
          type="checkbox"
          checked={checked}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          onChange={(event) => edit(field, event.target.checked)}
        />
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {note !== undefined && <p id={`${id}-note`}>{note}</p>}
      </div>
      <Overridden field={field} />
    </>
  );
}
