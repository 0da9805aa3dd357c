import type { ReactNode } from 'react';
import { useId } from 'react';
import { Overridden, SettingLine } from './setting-field';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly note: string;
}

interface ChoiceSettingProps<T extends string> {
  readonly label: string;
  readonly field: 'policy' | 'store';
  readonly choices: readonly Choice<T>[];
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
  readonly children?: ReactNode;
}

/** Radios with a sentence each. */
export function ChoiceSetting<T extends string>(props: ChoiceSettingProps<T>) {
  const id = useId();
  return (
    <SettingLine label={props.label} labelId={id} field={props.field}>
      <div role="radiogroup" aria-labelledby={id}>
        {props.choices.map(({ value, label, note }) => (
          <div key={value} className="choice">
            <input
              id={`${id}-${value}`}
              type="radio"
              name={`${id}-choice`}
              checked={props.value === value}
              aria-describedby={`${id}-${value}-note`}
              onChange={() => props.onChange(value)}
            />
            <label htmlFor={`${id}-${value}`} className="font-medium">
              {label}
            </label>
            <p id={`${id}-${value}-note`}>{note}</p>
          </div>
        ))}
      </div>
      <Overridden field={props.field} />
      {props.children}
    </SettingLine>
  );
}
