import { describe, expect, it } from 'vitest';
import { splitRedisUrl } from './redis-url';

describe('splitRedisUrl', () => {
  it.each([
    ['redis://cache.local', 'redis://cache.local', null],
    ['redis://:p@cache.local:6380/2', 'redis://cache.local:6380/2', 'p'],
    [' rediss://ada:p%40ss@cache.local ', 'rediss://ada@cache.local', 'p@ss'],
    ['redis://ada@[::1]:6379', 'redis://ada@[::1]:6379', null],
    ['redis://h/0?password=p%26q&family=6', 'redis://h/0?family=6', 'p&q'],
    ['redis://:p@h?password=other', 'redis://h', 'p'],
    ['unix:/run/redis.sock', 'unix:/run/redis.sock', null],
    ['unix:///run/redis.sock?db=2', 'unix:///run/redis.sock?db=2', null],
    ['unix://:p@/run/redis.sock', 'unix:///run/redis.sock', 'p'],
    ['unix://ada:p@/run/a@b.sock?db=2', 'unix://ada@/run/a@b.sock?db=2', 'p'],
    ['unix:/run/redis.sock?password=p&db=1', 'unix:/run/redis.sock?db=1', 'p'],
    ['UNIX:/run/redis.sock', 'UNIX:/run/redis.sock', null],
  ])('splits %s', (value, url, password) => {
    expect(splitRedisUrl(value)).toEqual({ url, password });
  });

  it.each([
    '',
    'cache.local:6379',
    'http://a:p@b',
    'redis://',
    'redis://:p@',
    'redis://u:p/q@h',
    'redis://:p%ZZ@h',
    'unix:',
    'unix:/',
    'unix:run/redis.sock',
    'unix://u:p/q@/run/redis.sock',
    'unix://host/run/redis.sock',
  ])('refuses %s', (value) => {
    expect(splitRedisUrl(value)).toBeNull();
  });
});
