/** A stored part whose body is gone: Redis keeps it apart from its metadata, and may have evicted it. */
import { expect, it } from 'vitest';
import { sendRaw } from './client';
import { onRedisStore } from './each-store';
import { inWords, keeps } from './kept-responses';
import { ranged } from './ranged-origin';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const TAGGED = { 'Cache-Control': 'max-age=60', 'Content-Type': 'text/plain', ETag: '"v1"' };

onRedisStore({ policy: 'respect' }, (current) => {
  it.each([
    ['is not completed: the whole is asked for', undefined, `MISS 200 ${ALPHABET}`],
    ['answers no range', 'bytes=1-2', 'MISS 206 bc'],
  ] as const)('%s', async (_name, range, expected) => {
    const larder = current();
    larder.origin.answer(ranged(larder.clock, { body: ALPHABET, fields: TAGGED }));
    await larder.get('/a', { headers: { Range: 'bytes=0-9' } });
    await keeps(larder, 'GET 206 abcdefghij');
    const { redis } = larder.engine.settings;
    const remove = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end";
    await sendRaw(redis.port, `EVAL "${remove}" 0 ${redis.keyPrefix}:v1:body:*\r\nQUIT\r\n`);
    const answer = await larder.get('/a', { headers: range === undefined ? {} : { Range: range } });
    const asked = larder.origin.requests[1]?.headers;
    expect([inWords(answer), asked?.range, asked?.['if-range']]).toEqual([expected, range, undefined]);
    await keeps(larder, expected.replace('MISS', 'GET'));
  });
});
