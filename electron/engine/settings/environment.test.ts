import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment';

const valuesOf = (env: Record<string, string>): Record<string, unknown> =>
  Object.fromEntries(readEnvironment(env).assignments.map(({ field, value }) => [field, value]));

describe('readEnvironment', () => {
  it.each([
    ['PROXY_URL', 'https://api.example.com', { origin: 'https://api.example.com' }],
    ['PROXY_EXPIRY', '60', { ttlSeconds: 60 }],
    ['PROXY_PORT', ' 8080 ', { port: 8080 }],
    ['REDIS_HOST', 'cache.local', { 'redis.host': 'cache.local', 'redis.url': null }],
    ['REDIS_PORT', '6380', { 'redis.port': 6380 }],
    ['REDIS_URL', 'rediss://cache.local:6380/2', { 'redis.url': 'rediss://cache.local:6380/2' }],
    ['REDIS_URL', 'unix:/run/redis.sock', { 'redis.url': 'unix:/run/redis.sock' }],
  ])('reads %s', (name, value, expected) => {
    expect(valuesOf({ [name]: value })).toEqual(expected);
  });

  it.each([
    'PROXY_URL',
    'PROXY_EXPIRY',
    'PROXY_PORT',
    'REDIS_HOST',
    'REDIS_PORT',
    'REDIS_URL',
    'REDIS_PASSWORD',
  ])('counts an empty %s as not set', (name) => {
    expect(readEnvironment({ [name]: '' })).toEqual({
      assignments: [],
      redisImpliedBy: null,
      redisPassword: null,
    });
  });

  it.each([
    [
      'PROXY_URL',
      'localhost:80',
      'PROXY_URL: "localhost:80" must start with http:// or https://, not localhost://',
    ],
    ['PROXY_EXPIRY', '5 min', 'PROXY_EXPIRY: "5 min" must be a whole number from 0 to 315360000 (seconds)'],
    ['PROXY_PORT', 'http', 'PROXY_PORT: "http" must be a whole number from 0 to 65535'],
    [
      'REDIS_HOST',
      'redis://a',
      'REDIS_HOST: "redis://a" must be an IP address or a host name, without scheme and port',
    ],
    ['REDIS_PORT', '0', 'REDIS_PORT: "0" must be a whole number from 1 to 65535'],
  ])('refuses a wrong %s', (name, value, message) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'settings_invalid', message }),
    );
  });

  it.each([
    ['http://a:CANARY@b'],
    ['redis://u:CAN/ARY@b'],
    ['CANARY'],
    ['redis://:CANARY%ZZ@b'],
    ['redis://'],
    ['redis://:CANARY@'],
    ['unix:CANARY'],
    ['unix://:CAN/ARY@/run/redis.sock'],
  ])('refuses REDIS_URL %s without repeating it', (value) => {
    expect(() => readEnvironment({ REDIS_URL: value })).toThrow(
      /^REDIS_URL \(not shown\) must be redis:\/\/(?!.*CANARY)/,
    );
  });

  it('takes the password out of REDIS_URL', () => {
    const read = readEnvironment({
      REDIS_URL: 'redis://ada:p%40ss@cache.local:6379/0',
      REDIS_PASSWORD: 'other',
    });
    expect(read.redisPassword).toEqual({ value: 'p@ss', source: 'REDIS_URL' });
    expect(read.assignments).toEqual([
      { field: 'redis.url', value: 'redis://ada@cache.local:6379/0', source: 'REDIS_URL' },
    ]);
    expect(read.redisImpliedBy).toBe('REDIS_URL');
  });

  it('takes user, password and database of a unix socket', () => {
    const read = readEnvironment({ REDIS_URL: 'unix://ada:p%40ss@/run/redis.sock?db=2' });
    expect(read.redisPassword).toEqual({ value: 'p@ss', source: 'REDIS_URL' });
    expect(read.assignments).toEqual([
      { field: 'redis.url', value: 'unix://ada@/run/redis.sock?db=2', source: 'REDIS_URL' },
    ]);
    expect(read.redisImpliedBy).toBe('REDIS_URL');
  });

  it('keeps a REDIS_PASSWORD as it is', () => {
    expect(readEnvironment({ REDIS_PASSWORD: ' p ' }).redisPassword).toEqual({
      value: ' p ',
      source: 'REDIS_PASSWORD',
    });
  });

  it('does not let REDIS_PORT alone imply Redis', () => {
    expect(readEnvironment({ REDIS_PORT: '6380' }).redisImpliedBy).toBeNull();
    expect(readEnvironment({ REDIS_HOST: 'a' }).redisImpliedBy).toBe('REDIS_HOST');
  });
});
