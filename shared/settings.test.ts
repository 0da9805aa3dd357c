import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, parseSettings } from './settings';

describe('parseSettings', () => {
  it('takes the defaults as they are', () => {
    expect(parseSettings(DEFAULT_SETTINGS)).toEqual({ ok: true, settings: DEFAULT_SETTINGS });
  });

  it('does not store errors unless told for how long', () => {
    expect(DEFAULT_SETTINGS.errorTtlSeconds).toBeNull();
  });

  it.each([null, 0, 10, 315_360_000])('takes %j as the TTL of errors', (errorTtlSeconds) => {
    expect(parseSettings({ ...DEFAULT_SETTINGS, errorTtlSeconds })).toMatchObject({
      ok: true,
      settings: { errorTtlSeconds },
    });
  });

  it.each([-1, 1.5, 315_360_001, Number.NaN, '10', true, undefined])(
    'refuses %j as the TTL of errors',
    (errorTtlSeconds) => {
      expect(parseSettings({ ...DEFAULT_SETTINGS, errorTtlSeconds })).toEqual({
        ok: false,
        problems: [
          { field: 'errorTtlSeconds', message: 'must be a whole number from 0 to 315360000 (seconds)' },
        ],
      });
    },
  );
});
