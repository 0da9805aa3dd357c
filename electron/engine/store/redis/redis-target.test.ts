import { describe, expect, it } from 'vitest';
import type { RedisSettings } from '../../../../shared/settings';
import { DEFAULT_SETTINGS } from '../../../../shared/settings';
import { redisTarget } from './redis-target';

const SETTINGS: RedisSettings = { ...DEFAULT_SETTINGS.redis, host: 'h', port: 1 };

describe('where a single redis is', () => {
  it.each([
    [null, null, 'h:1', { host: 'h', port: 1, db: 0 }],
    [null, 'p', 'h:1', { host: 'h', port: 1, db: 0, password: 'p' }],
    ['redis://other', null, 'other:6379', { host: 'other', port: 6379, db: 0 }],
    [
      'redis://u:p%40@other:7/3',
      null,
      'other:7',
      { host: 'other', port: 7, db: 3, username: 'u', password: 'p@' },
    ],
    [
      'redis://u:p@other',
      'wins',
      'other:6379',
      { host: 'other', port: 6379, db: 0, username: 'u', password: 'wins' },
    ],
    ['rediss://[::1]:7/', null, '[::1]:7', { host: '::1', port: 7, db: 0, tls: {} }],
    [
      'rediss://other',
      null,
      'other:6379',
      { host: 'other', port: 6379, db: 0, tls: { servername: 'other' } },
    ],
    ['unix:/run/redis.sock', 'p', '/run/redis.sock', { path: '/run/redis.sock', db: 0, password: 'p' }],
    ['unix:///run/redis.sock?db=2', null, '/run/redis.sock', { path: '/run/redis.sock', db: 2 }],
    [
      'unix://u:p%40@/run/a%20b.sock?db=2',
      null,
      '/run/a b.sock',
      { path: '/run/a b.sock', db: 2, username: 'u', password: 'p@' },
    ],
  ])('%j with password %j is %s', (url, password, where, options) => {
    expect(redisTarget({ ...SETTINGS, url }, password)).toEqual({
      mode: 'standalone',
      where,
      seeds: [],
      options,
    });
  });

  it('is what the fields say where there is no URL, and what the URL says where there is one', () => {
    const fields = { ...SETTINGS, username: 'u', database: 4, tls: true, acceptSelfSigned: true };
    expect(redisTarget(fields, 'p').options).toEqual({
      host: 'h',
      port: 1,
      username: 'u',
      password: 'p',
      db: 4,
      tls: { rejectUnauthorized: false, servername: 'h' },
    });
    expect(redisTarget({ ...fields, url: 'redis://other' }, null).options).toEqual({
      host: 'other',
      port: 6379,
      db: 0,
    });
  });

  it.each([
    ['redis://u:s3cret%@host', 'holds a %'],
    ['redis://u:s3cret@host:99999', 'is not a URL'],
    ['redis://u:s3cret@host/not-a-number', 'database number'],
    ['unix://u:s3cret@host/path', 'is not one of a unix socket'],
    ['unix:///path?db=s3cret', 'database number'],
  ])('refuses %j without repeating it', (url, problem) => {
    const parse = () => redisTarget({ ...SETTINGS, url }, null);
    expect(parse).toThrow(expect.objectContaining({ code: 'settings_invalid' }) as Error);
    expect(parse).toThrow(problem);
    expect(parse).not.toThrow('s3cret');
  });
});

describe('where sentinels and clusters are', () => {
  it('is where the nodes are, else where the URL or the host is', () => {
    const cluster: RedisSettings = { ...SETTINGS, mode: 'cluster', nodes: ['a:1', '[::1]:2'] };
    expect(redisTarget(cluster, 'p')).toEqual({
      mode: 'cluster',
      where: 'a:1, [::1]:2',
      seeds: [
        { host: 'a', port: 1 },
        { host: '::1', port: 2 },
      ],
      options: { db: 0, password: 'p' },
    });
    expect(redisTarget({ ...cluster, nodes: [] }, null).seeds).toEqual([{ host: 'h', port: 1 }]);
    const sentinel: RedisSettings = { ...cluster, mode: 'sentinel', nodes: [], url: 'rediss://u@s/2' };
    expect(redisTarget(sentinel, null)).toMatchObject({
      seeds: [{ host: 's', port: 26_379 }],
      options: { name: 'mymaster', username: 'u', db: 2, tls: {}, enableTLSForSentinelMode: true },
    });
  });

  it('is no unix socket, and a cluster has only one database', () => {
    const socket: RedisSettings = { ...SETTINGS, mode: 'sentinel', url: 'unix:/run/redis.sock' };
    expect(() => redisTarget(socket, null)).toThrow('choose the mode standalone');
    const third: RedisSettings = { ...SETTINGS, mode: 'cluster', database: 3 };
    expect(() => redisTarget(third, null)).toThrow('A Redis cluster has only database 0.');
  });
});
