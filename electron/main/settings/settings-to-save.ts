/**
 * What goes into the settings file when the form is saved. A value that a flag, a variable or the project file
 * gives for this run is not a wish for all time: it is left as the file has it, unless the person changed it.
 */
import type { Settings } from '../../../shared/settings';

export interface SavedMerge {
  /** What the settings file says now. */
  readonly saved: Settings;
  /** In force before the form was saved. */
  readonly before: Settings;
  /** What the form says. */
  readonly wanted: Settings;
  /** Dotted fields that something else than the file gives. */
  readonly overridden: ReadonlySet<string>;
}

export interface SettingsToSave {
  readonly settings: Settings;
  /** Overridden fields that the person changed: from now on the file's. */
  readonly taken: readonly string[];
}

type Fields = Record<string, unknown>;

const SECTIONS = ['redis', 'upstream', 'limits', 'desktop'] as const;

export function settingsToSave({ saved, before, wanted, overridden }: SavedMerge): SettingsToSave {
  const taken: string[] = [];
  const merge = (prefix: string, file: Fields, old: Fields, form: Fields): Fields =>
    Object.fromEntries(
      Object.keys(form).map((key) => {
        const field = prefix + key;
        if (!overridden.has(field)) return [key, form[key]];
        if (sameValue(form[key], old[key])) return [key, file[key]];
        taken.push(field);
        return [key, form[key]];
      }),
    );
  const merged = merge('', { ...saved }, { ...before }, { ...wanted });
  for (const section of SECTIONS) {
    merged[section] = merge(`${section}.`, saved[section], before[section], wanted[section]);
  }
  // The fields were taken one by one from values of this type.
  return { settings: merged as unknown as Settings, taken };
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
