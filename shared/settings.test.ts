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

  const redis = (changes: object) =>
    parseSettings({ ...DEFAULT_SETTINGS, redis: { ...DEFAULT_SETTINGS.redis, ...changes } });
  const problemOf = (changes: object) => {
    const parsed = redis(changes);
    return parsed.ok ? null : parsed.problems.map(({ field, message }) => `${field} ${message}`);
  };

  it.each([
    { mode: 'sentinel', nodes: ['10.0.0.1:26379', 'sentinel.local:26379', '[::1]:26379'] },
    { mode: 'cluster', nodes: [] },
    { url: 'unix:/run/redis.sock' },
    { url: 'rediss://cache.local' },
    { username: 'ada', database: 15, tls: true, acceptSelfSigned: true },
    { poolSize: 1, nearCacheBytes: 0 },
    { poolSize: 20, retryMinMs: 100, retryMaxMs: 100 },
  ])('takes %j for Redis', (changes) => {
    expect(redis(changes)).toMatchObject({ ok: true, settings: { redis: changes } });
  });

  it.each([
    [{ nodes: ['a:1', 'b'] }, 'redis.nodes.1 must be host:port, such as 10.0.0.1:26379'],
    [{ url: 'http://a' }, 'redis.url must start with redis://, rediss:// or unix:'],
    [{ mode: 'cluster', database: 1 }, 'redis.database must be 0: a cluster has only that one'],
    [{ masterName: ' ' }, 'redis.masterName must not be empty'],
    [{ poolSize: 0 }, 'redis.poolSize must be a whole number from 1 to 20 (connections)'],
    [{ nearCacheBytes: -1 }, 'redis.nearCacheBytes must be a whole number from 0'],
    [
      { retryMinMs: 101, retryMaxMs: 100 },
      'redis.retryMaxMs must be at least as long as the shortest pause (101)',
    ],
  ])('refuses %j for Redis', (changes, problem) => {
    expect(problemOf(changes)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([-1, 10, 1.5])('refuses %j as the compression level', (compressionLevel) => {
    expect(parseSettings({ ...DEFAULT_SETTINGS, compressionLevel })).toMatchObject({
      problems: [{ field: 'compressionLevel', message: 'must be a whole number from 0 to 9' }],
    });
  });
});
