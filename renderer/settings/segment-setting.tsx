import type { ReactNode } from 'react';
import { useId } from 'react';
import { Overridden, SettingLine } from './setting-field';
import type { DraftField } from './settings-draft';

export interface Segment<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface SegmentSettingProps<T extends string> {
  readonly label: string;
  readonly field: DraftField;
  readonly segments: readonly Segment<T>[];
  readonly value: T | undefined;
  /** Of what is chosen. */
  readonly note: ReactNode;
  readonly onChange: (value: T) => void;
}

/** A choice of few words, side by side. */
export function SegmentSetting<T extends string>(props: SegmentSettingProps<T>) {
  const id = useId();
  return (
    <SettingLine label={props.label} labelId={id} field={props.field}>
      <div role="radiogroup" aria-labelledby={id} aria-describedby={`${id}-note`} className="segments">
        {props.segments.map(({ value, label }) => (
          <label key={value}>
            <input
              type="radio"
              name={`${id}-segment`}
              checked={props.value === value}
              onChange={() => props.onChange(value)}
            />
            {label}
          </label>
        ))}
      </div>
      <p id={`${id}-note`} className="mt-1 text-sm text-pretty text-muted">
        {props.note}
      </p>
      <Overridden field={props.field} />
    </SettingLine>
  );
}
