import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings';
import type { SettingsDraft } from './settings-draft';
import { draftOf, fieldProblems, readDraft } from './settings-draft';

const read = (patch: Partial<SettingsDraft>, base = DEFAULT_SETTINGS) =>
  readDraft({ ...draftOf(base), ...patch }, base);

describe('readDraft', () => {
  it('reads back what it was made from', () => {
    const base = {
      ...DEFAULT_SETTINGS,
      origin: 'https://a.test/v1',
      ttlSeconds: 0,
      errorTtlSeconds: 5,
      maxMemoryBytes: 1_234_567_891,
    };
    expect(read({}, base)).toEqual({ ok: true, settings: base });
  });

  it('takes an empty origin, TTL, TTL of errors and Redis URL as none', () => {
    const base = { ...DEFAULT_SETTINGS, origin: 'https://a.test', ttlSeconds: 5, errorTtlSeconds: 5 };
    expect(read({ origin: ' ', ttlSeconds: '', errorTtlSeconds: ' ', redisUrl: '' }, base)).toMatchObject({
      settings: { origin: null, ttlSeconds: null, errorTtlSeconds: null, redis: { url: null } },
    });
  });

  it('counts the memory budget in MiB', () => {
    expect(read({ maxMemoryMiB: '64' })).toMatchObject({ settings: { maxMemoryBytes: 64 * 1024 * 1024 } });
  });

  it.each([
    ['origin', 'ftp://a.test', 'must start with http:// or https://'],
    ['origin', 'nonsense', 'is not a URL'],
    ['port', '70000', 'whole number from 0 to 65535'],
    ['port', '', 'whole number'],
    ['ttlSeconds', '-1', 'whole number'],
    ['ttlSeconds', '1.5', 'whole number'],
    ['errorTtlSeconds', '-1', 'whole number'],
    ['errorTtlSeconds', 'ten', 'whole number'],
    ['redisHost', ' ', 'must not be empty'],
    ['redisPort', 'six', 'whole number'],
    ['maxMemoryMiB', '0', 'at least 1'],
    ['headTimeoutMs', '0', 'whole number'],
  ] as const)('says at %s what is wrong with %j', (field, text, message) => {
    const reading = read({ [field]: text });
    expect(reading.ok ? {} : reading.problems).toEqual({ [field]: expect.stringContaining(message) });
  });
});

describe('fieldProblems', () => {
  it('keeps what belongs to no field of the form', () => {
    expect(fieldProblems([{ field: 'host', message: 'must not be empty' }])).toEqual({
      other: 'host must not be empty',
    });
  });
});
