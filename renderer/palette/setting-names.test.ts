import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings';
import { SETTING_NAMES } from './setting-names';

describe('SETTING_NAMES', () => {
  it.each(SETTING_NAMES.map(({ field }) => field))('names a setting that there is: %s', (field) => {
    let value: unknown = DEFAULT_SETTINGS;
    for (const part of field.split('.')) value = (value as Record<string, unknown>)[part];
    expect(value).not.toBeUndefined();
  });
});
