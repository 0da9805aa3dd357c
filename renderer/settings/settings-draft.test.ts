import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/settings';
import type { SettingsDraft } from './settings-draft';
import { changedFields, draftOf, fieldProblems, readDraft } from './settings-draft';

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
      maxDiskBytes: 2_345_678_912,
      persist: false,
      compressionLevel: 4,
      redis: {
        ...DEFAULT_SETTINGS.redis,
        mode: 'sentinel' as const,
        nodes: ['10.0.0.1:26379', '[::1]:26379'],
        masterName: 'cache',
        username: 'ada',
        database: 3,
        tls: true,
        acceptSelfSigned: true,
        nearCacheBytes: 12_345_678,
        poolSize: 8,
        retryMinMs: 10,
      },
      limits: {
        headBytes: 20_001,
        targetBytes: 300,
        fields: 150,
        requestBodyBytes: 1_234_567,
        connections: 99,
        headTimeoutMs: 1,
        bodyTimeoutMs: 2,
        idleTimeoutMs: 3,
        upgradeIdleMs: 4,
      },
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

  it('counts sizes of heads in KiB and of bodies in MiB, 0 among them', () => {
    expect(read({ limitHeadKiB: '32', limitTargetKiB: '0.5', limitRequestBodyMiB: '0' })).toMatchObject({
      settings: { limits: { headBytes: 32_768, targetBytes: 512, requestBodyBytes: 0 } },
    });
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
    ['maxDiskMiB', 'much', 'must be a number of MiB, at least 1'],
    ['compressionLevel', '10', 'whole number from 0 to 9'],
    ['redisNodes', '10.0.0.1:26379\n10.0.0.2', 'Line 2 must be host:port, such as'],
    ['redisMasterName', '', 'must not be empty'],
    ['redisDatabase', '-1', 'whole number'],
    ['redisPoolSize', '21', 'whole number from 1 to 20'],
    ['redisNearCacheMiB', '-1', 'must be a number of MiB; 0 is off'],
    ['limitHeadKiB', '0.5', 'must be a number of KiB from 1 to 1024'],
    ['limitTargetKiB', '2000', 'must be a number of KiB from 0.25 to 1024'],
    ['limitFields', '9', 'whole number from 10 to 10000'],
    ['limitRequestBodyMiB', '-1', 'must be a number of MiB; 0 takes no body'],
    ['limitConnections', '0', 'whole number from 1'],
    ['limitUpgradeIdleMs', '', 'whole number'],
    ['redisUrl', 'cache.local', 'must start with redis://, rediss:// or unix:'],
    ['redisRetryMaxMs', '10', 'must be at least as long as the shortest pause'],
  ] as const)('says at %s what is wrong with %j', (field, text, message) => {
    const reading = read({ [field]: text });
    expect(reading.ok ? {} : reading.problems).toEqual({ [field]: expect.stringContaining(message) });
  });
});

describe('readDraft, Redis', () => {
  it('takes nodes by the line, or however they were pasted', () => {
    const redisNodes = ' a:1\n\nb:2, c:3; d:4 \n';
    expect(read({ redisNodes })).toMatchObject({
      settings: { redis: { nodes: ['a:1', 'b:2', 'c:3', 'd:4'] } },
    });
    expect(read({ redisNodes: ' \n' })).toMatchObject({ settings: { redis: { nodes: [] } } });
  });

  it('takes an empty user name as none, and 0 as no near cache', () => {
    expect(read({ redisUsername: ' ', redisNearCacheMiB: '0' })).toMatchObject({
      settings: { redis: { username: null, nearCacheBytes: 0 } },
    });
  });

  it('asks a cluster for no other database than its only one', () => {
    expect(read({ redisMode: 'cluster', redisDatabase: '3' })).toMatchObject({
      settings: { redis: { mode: 'cluster', database: 0 } },
    });
  });
});

describe('readDraft, of lists and addresses', () => {
  it('takes one value a line', () => {
    const patch = { credentialCookies: 'session*\n!_ga', allowedHosts: 'a.test b.test', host: ' 0.0.0.0 ' };
    expect(read({ ...patch, maxBodyMiB: '8' })).toMatchObject({
      ok: true,
      settings: {
        credentialCookies: ['session*', '!_ga'],
        allowedHosts: ['a.test', 'b.test'],
        host: '0.0.0.0',
        maxBodyBytes: 8 * 1024 * 1024,
      },
    });
    expect(read({ maxBodyMiB: '2000' })).toEqual({
      ok: false,
      problems: { maxBodyMiB: 'must be a number of MiB from 0 to 1024' },
    });
  });
});

describe('fieldProblems', () => {
  it('keeps what belongs to no field of the form', () => {
    expect(fieldProblems([{ field: 'desktop.tray', message: 'must be true or false' }])).toEqual({
      other: 'desktop.tray must be true or false',
    });
  });
});

describe('changedFields', () => {
  it('counts what differs from what is saved, not what was typed and taken back', () => {
    const edits = { port: '3000', host: ' ', ttlSeconds: '60', persist: false };
    expect(changedFields(edits, DEFAULT_SETTINGS)).toEqual(['host', 'ttlSeconds', 'persist']);
  });
});
