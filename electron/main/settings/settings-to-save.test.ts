import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { settingsToSave } from './settings-to-save';

const saved = { ...DEFAULT_SETTINGS, origin: 'https://saved.test', port: 4000 };
const before = { ...saved, port: 5555, redis: { ...saved.redis, host: 'from-env' } };
const overridden = new Set(['port', 'redis.host']);

describe('settingsToSave', () => {
  it('leaves what a flag or variable gave as the file has it', () => {
    const wanted = { ...before, origin: 'https://new.test' };
    const { settings, taken } = settingsToSave({ saved, before, wanted, overridden });
    expect(settings).toEqual({ ...saved, origin: 'https://new.test' });
    expect(taken).toEqual([]);
  });

  it('saves an overridden value that the person changed', () => {
    const wanted = { ...before, port: 6000, redis: { ...before.redis, host: 'mine', port: 6380 } };
    const { settings, taken } = settingsToSave({ saved, before, wanted, overridden });
    expect(settings.port).toBe(6000);
    expect(settings.redis).toEqual({ ...saved.redis, host: 'mine', port: 6380 });
    expect(taken).toEqual(['port', 'redis.host']);
  });

  it('leaves the TTL of errors that the project file gave as the file has it', () => {
    const project = { ...before, errorTtlSeconds: 9 };
    const wanted = { ...project, ttlSeconds: 60 };
    const merge = { saved, before: project, wanted, overridden: new Set(['errorTtlSeconds']) };
    expect(settingsToSave(merge).settings).toMatchObject({ ttlSeconds: 60, errorTtlSeconds: null });
    const changed = settingsToSave({ ...merge, wanted: { ...wanted, errorTtlSeconds: 10 } });
    expect(changed.settings.errorTtlSeconds).toBe(10);
    expect(changed.taken).toEqual(['errorTtlSeconds']);
  });

  it('saves the form whole where nothing is overridden', () => {
    const wanted = { ...before, upstream: { ...before.upstream, acceptSelfSigned: true } };
    expect(settingsToSave({ saved, before, wanted, overridden: new Set() }).settings).toEqual(wanted);
  });
});
