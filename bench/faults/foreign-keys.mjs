// What another program keeps in the same Redis, and whether it is still there, byte for byte.

/** @typedef {import('ioredis').Redis} Redis */

const PLANTED = 5000;
const OTHER_DATABASE = 1;
/** Names that come close to ours. */
const NEARLY_OURS = [
  'larder',
  'larder:',
  'larder:v1',
  'larder:v10:meta',
  'larder:v2:meta',
  'larderv1:x',
  'Larder:v1:x',
];

/** Strings, hashes, lists, sets and sorted sets, in two databases.
 *  @param {Redis} redis
 *  @returns {Promise<Map<string, Buffer>>} by database and key: what DUMP gave */
export async function plantForeignKeys(redis) {
  const names = [...NEARLY_OURS, ...Array.from({ length: PLANTED }, (_, number) => `other:${number}`)];
  for (const database of [OTHER_DATABASE, 0]) {
    const pipeline = redis.pipeline().select(database);
    names.forEach((name, index) => plant(pipeline, name, index));
    await pipeline.exec();
  }
  return dumps(redis, names);
}

/** @param {import('ioredis').ChainableCommander} pipeline
 *  @param {string} name
 *  @param {number} index */
function plant(pipeline, name, index) {
  if (index % 5 === 0) pipeline.set(name, `value ${index}`);
  if (index % 5 === 1) pipeline.hset(name, 'field', index);
  if (index % 5 === 2) pipeline.rpush(name, 'one', index);
  if (index % 5 === 3) pipeline.sadd(name, 'one', index);
  if (index % 5 === 4) pipeline.zadd(name, index, 'member');
}

/** @param {Redis} redis
 *  @param {readonly string[]} names
 *  @returns {Promise<Map<string, Buffer>>} */
async function dumps(redis, names) {
  const found = new Map();
  for (const database of [OTHER_DATABASE, 0]) {
    const pipeline = redis.pipeline().select(database);
    for (const name of names) pipeline.callBuffer('DUMP', name);
    const [, ...replies] = (await pipeline.exec()) ?? [];
    replies.forEach(([, dump], index) => found.set(`${database} ${names[index]}`, dump));
  }
  return found;
}

/** How many of them are as they were.
 *  @param {Redis} redis
 *  @param {Map<string, Buffer>} planted */
export async function unchanged(redis, planted) {
  const names = [...new Set([...planted.keys()].map((key) => key.slice(key.indexOf(' ') + 1)))];
  const now = await dumps(redis, names);
  return [...planted].filter(([key, dump]) => now.get(key)?.equals(dump) === true).length;
}

/** Names of the commands that this server was sent since CONFIG RESETSTAT.
 *  @param {Redis} redis */
export async function countedCommands(redis) {
  const stats = await redis.info('commandstats');
  return new Set([...stats.matchAll(/^cmdstat_([\w|-]+):/gm)].map(([, name]) => name));
}

/** Of the SCANs and UNLINKs in the slow log the longest; null: none.
 *  @param {Redis} redis
 *  @returns {Promise<number | null>} */
export async function slowestMs(redis) {
  const entries = /** @type {[number, number, number, string[]][]} */ (await redis.slowlog('GET', 1000));
  const ours = entries.filter(([, , , [name = '']]) => !/^(config|slowlog|info)$/i.test(name));
  return ours.length === 0 ? null : Math.max(...ours.map(([, , microseconds]) => microseconds)) / 1000;
}
