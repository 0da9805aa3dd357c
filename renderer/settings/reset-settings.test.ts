import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings';
import { resetKeeping } from './reset-settings';

describe('resetKeeping', () => {
  it('takes the defaults, but for what something else gives', () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      port: 5555,
      ttlSeconds: 9,
      redis: { ...DEFAULT_SETTINGS.redis, host: 'given', database: 4 },
    };
    const kept = ['port', 'redis.host', 'redis.password'];
    expect(resetKeeping(settings, DEFAULT_SETTINGS, kept)).toEqual({
      ...DEFAULT_SETTINGS,
      port: 5555,
      redis: { ...DEFAULT_SETTINGS.redis, host: 'given' },
    });
  });
});
