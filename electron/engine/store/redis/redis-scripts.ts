/**
 * What Redis has to do in one piece. Each script touches the keys of one primary
 * key only, so that they run on a cluster too, and takes a few microseconds.
 */
import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-connection';

export interface RedisScript {
  readonly lua: string;
  readonly sha: string;
}

/** Version and time in the first line of a metadata value; see codec.ts. */
const READ_HEAD = `
local function version(value) return string.match(value, '^%S+ (%S+) ') or '' end
local function time(value) return tonumber(string.match(value, '^%S+ %S+ (%S+) ')) or 0 end
local function keep(key, ms)
  if redis.call('PTTL', key) < tonumber(ms) then redis.call('PEXPIRE', key, ms) end
end
`;

/** KEYS metadata; ARGV id, metadata, milliseconds, most variants. Returns what it took the place of: id, version, … */
export const STORE_SCRIPT = script(`${READ_HEAD}
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('UNLINK', KEYS[1]) end
local gone = {}
local before = redis.call('HGET', KEYS[1], ARGV[1])
if before then gone = { ARGV[1], version(before) } end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
keep(KEYS[1], ARGV[3])
while redis.call('HLEN', KEYS[1]) > tonumber(ARGV[4]) do
  local all = redis.call('HGETALL', KEYS[1])
  local oldest, since = nil, nil
  for i = 1, #all, 2 do
    local at = all[i] ~= ARGV[1] and time(all[i + 1])
    if at and (since == nil or at < since) then oldest, since = i, at end
  end
  redis.call('HDEL', KEYS[1], all[oldest])
  gone[#gone + 1] = all[oldest]
  gone[#gone + 1] = version(all[oldest + 1])
end
return gone
`);

/** KEYS metadata, body; ARGV id, version, metadata, milliseconds. Returns 1, or 0 where that version is no longer stored whole. */
export const FRESHEN_SCRIPT = script(`${READ_HEAD}
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
local before = redis.call('HGET', KEYS[1], ARGV[1])
if not before or version(before) ~= ARGV[2] or redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
keep(KEYS[1], ARGV[4])
keep(KEYS[2], ARGV[4])
return 1
`);

/** KEYS metadata. Removes all variants; returns what they were: id, version, … */
export const TAKE_ALL_SCRIPT = script(`${READ_HEAD}
local kind = redis.call('TYPE', KEYS[1]).ok
local gone = {}
if kind == 'hash' then
  for i, each in ipairs(redis.call('HGETALL', KEYS[1])) do
    gone[i] = i % 2 == 1 and each or version(each)
  end
end
redis.call('UNLINK', KEYS[1])
return gone
`);

/** KEYS metadata; ARGV id, version or ''. Removes one variant, where given only in that version; returns its version or nil. */
export const TAKE_ONE_SCRIPT = script(`${READ_HEAD}
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return false end
local before = redis.call('HGET', KEYS[1], ARGV[1])
if not before or (ARGV[2] ~= '' and version(before) ~= ARGV[2]) then return false end
redis.call('HDEL', KEYS[1], ARGV[1])
return version(before)
`);

/** What an id key holds, where it speaks of one version; see redis-layout.ts. */
const READ_ID = `
local value = redis.call('TYPE', KEYS[1]).ok == 'string' and redis.call('GET', KEYS[1])
local isSame = value and string.match(value, '^%S+ %S+ (%S+) ') == ARGV[1]
`;

/** KEYS id key; ARGV version. Removes the id key unless it speaks of another version. */
export const FORGET_ID_SCRIPT = script(`${READ_ID}
if isSame then redis.call('UNLINK', KEYS[1]) end
return 1
`);

/** KEYS id key; ARGV version, value, milliseconds. Writes the id key anew unless it speaks of another version. */
export const FRESHEN_ID_SCRIPT = script(`${READ_ID}
if isSame then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
`);

/** Sends the script's text only to a server that does not know it yet. */
export async function runScript(
  redis: RedisClient,
  { lua, sha }: RedisScript,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(lua, keys.length, ...keys, ...args);
  }
}

function script(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}
