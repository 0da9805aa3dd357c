/**
 * What Redis has to do in one piece. Each script touches the keys of one primary key only, or is given one
 * where that has to be, so that they run on a cluster too. For one key a script takes a few microseconds.
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
local function isHash(key) return redis.call('TYPE', key).ok == 'hash' end
`;

/** Field of what a clear has hidden: which clear that was. No id has a colon. */
const HIDDEN_MARK = ':clear';

/** KEYS metadata, hidden; ARGV id, metadata, milliseconds, most variants. Returns what it took the place of: id, version, … */
export const STORE_SCRIPT = script(`${READ_HEAD}
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then redis.call('UNLINK', KEYS[1]) end
local gone = {}
local before = redis.call('HGET', KEYS[1], ARGV[1])
if before then gone = { ARGV[1], version(before) } end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
keep(KEYS[1], ARGV[3])
if isHash(KEYS[2]) then redis.call('HDEL', KEYS[2], ARGV[1]) end
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

/** KEYS metadata, hidden. Removes all variants; returns what they were: id, version, … */
export const TAKE_ALL_SCRIPT = script(`${READ_HEAD}
local kind = redis.call('TYPE', KEYS[1]).ok
local gone = {}
if kind == 'hash' then
  for i, each in ipairs(redis.call('HGETALL', KEYS[1])) do
    gone[i] = i % 2 == 1 and each or version(each)
  end
end
redis.call('UNLINK', KEYS[1], KEYS[2])
return gone
`);

/** KEYS metadata, hidden; ARGV id, version or ''. Removes one variant, where given only in that version; returns its version or nil. */
export const TAKE_ONE_SCRIPT = script(`${READ_HEAD}
local hidden = isHash(KEYS[2]) and redis.call('HGET', KEYS[2], ARGV[1])
if hidden and (ARGV[2] == '' or version(hidden) == ARGV[2]) then redis.call('HDEL', KEYS[2], ARGV[1]) end
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return false end
local before = redis.call('HGET', KEYS[1], ARGV[1])
if not before or (ARGV[2] ~= '' and version(before) ~= ARGV[2]) then return false end
redis.call('HDEL', KEYS[1], ARGV[1])
return version(before)
`);

/** What follows is of several families at once, which on a cluster may not be. KEYS metadata and hidden of each. */
const EACH_FAMILY = `${READ_HEAD}
local function bodyKey(hidden, id, value)
  return ARGV[1] .. string.match(hidden, '{%x+}$') .. ':' .. id .. ':' .. version(value)
end
`;

/**
 * KEYS metadata, hidden, …; ARGV what body keys begin with, mark, milliseconds. Hides families, in place of what was
 * hidden of them before, and lets them expire. Returns how many variants.
 */
export const HIDE_SCRIPT = script(`${EACH_FAMILY}
local function expire(key)
  if redis.call('PTTL', key) > tonumber(ARGV[3]) then redis.call('PEXPIRE', key, ARGV[3]) end
end
local function hide(metadata, hidden)
  if not isHash(metadata) then redis.call('UNLINK', metadata) return 0 end
  local all = redis.call('HGETALL', metadata)
  redis.call('UNLINK', metadata, hidden)
  for i = 1, #all, 2 do
    redis.call('HSET', hidden, all[i], all[i + 1])
    expire(bodyKey(hidden, all[i], all[i + 1]))
  end
  redis.call('HSET', hidden, '${HIDDEN_MARK}', ARGV[2])
  redis.call('PEXPIRE', hidden, ARGV[3])
  return #all / 2
end
local count = 0
for k = 1, #KEYS, 2 do count = count + hide(KEYS[k], KEYS[k + 1]) end
return count
`);

/**
 * KEYS metadata, hidden, …; ARGV what body keys begin with, mark, now, most variants. Puts back what was hidden with this
 * mark and has its body still, with the TTL it had; returns for each: hidden key, id, bytes of its metadata, milliseconds
 * left, and JSON of what it says of its body.
 */
export const UNHIDE_SCRIPT = script(`${EACH_FAMILY}
local back = {}
local function unhide(metadata, hidden)
  if not isHash(hidden) or redis.call('HGET', hidden, '${HIDDEN_MARK}') ~= ARGV[2] then return end
  local all = redis.call('HGETALL', hidden)
  redis.call('UNLINK', hidden)
  local kind = redis.call('TYPE', metadata).ok
  if kind ~= 'hash' and kind ~= 'none' then redis.call('UNLINK', metadata) end
  for i = 1, #all, 2 do
    local id, value = all[i], all[i + 1]
    local body, keepUntil = string.match(value, '"body":({[^{}]*}),"keepUntil":([%d.]+)}$')
    local left = keepUntil and tonumber(keepUntil) - tonumber(ARGV[3])
    local key = bodyKey(hidden, id, value)
    local isFree = redis.call('HLEN', metadata) < tonumber(ARGV[4]) and not redis.call('HGET', metadata, id)
    if left and left > 0 and isFree and redis.call('EXISTS', key) == 1 then
      redis.call('HSET', metadata, id, value)
      keep(metadata, left)
      keep(key, left)
      for _, each in ipairs({ hidden, id, #value, left, body }) do back[#back + 1] = each end
    end
  end
end
for k = 1, #KEYS, 2 do unhide(KEYS[k], KEYS[k + 1]) end
return back
`);

/**
 * KEYS metadata, hidden, …; ARGV what body keys begin with, mark, `own` or `others`. Removes what was hidden with this
 * mark, or with any other.
 */
export const DROP_HIDDEN_SCRIPT = script(`${EACH_FAMILY}
local function drop(hidden)
  if not isHash(hidden) then redis.call('UNLINK', hidden) return end
  local isOwn = redis.call('HGET', hidden, '${HIDDEN_MARK}') == ARGV[2]
  if isOwn ~= (ARGV[3] == 'own') then return end
  local all = redis.call('HGETALL', hidden)
  for i = 1, #all, 2 do redis.call('UNLINK', bodyKey(hidden, all[i], all[i + 1])) end
  redis.call('UNLINK', hidden)
end
for k = 2, #KEYS, 2 do drop(KEYS[k]) end
return 1
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
